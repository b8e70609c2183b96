"""/events: who may listen, what he hears, what he is told when he comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client

from firstline.events import hub as hubs
from firstline.events.app import Events
from firstline.lib import clock
from firstline.live.models import Signal
from firstline.live.publish import publish
from firstline.people import tokens
from firstline.people.models import ApiToken, Person
from tests import cast
from tests.events.talking import Call, run_apart

pytestmark = pytest.mark.django_db(transaction=True)


def bearer(person: Person, *scopes: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {tokens.create(person, at=clock.now(), by=None, scopes=scopes or tokens.SCOPES)[1]}"
    }


def cookie(person: Person) -> dict[str, str]:
    client = Client()
    client.force_login(person)
    return {"Cookie": f"other=1; firstline_session={client.cookies['firstline_session'].value}"}


def play(scene: Callable[[Events], Coroutine[Any, Any, None]]) -> None:
    """Runs a scene with an event application of its own, and leaves no connection behind."""

    async def run() -> None:
        events = Events()
        try:
            await scene(events)
        finally:
            async with asyncio.timeout(10):
                await events.hub.close()

    run_apart(run())


async def say(topic: str, *audience: str) -> None:
    """Another thread commits a signal."""

    def write() -> None:
        publish(topic, 1, audience)
        connections.close_all()

    await asyncio.to_thread(write)


def test_nobody_listens_without_being_let_in():
    s = cast.stage()
    wrong = [{}, {"Cookie": "firstline_session=nonsense"}, {"Cookie": ";;=\x01"}, {"Authorization": "Bearer x"},
             {"Authorization": "Bearer x", **cookie(s.olga)}, bearer(s.olga, "write")]  # fmt: skip

    async def scene(events: Events) -> None:
        for headers in wrong:
            call = await Call(events, headers=headers).whole()
            assert call.status == 401, headers
            assert call.answered["content-type"] == "application/problem+json"

    play(scene)


def test_everybody_hears_what_he_may_see_and_nothing_else():
    s = cast.stage()
    people = {
        "olga": bearer(s.olga),
        "maria": cookie(s.maria),
        "ivan": cookie(s.ivan),
        "stoyan": bearer(s.stoyan),
        "petra": bearer(s.petra),
    }

    async def scene(events: Events) -> None:
        calls = {name: await Call(events, headers=headers).start() for name, headers in people.items()}
        for call in calls.values():
            await call.until("id: ")
        await say("ticket:north", "desk:*", f"desk:{s.north.pk}", f"person:{s.ivan.pk}", f"client:{s.north.pk}")
        await say("ticket:end", "desk:*", "desk:0", f"person:{s.ivan.pk}", f"person:{s.stoyan.pk}")
        for call in calls.values():
            await call.until("ticket:end")
        heard = {name: "ticket:north" in call.topics for name, call in calls.items()}
        assert heard == {"olga": True, "maria": True, "ivan": True, "stoyan": False, "petra": False}
        for call in calls.values():
            await call.leave()
        assert not events.hub.streams

    play(scene)


def test_a_change_of_a_ticket_reaches_its_screens():
    s = cast.stage()
    headers = bearer(s.olga)

    async def scene(events: Events) -> None:
        call = await (Call(events, headers=headers)).start()
        await call.until("id: ")

        def change() -> int:
            number = cast.ticket(s).pk
            connections.close_all()
            return number

        number = await asyncio.to_thread(change)
        await call.until(f"ticket:{number}")
        data = json.loads(next(line for line in call.said.splitlines() if line.startswith("data: "))[6:])
        assert set(data) == {"t", "v"}
        await call.leave()

    play(scene)


def test_what_happened_while_the_page_was_loading_is_heard():
    s = cast.stage()
    headers = bearer(s.olga)

    async def scene(events: Events) -> None:
        await say("ticket:long-ago", "desk:0")
        await asyncio.to_thread(_age, "ticket:long-ago")
        await say("ticket:just-now", "desk:0")
        await say("ticket:foreign", "person:999")
        call = await Call(events, headers=headers).start()
        await call.until("id: ")
        assert call.topics == ["ticket:just-now"]
        await call.leave()

    play(scene)


def test_a_page_that_was_slow_to_load_says_its_age_and_misses_nothing():
    s = cast.stage()
    headers = bearer(s.olga)

    async def scene(events: Events) -> None:
        await say("ticket:a-minute-ago", "desk:0")
        await asyncio.to_thread(_age, "ticket:a-minute-ago")
        slow = await Call(events, "age=61", headers=headers).start()
        await slow.until("id: ")
        assert slow.topics == ["ticket:a-minute-ago"]
        await slow.leave()
        asleep = await Call(events, "age=9000", headers=headers).start()
        await asleep.until("id: ")
        assert "event: resync" in asleep.said
        await asleep.leave()
        assert (await Call(events, "age=old", headers=headers).whole()).status == 400

    play(scene)


def _age(topic: str) -> None:
    Signal.objects.filter(topic=topic).update(created_at=clock.real_now() - timedelta(minutes=1))
    connections.close_all()


def test_who_comes_back_is_sent_what_he_missed():
    s = cast.stage()
    headers = bearer(s.olga)

    async def scene(events: Events) -> None:
        call = await Call(events, headers=headers).start()
        await call.until("id: ")
        await say("ticket:1", "desk:0")
        await call.until("ticket:1")
        last = call.positions[-1]
        await call.leave()
        await say("ticket:2", "desk:0")
        await say("ticket:3", "person:999")
        again = await Call(events, headers={**headers, "Last-Event-ID": str(last)}).start()
        await again.until("ticket:2")
        # Something may come twice while another transaction is under way; what is not for him never comes.
        assert set(again.topics) <= {"ticket:1", "ticket:2"}
        await again.leave()
        by_query = await Call(events, query=f"last={last}", headers=headers).start()
        await by_query.until("ticket:2")
        await by_query.leave()

    play(scene)


def test_after_a_gap_there_is_a_resync():
    s = cast.stage()
    headers = bearer(s.olga)
    for number in range(3):
        publish(f"ticket:{number}", 1, ["desk:0"])
    oldest = Signal.objects.order_by("pk").first().pk
    Signal.objects.filter(pk__lte=oldest + 1).delete()

    async def scene(events: Events) -> None:
        call = await Call(events, headers={**headers, "Last-Event-ID": str(oldest)}).start()
        await call.until("event: resync")
        assert call.topics == ["resync"]
        await call.leave()

    play(scene)


def test_polling_gives_a_list_and_then_nothing_new():
    s = cast.stage()
    headers = bearer(s.olga)
    publish("ticket:1", 5, ["desk:0"])
    first = Signal.objects.get().pk

    async def scene(events: Events) -> None:
        tag = ""
        # On PostgreSQL the ids that tests before this one used up are gaps, until whoever ran then has ended.
        async with asyncio.timeout(60):
            while tag != f'"{first}"':
                start = await Call(events, query="poll=1", headers=headers).whole()
                assert (start.status, json.loads(start.said)) == (200, [])
                tag = start.answered["etag"]
        known = await Call(events, query=f"poll=1&last={first}", headers={**headers, "If-None-Match": tag}).whole()
        assert (known.status, known.said) == (304, "")
        await say("ticket:2", "desk:0")
        new = await Call(events, query=f"poll=1&last={first}", headers={**headers, "If-None-Match": tag}).whole()
        assert new.status == 200
        assert [(one["t"], one["v"]) for one in json.loads(new.said)] == [("ticket:2", 1)]

    play(scene)


def test_who_signs_out_or_loses_his_token_hears_nothing_more(monkeypatch):
    monkeypatch.setattr(hubs, "RECHECK_EVERY", 0.2)
    s = cast.stage()
    by_session, by_token, stays = cookie(s.olga), bearer(s.nadia), bearer(s.maria)

    async def scene(events: Events) -> None:
        calls = [await Call(events, headers=headers).start() for headers in (by_session, by_token, stays)]
        for call in calls:
            await call.until("id: ")

        def sign_out() -> None:
            Session.objects.all().delete()
            tokens.revoke(ApiToken.objects.get(person=s.nadia), by=None, at=clock.now())
            connections.close_all()

        await asyncio.to_thread(sign_out)
        async with asyncio.timeout(10):
            while not (calls[0].ended and calls[1].ended):
                await asyncio.sleep(0.05)
        assert not calls[2].ended
        await calls[2].leave()

    play(scene)


def test_who_gets_another_scope_hears_by_it(monkeypatch):
    monkeypatch.setattr(hubs, "RECHECK_EVERY", 0.2)
    s = cast.stage()
    headers = bearer(s.petra)

    async def scene(events: Events) -> None:
        call = await Call(events, headers=headers).start()
        await call.until("id: ")

        def widen() -> None:
            s.petra.scope.add(s.north)
            connections.close_all()

        await asyncio.to_thread(widen)
        await asyncio.sleep(1)
        await say("ticket:1", f"desk:{s.north.pk}")
        await call.until("ticket:1")
        await call.leave()

    play(scene)


def test_who_reads_too_slowly_is_sent_away_and_replays(monkeypatch):
    monkeypatch.setattr(hubs, "FULL", 3)
    stream = hubs.Stream(hubs.Listener(hubs.listeners.Entry("token", "1"), 1, frozenset({"desk:0"})))
    for number in range(9):
        stream.tell(hubs.News(number, "t", 1, frozenset({"desk:0"}), number))
    told = [stream.waiting.get_nowait() for _ in range(stream.waiting.qsize())]
    assert told[-1] is None
    assert [one.id for one in told[:-1]] == [0, 1, 2]


def test_the_hub_closes_at_the_very_moment_of_a_signal():
    begun = []

    async def scene(events: Events) -> None:
        await events.hub.ready()
        await asyncio.sleep(0.3)  # past what it looks up at the start: it waits
        begun.extend(events.hub._tasks)
        events.hub._wake.set()  # and `play` closes it

    play(scene)
    assert begun
    assert all(task.cancelled() for task in begun)


@pytest.mark.parametrize(
    ("method", "path", "query", "status"),
    [("POST", "/events", "", 405), ("GET", "/events/x", "", 404), ("GET", "/events", "last=x", 400),
     ("GET", "/events", "last=" + "9" * 30, 400)],
)  # fmt: skip
def test_what_is_not_understood_is_refused(method, path, query, status):
    s = cast.stage()
    headers = bearer(s.olga)

    async def scene(events: Events) -> None:
        call = await Call(events, query=query, headers=headers, method=method, path=path).whole()
        assert call.status == status

    play(scene)
