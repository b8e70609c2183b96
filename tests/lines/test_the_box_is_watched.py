"""Hint, full, five minutes more, over: events, once each for a stay on the line, whoever looks and however often."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from firstline.contracts.models import Category
from firstline.lib import claims
from firstline.lines import box_watch, limits, working
from firstline.lines.box import State
from firstline.lines.box_models import BoxStay
from firstline.people.permissions import NotAllowed
from firstline.tickets import conversation, handover, lifecycle, properties
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.refusals import WrongStatus, WrongValue
from firstline.worklog import timers
from tests import cast

pytestmark = pytest.mark.django_db
CARD: dict[str, Any] = {"symptom": "x", "tried": "y", "impact": "low", "reason": "too_long"}


def after(minutes: float) -> datetime:
    return cast.MONDAY_NINE + timedelta(minutes=minutes)


@pytest.fixture
def s() -> SimpleNamespace:
    stage = cast.stage()
    stage.ticket = cast.ticket(stage, category=stage.jam)
    return stage


def work(s: SimpleNamespace, start: float, end: float, who: Any = None) -> None:
    """The page has his attention, and the worker looks twice a minute."""
    moment = start
    while moment <= end:
        working.beat(who or s.olga, s.ticket, at=after(moment))
        box_watch.record_due(at=after(moment))
        moment += 0.5


def said(s: SimpleNamespace) -> list[str]:
    return [kind for kind in s.ticket.events.order_by("id").values_list("kind", flat=True) if kind.startswith("box")]


def test_the_hint_at_seventy_percent_and_full_at_a_hundred_once_each(s: SimpleNamespace) -> None:
    lifecycle.take(s.ticket, by=s.olga, at=after(0))
    work(s, 0, 13.5)
    assert said(s) == []
    work(s, 14, 19.5)
    assert said(s) == ["box_hint"]
    work(s, 20, 24)
    for _again in range(3):
        box_watch.record_due(at=after(24.4))
    assert said(s) == ["box_hint", "box_full"]
    reading = box_watch.read(s.ticket, after(24), person=s.olga)
    assert (reading.state, reading.own) == (State.FULL, timedelta(minutes=24))


def test_minutes_of_another_person_are_his_own_box(s: SimpleNamespace) -> None:
    lifecycle.take(s.ticket, by=s.olga, at=after(0))
    work(s, 0, 12)
    timers.leave(s.olga, s.ticket, at=after(12))
    lifecycle.take(s.ticket, by=s.nadia, at=after(12))
    work(s, 12, 24, s.nadia)
    assert said(s) == []


def test_pauses_do_not_fill_it_and_the_worker_finds_it_again(s: SimpleNamespace) -> None:
    lifecycle.take(s.ticket, by=s.olga, at=after(0))
    work(s, 0, 10)
    box_watch.record_due(at=after(60))
    assert said(s) == []
    working.beat(s.olga, s.ticket, at=after(60))
    work(s, 60.5, 63)
    assert said(s) == ["box_hint"], "13 minutes until the idle cut, and one more"


@pytest.mark.parametrize(
    ("policy", "line", "assignee"), [("remind", 1, "olga"), ("tell_lead", 1, "olga"), ("hand_over", 2, None)]
)
def test_without_a_decision_the_policy_acts_after_five_minutes(
    s: SimpleNamespace, policy: str, line: int, assignee: str | None
) -> None:
    limits.put(1, 10, policy, category=s.jam, by=s.maria, at=after(0))
    lifecycle.take(s.ticket, by=s.olga, at=after(0))
    conversation.note(s.ticket, Words(text="перезапустил службу"), by=s.olga, at=after(1))
    work(s, 1, 10)
    box_watch.record_due(at=after(14.9))
    assert said(s) == ["box_hint", "box_full"]
    box_watch.record_due(at=after(15))
    box_watch.record_due(at=after(16))
    assert said(s) == ["box_hint", "box_full", "box_over"]
    held = Ticket.objects.get(pk=s.ticket.pk)
    assert (held.line, held.assignee.login if held.assignee else None) == (line, assignee)
    if policy == "hand_over":
        card = held.events.get(kind=Kind.HANDED_OVER)
        assert card.data["tried"] == "перезапустил службу"
        assert (card.data["reason"], held.contact_owner) == ("too_long", s.olga)


def test_whoever_lets_it_wait_has_decided_and_the_grace_goes_on_when_it_comes_back(s: SimpleNamespace) -> None:
    limits.put(1, 10, "hand_over", category=s.jam, by=s.maria, at=after(0))
    lifecycle.take(s.ticket, by=s.olga, at=after(0))
    work(s, 0, 10)
    lifecycle.wait(s.ticket, on="client", reason="Какая модель?", by=s.olga, at=after(11))
    for minute in (15, 40, 200):
        box_watch.record_due(at=after(minute))
    held = Ticket.objects.get(pk=s.ticket.pk)
    assert (held.status, held.line, held.assignee) == ("waiting_for_client", 1, s.olga)
    assert said(s) == ["box_hint", "box_full"]

    lifecycle.resume(s.ticket, by=s.olga, at=after(300))
    box_watch.record_due(at=after(304))
    assert said(s) == ["box_hint", "box_full"]
    box_watch.record_due(at=after(305))
    assert said(s) == ["box_hint", "box_full", "box_over"]


def test_what_is_not_full_any_more_is_not_handed_over(s: SimpleNamespace) -> None:
    long = Category.objects.create(slug="1c", name="1С", service=s.printing)
    limits.put(1, 10, "hand_over", category=s.jam, by=s.maria, at=after(0))
    limits.put(1, 60, "hand_over", category=long, by=s.maria, at=after(0))
    lifecycle.take(s.ticket, by=s.olga, at=after(0))
    work(s, 0, 10)
    properties.change(s.ticket, by=s.olga, at=after(11), category=long)
    for minute in (15, 16, 30):
        box_watch.record_due(at=after(minute))
    assert said(s) == ["box_hint", "box_full"]
    assert Ticket.objects.get(pk=s.ticket.pk).line == 1


def test_five_minutes_more_with_a_reason_are_counted_and_open_the_box_again(s: SimpleNamespace) -> None:
    lifecycle.take(s.ticket, by=s.olga, at=after(0))
    work(s, 0, 21)
    with pytest.raises(WrongValue):
        box_watch.extend(s.ticket, reason="  ", by=s.olga, at=after(21))
    box_watch.extend(s.ticket, reason="Осталось перезагрузить", by=s.olga, at=after(21))
    assert box_watch.read(s.ticket, after(21)).state == State.HINT
    box_watch.record_due(at=after(21.5))
    work(s, 21.5, 25)
    assert said(s) == ["box_hint", "box_full", "box_extended", "box_full"]
    stay = BoxStay.objects.get()
    assert (stay.extensions, stay.full_at) == (1, after(25))


def test_a_new_stay_on_the_line_begins_with_an_empty_box(s: SimpleNamespace) -> None:
    lifecycle.take(s.ticket, by=s.olga, at=after(0))
    work(s, 0, 21)
    handed = handover.hand_over(s.ticket, to_line=2, by=s.olga, at=after(21), **CARD)
    back = handover.send_back(handed, why="вот статья", by=s.emil, at=after(30))
    working.start(s.olga, back, at=after(31))
    assert box_watch.read(back, after(32), person=s.olga).own == timedelta(minutes=1)
    first, second = BoxStay.objects.order_by("id")
    assert (first.outcome, first.touched, second.left_at) == ("handed_over", 21 * 60, None)
    lifecycle.resolve(back, how="готово", remote=True, by=s.olga, at=after(33))
    second.refresh_from_db()
    assert (second.outcome, second.touched) == ("solved", 120)


def test_the_second_line_has_no_box_unless_one_is_set(s: SimpleNamespace) -> None:
    handed = handover.hand_over(s.ticket, to_line=2, by=s.olga, at=after(1), **CARD)
    lifecycle.take(handed, by=s.emil, at=after(2))
    assert not BoxStay.objects.exists()
    with pytest.raises(WrongStatus):
        box_watch.extend(handed, reason="ещё", by=s.emil, at=after(3))
    limits.put(2, 60, "tell_lead", category=None, by=s.maria, at=after(4))
    working.beat(s.emil, handed, at=after(4))
    working.start(s.emil, handed, at=after(4))
    assert limits.of(s.jam.pk, 2).minutes == 60


def test_another_category_is_another_box(s: SimpleNamespace) -> None:
    long = Category.objects.create(slug="1c", name="1С", service=s.printing)
    limits.put(1, 5, "remind", category=long, by=s.maria, at=after(0))
    lifecycle.take(s.ticket, by=s.olga, at=after(0))
    work(s, 0, 6)
    assert said(s) == []
    properties.change(s.ticket, by=s.olga, at=after(6), category=long)
    box_watch.record_due(at=after(6.1))
    assert said(s) == ["box_hint", "box_full"]


def test_a_worker_that_lost_its_lease_records_nothing(s: SimpleNamespace) -> None:
    lifecycle.take(s.ticket, by=s.olga, at=after(0))
    for half in range(30):
        working.beat(s.olga, s.ticket, at=after(half / 2))
    stay = claims.claim(BoxStay.objects.filter(check_at__lte=after(15)))[0]
    BoxStay.objects.update(lease_owner="another:1:x")
    with pytest.raises(claims.LeaseLost):
        box_watch._settle(stay, after(15))
    assert said(s) == []


def test_boxes_are_set_by_who_answers_for_the_catalogue(s: SimpleNamespace) -> None:
    with pytest.raises(NotAllowed):
        limits.put(1, 15, "remind", category=None, by=s.olga, at=after(0))
    with pytest.raises(WrongValue):
        limits.put(3, 15, "hand_over", category=None, by=s.maria, at=after(0))
    limits.put(1, 0, "remind", category=s.jam, by=s.maria, at=after(0))
    assert limits.of(s.jam.pk, 1).minutes is None
    limits.put(1, None, "remind", category=s.jam, by=s.maria, at=after(0))
    assert limits.of(s.jam.pk, 1).minutes == 20
