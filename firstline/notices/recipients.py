"""Event → people: who is told of what (a reaction: in the transaction of the event, without the network).

Nobody is told what he did himself, nobody twice of one event, the client's side never of what is internal. The words
are made later, by notices.wording, from the event as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache

from django.db.models import Q

from firstline.notices import alarm_rules, late_alarms, pushes, telling
from firstline.notices.audience import clients_side
from firstline.notices.telling import tell_agents, tell_whom
from firstline.people.models import Person
from firstline.people.roles import Role
from firstline.post import gateways, outbox, ways
from firstline.post.models import Delivery
from firstline.tickets import history
from firstline.tickets.lifecycle import UNANSWERED
from firstline.tickets.models import Channel, Event, Kind
from firstline.tickets.vendor_models import VendorRequest
from firstline.tickets.who_sees import people_who_see

# Where a second copy would only be a nuisance (product.md, "What is always true" 5).
AT_MOST_ONCE = frozenset(
    {
        "received",
        "taken",
        "engineer_joined",
        "scheduled",
        "closed",
        "closed_unanswered",
        "merged",
        "reminder",
        "closing_soon",
    }
)
# Words that a person wrote to a person: no machine's headers, no limits.
BY_A_PERSON = frozenset({"answer", "to_vendor"})
TALKING = frozenset({Channel.PHONE.value, Channel.WALK_UP.value})


def tell(event: Event) -> None:
    """Puts a delivery for everybody concerned into the outbox; none for events that came in quietly."""
    if event.data.get("quiet") or history.is_quiet():
        return
    rule = RULES.get(Kind(event.kind))
    if rule is not None:
        rule(event)


def _created(event: Event) -> None:
    # The acknowledgement goes to the requester alone: a stranger's letter must not make us write to those it names
    # (research/reliability_security.md E5).
    _write(event, "received", clients_side(event.ticket, participants=False), even_himself=True,
           channel=event.data.get("channel", ""))  # fmt: skip
    if event.ticket.contract_id is None and event.ticket.client_id is not None:
        _without_contract(event)


def _without_contract(event: Event) -> None:
    """Nothing is promised to this client: the account manager hears of it, once a day for each client."""
    ticket = event.ticket
    for person in people_who_see(ticket).filter(role=Role.ACCOUNT_MANAGER):
        key = f"no contract:{ticket.client_id}:{event.learnt_at:%Y-%m-%d}:{person.pk}"
        telling.tell_once(event, person, "no_contract", key=key)


def _taken(event: Event) -> None:
    """Once, and not to him who has just heard it: on the telephone, or in an answer. Of a hand-over that is accepted he
    hears that an engineer has joined."""
    ticket = event.ticket
    if ticket.contact_owner_id is not None:
        return
    if ticket.channel in TALKING and ticket.created_at == event.happened_at:
        return
    if not Delivery.objects.filter(ticket=ticket.pk, kind__in=("taken", "answer")).exists():
        _write(event, "taken", clients_side(ticket, participants=False))


def _said(event: Event) -> None:
    if not event.public:
        if named := event.data.get("mentioned"):
            tell_whom(event, "mentioned", Q(login__in=list(named)))
        return
    if event.data.get("by_agent"):
        _write(event, "answer", clients_side(event.ticket, participants=True))
        tell_agents(event, "colleague_answered", [event.ticket.contact_owner_id])
        tell_agents(event, "swarm_answered", _called_in(event) - {event.ticket.contact_owner_id})
    else:
        tell_agents(event, "client_answered", _concerned(event))


def _call_wanted(event: Event) -> None:
    """Who has the ticket; where nobody has, it stands on the page of those to be called."""
    tell_agents(event, "call_wanted", _concerned(event))


def _waiting(event: Event) -> None:
    # Sent and set to waiting in one deed: the answer says what is asked, a second letter would say it again.
    if event.data.get("for") == "client" and _answer_of_this_deed(event) is None:
        _write(event, "waiting", clients_side(event.ticket, participants=True))


def _held(event: Event) -> None:
    _write(event, "scheduled", clients_side(event.ticket, participants=False))


def _resolved(event: Event) -> None:
    ticket = event.ticket
    if ticket.channel in TALKING and ticket.created_at == event.happened_at:
        # Solved while it was being registered: the acknowledgement of the same moment says nothing more.
        outbox.withdraw(ticket=ticket.pk, kind="received", since=event.happened_at)
    answer = _answer_of_this_deed(event)
    if answer is not None and not answer.message.attachments.exists():
        # Sent and resolved in one deed: the letter that asks for confirmation has the same words.
        outbox.withdraw(ticket=ticket.pk, kind="answer", since=event.happened_at)
    _write(event, "solved", clients_side(ticket, participants=True))
    _looked_on(event, "solved_seen", {
        **dict.fromkeys(_called_in(event), "swarm_solved"), ticket.contact_owner_id: "colleague_solved"
    })  # fmt: skip


def _went_around(event: Event) -> None:
    _write(event, "workaround", clients_side(event.ticket, participants=True))
    tell_agents(event, "colleague_went_around", [event.ticket.contact_owner_id])


def _answer_of_this_deed(event: Event) -> Event | None:
    """The public answer that the same person gave at the same moment: a compound verb has one time for all it does."""
    said = event.ticket.events.filter(
        kind=Kind.MESSAGE, public=True, by=event.by_id, happened_at=event.happened_at, id__lt=event.pk
    )
    return said.select_related("message").order_by("-id").first() if event.by_id else None


def _looked_on(event: Event, kind: str, concerned: dict[int | None, str]) -> None:
    """Those concerned, each in his own words, and with others whoever looks on."""
    wanted = telling.listeners(event.ticket, kind) | {pk for pk in concerned if pk}
    people = people_who_see(event.ticket).filter(pk__in=wanted).distinct() if wanted else ()
    telling.tell(event, {person: concerned.get(person.pk, kind) for person in people})


def _closed(event: Event) -> None:
    _write(event, "closed", clients_side(event.ticket, participants=False))
    _looked_on(event, "closed_seen", {})


def _reminded(event: Event) -> None:
    kind = "closing_soon" if event.data.get("deed") == "warn" else "reminder"
    _write(event, kind, clients_side(event.ticket, participants=True))


def _closed_by_time(event: Event) -> None:
    if event.data.get("why") == UNANSWERED:
        _write(event, "closed_unanswered", clients_side(event.ticket, participants=True))
        holders = (event.ticket.assignee_id, event.ticket.contact_owner_id)
        _looked_on(event, "closed_seen", dict.fromkeys(holders, "client_was_silent"))
    else:
        _closed(event)


def _cancelled(event: Event) -> None:
    by = event.by
    holders = (event.ticket.assignee_id, event.ticket.contact_owner_id)
    by_client = by is not None and not by.is_agent
    _looked_on(event, "closed_seen", dict.fromkeys(holders, "cancelled_by_client") if by_client else {})
    _write(event, "cancelled", clients_side(event.ticket, participants=False))


def _merged(event: Event) -> None:
    """The requester hears under which number it goes on: the one that he knows leads on."""
    _write(event, "merged", clients_side(event.ticket, participants=False))


def _reopened(event: Event) -> None:
    # Reopened by an answer: those concerned were told of the answer itself.
    if event.data.get("why"):
        tell_agents(event, "reopened", [event.ticket.assignee_id, event.ticket.contact_owner_id])


def _assigned(event: Event) -> None:
    tell_agents(event, "assigned", [event.ticket.assignee_id])


def _routed(event: Event) -> None:
    """To whom it was given; where nobody can take it, the manager: once an hour for a queue, whatever comes in."""
    ticket = event.ticket
    if ticket.assignee_id:
        tell_agents(event, "routed", [ticket.assignee_id])
        return
    if not event.data.get("nobody"):
        return
    for person in people_who_see(ticket).filter(role=Role.MANAGER):
        queue = ticket.team_id or f"line {ticket.line}"
        key = f"nobody takes:{queue}:{event.learnt_at:%Y-%m-%dT%H}:{person.pk}"
        telling.tell_once(event, person, "nobody_takes", key=key)


def _given_back(event: Event) -> None:
    """The lead of the line hears of it; where it has none, the manager."""
    leads = Q(role=Role.LEAD, team__line__gte=event.ticket.line)
    if not people_who_see(event.ticket).filter(leads).exists():
        leads = Q(role=Role.MANAGER)
    tell_whom(event, "given_back", leads)


def _handed_over(event: Event) -> None:
    concerned = Q(role=Role.MANAGER)
    to = event.data.get("to")
    concerned |= Q(login=to) if to else alarm_rules.holders(event.ticket)
    tell_whom(event, "handed_over", concerned)


def _accepted(event: Event) -> None:
    """The client learns that an engineer has joined, no more; who handed over learns who has it."""
    _write(event, "engineer_joined", clients_side(event.ticket, participants=False))
    tell_agents(event, "accepted", [event.ticket.contact_owner_id])


def _returned(event: Event) -> None:
    """Whoever has it again; from the second time on the manager, too: it goes to and fro."""
    ticket = event.ticket
    concerned = Q(pk=ticket.assignee_id) if ticket.assignee_id else alarm_rules.holders(ticket)
    if event.data.get("bounces", 0) > 1:
        concerned |= Q(role=Role.MANAGER)
    tell_whom(event, "returned", concerned)


def _invited(event: Event) -> None:
    if event.data.get("told"):
        return  # by the rung of a ladder, in its own letter
    tell_agents(event, "invited", [event.data.get("person")])


def _box_is_over(event: Event) -> None:
    """What the policy of the box says: a reminder to who has it, or the lead of the line and the manager."""
    ticket, policy = event.ticket, event.data.get("policy")
    if policy == "remind":
        tell_agents(event, "box_over", [ticket.assignee_id])
    elif policy == "tell_lead":
        leads = Q(role=Role.MANAGER) | Q(role=Role.LEAD, team__line__gte=event.data.get("line", 1))
        tell_whom(event, "box_over", leads)


def _concerned(event: Event) -> set[int | None]:
    """Who has it, who is in charge of the contact, who was called in."""
    return {event.ticket.assignee_id, event.ticket.contact_owner_id, *_called_in(event)}


def _called_in(event: Event) -> set[int | None]:
    return set(event.ticket.invitations.filter(left_at__isnull=True).values_list("person_id", flat=True))


def _alarmed(event: Event) -> None:
    """A warning, a breach, a stage's share: at once, or after an outage in one letter about all of them."""
    kind, people = str(event.kind), alarm_rules.people_for(event)
    late = bool(event.data.get("late"))
    telling.tell(event, dict.fromkeys(people, kind), at_once=not late)
    if late:
        late_alarms.tell(event, telling.hurried(people, kind, event.learnt_at))


