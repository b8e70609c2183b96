"""The queue as it is opened most says what the queue says whatever is asked of it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.people.models import Person
from firstline.tickets import attention, drafts, lifecycle, lists
from firstline.tickets.lists import Filters
from firstline.tickets.models import Ticket
from firstline.web.agent import queue, usual_queue
from tests import cast
from tests.web.conftest import MONDAY_TEN

COLUMNS = ("version", "subject", "assignee_id")
ASKED = [Filters(), Filters(line="1"), Filters(line="2"), Filters(mine="1"), Filters(line="1", mine="1")]
HOUR, TONIGHT = MONDAY_TEN + timedelta(hours=1), MONDAY_TEN + timedelta(hours=14)


def filled() -> SimpleNamespace:
    """Tickets of several clients and of none, on two lines, due at different times, of which some are somebody's."""
    stage = cast.stage()
    nobodys = cast.person("stranger", "Незнакомец", "requester")
    for number, requester in enumerate((stage.ivan, stage.kira, stage.stoyan, stage.eve, nobodys, stage.ivan)):
        ticket = cast.ticket(stage, requester=requester)
        at = MONDAY_TEN + timedelta(minutes=40 * number - 60)
        Ticket.objects.filter(pk=ticket.pk).update(queue_at=at, line=1 + number % 2)
    mine = Ticket.objects.filter(requester=stage.ivan).earliest("pk")
    lifecycle.take(mine, by=stage.olga, at=MONDAY_TEN)
    drafts.save(stage.olga, mine, "reply", "Проверьте кабель", at=MONDAY_TEN)
    attention.look(stage.olga, mine, seen=mine.version, writes=True, at=MONDAY_TEN)
    return stage


@pytest.mark.django_db
def test_for_everybody_it_is_the_page_and_the_counts_that_are_put_into_words_each_time() -> None:
    filled()
    shown = 0
    for _again in range(2):  # the second time in words that were made for somebody alike
        for person in Person.objects.filter(role__in=["agent", "lead", "manager", "admin"]):
            for asked in ASKED:
                beside = queue._beside(person, MONDAY_TEN)
                page = usual_queue.page(person, asked, COLUMNS, MONDAY_TEN, queue._beside)
                assert page == lists.page(person, asked, "", COLUMNS, more=beside), (person.login, asked)
                counts = usual_queue.counts(person, asked, MONDAY_TEN, TONIGHT)
                found = [row["queue_at"] for row in page.rows]
                assert counts["all"] == len(found)
                assert counts["overdue"] == len([at for at in found if at <= MONDAY_TEN])
                assert counts["hour"] == len([at for at in found if MONDAY_TEN < at <= HOUR])
                shown += len(found)
    assert shown > 20


@pytest.mark.django_db
def test_the_page_ends_where_there_is_more_and_says_where_to_go_on() -> None:
    stage = filled()
    one = Ticket.objects.earliest("pk")
    Ticket.objects.bulk_create(
        Ticket(
            subject=f"Заявка {n}", requester=stage.ivan, client=stage.north, channel="email", version=one.version,
            queue_at=MONDAY_TEN + timedelta(minutes=n), created_at=MONDAY_TEN, updated_at=MONDAY_TEN,
        )
        for n in range(lists.PAGE)
    )  # fmt: skip
    whole = next(one for one in Person.objects.filter(is_active=True) if one.is_agent and one.sees_all_clients)
    page = usual_queue.page(whole, Filters(), COLUMNS, MONDAY_TEN, queue._beside)
    assert len(page.rows) == lists.PAGE
    rest = lists.page(whole, Filters(), page.next_cursor, COLUMNS)
    assert not {row["id"] for row in page.rows} & {row["id"] for row in rest.rows}
    assert len(page.rows) + len(rest.rows) == Ticket.objects.filter(is_open=True).count()


@pytest.mark.django_db
def test_it_costs_one_statement_each() -> None:
    stage = filled()
    for _again in range(2):
        with CaptureQueriesContext(connection) as asked:
            usual_queue.page(stage.olga, Filters(line="1"), COLUMNS, MONDAY_TEN, queue._beside)
            usual_queue.counts(stage.olga, Filters(line="1"), MONDAY_TEN, TONIGHT)
        assert len(asked) == 2


@pytest.mark.parametrize(
    ("asked", "usual"),
    [
        (Filters(), True), (Filters(line="3", mine="1"), True), (Filters(line="9"), False), (Filters(q="1"), False),
        (Filters(status="any"), False), (Filters(client="north"), False), (Filters(mine="olga"), False),
    ],
)  # fmt: skip
def test_usual_is_what_has_few_forms(asked: Filters, usual: bool) -> None:
    assert usual_queue.is_usual(asked) == usual
