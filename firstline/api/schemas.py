"""The shapes that go out, for the OpenAPI document only: answers are plain values (api.shapes), checked against these
by
tests/api/test_openapi.py."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from firstline.api import bodies
from firstline.api.whole import Whole


class Contact(Schema):
    email: str | None
    name: str
    phone: str | None


class Clock(Schema):
    metric: Literal["acknowledge", "first_response", "next_response", "update", "on_site", "workaround", "resolution"]
    target_minutes: int | float
    calendar: str | None
    state: Literal["running", "paused", "met", "breached", "cancelled"]
    due_at: datetime | None
    consumed_minutes: int | float
    verdict_at: datetime | None
    excused: dict[str, Any] | None


class ExplainedClock(Schema):
    ticket: str
    metric: str
    state: str
    target_minutes: int
    consumed_minutes: float
    calendar: str
    started_at: datetime
    due_at: datetime | None
    verdict_at: datetime | None
    segments: list[dict[str, Any]] = Field(description="from, to, kind, reason, party, minutes")
    words: str


class Explanation(Schema):
    items: list[ExplainedClock]
    whose_minutes: dict[str, float] | None


class Ticket(Schema):
    number: str
    subject: str
    status: bodies.Status
    type: bodies.Type
    impact: bodies.Level
    urgency: bodies.Level
    priority: bodies.Priority
    line: bodies.SupportLine
    team: str | None
    assignee: str | None
    client: str | None
    requester: Contact
    service: str | None
    category: str | None
    equipment: str | None
    channel: bodies.Channel
    tags: list[str]
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    contract: str | None
    merged_into: str | None
    clocks: list[Clock]
    url: str


class Tickets(Schema):
    items: list[Ticket]
    next_cursor: str | None


class View(Schema):
    """A saved list. `asked` are the words of the queue's address."""

    id: int
    name: str
    owner: str
    shared: str = Field(description="nobody, team or everybody")
    asked: dict[str, str]
    pinned: bool = Field(description="in the caller's sidebar")


class Views(Whole):
    items: list[View]


class BoardNumbers(Schema):
    open: int
    soon: int
    overdue: int
    unassigned: int
    ahead: int
    handed_over: int
    returned: int
    reopened: int


class BoardWaiting(Schema):
    ticket: str
    since: datetime


class BoardLine(Schema):
    line: int
    numbers: BoardNumbers
    oldest: BoardWaiting | None
    unanswered: BoardWaiting | None
    came: list[int]
    left: list[int]


class BoardPerson(Schema):
    login: str
    name: str
    line: int | None
    open: int
    ticket: str | None
    deed: str | None
    since: datetime | None
    here: bool | None


class BoardTicket(Schema):
    ticket: str
    subject: str
    priority: int
    line: int
    assignee: str | None
    due_at: datetime


class BoardHandOver(Schema):
    ticket: str
    at: datetime
    by: str | None
    from_line: int | None
    to_line: int | None
    reason: str
    came_back: bool


class BoardUndealt(Schema):
    line: int
    team: str | None
    why: str
    tickets: int
    since: datetime


class BoardHour(Schema):
    hour: datetime
    came: int
    left: int


class Board(Schema):
    """The live board. `before`: the numbers of the same hour a week ago, null where nobody noted them."""

    at: datetime
    numbers: BoardNumbers
    before: BoardNumbers | None
    lines: list[BoardLine]
    people: list[BoardPerson]
    breaches: list[BoardTicket]
    hand_overs: list[BoardHandOver]
    waiting: list[BoardUndealt]
    hours: list[BoardHour]


class Received(Schema):
    """Stored for good, not yet a ticket: its number follows. `intake` finds it in the journal."""

    number: None
    url: None
    intake: int


class File(Schema):
    id: int
    name: str
    content_type: str
    size: int
    inline: bool
    url: str


class TimelineEntry(Schema):
    id: int
    kind: str
    happened_at: datetime
    learnt_at: datetime
    by: str | None
    public: bool
    body: str | None
    attachments: list[File]
    data: dict[str, Any]


class Timeline(Schema):
    items: list[TimelineEntry]
    next_cursor: str | None


class Attempt(Schema):
    at: datetime
    answer: str


class Delivery(Schema):
    id: int | str
    ticket: str | int | None
    channel: str
    to: str
    message_id: str | None
    state: Literal["waiting", "sending", "sent", "failed", "uncertain", "dead"]
    attempts: list[Attempt]


class Deliveries(Schema):
    items: list[Delivery]
    next_cursor: str | None


class UploadedFile(Schema):
    file: str
    name: str
    content_type: str
    size: int


class Me(Schema):
    login: str
    name: str
    email: str | None
    phone: str | None
    role: str
    client: str | None
    team: str | None
    line: int | None
    language: str
    time_zone: str | None
    theme: str
    channel: str
    density: str
    single_keys: bool
    keys: dict[str, str]


class Article(Schema):
    slug: str
    title: str
    language: str
    languages: list[str]
    state: str
    audience: str
    client: str | None
    updated_at: datetime
    url: str


class WholeArticle(Article):
    body: str = Field(description="Markdown")
    services: list[str]
    revision: int = Field(description="of the text in this language; sent back as `seen`")


class Articles(Schema):
    items: list[Article]
    next_cursor: str | None


class Contract(Schema):
    slug: str
    number: str
    name: str
    names: dict[str, str]
    client: str


class Contracts(Schema):
    items: list[Contract]
    next_cursor: str | None


class ContractVersion(Schema):
    number: int
    valid_from: date
    valid_to: date | None
    in_force_since: datetime | None = Field(description="null: a draft")
    holds_from: date | None = Field(description="null: on no day")
    holds_to: date | None
    terms: dict[str, Any] = Field(description="as in an apply file")


class WholeContract(Contract):
    versions: list[ContractVersion]


class IntakeLine(Schema):
    """The intake line of `firstline intake email`."""

    intake: int
    state: Literal["new", "done", "quarantine"]
    outcome: Literal["ticket", "reply", "bounce", "auto", "duplicate", "ignored", "quarantine", "pending"]
    ticket: str | None
    message: int | None
    reason: str
    sha256: str


class JournalEntry(IntakeLine):
    kind: str
    source: str
    mailbox: str | None
    received_at: datetime
    done_at: datetime | None
    size: int
    sender: str | None
    subject: str
    message_id: str | None
    failures: int
    last_error: str
    decided_by: str | None
    decided_at: datetime | None


class NotAccountedFor(Schema):
    id: int
    kind: Literal["on-server", "waits", "no-end", "no-bytes", "other-bytes", "no-item"]
    part: str
    sender: str | None
    subject: str
    item: int | None
    since: datetime


class Unaccounted(Schema):
    count: int
    checked_at: datetime | None
    items: list[NotAccountedFor]


class JournalEntries(Schema):
    items: list[JournalEntry]
    next_cursor: str | None


class FieldProblem(Schema):
    field: str
    problem: str


class Problem(Schema):
    """RFC 9457. `errors` names fields; a refusal by status names `verb` and `ticket_status`."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = Field(default_factory=list)


class TextPart(Schema):
    text: str
    marked: bool


class SearchHit(Schema):
    """`id`: a ticket's number, an article's slug, a person's login. Words that were looked for are marked."""

    kind: Literal["ticket", "article", "person"]
    id: str
    title: list[TextPart]
    snippet: list[TextPart]
    status: str | None
    client: str | None
    url: str


class SearchResult(Schema):
    items: list[SearchHit]
    counts: dict[str, int]
    more: bool
    how: Literal["layout", "spelling", "some"] | None
    instead: str | None
    next_cursor: str | None
