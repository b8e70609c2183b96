"""The shapes that go out about contracts and what stands around them, for the OpenAPI document (as api.schemas)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from firstline.api.schemas import ContractVersion
from firstline.api.whole import Whole


class Draft(ContractVersion):
    """A version; `revision` is its ETag, which If-Match takes."""

    contract: str
    revision: str
    document: str | None = Field(description="name of the signed paper")


class Difference(Schema):
    table: str = Field(description='the list of the terms; "": the version itself')
    key: str = Field(description='the key in the row; "": the whole row came or went')
    of: dict[str, Any] = Field(description="the row")
    was: Any
    now: Any


class Differences(Schema):
    from_: int = Field(alias="from")
    to: int
    items: list[Difference]


class Tried(Schema):
    metric: str
    target_minutes: int
    calendar: str
    due_at: datetime | None
    row: dict[str, Any] | None = Field(description="the row of the terms that wins")
    segments: list[dict[str, Any]] = Field(description="from, to, kind, reason, minutes")


class Trial(Whole):
    items: list[Tried]


class Month(Schema):
    first: date
    judged: int
    missed: int
    costs: str
    was: str = Field(description="what the statements of that month came to")


class WhatIf(Schema):
    """`state`: never asked, still worked out, there, or failed (`problem`)."""

    state: Literal["none", "working", "done", "failed"]
    asked_at: datetime | None
    currency: str
    months: list[Month]
    total: str
    problem: str


class Standing(Schema):
    kind: str
    metric: str
    service: str
    source: str
    period: str
    first: date
    after: date
    goal: str = Field(description="a share of 1, exactly: 19/20")
    at_most: bool
    part: str
    whole: str
    percent: float | None
    met: bool | None
    provisional: bool


class Standings(Whole):
    items: list[Standing]


class Template(Schema):
    slug: str
    name: str
    names: dict[str, str]
    retired_at: datetime | None
    revision: str
    terms: dict[str, Any]


class Templates(Schema):
    items: list[Template]
    next_cursor: str | None


class Vendor(Schema):
    slug: str
    name: str
    names: dict[str, str]
    email: str
    phone: str
    language: str
    calendar: str
    targets: dict[str, int] = Field(description="minutes by metric")
    retired_at: datetime | None


class Score(Schema):
    """Of the last year: `in_time` of `promised` answers and solutions due by now; minutes of his calendar."""

    asked: int
    open: int
    withdrawn: int
    answers_promised: int
    answers_in_time: int
    solutions_promised: int
    solutions_in_time: int
    typical_answer_minutes: float | None


class ScoredVendor(Vendor):
    score: Score


class Vendors(Whole):
    items: list[ScoredVendor]


class VendorRequest(Schema):
    number: int
    vendor: str
    subject: str
    state: Literal["asked", "answered", "solved", "withdrawn"]
    their_number: str
    asked_by: str
    asked_at: datetime
    response_due_at: datetime | None
    solution_due_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None


class VendorRequests(Whole):
    items: list[VendorRequest]


class Statement(Schema):
    """`ends_on` is the first day after it."""

    id: int
    contract: str
    version: int
    client: str
    starts_on: date
    ends_on: date
    state: Literal["asked", "computed", "reviewed", "disputed", "agreed", "posted"]
    working: bool = Field(description="the worker has still to work it out")
    computed_at: datetime | None
    currency: str
    fee: str
    total: str
    problem: str


class StatementStep(Schema):
    at: datetime
    by: str | None
    state: str
    total: str
    words: str


class WholeStatement(Statement):
    lines: list[dict[str, Any]] = Field(description="one for each thing that costs: rule, ticket, late, amount, …")
    cut: str = Field(description="what the cap of the contract took off")
    indicators: list[dict[str, Any]]
    metrics: dict[str, list[int]] = Field(description="by metric: kept, missed, excused")
    excused: list[int] = Field(description="tickets of which a breach is excused")
    missed: list[str] = Field(description="the first 200 tickets on which a promise was broken")
    steps: list[StatementStep]


class Statements(Schema):
    items: list[Statement]
    next_cursor: str | None


class OutageUpdate(Schema):
    at: datetime
    words: dict[str, str]


class Audience(Schema):
    people: int
    clients: dict[str, int] = Field(description="how many of each, of those that the caller may see")


class Announced(Schema):
    """As a client's person sees it."""

    id: int
    kind: str
    services: list[str]
    starts_at: datetime
    ends_at: datetime | None
    words: dict[str, str]
    updates: list[OutageUpdate]
    following: bool


