"""The mailboxes: how they do, pausing, trying, a probe. What they are is said by the apply file (docs/apply.md)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.params.functions import Body

from firstline.api import answers as answering
from firstline.api import bodies
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.problems import Refused
from firstline.api.shapes import moment
from firstline.intake import mailbox_health, mailboxes
from firstline.intake.mailbox_health import Health
from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.post import probes
from firstline.post.models import Account
from firstline.tickets.queries import NotThere

router = Router(tags=["Mailboxes"])
NO_BODY: Any = Body(None)


class MailboxTrouble(Schema):
    trouble: str
    since: datetime | None
    detail: str


class MailboxProbe(Schema):
    state: str
    asked_at: datetime
    sent_at: datetime | None
    arrived_at: datetime | None
    failed: str
    answer: str


class MailboxShape(Schema):
    id: int
    address: str
    team: str | None
    client: str | None
    active: bool
    paused_at: datetime | None
    checked_at: datetime | None
    received_at: datetime | None
    waits: int
    troubles: list[MailboxTrouble]
    probe: MailboxProbe | None


class Mailboxes(Schema):
    items: list[MailboxShape]
    next_cursor: str | None


MAILBOX = {200: MailboxShape, **FOR_WRITING}


@router.get("", response={200: Mailboxes, **FOR_READING}, summary="List the mailboxes")
def index(request: HttpRequest) -> HttpResponse:
    """Those in use first, each with what is wrong with it now. For administrators; secrets are never said."""
    demand(caller(request).person, "channels")
    return answering.plain({"items": [_shape(one) for one in mailbox_health.of_all(clock.now())], "next_cursor": None})


@router.post("/{int:number}/pause", response=MAILBOX, summary="Pause a mailbox")
def pause(request: HttpRequest, number: int, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """Its letters wait on the server."""
    return _do(request, number, lambda account, by, at: mailboxes.pause(account, by=by.actor, at=at))


@router.post("/{int:number}/resumption", response=MAILBOX, summary="Fetch a mailbox again")
def resume(request: HttpRequest, number: int, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """After a pause."""
    return _do(request, number, lambda account, by, at: mailboxes.resume(account, by=by.actor, at=at))


@router.post("/{int:number}/trial", response=MAILBOX, summary="Try a mailbox now")
def try_now(request: HttpRequest, number: int, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """A server that is left alone for a while is tried with the next round."""
    return _do(request, number, lambda account, by, at: mailboxes.try_now(account, by=by.actor, at=at))


@router.post("/{int:number}/probes", response=MAILBOX, summary="Send a probe")
def probe(request: HttpRequest, number: int, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """A letter of the mailbox to itself; `probe` says how it does. Paused or switched off: 409."""
    return _do(request, number, lambda account, by, at: probes.ask(account, at=at, by=by.pk))


def _do(request: HttpRequest, number: int, verb: Callable[[Account, Person, datetime], object]) -> HttpResponse:
    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "channels")
        rows = Account.objects.filter(pk=number, kind=Account.Kind.EMAIL)
        account = rows.first() if number < 2**63 else None
        if account is None:
            raise NotThere(str(number))
        try:
            verb(account, by, at)
        except probes.NotNow as no:
            raise Refused(409, "The mailbox is paused or switched off.", kind="paused") from no
        return 200, _shape(mailbox_health.of_one(rows.get(), at))

    return answering.done(request, deed)


def _shape(health: Health) -> dict[str, Any]:
    account, newest = health.account, health.account.probes.order_by("-id").first()
    return {
        "id": account.pk, "address": account.address,
        "team": health.desk.team.slug if health.desk and health.desk.team else None,
        "client": health.desk.client.slug if health.desk and health.desk.client else None,
        "active": account.is_active, "paused_at": moment(account.paused_at), "checked_at": moment(account.checked_at),
        "received_at": moment(account.received_at), "waits": health.waits,
        "troubles": [
            {"trouble": str(one.trouble), "since": moment(one.since), "detail": one.detail} for one in health.wrong
        ],
        "probe": {
            "state": str(newest.state), "asked_at": moment(newest.asked_at), "sent_at": moment(newest.sent_at),
            "arrived_at": moment(newest.arrived_at), "failed": newest.failed, "answer": newest.answer,
        } if newest else None,
    }  # fmt: skip
