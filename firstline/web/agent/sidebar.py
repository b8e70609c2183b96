"""The way about the desk: what stands in the sidebar for this person, with its counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import BigIntegerField, DateTimeField, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from firstline.contracts import outages
from firstline.intake import deliveries_seen as outbox
from firstline.intake import journal, mailbox_health
from firstline.intake.models import Inbound
from firstline.lib import clock, counting
from firstline.lib.asked_often import Given
from firstline.notices import inbox
from firstline.people import asking
from firstline.people.models import AccountRequest, Person
from firstline.people.permissions import may
from firstline.post import trunks
from firstline.post.models import Delivery
from firstline.tickets import call_wishes, lists

# What nobody has or nobody has sorted is red after this long (ui.md §7.1).
NOBODYS_FOR = timedelta(minutes=5)
_NOW, _LATE = Given("now", DateTimeField()), Given("late", DateTimeField())
_TICKET_HERE = Given("ticket", BigIntegerField())
_TICKET = re.compile(r"/desk/tickets/([0-9]{1,15})/")


@dataclass
class Entry:
    label: str
    href: str
    icon: str
    key: str = ""
    count: int = 0
    hot: bool = False
    current: bool = False
    plus: bool = False
    palette: bool = False


@dataclass
class Group:
    title: str
    entries: list[Entry] = field(default_factory=list)


def home_of(person: Person) -> str:
    """Where an agent begins: the queue of his line, else everything that is open."""
    return f"/desk/queue/?line={person.line}" if person.line else "/desk/queue/"


def counted(person: Person, here: str = "") -> dict[str, int]:
    """Every count of the sidebar, up to 99+, in one statement; and what is unread of the ticket whose page it is on."""
    now, number = clock.now(), _ticket_at(here)
    kind = None if person.pins else asking.kind_of(person)  # what he pinned nobody else asks
    return _COUNTS.asked(
        kind and (kind, bool(number)), asking.stand_in(person) if kind else person, bool(number),
        stands=asking.STANDS, asks=person.pk, now=now, late=now - NOBODYS_FOR, ticket=number,
    )  # fmt: skip


def _wanted(person: Person, on_a_ticket: bool) -> dict[str, QuerySet[Any]]:
    seen = lists.in_order(person)
    open_now = seen.filter(lists.OPEN)
    free = open_now.filter(assignee__isnull=True)
    unsorted = open_now.filter(category__isnull=True)
    wanted: dict[str, QuerySet[Any]] = {
        "line1": open_now.filter(line=1),
        "line2": open_now.filter(line=2),
        "line3": open_now.filter(line=3),
        "waiting": open_now.filter(status__in=lists.WAITING),
        "free": free,
        "unsorted": unsorted,
        "open": open_now,
        "free_late": free.filter(created_at__lt=_LATE),
        "unsorted_late": unsorted.filter(created_at__lt=_LATE),
    }
    wanted["inbox"] = inbox.unread_tickets(person)
    if on_a_ticket:
        wanted["here"] = inbox.unread_of(person, _TICKET_HERE)
    if person.solves:
        wanted["mine"] = open_now.filter(assignee=person)
        wanted["handed"] = lists.found(person, lists.Filters(handed="1"))
        wanted["called"] = lists.found(person, lists.Filters(called="1"))
        wanted["telephony"] = trunks.in_use()
    for number, _name, asked in person.pins:
        wanted[f"view{number}"] = lists.found(person, lists.Filters.of(asked))
    if may(person, "journal"):
        wanted["quarantine"] = journal.visible_to(person).filter(state=Inbound.State.QUARANTINE)
        wanted["dead"] = outbox.visible_to(person).filter(state=Delivery.State.DEAD)
    wanted["calls"] = call_wishes.waiting(person)
    if may(person, "record outages"):
        wanted["outages"] = outages.not_over(outages.visible_to(person), at=_NOW).filter(starts_at__lte=_NOW)
    if may(person, "accounts"):
        wanted["accounts"] = AccountRequest.objects.filter(decided_at__isnull=True)
    if may(person, "channels"):
        wanted["channels"] = mailbox_health.in_trouble()
    return wanted


_COUNTS = counting.Counts(_wanted)


def groups(person: Person, here: str, n: Mapping[str, int]) -> list[Group]:
    """The sidebar's groups; `here` is the address of the page, whose entry is the current one."""
    made = sections(person, n)
    entries = [entry for group in made for entry in group.entries]
    if current := _current(entries, here):
        current.current = True
    return made


def sections(person: Person, n: Mapping[str, int]) -> list[Group]:
    """The groups with these counts; no statement."""
    made = [
        Group(_("My work"), _my_work(person, n)),
        Group(_("The shift"), _direction(person)),
        Group(_("Queues"), _queues(person, n)),
        Group(_("Views"), _views(person, n)),
        Group(_("Nothing gets lost"), _safety(person, n)),
        Group(_("Knowledge and accounts"), _knowledge(person, n)),
        Group(_("Administration"), _administration(person)),
    ]
    return [group for group in made if group.entries]


def tabs(person: Person, here: str) -> list[Entry]:
    """The tab bar of phones; no counts, so no statement."""
    made = [
        Entry(_("Queue"), home_of(person), "headset"),
        Entry(_("Mine"), "/desk/queue/?mine=1", "inbox"),
        Entry(_("New ticket"), "/desk/calls/new/", "plus", plus=True),
        Entry(_("Search"), "/desk/search/", "search", palette=True),
        Entry(_("Menu"), "/desk/menu/", "menu"),
    ]
    if not person.solves:
        made = [entry for entry in made if "mine" not in entry.href]
    if current := _current(made, here):
        current.current = True
    return made


