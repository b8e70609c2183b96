"""Where the mails of the corpora lie, and how a text becomes a letter that the product's own door takes."""

from __future__ import annotations

from pathlib import Path

FOLDERS = (
    "redmine-mail-handler",
    "mikel-mail",
    "cpython-test-email",
    "webklex-php-imap",
    "php-mime-mail-parser",
    "django-helpdesk-mail",
    "freescout-mail",
    "rt-mail",
    "sisimai-set-of-emails",
)


def of_folder(corpora: Path, folder: str) -> list[Path]:
    """All mails of one folder, in order."""
    return sorted(
        path
        for path in (corpora / folder).rglob("*")
        if path.is_file() and path.name not in ("SOURCE.md", "expected.json")
    )


def every_mail(corpora: Path) -> list[Path]:
    return [path for folder in FOLDERS for path in of_folder(corpora, folder)]


def fold(text: str) -> str:
    """The text with white space folded: how the corpora compare."""
    return " ".join(text.split())


def as_letter(
    body: bytes, kind: str = "text/plain", sender: str = "test@client.example", subject: str = "Re: x"
) -> bytes:
    """A body of a corpus as a whole letter."""
    head = f"From: {sender}\nTo: desk@firstline.example\nSubject: {subject}\nContent-Type: {kind}; charset=utf-8\n\n"
    return head.encode() + body
