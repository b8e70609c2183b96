"""The shapes that go out about contracts and what stands around them, for the OpenAPI document (as api.schemas)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from firstline.api.schemas import ContractVersion


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


class Trial(Schema):
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


class Standings(Schema):
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
