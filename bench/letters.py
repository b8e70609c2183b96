"""Letters of people of the data set: Cyrillic, quoted-printable or base64, with an HTML part and a small attachment."""

from __future__ import annotations

import os
from email.message import EmailMessage

from bench.lives import COMPLAINT, SUBJECTS

PEOPLE, CLIENTS = 25, 60


FLOODER = "monitoring@client1.example"
NINE_OF_TEN = 9


def of_kind(kind: str, number: int) -> bytes:
    """small (3 KB and up) · usual (20 KB) · large (a file of 1 MB) · flood (nine of ten are one sender's)."""
    if kind == "flood" and number % 10 < NINE_OF_TEN:
        return letter(number).replace(b"From: ", f"From: <{FLOODER}>\nX-Was: ".encode(), 1)
    return letter(number, file={"usual": 12_000, "large": 1_000_000}.get(kind, 0))


def letter(number: int, size: int = 4, file: int = 0) -> bytes:
    """The `number`-th letter: 1,500 people take turns; about 3 KB of text, every fifth one with HTML and a file.

    `file`: each one has a file of so many bytes.
    """
    who, company = number % PEOPLE, 1 + number // PEOPLE % CLIENTS
    message = EmailMessage()
    message["From"] = f"Сотрудник {who} <person{who}@client{company}.example>"
    message["To"] = "desk@firstline.example"
    message["Subject"] = f"{SUBJECTS[number % len(SUBJECTS)]} {number}"
    message["Date"] = "Mon, 02 Mar 2026 09:00:00 +0300"
    message["Message-ID"] = f"<bench.{number}@client{company}.example>"
    text = f"{number}. {COMPLAINT * size}\n\n-- \nСотрудник {who}\n"
    message.set_content(text)
    if number % 5 == 0:
        message.add_alternative(f"<p>{text}</p><ul><li>раз</li><li>два</li></ul>", subtype="html")
        message.add_attachment(
            b"\x89PNG\r\n" + bytes(range(256)) * 8, maintype="image", subtype="png", filename="снимок.png"
        )
    if file:
        message.add_attachment(os.urandom(file), maintype="application", subtype="pdf", filename="Акт.pdf")
    return message.as_bytes()
