"""Whoever asked says how content he is: once solved, as often as he likes; the newest word stands."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from firstline.people.permissions import NotAllowed
from firstline.tickets import lifecycle, ratings
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.refusals import WrongStatus, WrongValue
from tests import cast

pytestmark = pytest.mark.django_db
LATER = cast.MONDAY_NINE + timedelta(hours=1)


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


@pytest.fixture
def solved(s: SimpleNamespace) -> Ticket:
    ticket = cast.ticket(s)
    return lifecycle.resolve(ticket, how="готово", remote=True, by=s.olga, at=LATER)[0]


def test_a_rating_stands_and_each_one_given_is_in_the_history(s: SimpleNamespace, solved: Ticket) -> None:
    ratings.rate(solved, score=2, comment="Долго", by=s.ivan, at=LATER)
    ratings.rate(solved, score=5, comment=" Теперь хорошо\x00 ", by=s.ivan, at=LATER + timedelta(minutes=1))

    standing = ratings.of(solved)
    assert standing is not None
    assert (standing.score, standing.comment, standing.by) == (5, "Теперь хорошо", s.ivan)
    events = solved.events.filter(kind=Kind.RATED)
    assert [(event.data["score"], event.public) for event in events] == [(2, True), (5, True)]


def test_a_rating_moves_nothing(s: SimpleNamespace, solved: Ticket) -> None:
    rated = ratings.rate(solved, score=3, by=s.ivan, at=LATER)
    assert (rated.status, rated.resolved_at) == ("resolved", solved.resolved_at)


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_is_from_one_to_five(s: SimpleNamespace, solved: Ticket, score: int) -> None:
    with pytest.raises(WrongValue):
        ratings.rate(solved, score=score, by=s.ivan, at=LATER)


def test_what_is_not_solved_cannot_be_rated(s: SimpleNamespace) -> None:
    with pytest.raises(WrongStatus):
        ratings.rate(cast.ticket(s), score=5, by=s.ivan, at=LATER)


@pytest.mark.parametrize("login", ["irina", "olga", "maria", "stoyan"])
def test_only_who_asked_and_his_coordinator_rate(s: SimpleNamespace, solved: Ticket, login: str) -> None:
    with pytest.raises(NotAllowed):
        ratings.rate(solved, score=1, by=getattr(s, login), at=LATER)
    assert ratings.rate(solved, score=4, by=s.kira, at=LATER).rating.by == s.kira
