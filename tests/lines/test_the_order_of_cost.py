"""What waits by what waiting costs: the arithmetic, the job that keeps it, the queue that shows it with its reason."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from firstline.contracts.models import ContractVersion, PenaltyRule
from firstline.lib import clock
from firstline.lines import order, weighing
from firstline.lines.order import Chances, Facts
from firstline.tickets import lifecycle, lists, saved_views
from firstline.tickets.lists import Filters
from firstline.tickets.models import NOT_WEIGHED, Ticket
from tests import cast

NINE, MINUTE = cast.MONDAY_NINE, timedelta(minutes=1)
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
NEVER = Chances()


def facts(**given: object) -> Facts:
    usual = {"priority": 3, "created": AT, "started": AT, "due": AT + timedelta(hours=4)}
    return Facts(**{**usual, **given})  # type: ignore[arg-type]


def test_a_penalty_a_priority_a_near_deadline_and_little_work_each_bring_it_forward() -> None:
    at = AT + timedelta(hours=1)
    usual = order.weigh(facts(), NEVER, at).rank

    assert order.weigh(facts(penalty=Decimal(9)), NEVER, at).rank < usual
    assert order.weigh(facts(priority=1), NEVER, at).rank < usual
    assert order.weigh(facts(due=AT + timedelta(hours=2)), NEVER, at).rank < usual
    assert order.weigh(facts(usual=timedelta(minutes=8)), NEVER, at).rank < usual
    assert order.weigh(facts(spent=timedelta(minutes=10)), NEVER, at).rank < usual
    assert order.weigh(facts(due=None, started=None), NEVER, at).rank > usual


@given(
    st.integers(1, 4), st.integers(0, 10**7), st.integers(0, 60 * 24 * 7 - 1), st.integers(1, 600),
    st.lists(st.floats(0, 5), max_size=30),
)  # fmt: skip
def test_nothing_young_stands_before_what_waits_for_a_week(
    priority: int, penalty: int, age: int, usual: int, shares: list[float]
) -> None:
    young = facts(priority=priority, penalty=Decimal(penalty), created=AT - age * MINUTE, usual=usual * MINUTE)
    old, older = (facts(created=AT - order.OLDEST - n * MINUTE, due=None, started=None) for n in (0, 5))

    ranks = [order.weigh(one, Chances.of(shares), AT).rank for one in (older, old, young)]

    assert ranks == sorted(ranks)
    assert ranks[0] < ranks[1] < ranks[2]


@given(st.lists(st.floats(0, 5), max_size=40), st.floats(0, 2), st.floats(0, 2))
def test_a_chance_is_one_and_never_falls_as_time_goes(shares: list[float], one: float, other: float) -> None:
    chances = Chances.of(shares)
    low, high = chances.at(min(one, other)), chances.at(max(one, other))

    assert 0 <= low <= 1
    assert low <= high + 1e-9


def test_chances_are_learnt_from_what_clocks_did() -> None:
    mostly = Chances.of([0.9] * 5 + [1.5] * 95)
    never = Chances.of([0.2] * 95 + [1.5] * 5)

    assert mostly.at(0.5) > 0.9
    assert never.at(0.1) < 0.1
    assert never.at(0.5) > 0.5, "whoever is not done when the others are is in danger"


@pytest.fixture
def s(client: Client, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Four tickets; North's contract takes 900 for each started hour of priority 2."""
    stage = cast.stage()
    ContractVersion.objects.filter(pk=stage.version.pk).update(currency="EUR", monthly_fee=Decimal("1000.00"))
    PenaltyRule.objects.create(
        version=stage.version, kind="started",
        terms={"metric": "first_response", "every": 60, "costs": "9", "priorities": [2]},
    )  # fmt: skip
    stage.plain = cast.ticket(stage, subject="Обычная", at=NINE)
    stage.costly = cast.ticket(stage, subject="Дорогая", at=NINE, priority=2)
    stage.small = cast.ticket(stage, subject="Мелкая", at=NINE, priority=4)
    stage.old = cast.ticket(stage, subject="Старая", at=NINE - timedelta(days=8), priority=4, requester=stage.stoyan)
    monkeypatch.setattr(clock, "now", lambda: NINE + 10 * MINUTE)
    client.force_login(stage.olga)
    return stage


