"""The thread of a ticket: messages, and between them what happened, oldest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, CharField, F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from firstline.assets.models import Equipment
from firstline.contracts.models import Category, Service
from firstline.lib.asked_often import Among, Given, Question
from firstline.notices.recipients import STILL
from firstline.people.asking import OfSomebody
from firstline.people.models import Client, Person, Team
from firstline.post.models import Delivery, Undeliverable
from firstline.tickets import merging, moving, queries
from firstline.tickets.models import Attachment, Event, Kind, Message, Ticket
from firstline.web import bounce_words, event_words, intake_words, letter_words
from firstline.web.event_line import Line

PAGE = 100
MOST_TRIES = 8  # rows of deliveries and their attempts that are read for an event, on the average
# What history keeps by its slug.
NAMED = (("service", Service), ("category", Category), ("client", Client), ("team", Team), ("equipment", Equipment))
COMES_BACK = "comes back:"
BAD = Q(hard_since__isnull=False) | Q(complained_at__isnull=False)  # nothing that goes by itself is sent there
# Words to and from vendors: inside the desk, whoever said them.
VENDORS = frozenset({Kind.VENDOR_ASKED, Kind.VENDOR_WRITTEN, Kind.VENDOR_ANSWERED})
FOLD_FROM = 4  # a run of more than three lines folds (ui.md §7.2)


def _newest(person: Person, **more: Given) -> QuerySet[Event]:
    rows = queries.timeline_for(person, Given("ticket", BigIntegerField())).filter(**more)
    rows = rows.select_related(None).select_related("message__inbound")
    return rows.defer("message__inbound__raw", "message__inbound__last_error").order_by("-id")[: PAGE + 1]


def _names() -> QuerySet[Any, tuple[Any, ...]]:
    logins, slugs = Among("logins", CharField()), Among("slugs", CharField())
    made = Person.objects.order_by().filter(login__in=logins).values_list("login", "name")
    for kind, model in NAMED:
        key = Concat(Value(f"{kind}:"), F("slug"), output_field=CharField())
        rows: QuerySet[Any] = model._default_manager.order_by().filter(slug__in=slugs)
        made = made.union(rows.values_list(key, F("name")), all=True)
    key = Concat(Value(COMES_BACK), F("address"), output_field=CharField())
    marked = Undeliverable.objects.order_by().filter(BAD, address__in=Among("in_copy", CharField()))
    return made.union(marked.values_list(key, F("reason")), all=True)


def _sent() -> QuerySet[Delivery]:
    tickets, first = Among("tickets", BigIntegerField()), Given("first", BigIntegerField())
    rows = Delivery.objects.filter(ticket__in=tickets, event__gte=first).defer("mime")
    return rows.annotate(**_TRIES).order_by("id", "tries__id")[: MOST_TRIES * PAGE]


_TRIES = {f"try_{name}": F(f"tries__{name}") for name in ("at", "answer", "outcome")}
_NEWEST = OfSomebody(_newest)
_OLDER = OfSomebody(lambda person: _newest(person, id__lt=Given("before", BigIntegerField())))
_NAMES, _SENT = Question(_names), Question(_sent)
_PEOPLE = Question(lambda: Person.objects.order_by().filter(pk__in=Among("numbers", BigIntegerField())))
_FILES = Question(lambda: Attachment.objects.filter(message__in=Among("messages", BigIntegerField())))


@dataclass(frozen=True)
class Stranger:
    """Somebody in copy whom nobody has added. `comes_back`: mail to him does not come through, and why, if known."""

    address: str
    comes_back: bool = False
    reason: str = ""


@dataclass
class Said:
    """A message of the thread. `side` is in (the client's), out (ours, public), note (internal), call or vendor."""

    event: Event
    message: Message
    side: str
    line: Line
    files: list[Attachment]
    deliveries: list[Delivery] = field(default_factory=list)
    in_copy: list[Stranger] = field(default_factory=list)

    @cached_property
    def how(self) -> str:
        """By what a letter found its ticket."""
        inbound = getattr(self.message, "inbound", None)
        return intake_words.how(inbound.reason) if inbound is not None else ""

    @property
    def is_automatic(self) -> bool:
        """Written by a machine: folded away."""
        return self.event.kind == Kind.AUTOMATIC

    @property
    def is_kept_still(self) -> bool:
        """Perhaps a person's after all: it reopened nothing, because answers had done so again and again."""
        return self.is_automatic and self.event.data.get("auto") in STILL

    @cached_property
    def paused(self) -> str:
        """That what answers by itself keeps away from its sender, who writes like a machine."""
        said = self.event.data.get("answers_paused")
        return intake_words.paused(said) if said else ""

    @property
    def came_in_on(self) -> Ticket | None:
        """The ticket on which it came in, where that is another one."""
        return self.event.ticket if self.event.ticket_id != self.message.ticket_id else None

    @property
    def may_go_back(self) -> bool:
        """Whether it was moved by itself: what came with a merge goes back with it."""
        return self.came_in_on is not None and self.came_in_on.merged_into_id is None

    @property
    def is_movable(self) -> bool:
        return moving.is_movable(self.message)

    @property
    def claims(self) -> int | None:
        """The ticket that it names though its sender takes no part there, until somebody decides."""
        return merging.claimed_by(self.message)

    @cached_property
    def is_cut(self) -> bool:
        """Whether quotation or signature are folded away."""
        return letter_words.is_cut(self.message)

    @cached_property
    def body(self) -> SafeString:
        """What was said this time."""
        said = letter_words.said(self.message, self.files, _picture)
        named = self.event.data.get("mentioned")
        return letter_words.with_mentions(said, named.values()) if named else said

    @cached_property
    def whole(self) -> SafeString:
        """Everything, with quotation and signature."""
        return letter_words.whole(self.message, self.files, _picture)

    @cached_property
    def listed(self) -> list[Attachment]:
        """The files to name below the words."""
        return letter_words.to_list(self.message, self.files)

    @property
    def invitations(self) -> list[Attachment]:
        return [file for file in self.files if file.content_type in ("text/calendar", "application/ics")]

    @property
    def has_remote_pictures(self) -> bool:
        return self.has_original and letter_words.has_remote_pictures(self.message.html)

    @cached_property
    def flags(self) -> list[tuple[str, str]]:
        """What the intake noticed about it, in words, with the detail."""
        return intake_words.flags(self.message.flags)

    @cached_property
    def sender(self) -> str:
        """The address that a letter really has, where something is wrong with it."""
        inbound = getattr(self.message, "inbound", None)
        return inbound.sender if inbound is not None and self.warnings else ""

    @property
    def named(self) -> Person | None:
        """Whose name stands above it: nobody's where it is not proven that he wrote it."""
        is_proven = not self.sender or not intake_words.UNPROVEN & set(self.message.flags)
        return self.message.author if is_proven else None

    @cached_property
    def warnings(self) -> list[str]:
        """What is wrong with who its sender says he is, in sentences."""
        inbound = getattr(self.message, "inbound", None)
        trust, sender = (inbound.trust, inbound.sender) if inbound is not None else ({}, "")
        return intake_words.warnings(self.message.flags, trust, sender)

    @property
    def has_original(self) -> bool:
        return getattr(self.message, "inbound", None) is not None

    @property
    def on_behalf(self) -> bool:
        """Typed by an agent in the client's words."""
        return self.side == "in" and self.event.by is not None and self.event.by.is_agent


def _picture(file: Attachment) -> str:
    return reverse("desk-picture", args=[file.pk])


@dataclass
class Happened:
    """A line of the thread, or a run of them that is folded."""

    event: Event
    line: Line
    deliveries: list[Delivery] = field(default_factory=list)


@dataclass
class Run:
    """Lines one after the other. A long one shows its last, and the others on demand."""

    lines: list[Happened]

    @property
    def folded(self) -> list[Happened]:
        return self.lines[:-1] if len(self.lines) >= FOLD_FROM else []

    @property
    def shown(self) -> list[Happened]:
        return self.lines[-1:] if len(self.lines) >= FOLD_FROM else self.lines


@dataclass(frozen=True)
class Thread:
    """`parts` are Said and Run; `before` is the event to ask for older ones from, or None."""

    parts: list[Said | Run]
    before: int | None


def of(person: Person, ticket: Ticket, before: str = "") -> Thread:
    """The newest hundred events (or the hundred before an event), as this person may read them."""
    if before.isascii() and before.isdigit() and len(before) <= 18:
        newest = _OLDER.all(person, ticket=ticket.pk, before=int(before))
    else:
        newest = _NEWEST.all(person, ticket=ticket.pk)
    more, events = len(newest) > PAGE, newest[:PAGE][::-1]
    _bring_together(ticket, events)
    names = names_for(events)
    sent, files = _deliveries(ticket, events), _files(events)
    joined = {event.data.get("email") for event in events if event.kind == Kind.JOINED}
    parts: list[Said | Run] = []
    for event in events:
        line = event_words.line(event, names)
        message = queries.words_on(ticket, event)
        if message is not None:
            said = _said(event, message, line, files.get(message.pk, []), sent.get(event.pk, []))
            said.in_copy = [_stranger(one, names) for one in event.data.get("in_copy", []) if one not in joined]
            parts.append(said)
            continue
        happened = Happened(event, line, sent.get(event.pk, []))
        if parts and isinstance(parts[-1], Run):
            parts[-1].lines.append(happened)
        else:
            parts.append(Run([happened]))
    return Thread(parts, events[0].pk if more else None)


def _bring_together(ticket: Ticket, events: Sequence[Event]) -> None:
    """Each event with who did it, whose words it has and on which ticket it came in: every person is read once, by one
    statement. Joined to each event they would cost PostgreSQL's planner more than the rest of the page together."""
    elsewhere = {event.ticket_id for event in events} - {ticket.pk}
    tickets = {ticket.pk: ticket, **(Ticket.objects.in_bulk(elsewhere) if elsewhere else {})}
    messages = [event.message for event in events if hasattr(event, "message")]
    numbers = {event.by_id for event in events} | {message.author_id for message in messages}
    people = {one.pk: one for one in _PEOPLE.all(numbers=numbers - {None})}
    for event in events:
        event.ticket = tickets[event.ticket_id]
        event.by = people[event.by_id] if event.by_id else None
    for message in messages:
        message.author = people[message.author_id] if message.author_id else None


def _stranger(address: str, names: dict[str, str]) -> Stranger:
    known = names.get(f"{COMES_BACK}{address.lower()}")
    return Stranger(address, known is not None, bounce_words.reason(known or "", ""))


def names_for(events: Sequence[Event]) -> dict[str, str]:
    """Names of the logins and slugs that history keeps, and which addresses in copy mail comes back from: one
    statement, always."""
    in_copy = {email.lower() for event in events for email in event.data.get("in_copy", [])}
    logins = set(event_words.logins_in(list(events)))
    return dict(_NAMES.all(logins=logins, slugs=_slugs_in(events), in_copy=in_copy))


def _slugs_in(events: Iterable[Event]) -> set[str]:
    found: set[Any] = {event.data.get("team") for event in events}
    for event in events:
        found |= {value for value in event.data.get("set", {}).values() if isinstance(value, str)}
        for change in event.data.get("changed", {}).values():
            found |= {value for value in (change.get("from"), change.get("to")) if isinstance(value, str)}
    return {slug for slug in found if isinstance(slug, str)}


def _deliveries(ticket: Ticket, events: list[Event]) -> dict[int, list[Delivery]]:
    """What was sent because of each event, each with its attempts in `tried`: one statement for both."""
    first = events[0].pk if events else 0
    tickets = {ticket.pk, *(event.ticket_id for event in events)}
    seen: dict[int, Delivery] = {}
    for row in _SENT.all(tickets=tickets, first=first):
        tried = vars(seen.setdefault(row.pk, row)).setdefault("tried", [])
        attempt = {name.removeprefix("try_"): getattr(row, name) for name in _TRIES}
        if attempt["at"] is not None:
            tried.append(attempt)
    made: dict[int, list[Delivery]] = {}
    for delivery in seen.values():
        if delivery.event is not None:
            made.setdefault(delivery.event, []).append(delivery)
    return made


def _files(events: Iterable[Event]) -> dict[int, list[Attachment]]:
    """By message: one statement where there are messages."""
    messages = [event.message.pk for event in events if hasattr(event, "message")]
    found: dict[int, list[Attachment]] = {}
    for file in _FILES.all(messages=messages) if messages else ():
        found.setdefault(file.message_id, []).append(file)
    return found


def _said(event: Event, message: Message, line: Line, files: list[Attachment], sent: list[Delivery]) -> Said:
    if event.kind == Kind.CALLED:
        side = "call"
    elif event.kind in VENDORS:
        side = "vendor"
    elif not message.by_agent:
        side = "in"
    else:
        side = "out" if message.public else "note"
    return Said(event, message, side, line, files, sent)
