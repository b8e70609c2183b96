"""/healthz, /readyz, /metrics: what a machine learns, and what nobody does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from firstline.intake import acceptance
from firstline.intake.models import Inbound
from firstline.jobs.models import Schedule
from firstline.lib import clock
from firstline.ops import health
from firstline.ops.heartbeats import Pulse
from firstline.ops.models import Heartbeat
from firstline.post.models import Account, Delivery, Outlet
from tests import cast

pytestmark = pytest.mark.django_db


def names() -> set[str]:
    return {problem.name for problem in health.problems(clock.now())}


def test_alive_says_nothing_else(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_without_a_worker_requests_would_not_be_understood(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert [problem["name"] for problem in answer.json()["problems"]] == ["worker"]


def test_ready_with_a_worker_that_gave_a_sign(client: Client) -> None:
    Pulse("worker").beat()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "problems": []})


def test_a_worker_that_fell_silent_is_missed() -> None:
    Pulse("worker").beat()
    Heartbeat.objects.update(at=clock.real_now() - timedelta(minutes=1))
    assert "worker" in names()


def test_the_fetcher_is_missed_only_where_there_is_a_mailbox_to_fetch_from() -> None:
    assert "fetcher" not in names()
    Account.objects.create(address="desk@desk.example", imap="imap://desk:secret@localhost/INBOX")
    assert "fetcher" in names()


def test_a_stuck_item_is_named_without_its_words() -> None:
    item = acceptance.accept_email(b"Subject: secret\r\n\r\nwords", source="pipe:", source_key="1", at=clock.now())
    Inbound.objects.update(received_at=clock.now() - timedelta(minutes=16))
    stuck = next(problem for problem in health.problems(clock.now()) if problem.name == "intake stuck")
    assert str(item.pk) in stuck.words
    assert "secret" not in stuck.words
    assert not stuck.stops


def test_what_servers_said_is_for_the_desk_and_never_for_everybody(client: Client) -> None:
    """Their words have names, addresses and hosts in them, and anybody may ask /readyz."""
    said = {"problem": "550 <ivan@north.example> at mail-7.internal", "problem_since": clock.now()}
    Account.objects.create(address="desk@desk.example", **said)
    Outlet.objects.create(address="", failures=3, **said)
    Schedule.objects.create(name="forget", next_run_at=clock.now(), last_error="KeyError('ivan@north.example')")
    public = client.get("/readyz").content.decode()
    assert {"mailbox", "outgoing", "job"} <= {name.split()[0] for name in names()}
    assert "ivan" not in public
    assert "internal" not in public
    client.force_login(cast.stage().maria)
    assert "mail-7.internal" in client.get("/desk/health/").content.decode()


def test_the_page_says_of_each_mailbox_what_is_wrong_and_the_sidebar_says_it_once(client: Client) -> None:
    said = {"problem": "timed out", "problem_since": clock.now()}
    one = Account.objects.create(address="one@desk.example", **said)
    Account.objects.create(address="two@desk.example", **said)
    stage = cast.stage()
    client.force_login(stage.adam)
    page = client.get("/desk/health/").content.decode()
    assert "one@desk.example: timed out" in page
    assert "two@desk.example: timed out" in page
    assert f'href="/desk/channels/{one.pk}/"' in page
    beside = client.get("/desk/health/", headers={"HX-Request": "true"}).content.decode()
    assert beside.count("<span>A mailbox cannot be read.") == 1
    assert "× 2" in beside
    client.force_login(stage.maria)
    assert "/desk/channels/" not in client.get("/desk/health/").content.decode().partition('class="ch-list"')[2]


def test_dead_letters_are_named() -> None:
    Delivery.objects.create(kind="answer", to="a@b.example", language="ru", state=Delivery.State.DEAD)
    assert "dead letters" in names()


def test_a_full_disk_stops_everything(settings: Any, client: Client) -> None:
    Pulse("worker").beat()
    settings.FIRSTLINE_DISK_FLOOR_MB = 10**9
    assert client.get("/readyz").status_code == 503


def test_a_database_that_is_away_is_a_problem_and_not_a_traceback(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    def away() -> Any:
        raise DatabaseError("no connection to server at 10.1.2.3 for user firstline")

    monkeypatch.setattr(health, "_database", away)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["problems"][0]["name"] == "database"
    assert "10.1.2.3" not in answer.content.decode()


def test_the_price_of_a_look_does_not_grow(django_assert_max_num_queries: Any) -> None:
    health.problems(clock.now())  # two more the first time in a process: the migrations
    # One each for the rules of letters, of routing and of ladders.
    with django_assert_max_num_queries(19):
        health.problems(clock.now())


def test_figures_are_for_the_addresses_on_the_list_and_for_an_administrators_token(client: Client) -> None:
    stage = cast.stage()
    cast.ticket(stage)
    assert 'firstline_tickets_open{line="1"} 1.0' in client.get("/metrics").content.decode()
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403
    for person, expected in ((stage.adam, 200), (stage.maria, 403)):
        from_elsewhere = client.get(
            "/metrics", REMOTE_ADDR="192.0.2.7", headers={"Authorization": f"Bearer {token_of(person)}"}
        )
        assert from_elsewhere.status_code == expected


def token_of(person: Any) -> str:
    from firstline.people import tokens  # noqa: PLC0415 - the tests of tokens themselves are elsewhere

    made = tokens.create(person, scopes=["read"], by=person, at=clock.now())
    return made if isinstance(made, str) else made[1]
