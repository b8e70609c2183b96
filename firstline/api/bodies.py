"""What comes in: JSON read strictly, so that whatever is wrong is refused with the field's name and never reaches a
verb.

A field that is not named here is refused too (mass assignment: research G6).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Schema
from ninja.parser import Parser
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import from_json

from firstline.intake.channels.uploaded import LONGEST_HANDLE
from firstline.intake.channels.values import MOST_FILES
from firstline.lib.periods import FIRST_YEAR, LAST_YEAR, in_this_age

LARGEST_ID = 2**53  # beyond it, JSON readers disagree on what a number is


class Json(Parser):
    """JSON without NaN, endless depth or endless numbers. Whatever it cannot read is 400."""

    def parse_body(self, request: HttpRequest) -> Any:
        return from_json(request.body, allow_inf_nan=False, cache_strings="keys")


class Body(Schema):
    """A body, every field of which is named."""

    model_config = ConfigDict(extra="forbid")


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a NUL character is not text")
    return text


def _written(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("a time is text: ISO 8601 with its offset")
    return value


def _in_this_age(moment: datetime) -> datetime:
    if not in_this_age(moment.year):
        raise ValueError(f"a time from {FIRST_YEAR} to {LAST_YEAR}")
    return moment


def _whole(value: Any) -> Any:
    """True and 1.0 are equal to 1, and are none."""
    if isinstance(value, bool | float):
        raise ValueError("a whole number is needed")
    return value


def _empty(value: Any) -> Any:
    """Null is the same as absent."""
    return "" if value is None else value


Line = Annotated[str, StringConstraints(max_length=1_000), AfterValidator(_without_nul)]
Words = Annotated[str, StringConstraints(max_length=1_000_000), AfterValidator(_without_nul)]
Sentence = Annotated[str, StringConstraints(max_length=5_000), AfterValidator(_without_nul)]
Slug = Annotated[str, StringConstraints(max_length=120), AfterValidator(_without_nul)]
MaybeSentence = Annotated[Sentence, BeforeValidator(_empty)]
MaybeSlug = Annotated[Slug, BeforeValidator(_empty)]
Named = Annotated[str, StringConstraints(max_length=254), AfterValidator(_without_nul)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_in_this_age)]
Number = Annotated[int, Field(strict=True, ge=1, le=LARGEST_ID)]

Handles = Annotated[
    list[Annotated[str, StringConstraints(max_length=LONGEST_HANDLE)]],
    Field(max_length=MOST_FILES, description="`file` of what POST /files answered, within a day of it"),
]

Status = Literal[
    "new", "in_progress", "waiting_for_client", "waiting_for_vendor", "on_hold", "resolved", "closed", "cancelled"
]
Type = Literal["incident", "service_request", "order", "change", "fault", "question", "complaint"]
Level = Literal["high", "medium", "low"]
Channel = Literal["email", "portal", "phone", "sms", "web", "walk_up", "api"]
SupportLine = Annotated[Literal[1, 2, 3], BeforeValidator(_whole)]
Priority = Annotated[Literal[1, 2, 3, 4], BeforeValidator(_whole)]
HandOverReason = Literal["too_long", "not_in_wiki", "would_be_late", "access", "visit", "too_complex"]
LinkKind = Literal["related", "duplicate", "parent", "child", "follow_up"]
WorkKind = Literal["remote", "phone", "on_site", "travel", "project", "internal"]
IntakeOutcome = Literal["ticket", "reply", "bounce", "auto", "duplicate", "ignored", "quarantine", "pending"]
Metric = Literal["acknowledge", "first_response", "next_response", "update", "on_site", "workaround", "resolution"]
IntakeState = Literal["new", "done", "quarantine"]
View = Literal["all", "open", "mine", "unassigned", "without_category", "handed_over", "called_in"]


class Requester(Body):
    """Who asks."""

    email: Named | None = None
    name: Annotated[Line, StringConstraints(max_length=200)] | None = None
    phone: Annotated[Line, StringConstraints(max_length=30)] | None = None


class NewTicket(Body):
    """Who asks is the caller himself where `requester` is absent."""

    subject: Line
    body: Words
    requester: Requester | None = None
    channel: Channel | None = None
    type: Type | None = None
    service: Slug | None = None
    category: Slug | None = None
    impact: Level | None = None
    urgency: Level | None = None
    client: Slug | None = None
    equipment: Slug | None = Field(None, description="slug of a thing of the client's")
    answers: Annotated[dict[str, Any], Field(max_length=200)] | None = Field(
        None,
        description="to the service's form (GET /services/{slug}/form), by the key of the field: texts, true or false, "
        "lists of options; people by login or e-mail, equipment by slug",
    )
    files: Handles = Field(default_factory=list)


class Change(Body):
    """What is absent stays. Null empties service, category, equipment and client; the other fields cannot be empty."""

    subject: Line = Field(default_factory=str)
    type: Type = Field(default_factory=lambda: "incident")
    impact: Level = Field(default_factory=lambda: "medium")
    urgency: Level = Field(default_factory=lambda: "medium")
    priority: Priority = Field(default_factory=lambda: 3)
    service: Slug | None = None
    category: Slug | None = None
    equipment: Slug | None = None
    tags: Annotated[list[Annotated[Line, StringConstraints(min_length=1, max_length=60)]], Field(max_length=50)] = (
        Field(default_factory=list)
    )
    client: Slug | None = None
    requester: Named = Field(default_factory=str, description="login or e-mail address")


class Nothing(Body):
    """No field."""


class NewView(Body):
    name: str = Field(min_length=1, max_length=60)
    asked: dict[str, str] = Field(default_factory=dict, max_length=20)
    shared: Literal["nobody", "team", "everybody"] = "nobody"
    pinned: bool = True


class ChangedView(Body):
    name: str | None = Field(None, min_length=1, max_length=60)
    asked: dict[str, str] | None = Field(None, max_length=20)
    shared: Literal["nobody", "team", "everybody"] | None = None
    pinned: bool | None = None


class Undo(Body):
    event: int = Field(description="the version of the ticket as the deed answered it: its newest event then", ge=1)


class Assignment(Body):
    """One of the two."""

    assignee: Named | None = Field(None, description="login or e-mail address")
    team: Slug | None = None


class HandOver(Body):
    to_line: SupportLine
    symptom: Sentence
    tried: Sentence
    articles: Annotated[list[Slug], Field(max_length=50)] = Field(default_factory=list)
    impact: Level | Literal[""] = ""
    reason: HandOverReason
    team: Slug | None = None
    to: Named | None = Field(None, description="login or e-mail address of whoever is asked to take it")


class Wait(Body):
    for_: Literal["client", "vendor"] = Field(alias="for")
    reason: Sentence
    pause: MaybeSlug = Field("", description="slug of a pause reason of the contract")


class Hold(Body):
    until: Moment
    reason: Sentence
    pause: MaybeSlug = Field("", description="slug of a pause reason of the contract")


class Resolution(Body):
    how: Sentence
    article: Slug | None = None
    remote: Annotated[bool, Field(strict=True)]
    minutes: Annotated[int, Field(strict=True, ge=1, le=1440)] | None = Field(None, description="remote work to log")


class Workaround(Body):
    how: Sentence


class Arrival(Body):
    since: Moment | None = None


class Excuse(Body):
    """`since` tells apart the times of a clock that comes again and again: `data.since` of its breach."""

    metric: Metric
    since: Annotated[int, Field(strict=True, ge=0, le=LARGEST_ID)] | None = None
    reason: Sentence


class Why(Body):
    why: Sentence


class NewVendorRequest(Body):
    vendor: Slug
    subject: Line
    body: Words
    wait: Annotated[bool, Field(strict=True)] = True


class Rating(Body):
    score: Annotated[int, Field(strict=True, ge=1, le=5)]
    comment: MaybeSentence = ""


TicketNumber = Number | Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}$")]


class LinkTo(Body):
    to: TicketNumber
    kind: LinkKind
    gates: bool = Field(default=False, description="parent and child: the parent is not solved before the child")


class NoLinkTo(Body):
    to: TicketNumber
    kind: LinkKind


class Participant(Body):
    email: Named


class MailAgain(Body):
    email: Named | None = Field(None, description="whose address; the requester's where it is not named")


class Into(Body):
    into: TicketNumber


class Claim(Body):
    belongs: Annotated[bool, Field(strict=True)] = Field(description="to the ticket that the message names")


class Move(Body):
    message: TicketNumber = Field(description="`data.message` of the timeline entry")
    to: TicketNumber


class Split(Body):
    message: TicketNumber = Field(description="`data.message` of the timeline entry")
    subject: Line = ""


class NewMessage(Body):
    body: Words
    public: Annotated[bool, Field(strict=True)]
    send_in: Annotated[int, Field(strict=True, ge=0, le=60)] = 0
    files: Handles = Field(default_factory=list)


class Call(Body):
    text: Words = ""
    seconds: Annotated[int, Field(strict=True, ge=1, le=86_400)] | None = None


class Worklog(Body):
    minutes: Annotated[int, Field(strict=True, ge=1, le=1440)]
    kind: WorkKind
    note: MaybeSentence = ""


class AddToTicket(Body):
    ticket: Number | Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}$")]


class Ignore(Body):
    why: Sentence


class RemoteSession(Body):
    program: str = Field(max_length=60, description="a key of the equipment's `remote_ids`, such as `anydesk`")
