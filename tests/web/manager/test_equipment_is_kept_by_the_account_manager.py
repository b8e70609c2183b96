"""Equipment and sites of a client: kept on pages and by API, with the same refusals, and named by what covers them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from firstline.assets.models import Equipment, Site
from firstline.audit.models import Row
from tests import cast
from tests.api.callers import Caller, fields
from tests.web.manager.test_contracts_are_kept_by_the_account_manager import signed_in

pytestmark = pytest.mark.django_db
ROOT = "/desk/equipment/"


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def test_a_thing_is_added_found_edited_and_says_what_covers_it(s: SimpleNamespace) -> None:
    browser = signed_in(s.anna)
    browser.post("/desk/sites/new/?client=north", {"names-ru": "Склад", "address": "ул. Мира, 1"})
    sent = {
        "names-ru": "Касса", "names-en": "Till", "inventory": "К-17", "serial": "SN 1", "kind": "pos",
        "site": "north-site", "remote_ids": "AnyDesk: 123 456 789\n\nrustdesk: 5",
    }  # fmt: skip
    assert browser.post(f"{ROOT}new/?client=north", sent).headers["Location"] == f"{ROOT}?client=north"
    made = Equipment.objects.get(inventory="К-17")
    assert (made.slug, made.name, made.site, made.remote_ids) == (
        "till", "Касса", Site.objects.get(), {"anydesk": "123 456 789", "rustdesk": "5"},
    )  # fmt: skip
    for words in ("касса", "К-17", "456"):
        assert "/desk/equipment/till/" in browser.get(ROOT, {"client": "north", "q": words}).content.decode()
    assert "/desk/equipment/till/" not in browser.get(ROOT, {"q": "принтер"}).content.decode()
    page = browser.get(f"{ROOT}till/").content.decode()
    assert '<a class="link" href="/desk/contracts/118-24/1/">118-24</a>' in page
    assert "anydesk: 123 456 789\nrustdesk: 5</textarea>" in page
    browser.post(f"{ROOT}till/", sent | {"remote_ids": ""})
    assert Equipment.objects.get(slug="till").remote_ids == {}
    changed = Row.objects.get(action="equipment edited").data
    assert list(changed["changed"]) == ["remote_ids"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"names-ru": ""}, "Something has to stand here."),
        ({"names-ru": "x", "inventory": "1" * 61}, "At most 60 characters."),
        ({"names-ru": "x", "remote_ids": "\n".join(f"k{n}: 1" for n in range(11))}, "At most 10 lines."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    s: SimpleNamespace, sent: dict[str, str], words: str
) -> None:
    page = signed_in(s.anna).post(f"{ROOT}new/?client=north", {"serial": "SN-9", **sent})
    assert (page.status_code, words in page.content.decode(), 'value="SN-9"' in page.content.decode()) == (
        422, True, True,
    )  # fmt: skip
    assert not Equipment.objects.exists()


def test_the_same_by_api(s: SimpleNamespace) -> None:
    anna = Caller(s.anna)
    depot = anna.post("/sites", {"client": "south", "names": {"en": "Depot"}, "slug": "depot"})
    assert (depot.status_code, depot.headers["Location"]) == (201, "/api/v1/sites/depot")
    body = {"client": "north", "names": {"ru": "Касса"}, "remote_ids": {"anydesk": "1"}}
    made = anna.post("/equipment", body, Idempotency_Key="e")
    assert (made.status_code, made.json()["slug"], made.json()["contract"]) == (201, "thing", "118-24")
    assert anna.post("/equipment", body, Idempotency_Key="e").content == made.content
    assert fields(anna.post("/equipment", body | {"slug": "thing"})) == ["slug"]
    assert fields(anna.patch("/equipment/thing", {"site": "depot"})) == ["site"], "another client's place"
    assert fields(anna.patch("/equipment/thing", {"kind": "k" * 61})) == ["kind"]
    said = anna.patch("/equipment/thing", {"serial": "SN"}).json()
    assert (said["serial"], said["remote_ids"], said["name"]) == ("SN", {"anydesk": "1"}, "Касса")
    assert anna.patch("/sites/depot", {"address": "x"}).json()["address"] == "x"
    assert [one["slug"] for one in anna.get("/sites?client=south").json()["items"]] == ["depot"]
    assert [one["slug"] for one in anna.get("/equipment?q=КАССА").json()["items"]] == ["thing"]


def test_a_lead_reads_his_clients_things_and_nobody_elses(s: SimpleNamespace) -> None:
    for client in (s.north, s.east):
        Equipment.objects.create(slug=f"till-{client.slug}", name="Till", client=client)
    lev = Caller(s.lev)
    assert [one["slug"] for one in lev.get("/equipment").json()["items"]] == ["till-north"]
    assert lev.get("/equipment/till-east").status_code == 404
    assert lev.patch("/equipment/till-north", {"serial": "1"}).status_code == 403
    browser = signed_in(s.lev)
    assert browser.post(f"{ROOT}till-north/", {"names-ru": "x"}).status_code == 403
    assert "data-guard" not in browser.get(f"{ROOT}till-north/").content.decode()


def test_many_things_are_read_page_by_page(s: SimpleNamespace, django_assert_max_num_queries: object) -> None:
    Equipment.objects.bulk_create(Equipment(slug=f"e-{n}", name=f"E {n}", client=s.north) for n in range(120))
    browser = signed_in(s.anna)
    browser.get(ROOT)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        page = browser.get(ROOT).content.decode()
    assert (page.count('class="card ct-row"'), 'rel="next"' in page) == (50, True)
