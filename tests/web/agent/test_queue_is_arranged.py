"""The queue in the groups and the order that somebody chose: every ticket once, whatever the arrangement; counts that
are true; kept with the person, in a view, in the address."""

from __future__ import annotations

import itertools
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from copy import copy
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.contracts.terms import FAR_AHEAD
from firstline.people.models import Person
from firstline.tickets import arranged, saved_views
from firstline.tickets.models import Ticket
from tests import cast
from tests.web.conftest import MONDAY_TEN

COUNT = re.compile(r'class="grp">.*?</span>([^<]*) <span class="count">([0-9+]+)</span>', re.DOTALL)


@pytest.fixture
def many(stage: SimpleNamespace) -> list[Ticket]:
    """Sixty open tickets, so that a page ends in the middle of something, and two that are done."""
    clients, people = (stage.north, stage.south, None), (None, stage.olga, stage.nadia)
    first, made = cast.ticket(stage), list[Ticket]()
    for number in range(62):
        one = copy(first)
        one.pk, one.subject = first.pk + number, f"n{number}"
        one.client, one.assignee = clients[number % 3], people[number % 2 + (number % 7 == 0)]
        one.service = (stage.printing, stage.network, None)[number % 3]
        one.priority, one.line, one.rank = number % 4 + 1, number % 3 + 1, float(number % 5)
        one.status = ("new", "in_progress", "waiting_for_client")[number % 3] if number < 60 else "cancelled"
        one.is_open = number < 60
        one.queue_at = FAR_AHEAD if number % 6 == 0 else MONDAY_TEN + timedelta(minutes=37 * (number % 50) - 300)
        one.created_at = one.updated_at = MONDAY_TEN - timedelta(minutes=number % 9)
        made.append(one)
    made[0].save()
    Ticket.objects.bulk_create(made[1:])
    return made


def pages(browser: Client, address: str) -> list[str]:
    found = []
    while address:
        found.append(browser.get(address).content.decode())
        following = re.search(r'href="([^"]+)" rel="next"', found[-1])
        address = following[1].replace("&amp;", "&") if following else ""
    return found


@pytest.mark.parametrize(("group", "order"), list(itertools.product(arranged.GROUPS, arranged.ORDERS)))
def test_every_ticket_stands_there_once_and_in_its_group(
    olga: Client, many: list[Ticket], group: str, order: str
) -> None:
    shown = pages(olga, f"/desk/queue/?group={group}&order={order}")
    numbers = [int(one) for page in shown for one in re.findall(r'id="t([0-9]+)" data-row', page)]
    assert len(shown) == 2
    assert sorted(numbers) == sorted(one.pk for one in many if one.is_open)


def test_a_group_that_goes_on_is_counted_whole_on_both_pages(olga: Client, many: list[Ticket]) -> None:
    first, second = pages(olga, "/desk/queue/?group=line&order=number")
    said = dict(COUNT.findall(first)) | dict(COUNT.findall(second))
    assert {words.strip(): int(count) for words, count in said.items()} == {"Line 1": 20, "Line 2": 20, "Line 3": 20}
    assert dict(COUNT.findall(first))["Line 3"] == dict(COUNT.findall(second))["Line 3"]


def test_groups_stand_in_an_order_that_people_expect(olga: Client, many: list[Ticket]) -> None:
    titles = [words.strip() for words, _count in COUNT.findall(pages(olga, "/desk/queue/?group=priority&order=due")[0])]
    assert titles == ["Critical", "High", "Medium", "Low"]
    titles = [words.strip() for words, _count in COUNT.findall(pages(olga, "/desk/queue/?group=assignee&order=due")[0])]
    assert titles[0] == "Unassigned"


def test_it_is_kept_with_the_person_and_the_address_goes_before(
    olga: Client, stage: SimpleNamespace, many: list[Ticket]
) -> None:
    olga.post("/desk/queue/order/", {"group": "client", "order": "created"})
    assert Person.objects.filter(pk=stage.olga.pk).values_list("queue_group", "queue_order").get() == (
        "client", "created",
    )  # fmt: skip
    assert "Север-Логистик" in [
        words.strip() for words, _count in COUNT.findall(olga.get("/desk/queue/").content.decode())
    ]
    assert "Line 1" in dict(COUNT.findall(olga.get("/desk/queue/?group=line").content.decode()))
    assert olga.post("/desk/queue/order/", {"group": "mood", "order": ""}).status_code == 422


def test_a_view_has_its_own(olga: Client, stage: SimpleNamespace, many: list[Ticket]) -> None:
    asked = {"name": "По линиям", "asked": "priority=1&group=line&order=number", "pin": "1"}
    olga.post("/desk/views/new/", asked)
    view = saved_views.visible_to(stage.olga).get()
    assert view.asked == {"priority": "1", "group": "line", "order": "number"}
    assert "Line 1" in dict(COUNT.findall(olga.get(f"/desk/queue/?view={view.pk}").content.decode()))
    edited = olga.post("/desk/queue/order/", {"group": "status", "order": "due", "view": view.pk}, follow=True)
    page = edited.content.decode()
    assert "Save in “По линиям”" in page
    sent = re.search(r'name="asked" value="([^"]+)"', page)
    assert sent is not None
    olga.post(f"/desk/views/{view.pk}/", {"asked": sent[1].replace("&amp;", "&")})
    view.refresh_from_db()
    assert view.asked == {"priority": "1", "group": "status", "order": "due"}


def test_a_view_that_matches_everything_and_a_cursor_of_nothing_are_no_harm(olga: Client, many: list[Ticket]) -> None:
    for cursor in ("x", "W10", "bnVsbA", "W1sidCIsIjIwMjYiXV0", "9" * 3000):
        page = olga.get(f"/desk/queue/?group=client&order=created&cursor={cursor}")
        assert page.content.decode().count("data-row>") == 50
    assert olga.get("/desk/queue/?status=any&group=client&order=created").status_code == 200


def test_a_cursor_is_good_for_its_own_arrangement_alone(olga: Client, many: list[Ticket]) -> None:
    """Whoever changes the order in the address with the place of another one in it begins at the beginning."""
    first = olga.get("/desk/queue/?group=none&order=client").content.decode()
    found = re.search(r'cursor=([^"&]+)', first)
    assert found is not None
    forged = urlsafe_b64encode(b'[["v", 5], ["v", 7]]').decode().rstrip("=")
    for order, cursor in itertools.product(("created", "priority", "activity"), (found[1], found[1][:-1], forged)):
        address = f"/desk/queue/?group=none&order={order}"
        begun, asked = (olga.get(one).content.decode() for one in (address, f"{address}&cursor={cursor}"))
        assert re.findall(r'id="t(\d+)"', asked) == re.findall(r'id="t(\d+)"', begun)


def test_the_statements_are_as_few_as_ever(
    olga: Client, many: list[Ticket], django_assert_max_num_queries: Callable[..., object]
) -> None:
    olga.get("/desk/queue/")
    for group, order in (("client", "created"), ("due", "cost"), ("none", "activity")):
        with django_assert_max_num_queries(12):
            olga.get(f"/desk/queue/?group={group}&order={order}")
