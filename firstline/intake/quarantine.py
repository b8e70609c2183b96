"""What could not be understood or trusted waits here until a person decides: make a ticket, or ignore it with a
reason.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from firstline.audit import trail
from firstline.blobs import store
from firstline.intake import acceptance, processing, senders, taking
from firstline.intake.letters import Letter
from firstline.intake.models import Desk, Inbound
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.tickets import opening, screens
from firstline.tickets.models import Channel, Message, Ticket
from firstline.tickets.opening import File, Words
from firstline.tickets.refusals import WrongStatus, WrongValue

State, Outcome = Inbound.State, Inbound.Outcome
# A machine's letter or our own echo may have been a request after all.
DECIDABLE = frozenset({Outcome.QUARANTINE, Outcome.AUTO, Outcome.IGNORED})


def make_ticket(inbound: Inbound, *, by: Person, at: datetime) -> Ticket:
    """A ticket from what can be read, with the original attached; nobody gets an acknowledgement of it.

    The clocks start when we acknowledged the bytes. Who cannot be read as sender is replaced by the agent who
    decides. Raises
    NotAllowed, and WrongStatus where somebody has decided already.
    """
    demand(by, "journal")
    reading = processing.read(inbound) if inbound.kind == "email" else None
    letter = reading.letter if reading else None
    original = _original(inbound)
    parts = _parts(letter) if reading and not reading.problem else []
    with transaction.atomic():
        held = _held(inbound, "make a ticket")
        ticket = _ticket(held, letter, [*parts, *original], by=by, at=at)
        message = Message.objects.filter(ticket=ticket).order_by("id").first()
        _decide(
            held, by=by, at=at, action="intake made a ticket", outcome=Outcome.TICKET, ticket=ticket, message=message
        )
    inbound.refresh_from_db()
    return ticket


def ignore(inbound: Inbound, *, by: Person, at: datetime, why: str) -> Inbound:
    """Not a request; it stays in the journal with the reason. Raises NotAllowed, WrongValue, WrongStatus."""
    demand(by, "journal")
    reason = " ".join(why.replace("\x00", "").split())
    if not reason:
        raise WrongValue("why", "empty")
    with transaction.atomic():
        held = _held(inbound, "ignore")
        _decide(held, by=by, at=at, action="intake ignored", outcome=Outcome.IGNORED, reason=reason[:300])
    inbound.refresh_from_db()
    return inbound


def _held(inbound: Inbound, verb: str) -> Inbound:
    rows = Inbound.objects.select_for_update(of=("self",)) if connection.vendor == "postgresql" else Inbound.objects
    held = rows.get(pk=inbound.pk)
    if held.outcome not in DECIDABLE or held.decided_at is not None:
        raise WrongStatus(verb, f"{held.state}/{held.outcome}")
    return held


def _decide(held: Inbound, *, by: Person, at: datetime, action: str, **changes: Any) -> None:
    Inbound.objects.filter(pk=held.pk).update(state=State.DONE, done_at=at, decided_by=by, decided_at=at, **changes)
    trail.note(at=at, actor=f"person:{by.pk}", action=action, target=f"inbound:{held.pk}")
    screens.refresh_counts(held.pk)


def _ticket(held: Inbound, letter: Letter | None, files: list[File], *, by: Person, at: datetime) -> Ticket:
    desk = (
        Desk.objects.select_related("team", "client").filter(account=held.account_id).first()
        if held.account_id
        else None
    )
    subject, text = (letter.subject, letter.text) if letter else _submitted(held)
    email = (letter.from_email or "") if letter else ""
    if email:
        known = senders.find(email)
        client = (known.client if known else None) or (desk.client if desk else None) or senders.client_of(email)
        requester = known or senders.make(email=email, name=(letter.from_name or "") if letter else "", client=client)
    else:
        requester = by if held.kind == "email" else taking.submitter(held)
        client = requester.client or (desk.client if desk else None)
    words = Words(
        text=text,
        html=(letter.html or "") if letter else "",
        reply_text=letter.reply_text if letter else None,
        files=files,
        flags=("from-quarantine", *(letter.defects if letter else ())),
    )
    return opening.open_ticket(
        subject=" ".join(subject.split()) or _("(no subject)"),
        words=words,
        requester=requester,
        channel=Channel.EMAIL if held.kind == "email" else Channel(held.kind),
        at=held.received_at,
        by=by,
        learnt_at=at,
        client=client,
        team=desk.team if desk else None,
        quiet=True,
    )


def _submitted(held: Inbound) -> tuple[str, str]:
    """Subject and words of a form or a call of the API, as far as they can be read."""
    raw = acceptance.bytes_of(held)
    try:
        fields = json.loads(raw)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        return "", raw[:10_000].decode("utf-8", "replace")
    text = fields.get("text") or fields.get("body") or ""
    return str(fields.get("subject") or ""), str(text)


def _original(inbound: Inbound) -> list[File]:
    """The bytes as they came, as a file of the ticket; nothing where even they are missing."""
    try:
        blob = store.keep(acceptance.bytes_of(inbound))
    except store.BlobMissing:
        return []
    name, content_type = (
        ("letter.eml", "message/rfc822") if inbound.kind == "email" else ("request.json", "application/json")
    )
    return [File(blob, name, content_type)]


def _parts(letter: Letter | None) -> list[File]:
    if letter is None:
        return []
    return [
        File(store.keep(part.content), part.name, part.content_type, part.inline, part.content_id)
        for part in letter.attachments
    ]
