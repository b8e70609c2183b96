"""Saved views on the desk: kept from the filters, in the sidebar with a count, changed, gone."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstline.people.models import Person
from firstline.tickets import saved_views
from firstline.tickets.lists import Filters
from firstline.tickets.view_models import SavedView
from tests import cast
from tests.web.agent.test_queue_shows_what_is_due_first import numbers


def saved(browser: Client, asked: str = "priority=1", **more: str) -> str:
    sent = {"name": "Срочные", "asked": asked, "shared": "nobody", "pin": "1", **more}
    return browser.post("/desk/views/new/", sent, follow=True).content.decode()


def test_filters_are_kept_under_a_name_and_stand_in_the_sidebar_with_their_count(
    olga: Client, stage: SimpleNamespace
) -> None:
    urgent = cast.ticket(stage, impact="high", urgency="high")
    cast.ticket(stage)
    assert "Save as a view" in olga.get("/desk/queue/?priority=1").content.decode()

    html = saved(olga)

    view = SavedView.objects.get()
    assert f"<h1>{view.name}</h1>" in html
    assert numbers(html.encode()) == [urgent.pk]
    assert f'href="/desk/queue/?view={view.pk}" aria-current="page"' in html
    assert "Save as a view" not in html
    assert f"priority=1&amp;from={view.pk}" not in html  # taking its one filter away leads to everything
    assert f'href="/desk/queue/?from={view.pk}"' in html


def test_what_was_changed_from_a_view_can_be_kept_in_it(olga: Client, stage: SimpleNamespace) -> None:
    saved(olga)
    view = SavedView.objects.get()
    html = olga.get(f"/desk/queue/?priority=2&from={view.pk}").content.decode()
    assert "Save in “Срочные”" in html
    olga.post(f"/desk/views/{view.pk}/", {"asked": "priority=2"})
    view.refresh_from_db()
    assert (view.asked, view.name) == ({"priority": "2"}, "Срочные")


def test_a_bookmark_of_a_view_that_is_gone_says_so_and_shows_what_is_open(olga: Client, stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    for number in ("999999", "x", "1" * 40):
        answer = olga.get(f"/desk/queue/?view={number}")
        assert answer.status_code == 200
        toast = answer.content.decode().split('id="toasts"')[1].split("This view is gone")[0]
        assert "triangle-alert" in toast
        assert "circle-check" not in toast  # nothing went well
        assert numbers(answer.content) == [ticket.pk]
    olga.get("/desk/queue/?view=999999", headers={"HX-Request": "true"})  # a live update of that list
    assert "This view is gone" not in olga.get(f"/desk/tickets/{ticket.pk}/").content.decode()


def test_everybody_sees_in_it_only_what_he_may_see(
    stage: SimpleNamespace, signed_in: Callable[[Person], Client], at: object
) -> None:
    view = saved_views.save(stage.lev, name="Все", asked=Filters(status="any"), shared="everybody")
    north, south = cast.ticket(stage), cast.ticket(stage, requester=stage.stoyan)
    shown = {who.login: set(numbers(signed_in(who).get(f"/desk/queue/?view={view.pk}").content))
             for who in (stage.petra, stage.olga)}  # fmt: skip
    assert shown == {"petra": {south.pk}, "olga": {north.pk, south.pk}}


def test_the_list_of_views_pins_renames_and_takes_away(olga: Client, stage: SimpleNamespace) -> None:
    saved(olga, pin="")
    view = SavedView.objects.get()
    assert "Priority:" in olga.get("/desk/views/").content.decode()
    olga.post(f"/desk/views/{view.pk}/pin/", {"on": "1"})
    olga.post(f"/desk/views/{view.pk}/", {"name": "Горит", "shared": "team"})
    view.refresh_from_db()
    assert (view.name, view.shared, list(view.pinned_by.all())) == ("Горит", "team", [stage.olga])
    assert "is taken away" in olga.post(f"/desk/views/{view.pk}/removal/", follow=True).content.decode()
    assert "No views yet" in olga.get("/desk/views/").content.decode()


def test_how_many_fit_is_said_while_filters_are_chosen(olga: Client, stage: SimpleNamespace) -> None:
    for _ in range(3):
        cast.ticket(stage)
    assert olga.get("/desk/queue/count/?line=1").content.decode().strip() == "3 tickets fit"
    assert olga.get("/desk/queue/count/?priority=1").content.decode().strip() == "0 tickets fit"


def test_pinned_views_cost_no_statement(olga: Client, stage: SimpleNamespace) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            olga.get("/desk/queue/?line=1")
        return len(captured)

    before = statements()
    for number in range(5):
        saved_views.save(Person.objects.get(pk=stage.olga.pk), name=f"№ {number}", asked=Filters(line="1"))
    assert statements() == before


@pytest.mark.parametrize(("sent", "words"), [({"name": ""}, "Something has to stand here"),
                                             ({"shared": "x"}, "There is no such thing")])  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field(
    olga: Client, stage: SimpleNamespace, sent: dict[str, str], words: str
) -> None:
    assert words in saved(olga, **sent)
    assert not SavedView.objects.exists()
