"""A text message is a delivery like any other: signed, taken once, tried again, uncertain, dead; and what the provider
reports of it is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from firstline.post import gateways, outbox, roads, texting
from firstline.post.gateways import Wanted
from firstline.post.hook_accounts import WrongAccount
from firstline.post.models import Delivery, Gateway, Outlet
from firstline.post.sending import nobody_to_tell
from firstline.post.transports import sms
from tests.post.desk_post import AT, fresh, outcomes, put, send
from tests.post.sms_provider import SECRET, Provider

pytestmark = pytest.mark.django_db
NUMBER = "+79215550142"


@pytest.fixture(scope="module")
def one_provider() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(one_provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Provider:
    one_provider.script.clear()
    one_provider.requests.clear()
    one_provider.headers.clear()
    one_provider.sent.clear()
    monkeypatch.setattr(sms, "SECONDS", httpx.Timeout(0.3))
    set_up(one_provider)
    return one_provider


def set_up(provider: Provider, slug: str = "main", **given: object) -> Gateway:
    wanted = Wanted(slug, sender="Desk", url=provider.url, secret=SECRET, **given)  # type: ignore[arg-type]
    return gateways.set_up(wanted, by="test", at=AT)[0]


def text(**given: object) -> Delivery:
    return put(**{"channel": "sms", "to": NUMBER, **given})


def test_it_is_taken_once_with_the_providers_id(provider: Provider) -> None:
    delivery = text()
    assert send() == 1
    sent = fresh(delivery)
    assert (sent.state, sent.sent_at, sent.receipt) == ("sent", AT, "sms:main p-1")
    asked = provider.requests[0]
    assert asked == {"id": delivery.uuid.hex, "from": "Desk", "to": NUMBER, "text": "It prints."}
    assert [one.answer for one in sent.tries.all()] == ["200 p-1"]


def test_form_fields_named_as_the_provider_wants_them_and_nothing_in_the_words_is_a_mark(provider: Provider) -> None:
    fields = {"phone": "{to}", "mes": "[{from}] {text}", "login": "desk"}
    set_up(provider, form="form", fields=fields, authorization="Bearer abc")
    delivery = text()
    Delivery.objects.filter(pk=delivery.pk).update(mime=sms.packed(delivery.uuid.hex, "Код {to} & {id}"))
    send()
    assert provider.requests[0] == {"phone": NUMBER, "mes": "[Desk] Код {to} & {id}", "login": "desk"}
    assert provider.headers[0]["Authorization"] == "Bearer abc"


@pytest.mark.parametrize(
    ("answer", "state", "outcome"),
    [
        (400, "failed", "permanent"), (422, "failed", "permanent"), ((200, '{"error": "no such number"}'), "failed",
        "permanent"), (401, "waiting", "temporary"), (404, "waiting", "temporary"), (429, "waiting", "temporary"),
        (500, "waiting", "temporary"), (503, "waiting", "temporary"), (302, "waiting", "temporary"),
        (502, "uncertain", "uncertain"), (504, "uncertain", "uncertain"), ("hang up", "uncertain", "uncertain"),
        ("silence", "uncertain", "uncertain"),
    ],
)  # fmt: skip
def test_what_an_answer_leads_to(provider: Provider, answer: object, state: str, outcome: str) -> None:
    provider.script.append(answer)  # type: ignore[arg-type]
    delivery = text()
    send()
    assert fresh(delivery).state == state
    assert outcomes(delivery) == [outcome]


def test_what_may_have_been_taken_is_offered_once_more_under_the_same_id_and_sent_once(provider: Provider) -> None:
    provider.script.append("silence")
    delivery = text()
    send()
    send(16)
    assert fresh(delivery).state == "sent"
    assert provider.requests[0] == provider.requests[1]
    assert len(provider.sent) == 1


def test_an_acknowledgement_that_may_have_been_taken_is_not_sent_again(provider: Provider) -> None:
    provider.script.append("hang up")
    delivery = text(kind="received", at_most_once=True, automatic=True, data={"channel": "sms"})
    send()
    send(60)
    assert fresh(delivery).state == "uncertain"
    assert len(provider.requests) == 1


def test_a_provider_who_is_away_is_left_alone_for_a_while_and_nothing_is_lost(provider: Provider) -> None:
    url, away = provider.url, "http://127.0.0.1:9/send"
    gateways.set_up(Wanted("main", url=away), by="test", at=AT)
    delivery = text()
    for minute in (0, 1, 3):
        send(minute)
    assert Outlet.objects.get(address="sms:main").failures == 3
    gateways.set_up(Wanted("main", url=url), by="test", at=AT)  # mended: it is tried at once
    send(30)
    assert fresh(delivery).state == "sent"


def test_the_longest_beginning_of_the_number_chooses_the_gateway(provider: Provider) -> None:
    set_up(provider, "bg", prefixes="+359, +3598")
    for number, slug in ((NUMBER, "main"), ("+359881234567", "bg")):
        found = gateways.for_number(number)
        assert found is not None
        assert found.slug == slug


def test_the_environment_makes_one_where_no_row_fits(provider: Provider, settings: Settings) -> None:
    Gateway.objects.all().delete()
    assert not gateways.reaches(NUMBER)
    settings.FIRSTLINE_SMS_URL, settings.FIRSTLINE_SMS_SECRET, settings.FIRSTLINE_SMS_FROM = provider.url, SECRET, "FL"
    text()
    send()
    assert provider.requests[0]["from"] == "FL"


def test_what_is_no_number_fails_at_once_and_a_fixed_line_is_not_written_to(provider: Provider) -> None:
    assert fresh(text(to="8 921 555")).state == "failed"
    assert not gateways.reaches("+78125550142")
    assert not provider.requests


@pytest.mark.parametrize(
    ("given", "field"),
    [({"slug": "Так"}, "slug"), ({"url": "ftp://x/"}, "url"), ({"url": "https://"}, "url"), ({"secret": "short"},
     "secret"), ({"fields": {"to": "{to}"}}, "fields"), ({"prefixes": "7"}, "prefixes"), ({"form": "xml"}, "form")],
)  # fmt: skip
def test_a_wrong_gateway_is_refused_with_its_field(given: dict[str, object], field: str) -> None:
    with pytest.raises(WrongAccount) as refused:
        gateways.set_up(Wanted(**{"slug": "main", **given}), by="test", at=AT)  # type: ignore[arg-type]
    assert refused.value.field == field


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by what it has counted")
def test_a_report_finds_its_message_by_an_index(provider: Provider) -> None:
    text()
    send()
    with CaptureQueriesContext(connection) as asked:
        texting.reported(Gateway.objects.get(), "p-9", "failed", at=AT, alarm=nobody_to_tell)
    [looked] = [one["sql"] for one in asked if '"receipt" = ' in one["sql"]]
    with connection.cursor() as cursor:
        plan = str(cursor.execute(f"EXPLAIN QUERY PLAN {looked}").fetchall())
    assert "delivery_receipt" in plan


def test_a_report_of_failure_alarms_once_and_one_of_arrival_is_kept(provider: Provider) -> None:
    first, second = text(), text()
    send()
    gateway, told = Gateway.objects.get(), list[str]()

    def alarm(delivery: Delivery, answer: str, at: datetime) -> None:
        told.append(answer)

    later = AT + timedelta(minutes=2)
    for _twice in range(2):
        assert texting.reported(gateway, "p-1", "failed", at=later, words="absent", alarm=alarm)
    assert texting.reported(gateway, "p-2", "delivered", at=later, alarm=alarm)
    assert not texting.reported(gateway, "p-9", "failed", at=later, alarm=alarm)
    assert told == ["failed absent"]
    assert (fresh(first).state, fresh(first).bounced_at) == ("failed", later)
    assert (fresh(second).state, outcomes(second)) == ("sent", ["sent", "delivered"])


def test_what_was_reported_lost_is_sent_again_under_a_new_id_and_its_next_report_counts(provider: Provider) -> None:
    delivery = text()
    send()
    gateway, told = Gateway.objects.get(), list[str]()

    def report(number: str, minutes: int) -> bool:
        return texting.reported(
            gateway, number, "failed", at=AT + timedelta(minutes=minutes), alarm=lambda *said: told.append(said[1])
        )

    assert report("p-1", 1)
    outbox.retry(fresh(delivery), by=1, at=AT + timedelta(minutes=2))
    assert not report("p-1", 3), "of the first, once more"
    send(4)
    assert len(provider.sent) == 2
    assert fresh(delivery).state == "sent"
    assert report("p-2", 5)
    assert report("p-2", 6)
    assert fresh(delivery).state == "failed"
    assert len(told) == 2
    assert [one["text"] for one in provider.requests] == ["It prints."] * 2


def test_a_gateway_that_is_renamed_leaves_no_trouble_behind_and_reports_what_it_took(provider: Provider) -> None:
    delivery = text()
    send()
    gateway = Gateway.objects.get()
    Outlet.objects.create(address="sms:main", failures=3, problem="away", problem_since=AT)
    gateway, _changed, _new = gateways.set_up(Wanted("other"), by="test", at=AT, gateway=gateway)
    assert roads.problems() == []
    assert fresh(delivery).receipt == "sms:other p-1"
    assert texting.reported(gateway, "p-1", "delivered", at=AT, alarm=nobody_to_tell)