def in_order(s: SimpleNamespace, size: int = 50) -> list[str]:
    found, cursor = [], ""
    while True:
        page = lists.page(s.olga, Filters(), cursor, ("subject",), size, by_cost=True)
        found += [row["subject"] for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            return found


@pytest.mark.django_db
def test_the_job_weighs_what_is_new_and_what_changed(s: SimpleNamespace) -> None:
    assert set(Ticket.objects.values_list("rank", flat=True)) == {NOT_WEIGHED}
    assert weighing.weigh_due(NINE + 10 * MINUTE) == 4
    assert in_order(s) == ["Старая", "Дорогая", "Обычная", "Мелкая"]
    assert in_order(s, size=1) == in_order(s), "page by page it is the same"
    assert weighing.weigh_due(NINE + 11 * MINUTE) == 0

    lifecycle.resolve(s.costly, how="готово", remote=True, by=s.olga, at=NINE + 11 * MINUTE)
    lifecycle.take(s.small, by=s.olga, at=NINE + 11 * MINUTE)
    fresh = cast.ticket(s, subject="Новая", at=NINE + 11 * MINUTE, priority=4)

    assert in_order(s)[:2] == ["Старая", "Новая"], "not weighed yet, and not hidden"
    assert weighing.weigh_due(NINE + 12 * MINUTE) == 2
    assert in_order(s)[-1] in {"Новая", "Мелкая"}
    assert weighing.weigh_due(NINE + 30 * MINUTE) == 4, "five minutes later everything again"
    assert fresh.version == Ticket.objects.get(pk=fresh.pk).version, "weighing is no event"


@pytest.mark.django_db
@pytest.mark.parametrize("view", [False, True])
def test_the_first_who_chooses_the_order_sees_it_at_once(client: Client, s: SimpleNamespace, view: bool) -> None:
    more = {"view": saved_views.save(s.olga, name="Все", asked=Filters()).pk} if view else {}
    page = client.post("/desk/queue/order/", {"order": "cost", "group": "", **more}, follow=True).content.decode()
    places = [page.index(subject) for subject in ("Старая", "Дорогая", "Обычная", "Мелкая")]
    assert places == sorted(places)
    assert NOT_WEIGHED not in Ticket.objects.values_list("rank", flat=True)
    with CaptureQueriesContext(connection) as asked:
        assert weighing.weigh_at_once(NINE + 11 * MINUTE) == 0, "afterwards the job sees to it"
    assert len(asked) == 1


@pytest.mark.django_db
def test_the_same_penalty_weighs_the_same_in_roubles_and_in_euros(s: SimpleNamespace) -> None:
    at = NINE + 10 * MINUTE
    weighing.weigh_due(at)
    euros = Ticket.objects.get(pk=s.costly.pk).rank
    ContractVersion.objects.filter(pk=s.version.pk).update(currency="RUB")
    PenaltyRule.objects.update(
        terms={"metric": "first_response", "every": 60, "costs": "900", "priorities": [2]}
    )  # fmt: skip
    Ticket.objects.filter(pk=s.costly.pk).update(version=s.costly.version + 1)
    weighing.weigh_due(at)

    assert Ticket.objects.get(pk=s.costly.pk).rank == pytest.approx(euros)


@pytest.mark.django_db
def test_weighing_costs_the_same_statements_for_one_and_for_fifty(s: SimpleNamespace) -> None:
    def counted(moment: datetime) -> int:
        with CaptureQueriesContext(connection) as asked:
            weighing.weigh_due(moment)
        return len(asked)

    first = counted(NINE + 10 * MINUTE)
    for n in range(50):
        cast.ticket(s, at=NINE + n * MINUTE)

    assert counted(NINE + 60 * MINUTE) == first


@pytest.mark.django_db
def test_who_chooses_it_sees_it_with_the_reason_from_then_on(client: Client, s: SimpleNamespace) -> None:
    weighing.weigh_due(NINE + 10 * MINUTE)

    def subjects(page: str) -> list[str]:
        return re.findall(r'data-open title="([^"]+)"', page)

    before = client.get("/desk/queue/").content.decode()
    sent = client.post("/desk/queue/order/", {"order": "cost", "next": "/desk/queue/?line=1"})
    page = html.unescape(client.get("/desk/queue/").content.decode()).replace("\u00a0", " ")

    assert sent["Location"] == "/desk/queue/?line=1"
    assert subjects(before)[0] != "Старая"
    assert subjects(page) == ["Старая", "Дорогая", "Обычная", "Мелкая"]
    assert "9,00 € в час" in page
    assert "ждёт неделю или дольше" in page
    assert client.post("/desk/queue/order/", {"order": "whim"}).status_code == 422
