"""What could not be understood or trusted waits here until a person decides: make a ticket, spam, or ignore it with
a reason. Run again is `again`, add to a ticket is `joining`, several at once is `many`.
"""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from firstline.blobs import store
from firstline.intake import acceptance, processing, proof, senders, taking
from firstline.intake.channels import sms, telephony
from firstline.intake.decisions import DECIDABLE, decide, held, take_back
from firstline.intake.models import Desk, Inbound
from firstline.intake.reading import enclosed
from firstline.intake.reading.letters import Letter
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.post import ways
from firstline.tickets import opening
from firstline.tickets.models import Channel, Message, Ticket
from firstline.tickets.opening import File, Words
from firstline.tickets.refusals import WrongValue

__all__ = ["DECIDABLE", "SPAM", "ignore", "make_ticket", "spam", "take_back"]

Outcome = Inbound.Outcome
CHANNELS = {"email": Channel.EMAIL, telephony.KIND: Channel.PHONE}  # of roads that are not called as their channel
SPAM = "spam"  # the reason of what was called so: its senders are what rules are offered for


def make_ticket(inbound: Inbound, *, by: Person, at: datetime) -> Ticket:
    """A ticket from what can be read, with the original attached; nobody gets an acknowledgement of it.

    The clocks start when we acknowledged the bytes. Who cannot be read as sender is replaced by the agent who
    decides. Raises
    NotAllowed, and WrongStatus where somebody has decided already.
    """
    demand(by, "journal")
    reading = processing.read(inbound) if inbound.kind == "email" else None
    letter = proof.with_signs(reading.letter) if reading and reading.letter else None
    original = original_of(inbound)
    parts = parts_of(letter) if reading and not reading.problem else []
    with transaction.atomic():
        item = held(inbound, "make a ticket")
        ticket = _ticket(item, letter, [*parts, *original], by=by, at=at)
        message = Message.objects.filter(ticket=ticket).order_by("id").first()
        decide(
            item, by=by, at=at, action="intake made a ticket", outcome=Outcome.TICKET, ticket=ticket, message=message
        )
    inbound.refresh_from_db()
    return ticket


def ignore(inbound: Inbound, *, by: Person, at: datetime, why: str) -> Inbound:
    """Not a request; it stays in the journal with the reason. Raises NotAllowed, WrongValue, WrongStatus."""
    demand(by, "journal")
    reason = " ".join(why.replace("\x00", "").split())
    if not reason:
        raise WrongValue("why", "empty")
    return _put_aside(inbound, by=by, at=at, verb="ignore", action="intake ignored", reason=reason[:300])


def spam(inbound: Inbound, *, by: Person, at: datetime) -> Inbound:
    """Nobody asked for it: ignored, and its sender is remembered. Raises NotAllowed, WrongStatus."""
    return _put_aside(inbound, by=by, at=at, verb="call spam", action="intake called spam", reason=SPAM)


def _put_aside(inbound: Inbound, *, by: Person, at: datetime, verb: str, action: str, reason: str) -> Inbound:
    demand(by, "journal")
    with transaction.atomic():
        item = held(inbound, verb)
        decide(item, by=by, at=at, action=action, outcome=Outcome.IGNORED, reason=reason)
    inbound.refresh_from_db()
    return inbound


def _ticket(item: Inbound, letter: Letter | None, files: list[File], *, by: Person, at: datetime) -> Ticket:
    desk = (
        Desk.objects.select_related("team", "client").filter(account=item.account_id).first()
        if item.account_id
        else None
    )
    subject, text = (letter.subject, letter.text) if letter else submitted(item)
    email = (letter.from_email or "") if letter else ""
    if email:
        known = senders.find(email)
        client = (known.client if known else None) or (desk.client if desk else None) or senders.client_of(email)
        name = proof.shown_name(letter) if letter else ""
        requester = known or senders.make(email=email, name=name, client=client, words=text)
    else:
        requester = _submitter(item, by)
        client = requester.client or (desk.client if desk else None)
    told = enclosed.whole(letter) if letter else None
    words = Words(
        text=told.text if told else text,
        html=(told.html or "") if told else "",
        reply_text=told.reply_text if told else None,
        reply_html=(told.reply_html or "") if told else "",
        files=files,
        flags=("from-quarantine", *((*proof.flags(letter), *letter.defects) if letter else ())),
    )
    return opening.open_ticket(
        subject=" ".join(subject.split()) or _("(no subject)"),
        words=words,
        requester=requester,
        channel=CHANNELS.get(item.kind) or Channel(item.kind),
        at=item.received_at,
        by=by,
        learnt_at=at,
        client=client,
        team=desk.team if desk else None,
        quiet=True,
    )


def _submitter(item: Inbound, by: Person) -> Person:
    """Who submitted it; of a letter or a text message whose sender nobody knows, whoever makes the ticket of it."""
    if item.kind == ways.SMS:
        return sms.sender_of(item) or by
    return by if item.kind in ("email", telephony.KIND) else taking.submitter(item)


def submitted(item: Inbound) -> tuple[str, str]:
    """Subject and words of a form or a call of the API, as far as they can be read."""
    if item.kind == telephony.KIND:
        return _("Missed call, the number is hidden"), ""
    raw = acceptance.bytes_of(item)
    try:
        fields = json.loads(raw)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        return "", raw[:10_000].decode("utf-8", "replace")
    text = fields.get("text") or fields.get("body") or ""
    return str(fields.get("subject") or ""), str(text)


def original_of(inbound: Inbound) -> list[File]:
    """The bytes as they came, as a file of the ticket; nothing where even they are missing."""
    try:
        blob = store.keep(acceptance.bytes_of(inbound))
    except store.BlobMissing:
        return []
    name, content_type = (
        ("letter.eml", "message/rfc822") if inbound.kind == "email" else ("request.json", "application/json")
    )
    return [File(blob, name, content_type)]


def parts_of(letter: Letter | None) -> list[File]:
    return processing.files_of(letter) if letter is not None else []
