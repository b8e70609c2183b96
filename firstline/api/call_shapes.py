"""Calls as the API says them."""

from __future__ import annotations

from typing import Literal

from ninja import Schema


class ToldCall(Schema):
    id: int
    account: str
    call: str
    state: Literal["ringing", "talking", "missed", "ended"]
    outgoing: bool
    number: str | None
    called: str | None
    person: str | None
    agent: str | None
    ticket: str | None
    begun_at: str
    answered_at: str | None
    ended_at: str | None
    seconds: int | None
    recording_url: str | None


class CallList(Schema):
    items: list[ToldCall]
    next_cursor: str | None
