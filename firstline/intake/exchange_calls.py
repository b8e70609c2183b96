"""What follows from a call (decision 0052): it rings on a screen, it is written down on its ticket, and one that was
missed is work that people see.

Each event says what it knows; the call is what all of them say together, in whatever order they came.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from firstline.intake import senders
from firstline.intake.call_models import WITHOUT_TICKET, Call
from firstline.intake.channels import telephony
from firstline.intake.channels.telephony import Told
from firstline.intake.models import Inbound
from firstline.intake.results import Outcome, Result, learnt
from firstline.lib import phones, turns
from firstline.live.publish import publish
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.people.roles import DESK_SIDE, SOLVERS
from firstline.post.models import Trunk
from firstline.roster import duty
from firstline.tickets import call_wishes, conversation, merging, opening
from firstline.tickets.call_models import CallWish
from firstline.tickets.models import Channel, Event, Kind, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import AlreadyMerged, WrongValue

RINGS_FOR = timedelta(minutes=2)  # then nobody stands at the telephone any more, whatever was not told
ASKED_FOR = timedelta(minutes=15)  # so long a call without a ticket stays on the screen of who talked
LONGEST_EXTENSION = 6
UNPROVEN_AGENT = "unverified-agent"
TOPIC = "call"
SPOKEN = Q(answered_at__isnull=False) | Q(seconds__gt=0)
OVER = Q(ended_at__isnull=False) | Q(missed_at__isnull=False)
IN_STATE = {
    "ringing": ~SPOKEN & ~OVER, "talking": SPOKEN & Q(ended_at__isnull=True), "missed": ~SPOKEN & OVER,
    "ended": SPOKEN & Q(ended_at__isnull=False),
}  # fmt: skip


def again(row: Inbound) -> Result:
    """What becomes of the event; in the transaction that finishes the row. Raises the refusals of the verbs."""
    said = telephony.told(row)
    turns.wait_for_turn(f"call:{said.trunk}:{said.id}")
    call = _call(said, row)
    heard = {
        telephony.RINGING: _rings, telephony.ANSWERED: _answered, telephony.MISSED: _missed, telephony.ENDED: _ended,
    }  # fmt: skip
    result = heard[said.event](call, said, row)
    publish(TOPIC, row.pk, [f"person:{number}" for number in _screens(call)])
    return result


def rings_with(person: Person, at: datetime) -> QuerySet[Call]:
    """What his screen shows: calls that ring for him, the one in which he talks, and those he ended lately of which
    nobody knows yet what they were about."""
    rings = IN_STATE["ringing"] & Q(begun_at__gt=at - RINGS_FOR, is_ours=False)
    for_him = Q(agent=person)
    if person.pk in takers(at):
        for_him |= Q(agent__isnull=True)
    talks = WITHOUT_TICKET & Q(agent=person, answered_at__isnull=False, ended_at__isnull=True)
    ended = WITHOUT_TICKET & SPOKEN & Q(agent=person, ended_at__gt=at - ASKED_FOR)
    lately = Call.objects.filter(begun_at__gt=at - timedelta(hours=12))
    return (
        lately.filter((rings & for_him) | talks | ended).order_by("-begun_at", "-id").select_related("person__client")
    )


def visible_to(person: Person) -> QuerySet[Call]:
    """One's own calls, and those of the clients whom one looks after. One who is known nowhere is everybody's."""
    calls = Call.objects.select_related("person__client", "agent", "ticket", "trunk")
    if person.sees_all_clients:
        return calls
    unknown = Q(person__isnull=True) | Q(person__client__isnull=True)
    return calls.filter(Q(agent=person) | unknown | Q(person__client_id__in=person.clients_in_scope.values("pk")))


def get_for(person: Person, number: int) -> Call:
    """Raises NotThere."""
    found = visible_to(person).filter(pk=number).first() if 0 < number < 2**63 else None
    if found is None:
        raise NotThere(str(number))
    return found


def takers(at: datetime) -> set[int]:
    """On whose screens a call rings that the exchange gave to nobody: line 1, as far as it is here."""
    line1 = Person.objects.filter(role__in=SOLVERS, is_active=True, team__line=1).values_list("pk", flat=True)
    away = duty.absent(at)
    here = duty.on_duty(at) if duty.is_kept() else frozenset(line1)
    return {one for one in line1 if one in here and one not in away}


def about(call: Call, ticket: Ticket | None, *, by: Person, at: datetime, as_said: bool = True) -> Call:
    """What the call is about: written down there once it is over. None: no ticket, nobody is asked again. Raises
    WrongValue where it is written down already, and (`as_said`) NotAllowed, AlreadyMerged where it cannot be."""
    with transaction.atomic():
        held = _held(call)
        if held.event_id is not None or (held.missed_at is not None and not held.was_spoken):
            raise WrongValue("ticket", "it is written down already")
        if ticket is None:
            held.settled_at, held.settled_by = at, by
        else:
            held.ticket = merging.final(ticket)
            held.agent = held.agent or by
        held.save()
        if ticket is not None:
            _write_down(held, at, quietly=not as_said)
        publish(TOPIC, held.pk, [f"person:{number}" for number in _screens(held)])
    return held


def registered(call_id: int, ticket: Ticket, *, by: Person, at: datetime) -> None:
    """The form for calls made this ticket of the call: in its transaction. What is not his to name is left alone."""
    call = visible_to(by).filter(pk=call_id, event__isnull=True).first() if 0 < call_id < 2**63 else None
    if call is not None and (call.was_spoken or call.is_open):
        about(call, ticket, by=by, at=at, as_said=False)


# ---- what each event says ---------------------------------------------------------------------------


def _rings(call: Call, said: Told, row: Inbound) -> Result:
    call.rang_at = said.at
    call.save()
    return Result(Outcome.IGNORED, "a call rings")


def _answered(call: Call, said: Told, row: Inbound) -> Result:
    call.answered_at = said.at
    call.save()
    return _written(call, row, "a call was answered")


def _ended(call: Call, said: Told, row: Inbound) -> Result:
    call.ended_at = said.at
    call.seconds = said.seconds if said.seconds is not None else _between(call.answered_at, said.at)
    call.recording_url = said.recording_url
    call.save()
    return _written(call, row, "a call ended") if call.was_spoken else _to_call_back(call, row)


def _missed(call: Call, said: Told, row: Inbound) -> Result:
    call.missed_at = said.at
    call.save()
    return Result(Outcome.IGNORED, "a call was answered") if call.was_spoken else _to_call_back(call, row)


def _between(begin: datetime | None, end: datetime) -> int | None:
    if begin is None:
        return None
    return min(max(int((end - begin).total_seconds()), 0), telephony.LONGEST_CALL)


def _written(call: Call, row: Inbound, reason: str) -> Result:
    on = _write_down(call, learnt(row))
    return Result(Outcome.REPLY, reason, on) if on is not None else Result(Outcome.IGNORED, reason)


def _write_down(call: Call, at: datetime, *, quietly: bool = True) -> Ticket | None:
    """On its ticket, with its seconds, by who talked: once, when it is over and both are known. Not `quietly`: somebody
    named the ticket, and hears why it cannot be."""
    if call.event_id is not None or call.ended_at is None or call.agent is None or not call.was_spoken:
        return None
    ticket = call.ticket or (None if call.settled_at else _only_open(call.person))
    if ticket is None:
        return None
    ticket = merging.final(ticket)
    ended = max(call.ended_at, ticket.created_at)
    try:
        with transaction.atomic():
            conversation.call(ticket, "", by=call.agent, at=ended, seconds=call.seconds or None, learnt_at=at)
    except (NotAllowed, AlreadyMerged):
        if not quietly:
            raise
        return None
    call.ticket = ticket
    call.event = Event.objects.filter(ticket=ticket, kind=Kind.CALLED, by=call.agent).order_by("-id").first()
    call.save()
    _wish_is_fulfilled(call, ticket, at)
    return ticket


def _wish_is_fulfilled(call: Call, ticket: Ticket, at: datetime) -> None:
    """Who waited to be called by this number was spoken to."""
    wish = call_wishes.of(ticket)
    if wish is not None and call.number and phones.normalised(wish.phone) == call.number and call.agent is not None:
        call_wishes.settle(ticket, reached=True, is_written=True, by=call.agent, at=at)


def _to_call_back(call: Call, row: Inbound) -> Result:
    """Nobody answered: somebody is to call him. On the ticket on which he waits already, else his only open one, else
    a new one."""
    if call.is_ours:
        return Result(Outcome.IGNORED, "a call of ours was not answered")
    if call.ticket is not None:
        return Result(Outcome.IGNORED, "a call was missed")
    if not call.number:
        return Result(Outcome.QUARANTINE, "a call was missed, and its number is hidden")
    at, person = row.received_at, call.person or _made(call.number)
    call.person, shown = person, phones.readable(call.number)
    waiting = _of_colleague(person) if person.is_agent else _where_he_waits(shown) or _only_open(person)
    call.ticket = ticket = waiting or _opened(person, shown, row)
    if not person.is_agent:
        call_wishes.want(ticket, phone=shown, by=person, at=max(at, ticket.created_at), missed=True)
    call.save()
    reason = "a call was missed"
    if waiting is not None:
        return Result(Outcome.REPLY, reason, ticket)
    return Result(Outcome.TICKET, reason, ticket, ticket.first_words)


def _opened(person: Person, shown: str, row: Inbound) -> Ticket:
    with translation.override(person.language):
        subject = _("Missed call from {who}").replace("{who}", person.name or shown)
        text = _("Nobody answered the call from {number}.").replace("{number}", shown)
    flags = (UNPROVEN_AGENT,) if person.is_agent else ()
    return opening.open_ticket(
        subject=subject, words=Words(text=text, flags=flags), requester=person, by=None, channel=Channel.PHONE,
        at=row.received_at, learnt_at=learnt(row), client=person.client,
    )  # fmt: skip


# ---- whose it is ------------------------------------------------------------------------------------


def _call(said: Told, row: Inbound) -> Call:
    """The call, held until the transaction ends, with whoever this event names."""
    trunk = Trunk.objects.get(pk=said.trunk)
    call, _is_new = Call.objects.get_or_create(trunk=trunk, call_id=said.id, defaults={"begun_at": row.received_at})
    call = _held(call)
    agent = _agent(said.agent, trunk.country)
    if agent is not None and (call.agent is None or said.event == telephony.ANSWERED):
        call.agent = agent
    other, ours = _sides(said, trunk.country, agent or call.agent)
    call.number, call.is_ours = call.number or other, call.is_ours or ours
    call.called = call.called or (said.number if ours else said.to)[:40]
    if call.person is None and call.number:
        call.person = senders.find(phone=call.number)
    if call.is_ours and call.person is not None and call.person.is_agent:
        call.settled_at = call.settled_at or row.received_at  # among ourselves: nobody is asked what it was about
    return call


def _sides(said: Told, country: str, agent: Person | None) -> tuple[str, bool]:
    """The number at the other end, and whether one of us called: from his own number, or from an extension that is an
    agent's. A number with its country alone says nothing: it can be forged, and a call must not be lost by it."""
    caller = phones.told_by_exchange(said.number, country)
    is_own = agent is not None and caller in _numbers(agent)
    if caller and not is_own and len(caller) <= LONGEST_EXTENSION:
        owner = senders.find(phone=caller)
        is_own = owner is not None and owner.is_agent
    return (phones.told_by_exchange(said.to, country), True) if is_own else (caller, False)


