"""Many tickets of the queue at once: a deed on each that is ticked, what became of each said, and the way back."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from firstline.tickets import attention, lifecycle, properties
from firstline.tickets.attention_models import Look
from firstline.tickets.models import Event, Ticket
from tests import cast
from tests.web.conftest import MONDAY_TEN


@pytest.fixture
def three(stage: SimpleNamespace) -> list[Ticket]:
    return [cast.ticket(stage, subject=f"Заявка {number}") for number in range(3)]


def ticked(tickets: list[Ticket]) -> list[str]:
    return [f"{ticket.pk}:{ticket.version}" for ticket in tickets]


def done(browser: Client, tickets: list[Ticket], deed: str, **sent: Any) -> str:
    given = {"deed": deed, "ticket": ticked(tickets), **sent}
    return browser.post("/desk/queue/deeds/", given, follow=True).content.decode()


def now(tickets: list[Ticket], *fields: str) -> list[tuple[Any, ...]]:
    return list(Ticket.objects.filter(pk__in=[one.pk for one in tickets]).order_by("pk").values_list(*fields))


DEEDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "take": ({}, {"assignee__login": "olga", "status": "in_progress"}),
    "assign": ({"to": "person:nadia"}, {"assignee__login": "nadia"}),
    "priority": ({"priority": "1"}, {"priority": 1}),
    "category": ({"category": "paper-jam"}, {"category__slug": "paper-jam"}),
    "tag": ({"tag": "тонер, А"}, {"tags": ["тонер А"]}),
    "wait": ({"reason": "Какой номер у принтера?"}, {"status": "waiting_for_client"}),
    "hand-over": ({"to_line": "2", "because": "too_long", "tried": "всё"}, {"line": 2, "contact_owner__login": "olga"}),
    "resolve": ({"how": "Заменили тонер"}, {"status": "resolved"}),
    "cancel": ({"why": "по ошибке"}, {"status": "cancelled"}),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_is_done_to_every_ticket_that_is_ticked(olga: Client, three: list[Ticket], deed: str) -> None:
    sent, wanted = DEEDS[deed]
    html = done(olga, three[:2], deed, **sent)
    assert ": 2</b>" in html
    assert now(three[:2], *wanted) == [tuple(wanted.values())] * 2
    assert now(three[2:], *wanted) != [tuple(wanted.values())]


def test_merged_are_the_newer_into_the_oldest_and_only_those_are_counted(olga: Client, three: list[Ticket]) -> None:
    html = done(olga, three, "merge")
    assert "Merged: 2" in html
    assert now(three, "merged_into_id") == [(None,), (three[0].pk,), (three[0].pk,)]
    assert done(olga, three[:1], "merge").count("Tick two tickets at least") >= 1


def test_one_that_cannot_be_done_stops_no_other_and_says_why(
    olga: Client, three: list[Ticket], stage: SimpleNamespace
) -> None:
    lifecycle.cancel(three[0], why="x", by=stage.lev, at=MONDAY_TEN)
    properties.change(three[1], by=stage.lev, at=MONDAY_TEN, priority=1)
    east = cast.ticket(stage, requester=stage.eve)

    html = done(olga, [*three, east], "take")

    assert "Taken: 1" in html
    assert "Could not be: 3" in html
    assert "Somebody changed it after you had looked" in html
    assert "you do not see it" in html
    assert now([east], "assignee") == [(None,)]


def test_what_was_done_is_undone_as_it_was(olga: Client, three: list[Ticket]) -> None:
    before = now(three, "priority", "assignee", "version")
    html = done(olga, three, "priority", priority="1")
    events = [f"{one.pk}:{one.version}" for one in Ticket.objects.order_by("pk")]
    assert all(f'name="event" value="{event}"' in html for event in events)

    html = olga.post("/desk/queue/undo/", {"event": events}, follow=True).content.decode()

    assert "Undone: 3" in html
    assert [row[:2] for row in now(three, "priority", "assignee")] == [row[:2] for row in before]
    assert Event.objects.filter(ticket=three[0], kind="changed").count() == 2


def test_what_stayed_as_it_was_is_not_said_to_be_done_nor_undone(olga: Client, three: list[Ticket]) -> None:
    Ticket.objects.update(priority=1)
    html = done(olga, three, "priority", priority="1")
    assert "Priority changed" not in html
    assert 'name="event"' not in html


@pytest.mark.parametrize(
    ("deed", "sent"),
    [("", {}), ("assign", {}), ("assign", {"to": "person:nobody"}), ("priority", {"priority": "9"}),
     ("category", {"category": "none"}), ("tag", {"tag": " , "}), ("wait", {}), ("resolve", {}), ("cancel", {}),
     ("merge", {"into": "999999"}), ("hand-over", {"to_line": "2", "because": "too_long"})],
)  # fmt: skip
def test_a_deed_without_its_words_changes_nothing_and_keeps_what_was_typed(
    olga: Client, three: list[Ticket], deed: str, sent: dict[str, Any]
) -> None:
    before = now(three, "version")
    answer = olga.post("/desk/queue/deeds/", {"deed": deed, "ticket": ticked(three), **sent})
    assert answer.status_code == 422
    assert now(three, "version") == before
    assert f'value="{ticked(three)[0]}"' in answer.content.decode()


def test_nothing_ticked_is_said(olga: Client, stage: SimpleNamespace) -> None:
    assert "Nothing is ticked" in done(olga, [], "take")


def test_what_could_not_be_done_stays_news(olga: Client, three: list[Ticket], stage: SimpleNamespace) -> None:
    for ticket in three[:2]:
        attention.look(stage.olga, ticket, seen=ticket.version, at=MONDAY_TEN)
    seen = ticked(three[:2])
    properties.change(three[1], by=stage.lev, at=MONDAY_TEN, priority=1)

    olga.post("/desk/queue/deeds/", {"deed": "take", "ticket": seen})

    read = {look.ticket_id: look.seen == look.ticket.version for look in Look.objects.select_related("ticket")}
    assert read == {three[0].pk: True, three[1].pk: False}


def test_the_newest_deed_has_the_key_that_takes_back(olga: Client, three: list[Ticket]) -> None:
    html = done(olga, three, "tag", tag="тонер")
    strip = html.split('id="outgoing"')[1].split(">")[0]
    assert "data-keys-last" in strip
    assert 'data-hotkey="z"' in html
    assert "data-keys-last" not in olga.get("/desk/queue/").content.decode().split('id="outgoing"')[1].split(">")[0]