def _escalated(event: Event) -> None:
    """Whom the ladder chose, by mail where the rung says so, by text message where it says that; after an outage in one
    letter about all of them."""
    people = list(alarm_rules.people_for(event))
    if "sms" in event.data.get("channels", ()):
        telling.text(event, people, "escalated")
    by_mail, late = "mail" in event.data.get("channels", ()), bool(event.data.get("late"))
    telling.tell(event, dict.fromkeys(people, "escalated"), at_once=by_mail and not late)
    if by_mail and late:
        late_alarms.tell(event, people)


def _bounced(event: Event) -> None:
    """A letter of ours came back, or could not be handed over: somebody must reach the requester in another way."""
    if event.kind == Kind.TROUBLE and event.data.get("what") != UNDELIVERED:
        return
    if event.kind == Kind.BOUNCED and not event.data.get("failed", event.data.get("hard", True)):
        return  # a server says that it is still trying
    ticket = event.ticket
    holders = [pk for pk in (ticket.assignee_id, ticket.contact_owner_id) if pk]
    tell_whom(event, "undelivered", Q(pk__in=holders) if holders else alarm_rules.holders(ticket))


def _kept_still(event: Event) -> None:
    """An answer that reopens nothing any more: a person may have written it, so those concerned read it."""
    if event.data.get("auto") in STILL:
        tell_agents(event, "client_answered", [event.ticket.assignee_id, event.ticket.contact_owner_id])


