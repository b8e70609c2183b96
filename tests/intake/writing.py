"""Letters written by hand, byte by byte, for the tests of their reading."""

from __future__ import annotations

import base64

FROM = b"From: Ivan Petrov <ivan@client.example>\n"
REST = b"To: desk@firstline.example\nDate: Fri, 20 Nov 2026 14:05:00 +0300\nMessage-ID: <a1@client.example>\n"


def letter(body: bytes | str = "Printer is dead", subject: str = "Printer", more: str | bytes = "") -> bytes:
    """A plain letter with good headers, and `more` header lines before them."""
    head = more.encode() if isinstance(more, str) else more
    body = body.encode() if isinstance(body, str) else body
    return head + FROM + REST + b"Subject: " + subject.encode() + b"\n\n" + body


def typed(body: bytes, content_type: str, encoding: str = "8bit") -> bytes:
    """A letter of one part of that type."""
    head = f"MIME-Version: 1.0\nContent-Type: {content_type}\nContent-Transfer-Encoding: {encoding}\n"
    return letter(body, more=head)


def mixed(*parts: bytes, boundary: str = "b1", kind: str = "mixed", end: bool = True, more: str = "") -> bytes:
    """A multipart letter; each part is given whole, with its headers."""
    body = b"".join(f"--{boundary}\n".encode() + part + b"\n" for part in parts)
    body += f"--{boundary}--\n".encode() if end else b""
    return letter(body, more=f'{more}MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary="{boundary}"\n')


def text(words: str = "Printer is dead") -> bytes:
    """A text part in UTF-8."""
    return b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + words.encode()


def page(markup: str) -> bytes:
    """An HTML part in UTF-8."""
    return b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + markup.encode()


def attachment(content: bytes, disposition: bytes | str, content_type: str = "application/pdf") -> bytes:
    """A part with a file; `disposition` is what stands behind `Content-Disposition: `."""
    said = disposition.encode() if isinstance(disposition, str) else disposition
    head = f"Content-Type: {content_type}\nContent-Transfer-Encoding: base64\n".encode()
    return head + b"Content-Disposition: " + said + b"\n\n" + base64.encodebytes(content)