def _agent(said: str, country: str) -> Person | None:
    """By login or mail, as everywhere; else by his number or extension, if it is his alone."""
    if not said:
        return None
    agents = Person.objects.filter(role__in=DESK_SIDE, is_active=True)
    named = agents.filter(Q(login=said) | Q(email__iexact=said)).order_by("id").first()
    number = phones.told_by_exchange(said, country)
    if named is not None or not number:
        return named
    mine = Q(phone_e164=number) | Q(other_addresses__number=number)
    found = list(agents.filter(mine).distinct()[:2])
    return found[0] if len(found) == 1 else None


def _numbers(agent: Person) -> set[str]:
    return {agent.phone_e164, *agent.other_addresses.exclude(number="").values_list("number", flat=True)} - {""}


def _held(call: Call) -> Call:
    fresh = Call.objects.select_for_update(of=("self",))
    return fresh.select_related("person", "agent", "ticket").get(pk=call.pk)


def _only_open(person: Person | None) -> Ticket | None:
    if person is None or person.is_agent:
        return None
    found = list(Ticket.objects.filter(requester=person, is_open=True, merged_into=None)[:2])
    return found[0] if len(found) == 1 else None


def _where_he_waits(shown: str) -> Ticket | None:
    """Who calls again while nobody has called him back waits where he waited."""
    waiting = CallWish.objects.filter(phone=shown, settled_at=None, ticket__is_open=True).order_by("-id")
    wish = waiting.select_related("ticket").first()
    return wish.ticket if wish is not None else None


def _of_colleague(person: Person) -> Ticket | None:
    """A number of a colleague can be forged: what he asks for has a ticket of its own, one at a time."""
    own = Ticket.objects.filter(requester=person, channel=Channel.PHONE, is_open=True, merged_into=None)
    return own.order_by("-id").first()


def _made(number: str) -> Person:
    """Of a number that nobody has, or several: a person of its own, made once; of their client, if it is one."""
    known = Person.objects.filter(login=senders.login_of(number), merged_into=None).first()
    if known is not None:
        return known
    sharing = Person.objects.filter(phone_e164=number, merged_into=None).select_related("client")[:50]
    clients = {one.client for one in sharing}
    return senders.make(phone=number, client=clients.pop() if len(clients) == 1 else None)


def _screens(call: Call) -> Iterable[int]:
    """Whose pages ask again: of who talks, and of all on whose screens it may ring."""
    return {*([call.agent_id] if call.agent_id else []), *takers(call.begun_at)}