def _to_vendor(event: Event) -> None:
    """The words to a vendor leave as mail, in his language. One without an address is asked by telephone."""
    request = VendorRequest.objects.select_related("vendor").get(pk=event.data["request"])
    outbox.put(
        kind="to_vendor", to=request.vendor.email, language=request.vendor.language, data={"request": request.pk},
        at=event.learnt_at, ticket=event.ticket_id, event=event.pk, automatic=False,
    )  # fmt: skip


def _vendor_spoke(event: Event) -> None:
    """Whoever has the ticket, and whoever asked."""
    asked_by = VendorRequest.objects.filter(pk=event.data["request"]).values_list("asked_by_id", flat=True).first()
    tell_agents(event, "vendor_answered", [event.ticket.assignee_id, asked_by])


def _vendor_is_late(event: Event) -> None:
    leads = Q(role=Role.LEAD, team__line__gte=event.ticket.line)
    tell_whom(event, "vendor_late", leads | alarm_rules.holders(event.ticket))


STILL = frozenset({"reopened-often", "repeated", "woken-often"})  # as the intake calls such answers (ping_pong.py)
UNDELIVERED = "undelivered"  # what a trouble is called whose words did not leave the house (notices/alarms.py)
RULES: dict[Kind, Callable[[Event], None]] = {
    Kind.CREATED: _created,
    Kind.AUTOMATIC: _kept_still,
    Kind.TAKEN: _taken,
    Kind.MESSAGE: _said,
    Kind.CALL_WANTED: _call_wanted,
    Kind.WAITING: _waiting,
    Kind.HELD: _held,
    Kind.WORKAROUND: _went_around,
    Kind.RESOLVED: _resolved,
    Kind.CONFIRMED: _closed,
    Kind.CLOSED: _closed_by_time,
    Kind.REMINDED: _reminded,
    Kind.CANCELLED: _cancelled,
    Kind.REOPENED: _reopened,
    Kind.MERGED: _merged,
    Kind.ASSIGNED: _assigned,
    Kind.HANDED_OVER: _handed_over,
    Kind.ROUTED: _routed,
    Kind.GIVEN_BACK: _given_back,
    Kind.ACCEPTED: _accepted,
    Kind.RETURNED: _returned,
    Kind.INVITED: _invited,
    Kind.BOX_OVER: _box_is_over,
    Kind.SLA_WARNING: _alarmed,
    Kind.SLA_BREACH: _alarmed,
    Kind.INNER_TERM: _alarmed,
    Kind.ESCALATED: _escalated,
    Kind.VENDOR_ASKED: _to_vendor,
    Kind.VENDOR_WRITTEN: _to_vendor,
    Kind.VENDOR_ANSWERED: _vendor_spoke,
    Kind.VENDOR_LATE: _vendor_is_late,
    Kind.BOUNCED: _bounced,
    Kind.TROUBLE: _bounced,
}


def _write(
    event: Event, kind: str, people: Iterable[Person], *, even_himself: bool = False, **data: str | bool
) -> None:
    """To each by the way that he chose; who chose none, and asked by text message, is answered so."""
    at: datetime = event.learnt_at
    drafts, told, sending = [], list(people), cache(gateways.sending)
    known = pushes.where(told)
    for person in told:
        if not even_himself and person.pk == event.by_id:
            continue
        in_browsers = pushes.drafts(event, person, kind, known)
        drafts += in_browsers
        if pushes.alone(person, in_browsers):
            continue
        asked_by = event.ticket.channel if person.pk == event.ticket.requester_id else ""
        by_sms = ways.wants_sms(person.channel, asked_by)
        if way := ways.of(email=person.email, number=person.phone_e164, by_sms=by_sms, sending=sending):
            drafts.append(
                outbox.draft(
                    kind=kind, to=way.to, channel=way.channel, language=person.language, data=data, at=at,
                    person=person.pk, ticket=event.ticket_id, event=event.pk, at_most_once=kind in AT_MOST_ONCE,
                    automatic=kind not in BY_A_PERSON,
                )
            )  # fmt: skip
    if drafts:
        outbox.put_all(drafts)
