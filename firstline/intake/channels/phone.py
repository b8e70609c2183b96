"""A call or somebody at the counter, written down by the agent who talks to him."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from firstline.assets.models import Equipment
from firstline.contracts.form_answers import Given
from firstline.contracts.models import Category, Outage, Service
from firstline.intake import acceptance, exchange_calls, senders, taking
from firstline.intake.channels import form_values, values
from firstline.intake.models import Inbound
from firstline.intake.taking import Taken
from firstline.people.models import Client, Person
from firstline.people.permissions import NotAllowed
from firstline.tickets import checklist, known_outages, lifecycle
from firstline.tickets.models import Channel, Level, Ticket, Type
from firstline.tickets.opening import Words, open_ticket
from firstline.tickets.permissions import may_create_for
from firstline.tickets.refusals import WrongValue
from firstline.worklog import entries

__all__ = ["Taken", "again", "register"]

CHANNELS = (Channel.PHONE, Channel.WALK_UP)
LONGEST_SUBJECT_FROM_TEXT = 120
# What the agent does with the call beside writing it down: two buttons pressed one after the other are one call.
DEEDS = frozenset({"take", "solved_how", "remote", "minutes", "article", "ticked", "call"})


def register(
    *,
    by: Person,
    requester: Person | None = None,
    caller_phone: str = "",
    caller_name: str = "",
    client: Client | str | None = None,
    subject: str,
    text: str,
    type: str | None = None,
    service: Service | str | None = None,
    category: Category | str | None = None,
    equipment: Equipment | None = None,
    impact: str = Level.MEDIUM,
    urgency: str = Level.MEDIUM,
    at: datetime,
    channel: str = Channel.PHONE,
    take: bool = False,
    solved_how: str = "",
    remote: bool = False,
    minutes: int = 0,
    article: str | None = None,
    ticked: Sequence[str] = (),
    answers: Given | None = None,
    outage: Outage | None = None,
    call: int = 0,
    key: str = "",
) -> Taken:
    """The ticket of a caller: answered at its creation, because somebody was talking to him (product.md, Conventions).

    `requester` None: found by the number, or made with name and number. `take`: the agent keeps it. `solved_how`: done
    while talking, with the article that helped and what was `ticked` of the service's checklist. `minutes`
    of work are written down; of its form, what was asked so far is enough. `call`: the one of an exchange. Raises
    WrongValue (named as here), NotAllowed, NotDurable.
    """
    values.words("subject", subject, longest=1_000, required=False)
    values.words("text", text, required=False)
    values.words("subject", subject.strip() or text)
    if minutes and not 0 < minutes <= entries.LONGEST_MINUTES:
        raise WrongValue("minutes", f"1 to {entries.LONGEST_MINUTES}")
    fields: dict[str, Any] = {
        "subject": subject.strip() or text.strip().splitlines()[0][:LONGEST_SUBJECT_FROM_TEXT], "text": text or subject,
        "requester": requester.pk if requester else None,
        "caller_phone": values.words("caller_phone", caller_phone, longest=30, required=False).strip(),
        "caller_name": values.words("caller_name", caller_name, longest=200, required=False).strip(),
        "channel": _channel(channel), "type": values.choice("type", type, Type, Type.INCIDENT).value,
        "impact": values.choice("impact", impact, Level, Level.MEDIUM).value,
        "urgency": values.choice("urgency", urgency, Level, Level.MEDIUM).value, "take": take,
        "solved_how": solved_how, "remote": remote, "minutes": minutes, "article": article, "ticked": list(ticked),
    }  # fmt: skip
    if requester is None and not (fields["caller_phone"] or fields["caller_name"]):
        raise WrongValue("caller_name", "who is calling")
    found = _found(service, category, client)
    fields.update({name: one.slug if one else None for name, one in found.items()})
    fields |= _named(equipment=equipment, outage=outage) | _told_of(call) | _asked_so_far(answers, found, requester)
    said = {name: value for name, value in fields.items() if name not in DEEDS}
    return taking.take(
        kind="phone", by=by, raw=taking.as_bytes(fields), key=taking.key_of_form(key, said), at=at,
        register=lambda: _register(fields, found, requester, by, at),
    )  # fmt: skip


def _named(**things: Equipment | Outage | None) -> dict[str, Any]:
    return {name: one.slug for name, one in things.items() if one is not None}


def _found(service: Any, category: Any, client: Any) -> dict[str, Any]:
    return {
        "service": values.service(service),
        "category": values.category(category),
        "client": values.client(client),
    }


def _told_of(call: int) -> dict[str, Any]:
    return {"call": call} if call else {}


def _asked_so_far(answers: Given | None, found: dict[str, Any], requester: Person | None) -> dict[str, Any]:
    whose = found["client"] or (requester.client if requester else None)
    kept = form_values.judged(found["service"], answers, whose, lenient=True, desk=True) if answers else None
    return {"answers": kept} if kept else {}


def again(inbound: Inbound) -> Ticket:
    """Registers what was kept when registering failed. Raises what `register` raises."""
    fields = json.loads(acceptance.bytes_of(inbound))
    found = _found(fields["service"], fields["category"], fields["client"])
    requester = Person.objects.select_related("client").get(pk=fields["requester"]) if fields["requester"] else None
    return _register(fields, found, requester, taking.submitter(inbound), inbound.received_at)


def _register(
    fields: dict[str, Any], found: dict[str, Any], requester: Person | None, by: Person, at: datetime
) -> Ticket:
    if not by.is_agent:
        raise NotAllowed("create")
    values.demand_own_client(by, found["client"])
    caller = requester or _caller(fields, found["client"], by)
    equipment = values.equipment(fields.get("equipment"), found["client"] or caller.client)
    ticket = open_ticket(
        subject=fields["subject"], words=Words(text=fields["text"]), requester=caller, by=by, at=at, answered=True,
        channel=Channel(fields["channel"]), type=Type(fields["type"]), impact=Level(fields["impact"]),
        urgency=Level(fields["urgency"]), equipment=equipment,
        answers=form_values.answered(fields.get("answers"), found["service"]), **found,
    )  # fmt: skip
    first_words = ticket.first_words  # further deeds hand back the ticket as it is then, which does not know them
    if known := Outage.objects.filter(slug=fields.get("outage", "")).first():
        ticket = known_outages.join(ticket, known, by=by, at=at)
    if fields["take"] or fields["solved_how"].strip():
        ticket = lifecycle.take(ticket, by=by, at=at)
    if call := fields.get("call"):
        exchange_calls.registered(call, ticket, by=by, at=at)
        ticket.refresh_from_db()
    if done := fields.get("ticked"):
        ticket = _tick(ticket, done, by, at)
    if fields["minutes"]:
        kind = "remote" if fields["remote"] else "phone"
        ticket = entries.log_time(ticket, minutes=fields["minutes"], kind=kind, by=by, at=at)
    if fields["solved_how"].strip():
        ticket, _event = lifecycle.resolve(
            ticket, how=fields["solved_how"], remote=fields["remote"], article=fields["article"], by=by, at=at
        )
    ticket.first_words = first_words
    return ticket


def _tick(ticket: Ticket, done: Sequence[str], by: Person, at: datetime) -> Ticket:
    """What was done of the checklist while talking; what another service asks for is left out."""
    for line in checklist.of(ticket):
        if line.item.key in done:
            ticket = checklist.tick(ticket, line.item.key, done=True, by=by, at=at)
    return ticket


def _caller(fields: dict[str, Any], client: Client | None, by: Person) -> Person:
    """Whom the number names, if the agent may act for him; else a new person. A number never opens a foreign client."""
    known = senders.find(phone=fields["caller_phone"])
    if (
        known is not None
        and may_create_for(by, known.client_id, known)
        and (client is None or known.client_id == client.pk)
    ):
        return known
    return senders.make(name=fields["caller_name"], phone=fields["caller_phone"], client=client)


def _channel(given: str) -> str:
    if given not in CHANNELS:
        raise WrongValue("channel", "phone or walk_up")
    return str(Channel(given).value)
