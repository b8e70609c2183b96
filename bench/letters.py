"""Letters of people of the data set: Cyrillic, quoted-printable or base64, with an HTML part and a small attachment."""

from __future__ import annotations

from email.message import EmailMessage

from bench.lives import COMPLAINT, SUBJECTS

PEOPLE, CLIENTS = 25, 60


def letter(number: int, size: int = 4) -> bytes:
    """The `number`-th letter: 1,500 people take turns; about 3 KB of text, every fifth one with HTML and a file."""
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
    return message.as_bytes()
