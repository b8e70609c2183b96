"""Rows in the transaction of their cause, once where that is asked for, and shown with every attempt."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from firstline.cli.main import main
from firstline.post import outbox, sending
from firstline.post.models import Delivery
from tests.post.desk_post import AT, fresh, put, send
from tests.real.smtp import SmtpSink

pytestmark = pytest.mark.django_db


class Undone(Exception):
    """The caller's transaction fails."""


def test_a_delivery_lives_and_dies_with_the_transaction_of_its_cause() -> None:
    with pytest.raises(Undone), transaction.atomic():
        put()
        raise Undone
    assert not Delivery.objects.exists()


def test_a_unique_key_is_used_once() -> None:
    given = {
        "kind": "taken",
        "to": "ivan@north.example",
        "language": "ru",
        "data": {},
        "at": AT,
        "unique_key": "taken:1042",
    }
    assert outbox.put(**given) is not None  # type: ignore[arg-type]
    assert outbox.put(**given) is None  # type: ignore[arg-type]
    assert Delivery.objects.count() == 1


def test_without_an_address_nothing_is_put() -> None:
    assert outbox.put(kind="taken", to="  ", language="ru", data={}, at=AT) is None
    assert not Delivery.objects.exists()


def test_what_was_not_yet_begun_can_be_taken_back() -> None:
    put(kind="received")
    put(kind="received", at=AT - timedelta(hours=1))
    put(kind="solved")
    assert outbox.withdraw(ticket=1042, kind="received", since=AT) == 1
    assert Delivery.objects.count() == 2


def test_the_shape_is_that_of_the_interface(sink: SmtpSink) -> None:
    sink.answers.append("450")
    delivery = put()
    send()
    shape = outbox.shape(fresh(delivery))
    assert {name: shape[name] for name in ("id", "ticket", "channel", "to", "state")} == {
        "id": delivery.pk, "ticket": "1042", "channel": "email", "to": "ivan@north.example", "state": "waiting",
    }  # fmt: skip
    assert shape["message_id"] == fresh(delivery).message_id
    assert shape["attempts"] == [
        {"at": "2026-03-02T06:00:00+00:00", "answer": "450 try again later", "outcome": "temporary"}
    ]


def test_the_deliveries_of_a_ticket_cost_two_statements_however_many_there_are(sink: SmtpSink) -> None:
    for n in range(5):
        put(to=f"p{n}@north.example")
    put(ticket=7)
    send()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        shapes = [outbox.shape(one) for one in outbox.deliveries_of(1042)]
    assert len(shapes) == 5
    assert len(asked) == 2


def test_the_command_lists_by_ticket_and_state(sink: SmtpSink, capsys: pytest.CaptureFixture[str]) -> None:
    sink.answers.append("550")
    failed = put()
    sent_one = put(to="irina@north.example")
    other = put(ticket=7)
    send()

    def listed(*more: str) -> list[int]:
        capsys.readouterr()
        assert main(["outbox", "list", *more]) == 0
        return [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()]

    assert listed() == [failed.pk, sent_one.pk, other.pk]
    assert listed("--ticket", "1042") == [failed.pk, sent_one.pk]
    assert listed("--ticket", "#1042", "--state", "failed") == [failed.pk]
    assert listed("--state", "dead") == []


@pytest.mark.parametrize("wrong", [["--state", "lost"], ["--ticket", "x"], ["--nonsense"]])
def test_wrong_usage_of_the_command_is_64(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["outbox", "list", *wrong])
    assert ended.value.code == 64


@pytest.mark.sqlite
def test_what_is_due_is_found_by_the_index_however_much_was_sent() -> None:
    assert "delivery_due" in sending.due(AT).explain()


def test_what_was_put_by_a_clock_that_has_been_set_back_leaves_at_once(sink: SmtpSink) -> None:
    early = put(at=AT + timedelta(days=40))
    later = put()
    Delivery.objects.filter(pk=later.pk).update(due_at=AT + timedelta(hours=2))
    assert send() == 1
    assert (fresh(early).state, fresh(later).state) == ("sent", "waiting")
