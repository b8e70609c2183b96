"""Letters for tests, and taking them in as a mail server would."""

from __future__ import annotations

import itertools
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from firstline.intake import acceptance, processing
from firstline.intake.models import Desk, Inbound
from firstline.lib import clock
from firstline.people.models import Client, Team
from firstline.post.models import Account

_numbers = itertools.count(1)


def letter(
    *,
    sender: str = "Иван Петров <ivan@north.example>",
    to: str = "desk@firm.example",
    subject: str = "Не печатает принтер",
    text: str = "Горит красная лампочка.",
    files: tuple[tuple[str, bytes], ...] = (),
    **headers: str,
) -> bytes:
    """A well-formed letter; `headers` by name with `_` for `-` (`In_Reply_To="<…>"`). A Message-ID of its own
    unless given.
    """
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    given.setdefault("Message-ID", f"<letter-{next(_numbers)}@north.example>")
    given.setdefault("Date", "Mon, 02 Mar 2026 09:00:00 +0300")
    for name, value in given.items():
        message[name] = value
    message.set_content(text)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def mailbox(
    address: str = "desk@firm.example", *, team: Team | None = None, client: Client | None = None, **fields: Any
) -> Account:
    """A mailbox of ours, with the desk it belongs to."""
    account = Account.objects.create(address=address, **fields)
    Desk.objects.create(account=account, team=team, client=client)
    return account


def take(raw: bytes, *, account: Account | None = None, source: str = "", at: datetime | None = None) -> Inbound:
    """Durably accepted, not yet understood."""
    road = source or (f"imap:{account.address}" if account else "pipe")
    return acceptance.accept_email(
        raw, source=road, source_key=acceptance.new_key(), account=account, at=at or clock.now()
    )


def process(raw: bytes, **how: Any) -> Inbound:
    """Accepted and understood: the row at its end."""
    row = take(raw, **how)
    assert processing.drain() == 0
    row.refresh_from_db()
    return row
