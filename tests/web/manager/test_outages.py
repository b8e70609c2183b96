"""An outage is recorded, shown to the clients it touches, ended; availability counts it unless it is excused."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.audit.models import Row
from firstline.contracts.models import Outage
from firstline.lib import clock
from tests import cast

pytestmark = pytest.mark.django_db
TYPED = {
    "kind": "outage", "clients": ["north"], "services": ["printing"], "announced": "on",
    "starts_at": "2026-03-02T10:20",
    "words_ru": "Не работает печать на третьем этаже", "words_en": "Printing is down on the third floor",
}  # fmt: skip


@pytest.fixture
def s(client: Client) -> SimpleNamespace:
    stage = cast.stage()
    client.force_login(stage.olga)
    return stage


def portal_of(person: object) -> str:
    browser = Client()
    browser.force_login(person)  # type: ignore[arg-type]
    return browser.get("/portal/").content.decode()


def test_what_is_recorded_is_shown_to_whom_it_touches_and_to_nobody_else(client: Client, s: SimpleNamespace) -> None:
    assert client.post("/desk/outages/new/", TYPED)["Location"] == "/desk/outages/"

    assert "Не работает печать на третьем этаже" in portal_of(s.ivan)
    assert "Не работает печать" not in portal_of(s.stoyan)
    browser = Client()
    browser.force_login(s.ivan)
    assert "Не работает печать на третьем этаже" in browser.get("/portal/new/").content.decode()
    assert Row.objects.filter(action="outage recorded").exists()


def test_it_is_over_when_somebody_says_so_and_is_shown_no_more(client: Client, s: SimpleNamespace) -> None:
    client.post("/desk/outages/new/", TYPED)
    row = Outage.objects.get()

    client.post(f"/desk/outages/{row.pk}/end/")

    row.refresh_from_db()
    assert row.ends_at is not None
    assert "Не работает печать" not in portal_of(s.ivan)
    assert "Не работает печать" in client.get("/desk/outages/").content.decode()


def test_what_is_hidden_again_is_not_shown(client: Client, s: SimpleNamespace) -> None:
    client.post("/desk/outages/new/", TYPED)
    row = Outage.objects.get()
    client.post(f"/desk/outages/{row.pk}/announcement/")
    assert "Не работает печать" not in portal_of(s.ivan)
    client.post(f"/desk/outages/{row.pk}/announcement/", {"shown": "on"})
    assert "Не работает печать" in portal_of(s.ivan)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"starts_at": "вчера"}, "starts-problem"),
        ({"ends_at": "2026-03-02T10:00"}, "ends-problem"),
        ({"kind": "planned"}, "ends-problem"),
        ({"clients": ["east"]}, "clients-problem"),
        ({"services": ["none"]}, "services-problem"),
    ],
)
def test_what_was_typed_wrongly_comes_back_with_what_is_wrong(
    client: Client, s: SimpleNamespace, wrong: dict[str, str], field: str
) -> None:
    refused = client.post("/desk/outages/new/", {**TYPED, **wrong})
    assert refused.status_code == 422
    assert field in refused.content.decode()
    assert "Printing is down on the third floor" in refused.content.decode()
    assert not Outage.objects.exists()


def test_planned_work_is_announced_ahead(client: Client, s: SimpleNamespace) -> None:
    begin = clock.now() + timedelta(days=2)
    client.post(
        "/desk/outages/new/",
        {**TYPED, "kind": "planned", "starts_at": f"{begin:%Y-%m-%dT%H:%M}", "ends_at": f"{begin:%Y-%m-%d}T23:59"},
    )
    assert "Не работает печать на третьем этаже" in portal_of(s.ivan)


def test_only_who_answers_for_the_numbers_excuses(client: Client, s: SimpleNamespace) -> None:
    row = Outage.objects.create(slug="x", starts_at=cast.MONDAY_NINE, ends_at=cast.MONDAY_NINE + timedelta(hours=1))
    row.clients.add(s.north)
    assert client.post(f"/desk/outages/{row.pk}/excuse/", {"excused": "on"}).status_code == 403
    client.force_login(s.maria)
    client.post(f"/desk/outages/{row.pk}/excuse/", {"excused": "on"})
    row.refresh_from_db()
    assert row.excused
