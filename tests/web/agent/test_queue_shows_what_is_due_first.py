"""The queue: groups by due time, filters in the address, pages by cursor, and the same few statements at any length."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstline.contracts.terms import FAR_AHEAD
from firstline.people.models import Person
from firstline.tickets import lifecycle
from firstline.tickets.models import Event, Kind, Ticket
from tests import cast
from tests.web.conftest import MONDAY_TEN

MOST_STATEMENTS = 12


def numbers(html: bytes) -> list[int]:
    return [int(number) for number in re.findall(rb'id="t(\d+)"', html)]


def due(stage: SimpleNamespace, subject: str, **later: float) -> Ticket:
    ticket = cast.ticket(stage, subject=subject)
    at = MONDAY_TEN + timedelta(**later) if later else FAR_AHEAD
    Ticket.objects.filter(pk=ticket.pk).update(queue_at=at, due_at=at if later else None)
    return ticket


def many(stage: SimpleNamespace, count: int) -> None:
    """Rows as a year of work leaves them, without the price of the verbs."""
    one = cast.ticket(stage)
    rows = Ticket.objects.bulk_create(
        Ticket(
            subject=f"Заявка {n}", requester=stage.ivan, client=stage.north, channel="email", contract=stage.version,
            queue_at=MONDAY_TEN + timedelta(minutes=n), due_at=MONDAY_TEN + timedelta(minutes=n),
            created_at=MONDAY_TEN, updated_at=MONDAY_TEN, version=one.version,
        )
        for n in range(count - 1)
    )  # fmt: skip
    Event.objects.bulk_create(
        Event(ticket=row, kind=Kind.CREATED, happened_at=MONDAY_TEN, learnt_at=MONDAY_TEN) for row in rows[:50]
    )


def test_tickets_stand_in_groups_by_due_time_and_what_is_due_first_stands_first(
    olga: Client, stage: SimpleNamespace
) -> None:
    stopped, later, today = due(stage, "стоит"), due(stage, "потом", days=3), due(stage, "сегодня", hours=5)
    hour, overdue = due(stage, "скоро", minutes=30), due(stage, "просрочена", minutes=-5)

    html = olga.get("/desk/queue/").content

    assert numbers(html) == [overdue.pk, hour.pk, today.pk, later.pk, stopped.pk]
    text = html.decode()
    heads = ["Overdue", "Less than an hour", "Today", "Later", "Clocks stopped"]
    assert re.findall(r"</span>([A-Z][^<]+?) <span class=\"count\">1<", text) == heads


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("line=2", {"line2"}),
        ("status=waiting", {"waiting"}),
        ("assignee=none", {"plain", "line2", "south"}),
        ("assignee=olga", {"mine", "waiting"}),
        ("mine=1", {"mine", "waiting"}),
        ("client=south", {"south"}),
        ("priority=1", {"south"}),
        ("category=none&line=2", {"line2"}),
        ("team=line2", {"line2"}),
        ("status=resolved", {"done"}),
        ("status=done", {"done"}),
        ("q=ПРИНТЕР", {"plain"}),
        ("q=принтер%20печатает", {"plain"}),
        ("status=nonsense", set()),
        ("line=9", set()),
        ("client=east", set()),
    ],
)
def test_filters_of_the_address_choose_what_is_listed(
    olga: Client, stage: SimpleNamespace, query: str, found: set[str]
) -> None:
    made = {
        "plain": cast.ticket(stage),
        "line2": cast.ticket(stage, subject="Сеть", service=stage.network),
        "south": cast.ticket(stage, subject="Юг", requester=stage.stoyan, impact="high", urgency="high"),
        "mine": lifecycle.take(cast.ticket(stage, subject="Моя"), by=stage.olga, at=MONDAY_TEN),
        "foreign": cast.ticket(stage, subject="Восток", requester=stage.eve, impact="high", urgency="high"),
    }
    taken = lifecycle.take(cast.ticket(stage, subject="Ждёт"), by=stage.olga, at=MONDAY_TEN)
    made["waiting"] = lifecycle.wait(taken, on="client", reason="фото", by=stage.olga, at=MONDAY_TEN)
    done = lifecycle.take(cast.ticket(stage, subject="Решена"), by=stage.olga, at=MONDAY_TEN)
    made["done"] = lifecycle.resolve(done, how="так", remote=True, by=stage.olga, at=MONDAY_TEN)[0]

    html = olga.get(f"/desk/queue/?{query}").content

    assert set(numbers(html)) == {made[name].pk for name in found}


def test_a_number_finds_its_ticket_whatever_its_status(olga: Client, stage: SimpleNamespace) -> None:
    ticket = lifecycle.cancel(cast.ticket(stage), why="не нужно", by=stage.olga, at=MONDAY_TEN)
    cast.ticket(stage)

    assert numbers(olga.get(f"/desk/queue/?q=%23{ticket.pk}").content) == [ticket.pk]


def test_digits_that_are_no_number_of_a_ticket_are_words_of_a_subject(olga: Client, stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage, subject="Накладная 073834 не печатается")

    assert numbers(olga.get("/desk/queue/?q=073834").content) == [ticket.pk]
    assert numbers(olga.get("/desk/queue/?q=%23073834").content) == []


def test_pages_follow_one_another_without_gap_or_double(olga: Client, stage: SimpleNamespace) -> None:
    many(stage, 120)
    seen: list[int] = []
    address: str | None = "/desk/queue/"
    pages = 0
    while address:
        text = olga.get(address).content
        seen += numbers(text)
        pages += 1
        following = re.search(rb'href="([^"]+)" rel="next"', text)
        address = following[1].decode().replace("&amp;", "&") if following else None

    assert pages == 3
    assert len(seen) == len(set(seen)) == 120


def test_counts_go_up_to_99_and_say_more_with_a_plus(olga: Client, stage: SimpleNamespace) -> None:
    many(stage, 120)

    assert 'id="queue-count">99+<' in olga.get("/desk/queue/").content.decode()


def test_the_queue_costs_the_same_statements_at_50_and_5000_rows(
    olga: Client, stage: SimpleNamespace, django_assert_max_num_queries: Callable[..., object]
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert olga.get("/desk/queue/?line=1").status_code == 200
        return len(captured)

    many(stage, 50)
    few = statements()
    many(stage, 4950)

    assert statements() == few <= MOST_STATEMENTS


def test_the_fragment_is_the_part_of_the_page(olga: Client, stage: SimpleNamespace) -> None:
    for n in range(3):
        cast.ticket(stage, subject=f"Заявка {n}")

    page = olga.get("/desk/queue/?line=1").content.decode()
    part = olga.get("/desk/queue/?line=1", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert part.strip() in page


def test_an_empty_queue_says_why_and_what_next(olga: Client, stage: SimpleNamespace) -> None:
    assert "No ticket yet" in olga.get("/desk/queue/").content.decode()  # the desk is new
    lifecycle.cancel(cast.ticket(stage), why="twice", by=stage.olga, at=MONDAY_TEN)
    assert "The queue is empty" in olga.get("/desk/queue/").content.decode()
    assert "Reset filters" in olga.get("/desk/queue/?line=3").content.decode()


def test_an_agent_takes_a_ticket_from_the_list_without_javascript_and_stays_there(
    olga: Client, stage: SimpleNamespace
) -> None:
    ticket = cast.ticket(stage)
    page = olga.get("/desk/queue/?line=1").content.decode()
    assert f'formaction="/desk/tickets/{ticket.pk}/take/"' in page

    answer = olga.post(f"/desk/tickets/{ticket.pk}/take/", {"seen": ticket.version, "next": "/desk/queue/?line=1"})

    assert (answer.status_code, answer["Location"]) == (302, "/desk/queue/?line=1")
    ticket.refresh_from_db()
    assert ticket.assignee == stage.olga


def test_nobody_is_led_to_another_site_after_a_deed(olga: Client, stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)

    answer = olga.post(f"/desk/tickets/{ticket.pk}/take/", {"next": "https://evil.example/"})

    assert answer["Location"] == f"/desk/tickets/{ticket.pk}/"


@pytest.mark.parametrize("cursor", ["x", "-", "1-", "99999999999999999999-1", "1-1' OR 1=1", "-5"])
def test_a_cursor_that_is_none_begins_at_the_beginning(olga: Client, stage: SimpleNamespace, cursor: str) -> None:
    ticket = cast.ticket(stage)

    assert numbers(olga.get("/desk/queue/", {"cursor": cursor}).content) in ([ticket.pk], [])
    assert olga.get("/desk/queue/", {"cursor": cursor}).status_code == 200


def test_what_nobody_has_for_five_minutes_is_red(
    stage: SimpleNamespace, olga: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = cast.ticket(stage)
    hot = '<span class="trunc">Unassigned</span><span class="count hot">1</span>'

    Ticket.objects.filter(pk=ticket.pk).update(created_at=MONDAY_TEN - timedelta(minutes=4))
    assert hot not in olga.get("/desk/queue/").content.decode()
    Ticket.objects.filter(pk=ticket.pk).update(created_at=MONDAY_TEN - timedelta(minutes=6))
    assert hot in olga.get("/desk/queue/").content.decode()


def test_the_sidebar_leads_only_to_pages_that_are_there(
    stage: SimpleNamespace, signed_in: Callable[[Person], Client]
) -> None:
    for person in (stage.olga, stage.lev, stage.maria, stage.anna, stage.adam):
        browser = signed_in(person)
        page = browser.get("/desk/menu/").content.decode()
        for address in set(re.findall(r'class="nav" href="([^"]+)"', page)):
            assert browser.get(address.replace("&amp;", "&")).status_code == 200, (person.login, address)


def test_a_filter_says_the_name_and_not_the_slug_and_can_be_taken_away(olga: Client, stage: SimpleNamespace) -> None:
    html = olga.get("/desk/queue/?client=north&assignee=nadia&status=waiting").content.decode()

    for words in ("<b>Север-Логистик</b>", "<b>Надя Орлова</b>", "<b>waiting</b>"):
        assert words in html
    assert 'href="/desk/queue/?status=waiting&amp;client=north"' in html
