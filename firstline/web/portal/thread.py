"""What the requester reads of a request's history: what was said, and what happened, without anything internal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise, cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firstline.contracts.models.promises import Whose
from firstline.people.models import Person
from firstline.sla.models import Clock, ClockState, Standstill
from firstline.tickets import queries, statuses
from firstline.tickets.models import Attachment, Event, Kind, Message, Status, Ticket
from firstline.web import clock_faces, letter_words
from firstline.web.portal.promises import within


@dataclass
class Entry:
    """A message, or a line with a drawing, words and what was said with it."""

    event: Event
    message: Message | None = None
    icon: str = ""
    line: str = ""
    words: str = ""

    @cached_property
    def is_cut(self) -> bool:
        """Whether quotation or signature are folded away."""
        return self.message is not None and letter_words.is_cut(self.message)

    @cached_property
    def said(self) -> SafeString:
        """What was said this time."""
        return letter_words.said(self.message, self.files, self.picture) if self.message else mark_safe("")

    @cached_property
    def whole(self) -> SafeString:
        """Everything, with quotation and signature."""
        return letter_words.whole(self.message, self.files, self.picture) if self.message else mark_safe("")

    @cached_property
    def files(self) -> list[Attachment]:
        return list(self.message.attachments.all()) if self.message else []

    @cached_property
    def listed(self) -> list[Attachment]:
        """The files to name below the words."""
        return letter_words.to_list(self.message, self.files) if self.message else []

    def picture(self, file: Attachment) -> str:
        number = str(self.message.ticket_id) if self.message else ""
        return reverse("portal-picture", args=[number, file.pk])


_LINES: dict[str, tuple[str, str | Promise, str | Promise]] = {
    # kind: drawing, words with a name, words without one
    Kind.TAKEN: ("user", gettext_lazy("{who} is working on it"), gettext_lazy("Somebody is working on it")),
    Kind.ACCEPTED: ("users", gettext_lazy("An engineer has joined"), gettext_lazy("An engineer has joined")),
    Kind.HANDED_OVER: ("users", gettext_lazy("We brought in an engineer"), gettext_lazy("We brought in an engineer")),
    Kind.WAITING: ("hourglass", gettext_lazy("{who} asks you"), gettext_lazy("We need your answer")),
    Kind.HELD: ("calendar-clock", gettext_lazy("{who} scheduled it"), gettext_lazy("It is scheduled")),
    Kind.REMINDED: ("hourglass", gettext_lazy("We reminded you"), gettext_lazy("We reminded you")),
    Kind.RESUMED: ("play", gettext_lazy("Being worked on again"), gettext_lazy("Being worked on again")),
    Kind.RESOLVED: ("circle-check", gettext_lazy("{who} solved it"), gettext_lazy("Solved")),
    Kind.WORKAROUND: (
        "wrench",
        gettext_lazy("{who} found a way for you to go on"),
        gettext_lazy("There is a way for you to go on"),
    ),
    Kind.ARRIVED: ("map-pin", gettext_lazy("{who} is on site"), gettext_lazy("Our engineer is on site")),
    Kind.CONFIRMED: (
        "thumbs-up",
        gettext_lazy("{who} confirmed that it is solved"),
        gettext_lazy("Confirmed as solved"),
    ),
    Kind.CLOSED: ("check-check", gettext_lazy("Closed by itself"), gettext_lazy("Closed by itself")),
    Kind.JOINED: ("user-plus", gettext_lazy("{who} added a colleague"), gettext_lazy("A colleague was added")),
    Kind.CALL_WANTED: (
        "phone-call",
        gettext_lazy("{who} asked for a call"),
        gettext_lazy("A call was asked for"),
    ),
    Kind.CALL_SETTLED: ("phone", gettext_lazy("{who} called"), gettext_lazy("We called")),
    Kind.RATED: ("star", gettext_lazy("{who} rated it"), gettext_lazy("Rated")),
    Kind.REOPENED: ("rotate-ccw", gettext_lazy("{who} reopened it"), gettext_lazy("Reopened")),
    Kind.CANCELLED: ("circle-x", gettext_lazy("{who} cancelled it"), gettext_lazy("Cancelled")),
    Kind.MERGED: ("merge", gettext_lazy("Joined with another request"), gettext_lazy("Joined with another request")),
    Kind.UNMERGED: ("split", gettext_lazy("A request of its own again"), gettext_lazy("A request of its own again")),
}


CODED = frozenset({Kind.RESUMED, Kind.CLOSED, Kind.REMINDED})


def entries(person: Person, ticket: Ticket) -> list[Entry]:
    """Oldest first."""
    found = []
    for event in queries.timeline_for(person, ticket):
        message = queries.words_on(ticket, event)
        if message is not None:
            found.append(Entry(event, message=message))
        elif event.kind in _LINES:
            icon, named, nameless = _LINES[event.kind]
            line = str(named).replace("{who}", event.by.name) if event.by else str(nameless)
            words = str(event.data.get("reason") or event.data.get("how") or event.data.get("why") or "")
            if event.kind == Kind.CALL_SETTLED and not event.data.get("reached"):
                line = _("We called and did not reach you")
            if event.kind == Kind.JOINED:
                words = str(event.data.get("name", ""))
            if event.kind == Kind.RATED:
                line = _("{line}: {score} of 5").format(line=line, score=event.data.get("score"))
                words = str(event.data.get("comment", ""))
            # A reason that the program gave itself is a code, not words.
            found.append(Entry(event, icon=icon, line=line, words="" if event.kind in CODED else words))
    return found


def is_clients_turn(ticket: Ticket, waits: Standstill | None) -> bool:
    """Whether the ball is with the client: he is asked, or what his side has to do is waited for."""
    if ticket.status in {Status.WAITING_FOR_CLIENT, Status.RESOLVED}:
        return True
    return waits is not None and waits.party == Whose.CLIENT


def holder(ticket: Ticket, waits: Standstill | None) -> str:
    """Who has the ball, in one sentence."""
    who = ticket.assignee.name if ticket.assignee else ""
    if ticket.status == Status.WAITING_FOR_CLIENT:
        return _("It is your turn: we need your answer to go on.")
    if ticket.status != Status.RESOLVED and is_clients_turn(ticket, waits):
        return _("It is your turn: we wait until your side has done its part.")
    if ticket.status == Status.RESOLVED:
        return _("It is your turn: tell us whether it helped. Without a word from you it is closed by itself.")
    if ticket.status == Status.ON_HOLD:
        return _("We have it: it is scheduled, and goes on by itself then.")
    if ticket.status in statuses.DONE:
        return _("Nobody has to do anything.")
    if ticket.status == Status.WAITING_FOR_VENDOR:
        return _("We have it: our supplier works on his part, and we keep an eye on him.")
    if who:
        return _("We have it: %(who)s is working on it.") % {"who": who}
    return _("We have it: the next free colleague takes it.")


def duty_words(waits: Standstill | None) -> str:
    """What we wait for, since when, and by when the contract promised it; empty where it says nothing."""
    if waits is None or waits.duty is None or waits.duty_due_at is None or waits.duty.minutes is None:
        return ""
    return _("We wait for you since %(since)s: %(duty)s, promised %(within)s, by %(due)s.") % {
        "since": date_format(localtime(waits.began_at), "DATETIME_FORMAT"),
        "duty": waits.duty.label(),
        "within": within(timedelta(minutes=waits.duty.minutes)),
        "due": date_format(localtime(waits.duty_due_at), "DATETIME_FORMAT"),
    }


ALWAYS = ("first_response", "resolution")


@dataclass(frozen=True)
class ClockWords:
    """A promise as its client sees it. `tone` is ok, warn, crit, breach, paused or met."""

    label: str
    words: str
    face: clock_faces.Face
    clock: Clock


def clocks_in_view(rows: list[Clock]) -> list[Clock]:
    """What was promised him and still counts, or was kept; the response and the solution whatever became of them."""
    return [row for row in rows if row.metric in ALWAYS or row.state != ClockState.CANCELLED]


def clock_words(clocks: list[Clock], faces: list[clock_faces.Face]) -> list[ClockWords]:
    """The two promised times: what was promised, and how it stands."""
    rows = []
    for clock, face in zip(clocks, faces, strict=True):
        promised = within(timedelta(minutes=clock.target_minutes))
        if clock.state == ClockState.PAUSED:
            words = _("promised %(within)s; the clock stands while we wait") % {"within": promised}
        elif clock.state == ClockState.CANCELLED:
            words = _("not counted any more")
        else:
            words = _("promised %(within)s") % {"within": promised}
        rows.append(ClockWords(face.label, words, face, clock))
    return rows
