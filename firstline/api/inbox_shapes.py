"""What the inbox sends and takes."""

from __future__ import annotations

from typing import Literal

from ninja import Field, Schema

from firstline.api.bodies import Body


class NoticeSaid(Schema):
    kind: str
    said: str = Field(description="in the caller's language")
    excerpt: str
    event: int
    at: str
    read_at: str | None


class InboxTicket(Schema):
    ticket: str
    subject: str
    unread: int
    more: int = Field(description="notices beyond those that are named")
    notices: list[NoticeSaid]


class Inbox(Schema):
    items: list[InboxTicket]
    next_cursor: str | None


class Read(Schema):
    read: int


class Reading(Body):
    ticket: int | None = Field(None, ge=1, description="all, if it is left out")


class WishRow(Schema):
    inbox: bool
    mail: Literal["now", "digest", "never"]
    whose: Literal["mine", "watched", "team", "all"] = Field(description="on which tickets")
    push: bool = Field(description="in the browsers where it is switched on")


class Wishes(Schema):
    rows: dict[str, WishRow]
    quiet: bool = Field(description="mail waits for the beginning of the shift")


class WishedRow(Body):
    inbox: bool = True
    mail: Literal["now", "digest", "never"] = "now"
    whose: Literal["mine", "watched", "team", "all"] = "mine"
    push: bool = True


class Wished(Body):
    rows: dict[str, WishedRow] = Field(default_factory=dict, max_length=20)
    quiet: bool = False
