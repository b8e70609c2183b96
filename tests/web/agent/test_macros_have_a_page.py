"""Macros on pages: made without a script, tried before they are kept, run on one ticket and on many, and undone."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from firstline.tickets import lifecycle, macros
from firstline.tickets.macro_models import Macro
from firstline.tickets.models import Ticket
from tests import cast
from tests.web.conftest import MONDAY_TEN

WAIT = {"deed": "wait", "for": "client", "reason": "?"}
TWO = {"name.en": "Jam", "steps.0.deed": "take", "steps.1.deed": "tag", "steps.1.tag": "тонер"}


def kept(stage: SimpleNamespace, *steps: dict[str, Any]) -> Macro:
    return macros.save(stage.olga, names={"en": "Jam"}, steps=steps or [{"deed": "take"}, {"deed": "tag", "tag": "x"}])


def test_the_form_grows_a_step_at_a_time_and_is_kept(olga: Client) -> None:
    grown = olga.post("/desk/macros/editing/", {"name.en": "Jam", "do": "add", "deed": "wait"}).content.decode()
    assert 'name="steps.0.reason"' in grown
    assert 'value="Jam"' in grown
    assert not Macro.objects.exists()
    moved = olga.post("/desk/macros/editing/", {**TWO, "do": "up.1"}).content.decode()
    assert moved.index('value="тонер"') < moved.index('name="steps.1.deed" value="take"')
    gone = olga.post("/desk/macros/editing/", {**TWO, "do": "remove.0"}).content.decode()
    assert "steps.1.deed" not in gone
    assert olga.post("/desk/macros/saving/", TWO).status_code == 302
    assert [one["deed"] for one in Macro.objects.get().steps] == ["take", "tag"]


def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(olga: Client) -> None:
    answer = olga.post("/desk/macros/saving/", {**TWO, "steps.1.tag": "", "name.ru": "Замятие"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'name="steps.1.tag"[^>]* aria-invalid="true"', page)
    assert 'value="Замятие"' in page
    nameless = olga.post("/desk/macros/saving/", {"steps.0.deed": "take"})
    assert nameless.status_code == 422
    assert 'role="alert"' in nameless.content.decode()


def test_the_form_is_tried_on_a_ticket_before_it_is_kept(olga: Client, stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    sent = {**TWO, "steps.2.deed": "resume", "steps.3.deed": "hand_over", "steps.3.line": "1",
            "steps.3.because": "access", "do": "try", "on": str(ticket.pk)}  # fmt: skip
    page = olga.post("/desk/macros/editing/", sent).content.decode()
    assert page.count("is-done") == 3
    assert page.count("is-refused") == 1
    assert "The ticket is on this line already" in page
    assert Ticket.objects.get(pk=ticket.pk).assignee is None
    unknown = olga.post("/desk/macros/editing/", {**sent, "on": "999999"})
    assert unknown.status_code == 422


def test_it_is_chosen_looked_at_and_run_on_a_ticket(olga: Client, stage: SimpleNamespace) -> None:
    ticket, macro = cast.ticket(stage), kept(stage)
    assert f'value="{macro.pk}"' in olga.get(f"/desk/tickets/{ticket.pk}/macros/").content.decode()
    look = olga.get(f"/desk/tickets/{ticket.pk}/macros/{macro.pk}/").content.decode()
    assert look.count("is-done") == 2
    page = olga.post(f"/desk/tickets/{ticket.pk}/macros/", {"macro": macro.pk, "seen": ticket.version}, follow=True)
    assert "“Jam” is done." in page.content.decode()
    assert "(macro “<b>Jam</b>”)" in page.content.decode()
    assert Ticket.objects.get(pk=ticket.pk).tags == ["x"]


def test_a_run_that_stopped_says_what_was_done_and_what_was_not(olga: Client, stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    macro = kept(stage, {"deed": "take"}, {"deed": "resolve", "how": "ок"}, WAIT)
    page = olga.post(f"/desk/tickets/{ticket.pk}/macros/", {"macro": macro.pk}, follow=True).content.decode()
    assert "Done: Take; Resolve. Not done: Wait for client or vendor: the client." in page
    assert "cannot be set to waiting" in page


def test_many_get_it_and_all_of_it_is_undone(olga: Client, stage: SimpleNamespace) -> None:
    three = [cast.ticket(stage, subject=f"n{n}") for n in range(3)]
    macro = kept(stage, {"deed": "take"}, {"deed": "priority", "priority": "1"}, WAIT)
    lifecycle.cancel(three[2], why="не нужно", by=stage.olga, at=MONDAY_TEN)
    sent = {"deed": "macro", "macro": macro.pk, "ticket": [str(one.pk) for one in three]}
    page = olga.post("/desk/queue/deeds/", sent, follow=True).content.decode()
    assert "The macro is done: 2" in page
    assert "Could not be: 1" in page
    events = re.findall(r'name="event" value="([0-9:]+)"', page)
    assert len(events) == 2
    olga.post("/desk/queue/undo/", {"event": events})
    found = Ticket.objects.filter(pk__in=[one.pk for one in three[:2]]).values_list("assignee", "priority", "status")
    assert set(found) == {(None, 3, "in_progress")}


def test_a_stop_on_the_way_is_said_for_each_ticket_and_can_be_undone_too(olga: Client, stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    macro = kept(stage, {"deed": "tag", "tag": "x"}, {"deed": "hand_over", "line": "1", "because": "access"})
    sent = {"deed": "macro", "macro": macro.pk, "ticket": [str(ticket.pk)]}
    page = olga.post("/desk/queue/deeds/", sent, follow=True).content.decode()
    assert "Done: Tag: x. Not done: Hand over: line 1" in page
    events = re.findall(r'name="event" value="([0-9:]+)"', page)
    olga.post("/desk/queue/undo/", {"event": events})
    assert Ticket.objects.get(pk=ticket.pk).tags == []


def test_no_way_back_is_offered_where_a_client_heard_of_it(olga: Client, stage: SimpleNamespace) -> None:
    macro = kept(stage, {"deed": "take"}, {"deed": "reply", "text": "Смотрим."})
    sent = {"deed": "macro", "macro": macro.pk, "ticket": [str(cast.ticket(stage).pk)]}
    page = olga.post("/desk/queue/deeds/", sent, follow=True).content.decode()
    assert "The macro is done: 1" in page
    assert 'name="event"' not in page


def test_no_macro_chosen_is_said(olga: Client, stage: SimpleNamespace) -> None:
    answer = olga.post("/desk/queue/deeds/", {"deed": "macro", "macro": "", "ticket": [str(cast.ticket(stage).pk)]})
    assert answer.status_code == 422


def test_one_that_is_taken_away_comes_back(olga: Client, stage: SimpleNamespace) -> None:
    macro = kept(stage)
    page = olga.post(f"/desk/macros/{macro.pk}/removal/", follow=True).content.decode()
    assert f"/desk/macros/{macro.pk}/return/" in page
    assert "No macros yet" in page
    olga.post(f"/desk/macros/{macro.pk}/return/")
    assert "Jam" in olga.get("/desk/macros/").content.decode()


@pytest.mark.parametrize("typed", ["jam", "ofv"])
def test_the_palette_leads_to_what_it_would_do(olga: Client, stage: SimpleNamespace, typed: str) -> None:
    ticket, macro = cast.ticket(stage), kept(stage)
    if typed == "ofv":  # the same keys in another layout are compared too
        typed = "офь"
    asked = {"at": f"/desk/tickets/{ticket.pk}/", "q": typed}
    assert f"/desk/tickets/{ticket.pk}/macros/{macro.pk}/" in olga.get("/desk/palette/", asked).content.decode()


def test_the_bar_of_the_queue_asks_for_them_only_when_it_is_opened(olga: Client, stage: SimpleNamespace) -> None:
    macro = kept(stage)
    cast.ticket(stage)
    assert "Jam" not in olga.get("/desk/queue/").content.decode()
    assert f'<option value="{macro.pk}">Jam</option>' in olga.get("/desk/macros/choices/").content.decode()
