"""The queue's columns: which and in which order somebody chose, kept with him, in a view, in the address."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstline.people import preferences, queue_columns
from firstline.people.models import Person
from firstline.tickets import saved_views
from tests import cast

HEADS = re.compile(r'<th scope="col">([^<]*)</th>')
USUAL = ["Tick", "Priority", "Number", "Status", "Subject", "Client", "Line", "Due", "Assignee", "Updated"]


def heads(browser: Client, address: str = "/desk/queue/") -> list[str]:
    return HEADS.findall(browser.get(address).content.decode())


def test_everybody_has_the_usual_ones(olga: Client, stage: SimpleNamespace) -> None:
    cast.ticket(stage)
    assert heads(olga) == USUAL


def test_what_is_chosen_is_kept_in_its_order(olga: Client, stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage, service=stage.printing)
    columns = ["number", "subject", "service", "requester", "type", "created", "due"]
    olga.post("/desk/queue/order/", {"group": "", "order": "", "column": columns})
    assert Person.objects.get(pk=stage.olga.pk).queue_columns == columns
    assert heads(olga) == ["Tick", "Number", "Subject", "Service", "Requester", "Type", "Created", "Due"]
    page = olga.get("/desk/queue/").content.decode()
    row = page[page.index(f'id="t{ticket.pk}"') :]
    assert "Printing" in row
    assert ticket.requester.name in row
    assert row.index("x-id") < row.index("x-sj") < row.index("Printing") < row.index("x-sla")
    # A phone's card has all its cells, whatever is chosen.
    assert all(f'class="{cell}' in row for cell in ("x-pr", "x-cl", "x-as", "x-up"))
    assert 'class="q no-x-pr' in page


def test_a_column_is_moved_without_a_script_and_everything_can_go_back(olga: Client, stage: SimpleNamespace) -> None:
    cast.ticket(stage)
    olga.post("/desk/queue/order/", {"column": list(queue_columns.DEFAULT), "move": "up.due"})
    assert heads(olga)[6:8] == ["Due", "Line"]
    olga.post("/desk/queue/order/", {"column": ["due", "subject"], "columns": "default"})
    assert Person.objects.get(pk=stage.olga.pk).queue_columns == []
    assert heads(olga) == USUAL


def test_the_address_goes_before_and_unknown_words_are_no_wish(olga: Client, stage: SimpleNamespace) -> None:
    cast.ticket(stage)
    assert heads(olga, "/desk/queue/?columns=due,mood,due") == ["Tick", "Subject", "Due"]
    assert heads(olga, "/desk/queue/?columns=mood") == USUAL
    assert heads(olga, "/desk/queue/?group=client&order=created&columns=category,subject,team") == [
        "Tick", "Category", "Subject", "Team",
    ]  # fmt: skip
    assert heads(olga, "/desk/queue/?status=any&columns=subject,created") == ["Tick", "Subject", "Created"]


def test_a_view_has_its_own_columns(olga: Client, stage: SimpleNamespace) -> None:
    cast.ticket(stage)
    olga.post("/desk/views/new/", {"name": "Узко", "asked": "line=1&columns=number,subject"})
    view = saved_views.visible_to(stage.olga).get()
    assert heads(olga, f"/desk/queue/?view={view.pk}") == ["Tick", "Number", "Subject"]
    edited = olga.post("/desk/queue/order/", {"column": ["subject", "team"], "view": view.pk}, follow=True)
    page = edited.content.decode()
    assert HEADS.findall(page) == ["Tick", "Subject", "Team"]
    assert "Save in “Узко”" in page
    assert Person.objects.get(pk=stage.olga.pk).queue_columns == []


@pytest.mark.parametrize("columns", [",".join(queue_columns.DEFAULT), ",".join(queue_columns.COLUMNS)])
def test_no_choice_costs_a_statement_more(olga: Client, stage: SimpleNamespace, columns: str) -> None:
    for _number in range(3):
        cast.ticket(stage, service=stage.printing)
    olga.get("/desk/queue/")
    with CaptureQueriesContext(
        connection,
    ) as usual:
        olga.get("/desk/queue/")
    with CaptureQueriesContext(connection) as chosen:
        olga.get(f"/desk/queue/?columns={columns}")
    assert len(chosen) == len(usual) <= 12


def test_what_nobody_knows_is_refused_where_it_would_be_kept(stage: SimpleNamespace) -> None:
    with pytest.raises(preferences.WrongPreference):
        preferences.prefer(stage.olga, queue_columns=["subject", "mood"])


def test_a_column_at_the_end_stays_there() -> None:
    assert queue_columns.moved(("subject", "due"), "due", 1) == ("subject", "due")
    assert queue_columns.moved(("subject", "due"), "due", -1) == ("due", "subject")
