"""An account manager records, ends and excuses outages, and sees what they come to under the contracts of a client."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.contracts.models import Indicator, Outage
from tests import cast

pytestmark = pytest.mark.django_db
# The contract's calendar: Monday to Friday, 9 to 18 in Moscow; the 2nd of March 2026 is a Monday.
TYPED = {"kind": "outage", "clients": ["north"], "starts_at": "2026-03-02T10:00", "ends_at": "2026-03-02T11:00"}


@pytest.fixture
def s(client: Client, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    stage = cast.stage()
    stage.maria.language = stage.anna.language = "en"
    stage.anna.save(update_fields=["language"])
    monkeypatch.setattr("firstline.lib.clock.now", lambda: cast.MONDAY_NINE + timedelta(hours=10))
    client.force_login(stage.anna)
    return stage


def shown(client: Client, of: str = "?client=north") -> str:
    return client.get(f"/desk/outages/{of}").content.decode().replace("\xa0", " ")


def test_she_records_one_and_sees_what_it_costs_of_the_availability(client: Client, s: SimpleNamespace) -> None:
    Indicator.objects.create(version=s.version, kind="availability", goal="99.95", period="month")
    assert "100.00 %" in shown(client)
    assert client.post("/desk/outages/new/", TYPED).status_code == 302

    page = shown(client)
    assert "88.88 %" in page  # an hour of the nine that have passed: never rounded up, as many digits as the goal
    assert "1 h of 9 h out of order" in page
    assert "at least 99.95 %" in page
    assert "missed" in page


def test_what_she_excuses_counts_no_more(client: Client, s: SimpleNamespace) -> None:
    client.post("/desk/outages/new/", TYPED)
    row = Outage.objects.get()
    assert "88.8 %" in shown(client)

    back = client.post(f"/desk/outages/{row.pk}/excuse/", {"excused": "on", "client": "north"})

    assert back["Location"] == "/desk/outages/?client=north"
    assert "100.0 %" in shown(client)


def test_a_client_narrows_the_list_to_what_touches_him(client: Client, s: SimpleNamespace) -> None:
    client.post("/desk/outages/new/", {**TYPED, "words_en": "Printing is down"})
    client.post("/desk/outages/new/", {**TYPED, "clients": [], "words_en": "The whole net is down"})

    assert "Printing is down" in shown(client)
    other = shown(client, "?client=south")
    assert "Printing is down" not in other
    assert "The whole net is down" in other
    assert client.get("/desk/outages/?client=nobody").status_code == 404


def test_who_may_not_see_contracts_sees_no_availability(client: Client, s: SimpleNamespace) -> None:
    client.force_login(s.olga)
    assert 'class="num nowrap"' not in shown(client)