def _my_work(person: Person, n: Mapping[str, int]) -> list[Entry]:
    told = Entry(pgettext("notices", "Inbox"), "/desk/inbox/", "bell", "g i", n["inbox"])
    if not person.solves:
        return [told]
    return [
        told,
        Entry(_("My tickets"), "/desk/queue/?mine=1", "inbox", "g m", n["mine"]),
        Entry(_("Handed over by me"), "/desk/queue/?handed=1", "chevrons-up", "g h", n["handed"]),
        Entry(_("Where I help"), "/desk/queue/?called=1", "users", "g e", n["called"]),
    ]


def _queues(person: Person, n: Mapping[str, int]) -> list[Entry]:
    names = {1: (_("Line 1"), "headset"), 2: (_("Line 2"), "wrench"), 3: (_("Line 3"), "shield-check")}
    made = [
        Entry(label, f"/desk/queue/?line={line}", icon, "g q" if line == (person.line or 1) else "", n[f"line{line}"])
        for line, (label, icon) in names.items()
    ]
    return [
        *made,
        Entry(pgettext("queue", "Waiting"), "/desk/queue/?status=waiting", "pause", "g w", n["waiting"]),
        Entry(_("All open"), "/desk/queue/", "list", "g a", n["open"]),
    ]


def _views(person: Person, n: Mapping[str, int]) -> list[Entry]:
    made = [
        Entry(name, f"/desk/queue/?view={number}", "bookmark", "", n[f"view{number}"])
        for number, name, _asked in person.pins
    ]
    return [*made, Entry(_("All views"), "/desk/views/", "list-filter", "g v")]


def _safety(person: Person, n: Mapping[str, int]) -> list[Entry]:
    made = [
        Entry(_("Unassigned"), "/desk/queue/?assignee=none", "user", "g u", n["free"], hot=bool(n["free_late"])),
        Entry(
            _("Without category"),
            "/desk/queue/?category=none",
            "circle-help",
            "",
            n["unsorted"],
            hot=bool(n["unsorted_late"]),
        ),
    ]
    made.append(Entry(_("To be called"), "/desk/call-backs/", "phone-call", "", n["calls"], hot=True))
    if may(person, "journal"):
        made += [
            Entry(_("Quarantine"), "/desk/quarantine/", "shield-alert", "", n["quarantine"], hot=True),
            Entry(_("Intake journal"), "/desk/intake/", "mail-open"),
            Entry(_("Outbox"), "/desk/outbox/", "send", "", n["dead"], hot=True),
        ]
    return made


def _direction(person: Person) -> list[Entry]:
    made = [Entry(_("Roster"), "/desk/roster/", "calendar-clock")]
    made.append(Entry(_("Escalations"), "/desk/escalations/", "bell-ring"))
    if may(person, "reinforcement"):
        made.append(Entry(_("Reinforcement"), "/desk/reinforcement/", "user-plus"))
    if may(person, "board"):
        made.insert(0, Entry(_("Board"), "/desk/board/", "activity", "g b"))
        made.append(Entry(_("Time-boxes of the lines"), "/desk/box/", "timer"))
    return made


def _knowledge(person: Person, n: Mapping[str, int]) -> list[Entry]:
    made = [Entry(_("Knowledge base"), "/kb/", "book-open", "g k")]
    made.append(Entry(_("Calendars"), "/desk/calendars/", "calendar"))
    if may(person, "pauses"):
        made.append(Entry(_("Pauses to look at"), "/desk/pauses/", "pause"))
    if may(person, "see contracts"):
        made.append(Entry(_("Clients and contracts"), "/desk/contracts/", "briefcase", "g c"))
    made.append(Entry(_("Service catalogue"), "/desk/services/", "layout-grid", "g s"))
    if may(person, "accounts"):
        made.append(Entry(_("Account requests"), "/desk/accounts/", "user-plus", "", n["accounts"]))
    if may(person, "record outages"):
        made.append(Entry(_("Outages and announcements"), "/desk/outages/", "zap", "", n["outages"], hot=True))
    if may(person, "see vendors"):
        made.append(Entry(_("Vendors"), "/desk/vendors/", "building-2"))
    if may(person, "see contracts"):
        made.append(Entry(_("Statements"), "/desk/statements/", "scroll-text", "g r"))
    if may(person, "see routing"):
        made.append(Entry(_("Where tickets go"), "/desk/routing/", "split"))
    if may(person, "see ladders"):
        made.append(Entry(_("Escalation ladders"), "/desk/ladders/", "chevrons-up"))
    if may(person, "channels"):
        made.append(Entry(_("Channels"), "/desk/channels/", "at-sign", "", n["channels"], hot=True))
    if may(person, "mail rules"):
        made.append(Entry(_("Rules for mail"), "/desk/rules/", "workflow"))
    return made


def _administration(person: Person) -> list[Entry]:
    made = []
    if may(person, "accounts"):
        made.append(Entry(_("All settings"), "/desk/admin/", "settings", "g z"))
        made.append(Entry(_("People"), "/desk/people/", "users"))
    if may(person, "see contracts"):
        made.append(Entry(_("Clients"), "/desk/clients/", "building-2"))
    if may(person, "roles"):
        made.append(Entry(_("Teams"), "/desk/teams/", "layers"))
    if may(person, "audit"):
        made.append(Entry(_("Audit"), "/desk/audit/", "scroll-text"))
    return made


def _ticket_at(here: str) -> int | None:
    matched = _TICKET.match(here)
    return int(matched[1]) if matched else None


def _current(entries: list[Entry], here: str) -> Entry | None:
    """The entry whose address fits the page best: the same, or its longest beginning."""
    fitting = [
        entry
        for entry in entries
        if here == entry.href or (entry.href != "/desk/queue/" and here.startswith(entry.href))
    ]
    return max(fitting, key=lambda entry: len(entry.href), default=None)
