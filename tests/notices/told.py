"""Who was told of what: read from the outbox, where reactions put it."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.db.models import Max

from firstline.notices import alarms, wording
from firstline.people.models import Person
from firstline.post import outbox
from firstline.post.models import Delivery
from tests.cast import MONDAY_NINE


def later(minutes: float) -> datetime:
    return MONDAY_NINE + timedelta(minutes=minutes)


class Since:
    """`with Since() as told: verb()`, then `told.of` is {(kind, login), …} and `told.count` the number of mails."""

    def __enter__(self) -> Since:
        self.last = Delivery.objects.aggregate(last=Max("pk"))["last"] or 0
        return self

    def __exit__(self, *failed: object) -> None:
        rows = list(Delivery.objects.filter(pk__gt=self.last))
        logins = dict(Person.objects.values_list("pk", "login"))
        self.of = {(row.kind, logins[row.person or 0]) for row in rows}
        self.count = len(rows)


def deliver(at: datetime = MONDAY_NINE) -> None:
    """Everything that is due, as the worker does it."""
    while outbox.send_due(wording.render, at, alarm=alarms.undelivered, paused=alarms.paused):
        pass


def letter(delivery: Delivery) -> EmailMessage:
    """What was kept of a delivery after its first attempt, parsed."""
    return message_from_bytes(bytes(Delivery.objects.get(pk=delivery.pk).mime or b""), policy=policy.default)


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(message: EmailMessage) -> str:
    body = message.get_body(("html",))
    assert body is not None
    return str(body.get_content())
