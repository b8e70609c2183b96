"""From words to the bytes of a letter. Nothing that a person typed can make a header or end one."""

from __future__ import annotations

import email.utils
from datetime import datetime
from email import encoders, policy
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from firstline.post.words import Enclosure, Words

MOST_IN_HEADER = 400  # characters of a subject or name
# Lines are folded here, where each header is known: the library would fold a Message-ID away from its name.
FORM = policy.compat32.clone(linesep="\r\n", max_line_length=None)
LINE_ENDS = "\x7f\x85\u2028\u2029"  # what some program or other takes for the end of a line, beside the controls
NOT_AN_ADDRESS = "not an address that mail can be sent to"
# What `Words.headers` may set. Everything else in a letter's head is decided here.
THREAD_HEADERS = ("In-Reply-To", "References")


def plain_line(text: str) -> str:
    """One line without control characters, as it may stand in a header (research/reliability_security.md C5)."""
    whole = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair cannot be written at all
    return " ".join("".join(" " if ord(sign) < 32 or sign in LINE_ENDS else sign for sign in whole).split())[
        :MOST_IN_HEADER
    ]


def build(
    words: Words, *, mailbox: str, sent_as: str, reply_to: str, to: str, message_id: str, at: datetime,
    automatic: bool, acknowledges: bool,
) -> bytes:  # fmt: skip
    """The whole letter, with CRLF. `sent_as` is the address in From; where that is not the mailbox, Sender names it
    (RFC 5322 §3.6.2). `acknowledges`: it answers a mail by itself (RFC 3834: auto-replied)."""
    letter = _body(words)
    if beside := [file for file in words.files if not _is_within(words, file)]:
        body, letter = letter, MIMEMultipart("mixed")
        letter.attach(body)
        for file in beside:
            letter.attach(_enclosed(file))
    letter["From"] = _named(words.sender, sent_as)
    if sent_as.lower() != mailbox.lower():
        letter["Sender"] = mailbox
    letter["To"] = to
    letter["Reply-To"] = reply_to
    letter["Subject"] = _encoded(plain_line(words.subject), "Subject")
    letter["Date"] = email.utils.format_datetime(at)
    letter["Message-ID"] = message_id
    for name in THREAD_HEADERS:
        if ids := plain_ids(words.headers.get(name, "")):
            letter[name] = "\n ".join(ids)
    if automatic:
        letter["Auto-Submitted"] = "auto-replied" if acknowledges else "auto-generated"
        letter["X-Auto-Response-Suppress"] = "All"
    if acknowledges:
        letter["Precedence"] = "bulk"
    return letter.as_bytes(policy=FORM)


def _body(words: Words) -> MIMEMultipart:
    """The words twice: as text, and as HTML together with the pictures that stand in it (RFC 2387)."""
    body = MIMEMultipart("alternative")
    body.attach(MIMEText(_clean(words.text), "plain", "utf-8"))
    if not words.html:
        return body
    markup = MIMEText(_clean(words.html), "html", "utf-8")
    within = [file for file in words.files if _is_within(words, file)]
    if not within:
        body.attach(markup)
        return body
    related = MIMEMultipart("related", type="text/html")
    related.attach(markup)
    for file in within:
        related.attach(_enclosed(file, within=True))
    body.attach(related)
    return body


def _is_within(words: Words, file: Enclosure) -> bool:
    """A picture with a name by which HTML can show it; anything else is an attachment."""
    return bool(words.html) and file.content_type.startswith("image/") and is_message_id(f"<{file.content_id}>")


def plain_ids(ids: str) -> list[str]:
    """Message-IDs from a row of them; what is not one, or is overlong, is left out."""
    return [one for one in ids.split() if is_message_id(one)]


def is_message_id(text: str) -> bool:
    """Whether the text may stand in References: printable ASCII in angle brackets, with one @, of a sane length."""
    inner = text[1:-1]
    return (
        text[:1] == "<" and text[-1:] == ">" and len(text) <= 250 and inner.count("@") == 1
        and all(33 <= ord(sign) < 127 and sign not in "<>" for sign in inner)
    )  # fmt: skip


def is_address(text: str) -> bool:
    """Whether mail can be sent there at all: one @, ASCII, no blank, no sign that ends an address."""
    local, at_sign, domain = text.rpartition("@")
    return bool(local and at_sign and domain) and all(
        33 <= ord(sign) < 127 and sign not in '<>()[]\\,;:"' for sign in text
    )


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def _encoded(line: str, name: str) -> str:
    # "=?" in plain ASCII would be read as an encoded word: it is encoded itself, so that it stays what was typed.
    charset = "us-ascii" if line.isascii() and "=?" not in line else "utf-8"
    return Header(line, charset, maxlinelen=76, header_name=name).encode()


def _named(name: str, address: str) -> str:
    line = plain_line(name)[:100]
    if not line:
        return address
    if line.isascii() and "=?" not in line:
        return f'"{email.utils.quote(line)}" <{address}>'
    encoded = Header(line, "utf-8", maxlinelen=70).encode().replace("\n ", " ")
    return f"{encoded} <{address}>"


def _enclosed(file: Enclosure, *, within: bool = False) -> MIMEBase:
    main, _, sub = file.content_type.partition("/")
    known = (
        main in {"application", "audio", "image", "text", "video"}
        and sub
        and all(sign.isalnum() or sign in ".+-" for sign in sub)
    )
    # Text too goes as it is, in base64: the sender's words about its charset are not ours to repeat.
    part = MIMEBase(main, sub) if known and sub.isascii() else MIMEBase("application", "octet-stream")
    part.set_payload(file.content)
    encoders.encode_base64(part)
    if within:
        part["Content-ID"] = f"<{file.content_id}>"
    how = "inline" if within else "attachment"
    part.add_header("Content-Disposition", how, filename=("utf-8", "", plain_line(file.name) or "file"))
    return part
