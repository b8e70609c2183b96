"""What is asked of the roster, and what it says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from firstline.api.bodies import Body, Line, Moment, Named, Slug
from firstline.api.terms_bodies import Day
from firstline.api.whole import Whole

Time = Annotated[str, Field(max_length=5)]
DayOfCycle = tuple[Annotated[int, Field(ge=0, le=365)], Time, Time]
Days = Annotated[list[DayOfCycle], Field(max_length=1_000)]
Logins = Annotated[list[Named], Field(max_length=200)]


class NewShifts(Body):
    """`days`: [[0, "09:00", "18:00"], …] by the day of the cycle of `length` days that begins on `begins_on`."""

    person: Named = ""
    team: Slug = ""
    name: Annotated[Line, Field(max_length=200)] = ""
    begins_on: Day
    length: int = Field(7, ge=1, le=366)
    days: Days
    time_zone: Slug = ""
    instead_of: Slug = ""


class LastDay(Body):
    on: Day


class ChangedDay(Body):
    """`spans` null: as the shifts say again; empty: a day off."""

    person: Named
    day: Day
    spans: Annotated[list[tuple[Time, Time]], Field(max_length=24)] | None = None
    note: Line = ""


class NewAbsence(Body):
    person: Named
    why: Literal["holiday", "illness", "other"] = "holiday"
    starts_at: Moment
    ends_at: Moment | None = None
    note: Line = ""


class NewSwap(Body):
    asked: Named
    gives_on: Day
    takes_on: Day | None = None
    note: Line = ""


class NewLayer(Body):
    position: int = Field(1, ge=1, le=10)
    people: Logins
    begins_on: Day
    changes_at: Time = "09:00"
    length: int = Field(7, ge=1, le=366)
    hours: Days = Field(default_factory=list)
    time_zone: Slug = ""


class NewStandIn(Body):
    person: Named
    starts_at: Moment
    ends_at: Moment


class NewCover(Body):
    hours: Days
    least: int = Field(1, ge=1, le=1_000)
    free_swaps: bool = False
    time_zone: Slug = ""


class Known(Body):
    skills: dict[Slug, Annotated[int, Field(ge=0, le=3)]] = Field(default_factory=dict, max_length=200)
    speaks: Annotated[list[Literal["ru", "bg", "en"]], Field(max_length=3)] = Field(default_factory=list)


class NewReinforcement(Body):
    """`clients`: slugs, or "all". `lines`: which of the three; a `tag` narrows it to a project."""

    reason: Line
    people: Logins
    starts_at: Moment | None = None
    ends_at: Moment
    role: Literal["operator", "engineer", "lead"] = "operator"
    clients: Annotated[list[Slug], Field(max_length=500)] | Literal["all"]
    lines: Annotated[list[Literal[1, 2, 3]], Field(max_length=3)] = Field([1, 2, 3])
    tag: Annotated[Line, Field(max_length=60)] = ""
    place: Line = ""


class MorePeople(Body):
    people: Logins


class Reserved(Body):
    person: Named
    on: bool = True


class Said(Body):
    accepts: bool


# ---- answers -------------------------------------------------------------------------------------------


class Shifts(Schema):
    slug: str
    person: str | None
    team: str | None
    name: str
    time_zone: str
    begins_on: date
    ends_on: date | None
    length: int
    days: list[DayOfCycle]


class AllShifts(Whole):
    items: list[Shifts]


class PlannedTurn(Schema):
    person: str
    kind: Literal["shift", "reinforcement", "on_call"]
    starts_at: datetime
    ends_at: datetime
    team: str | None
    position: int


class Away(Schema):
    id: int
    person: str
    why: str
    starts_at: datetime
    ends_at: datetime | None


class Gap(Schema):
    kind: Literal["cover", "on_call", "layer"]
    team: str
    starts_at: datetime
    ends_at: datetime | None
    least: int


class Plan(Schema):
    turns: list[PlannedTurn]
    absences: list[Away]
    holes: list[Gap]


class Turns(Schema):
    turns: list[PlannedTurn]


class Whereabouts(Schema):
    """`off`: not his shift; `until` null: not known."""

    person: str
    state: Literal["here", "on_call", "away", "off"]
    until: datetime | None


class WhoIsHere(Schema):
    """Of whom the roster says something at this moment; whoever is not named is off duty, if shifts are kept."""

    is_kept: bool
    items: list[Whereabouts]


class Called(Whole):
    items: list[str]


class Strain(Schema):
    """What a swap would make of somebody's days: `long` at a stretch, a short `rest` between two shifts, or a
    shift while he is `away`."""

    person: str
    kind: Literal["long", "rest", "away"]
    starts_at: datetime
    ends_at: datetime | None


class OneSwap(Schema):
    id: int
    asker: str
    asked: str
    gives_on: date
    takes_on: date | None
    state: Literal["asked", "accepted", "approved", "declined", "withdrawn"]
    warnings: list[Strain]


class Swaps(Whole):
    items: list[OneSwap]


class Layer(Schema):
    slug: str
    team: str
    position: int
    people: list[str]
    begins_on: date
    changes_at: str
    length: int
    hours: list[DayOfCycle]


class Knowing(Schema):
    person: str
    skills: dict[str, int]
    languages: list[str]


class CalledUp(Schema):
    id: int
    person: str
    answer: Literal["silent", "accepted", "declined"]
    asked_at: datetime
    answered_at: datetime | None


class Reinforced(Schema):
    id: int
    reason: str
    starts_at: datetime
    ends_at: datetime
    ended_early: bool
    role: str
    clients: list[str] | Literal["all"]
    lines: list[int]
    tag: str
    place: str
    here: int
    came: int
    people: list[CalledUp]


class AllReinforced(Whole):
    items: list[Reinforced]
