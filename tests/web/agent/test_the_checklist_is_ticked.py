"""The checklist beside the ticket, by page and API; the manager writes it on the service's page."""

from __future__ import annotations

from types import SimpleNamespace

from django.test import Client

from firstline.contracts.checklist import items_of
from firstline.imports import export
from firstline.tickets.models import Event, Kind
from tests import cast

TEXTS = {"en": "Check the toner\n! Print a test page"}


def a_ticket(stage: SimpleNamespace) -> str:
    stage.printing.checklist = TEXTS
    stage.printing.save()
    return f"/desk/tickets/{cast.ticket(stage, service=stage.printing).pk}/"


def test_an_item_is_ticked_beside_the_ticket_without_a_script(olga: Client, stage: SimpleNamespace) -> None:
    address = a_ticket(stage)
    assert f'hx-get="{address}checklist/"' in olga.get(address).content.decode()
    key = items_of(TEXTS)[0].key
    assert olga.post(f"{address}checklist/", {"item": key, "done": "1"}).status_code == 302
    shown = olga.get(f"{address}checklist/").content.decode()
    assert "Done: 1 of 2" in shown
    assert shown.count('aria-checked="true"') == 1
    assert stage.olga.name in shown
    part = olga.post(f"{address}checklist/", {"item": key, "done": "0"}, headers={"HX-Request": "true"})
    assert 'aria-checked="true"' not in part.content.decode()
    assert "ticked: <b>Check the toner</b>" in olga.get(address).content.decode()
    assert Event.objects.filter(kind=Kind.UNTICKED).count() == 1


def test_solving_is_refused_in_words_until_it_is_ticked(olga: Client, stage: SimpleNamespace) -> None:
    address = a_ticket(stage)
    refused = olga.post(f"{address}resolution/", {"how": "done", "remote": "1"})
    assert refused.status_code == 422
    assert "only after these items of its checklist: Print a test page" in refused.content.decode()


def test_a_ticket_whose_service_has_none_shows_none(olga: Client, stage: SimpleNamespace) -> None:
    page = olga.get(f"/desk/tickets/{cast.ticket(stage, service=stage.network).pk}/").content.decode()
    assert "checklist/" not in page


def test_the_file_takes_it_along(stage: SimpleNamespace) -> None:
    a_ticket(stage)
    rows = {row["slug"]: row for row in export.EXPORTED["service"]()}
    assert rows["printing"]["checklist"] == TEXTS
    assert "checklist" not in rows["network"]