class AnnouncedList(Whole):
    items: list[Announced]


class Outage(Schema):
    id: int
    slug: str
    kind: str = Field(description="outage, planned or notice")
    clients: list[str] = Field(description="with `sites` empty: everybody; only those that the caller may see")
    sites: list[str]
    services: list[str] = Field(description="none: all of them")
    client: str | None = Field(description="where it is one; else null")
    service: str | None = Field(description="where it is one; else null")
    starts_at: datetime
    ends_at: datetime | None
    planned: bool
    public: bool = Field(description="said before sign-in, too")
    followers: int = Field(description="people who are told when it is over")
    updates: list[OutageUpdate]
    excused: bool
    announced_at: datetime | None
    words: dict[str, str]


class Outages(Schema):
    items: list[Outage]
    next_cursor: str | None


class Service(Schema):
    slug: str
    name: str
    names: dict[str, str]
    descriptions: dict[str, str]
    qualities: dict[str, str]
    advice: dict[str, str]
    checklist: dict[str, str]
    owner: str | None
    calendar: str | None
    team: str | None
    line: int | None


class Services(Whole):
    items: list[Service]


class Calendar(Schema):
    slug: str
    name: str
    names: dict[str, str]
    time_zone: str
    country: str
    version: int
    weekly: dict[str, list[list[str]]]


class Calendars(Whole):
    items: list[Calendar]


class CalendarDay(Schema):
    day: date
    kind: Literal["work", "off", "holiday", "extra", "other"]
    hours: list[list[str]]
    name: str


class CalendarYear(Schema):
    calendar: str
    year: int
    version: int
    working_days: int
    working_minutes: int
    exceptions: list[CalendarDay]


class LongWait(Schema):
    id: int
    ticket: str
    client: str | None
    status: str
    reason: str | None = Field(description="slug of a pause reason of the contract")
    words: str
    whose: str
    by: str | None
    began_at: datetime
    ended_at: datetime | None
    ordinal: int = Field(description="the how many-th wait of its ticket")
    minutes_left: float | None = Field(description="of the time to solve it, when the wait began")


class Waits(Schema):
    items: list[LongWait]
    next_cursor: str | None


class Thing(Schema):
    slug: str
    client: str
    site: str | None
    name: str
    names: dict[str, str]
    kind: str
    inventory: str
    serial: str
    remote_ids: dict[str, str]


class WholeThing(Thing):
    contract: str | None = Field(description="which covers it today")


class Things(Schema):
    items: list[Thing]
    next_cursor: str | None


class Place(Schema):
    slug: str
    client: str
    name: str
    names: dict[str, str]
    address: str


class Sites(Schema):
    items: list[Place]
    next_cursor: str | None


class FormField(Schema):
    """A field of a service's form; `desk`: only whoever takes a call asks it."""

    key: str
    kind: str
    names: dict[str, str]
    hints: dict[str, str]
    required: bool
    desk: bool
    options: list[dict[str, Any]]
    shown_when: dict[str, Any] | None = Field(description='{"field": "place", "is": ["office"]}')


class Form(Schema):
    service: str
    version: int
    fields: list[FormField]


class Answer(Schema):
    key: str
    kind: str
    label: str
    value: Any


class Answers(Schema):
    """`version`: of the form that asked, however it reads today."""

    service: str | None
    version: int | None
    items: list[Answer]
