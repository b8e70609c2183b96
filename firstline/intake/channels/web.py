"""A request of somebody who has not signed in: name, address, words. Nothing proves the address: it is flagged."""

from __future__ import annotations

import json
from datetime import datetime

from firstline.intake import acceptance, senders, taking
from firstline.intake.channels import values
from firstline.intake.models import Inbound
from firstline.intake.taking import Taken
from firstline.people import limits
from firstline.people.models import Person
from firstline.tickets.models import Channel, Ticket
from firstline.tickets.opening import Words, open_ticket
from firstline.tickets.refusals import WrongValue

UNVERIFIED = "unverified-sender"  # anybody can type anybody's address into a form


def submit(
    *, name: str, email: str, phone: str = "", subject: str, text: str, key: str = "", language: str = "", at: datetime
) -> Taken:
    """A ticket of whoever has this address, made with the address where nobody has it, and with the `language` in which
    he reads the form. The same words sent twice with one `key` are one ticket.

    Raises WrongValue (`name`, `email`, `subject`, `text`) and NotDurable. How often it may be done is asked before.
    """
    fields: dict[str, str | bool] = {
        "name": values.words("name", name, longest=200).strip(),
        "email": values.email("email", values.words("email", email, longest=254)),
        "phone": values.words("phone", phone, longest=30, required=False).strip(),
        "subject": values.words("subject", subject, longest=1_000),
        "text": values.words("text", text),
    }
    if not fields["email"]:
        raise WrongValue("email", "empty")
    person = senders.find_or_make(
        email=str(fields["email"]), name=str(fields["name"]), phone=str(fields["phone"]), words=text, language=language
    )
    key = taking.key_of_form(key, fields)
    fields["quiet"] = _is_told_enough(str(fields["email"]), at)
    raw = taking.as_bytes(fields)
    return taking.take(kind="web", by=person, raw=raw, key=key, at=at, register=lambda: _register(fields, person, at))


def again(inbound: Inbound) -> Ticket:
    """Registers what was kept when registering failed."""
    fields = json.loads(acceptance.bytes_of(inbound))
    return _register(fields, taking.submitter(inbound), inbound.received_at)


def _register(fields: dict[str, str | bool], person: Person, at: datetime) -> Ticket:
    """By nobody: an address that was only typed gives no rights, and somebody of the desk is no exception."""
    flags = (UNVERIFIED, "unverified-agent") if person.is_agent else (UNVERIFIED,)
    return open_ticket(
        subject=str(fields["subject"]), words=Words(text=str(fields["text"]), flags=flags), requester=person, by=None,
        channel=Channel.WEB, at=at, quiet=bool(fields["quiet"]),
    )  # fmt: skip


def _is_told_enough(email: str, at: datetime) -> bool:
    """Acknowledgements to one address are capped: the form must not be a way of having somebody written to."""
    try:
        limits.spend(limits.MAIL_TO, f"web:{email}", at)
    except limits.TooOften:
        return True
    return False
