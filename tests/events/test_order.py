"""Nothing is missed, in whatever order transactions commit."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction

from firstline.events import feed
from firstline.events.feed import Feed
from firstline.lib import clock
from firstline.live import tidy
from firstline.live.models import Signal
from firstline.live.publish import publish

ALL = frozenset({"desk:*"})


def other() -> psycopg.Connection:
    """Another process that writes."""
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context", "server_side_binding"):
        parameters.pop(name, None)
    return psycopg.connect(**parameters)


def say(writer: psycopg.Connection, topic: str) -> int:
    row = writer.execute(
        "INSERT INTO live_signal (topic, version, audience, created_at) VALUES (%s, 1, ' desk:* ', now()) RETURNING id",
        [topic],
    ).fetchone()
    return int(row[0])


@pytest.mark.django_db(transaction=True)
def test_news_come_once_in_their_order_and_only_after_the_start():
    publish("ticket:1", 1, ["desk:*"])
    reader = Feed()
    reader.start()
    assert reader.read() == []
    publish("ticket:2", 2, ["desk:*"])
    publish("ticket:3", 3, ["person:7"])
    news = reader.read()
    assert [(one.topic, one.version) for one in news] == [("ticket:2", 2), ("ticket:3", 3)]
    assert [one.is_for(ALL) for one in news] == [True, False]
    assert reader.read() == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_lower_id_that_is_committed_later_still_comes_and_nobody_steps_over_it():
    publish("ticket:0", 1, ["desk:*"])
    reader = Feed()
    reader.start()
    reader.read()
    with other() as slow, other() as quick:
        low = say(slow, "slow")
        high = say(quick, "quick")
        assert low < high
        quick.commit()
        news = reader.read()
        assert [one.topic for one in news] == ["quick"]
        # Whoever goes away now and comes back with this position is sent "slow" as well.
        assert news[0].position < low
        for _ in range(3):
            assert reader.read() == []
            assert reader.is_waiting
        assert reader.settled < low
        slow.commit()
    assert [one.topic for one in reader.read()] == ["slow"]
    reader.read()
    assert reader.settled == high
    assert not reader.is_waiting
    missed = feed.since(news[0].position, reader.settled, ALL)
    assert [one.topic for one in missed.news] == ["slow", "quick"]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_an_undone_transaction_holds_nobody_up_for_ever():
    reader = Feed()
    reader.start()
    with other() as undone, other() as quick:
        say(undone, "undone")
        high = say(quick, "quick")
        quick.commit()
        reader.read()
        undone.rollback()
    for _ in range(3):
        reader.read()
    assert reader.settled == high
    assert not reader.is_waiting


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_was_under_way_at_the_start_is_news():
    with other() as slow, other() as quick:
        say(slow, "slow")
        say(quick, "quick")
        quick.commit()
        reader = Feed()
        reader.start()
        slow.commit()
    assert [one.topic for one in reader.read()] == ["slow"]


@pytest.mark.django_db(transaction=True)
def test_more_news_than_a_batch_come_in_several():
    reader = Feed()
    reader.start()
    Signal.objects.bulk_create(
        [Signal(topic=f"ticket:{n}", version=n, audience=" desk:* ") for n in range(feed.BATCH + 5)]
    )
    assert [len(reader.read()), len(reader.read()), len(reader.read())] == [feed.BATCH, 5, 0]


@pytest.mark.django_db(transaction=True)
def test_a_replay_has_what_was_missed_and_only_what_is_ours():
    with transaction.atomic():
        for topic, audience in (("a", "desk:*"), ("b", "person:7"), ("c", "desk:*")):
            publish(topic, 1, [audience])
    first = Signal.objects.order_by("pk").first().pk
    missed = feed.since(first, first + 2, ALL)
    assert missed.complete
    assert [one.topic for one in missed.news] == ["c"]
    assert feed.since(first + 2, first + 2, ALL).news == []


@pytest.mark.django_db(transaction=True)
def test_a_gap_is_said_where_signals_are_forgotten_too_many_or_from_another_world():
    for n in range(5):
        publish(f"ticket:{n}", n, ["desk:*"])
    first = Signal.objects.order_by("pk").first().pk
    Signal.objects.filter(pk__lte=first + 2).update(created_at=clock.real_now() - timedelta(days=2))
    assert feed.since(first, first + 4, ALL).complete
    assert tidy.forget_old(clock.real_now()) == 3
    assert not feed.since(first, first + 4, ALL).complete
    assert feed.since(first + 2, first + 4, ALL).complete
    assert not feed.since(first + 99, first + 4, ALL).complete
    Signal.objects.bulk_create([Signal(topic="x", version=1, audience=" desk:* ") for _ in range(feed.BATCH + 1)])
    assert not feed.since(first + 4, first + 4, ALL).complete


@pytest.mark.django_db(transaction=True)
def test_the_newest_signal_is_kept_so_that_positions_go_on():
    publish("ticket:1", 1, ["desk:*"])
    Signal.objects.update(created_at=clock.real_now() - timedelta(days=9))
    assert tidy.forget_old(clock.real_now()) == 0
