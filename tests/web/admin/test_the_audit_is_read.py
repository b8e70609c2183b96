"""The audit is found by person, thing and time, page by page; as CSV no cell of it is a formula. First steps are
computed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client as Browser

from firstline.audit import trail
from firstline.lib import clock, spreadsheets
from firstline.ops import first_run
from firstline.people import upkeep
from firstline.people.models import Person
from firstline.people.upkeep import Known
from firstline.web.admin.home import GROUPS

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Browser]


def said(s: SimpleNamespace, **more: object) -> None:
    given = {"at": clock.now(), "actor": f"person:{s.olga.pk}", "action": "person edited", "target": "client:north"}
    trail.note(**{**given, **more})  # type: ignore[arg-type]


def test_rows_are_found_by_who_what_and_when(stage: SimpleNamespace, signed_in: SignIn) -> None:
    said(stage, changed={"name": "Стало"}, before={"name": "Было"})
    said(stage, actor="system", action="link_made", target=f"person:{stage.ivan.pk}")
    said(stage, at=clock.now() - timedelta(days=40), action="token revoked", target="person:999")
    adam = signed_in(stage.adam)
    whole = adam.get("/desk/audit/").content.decode()
    for words in ("person edited", "Ольга Смирнова", "Было", "Стало", "link made", "API token revoked"):
        assert words in whole
    by_olga = adam.get("/desk/audit/", {"who": "OLGA"}).content.decode()
    assert ("token revoked" in by_olga, "link made" in by_olga) == (True, False)
    about = adam.get("/desk/audit/", {"about": "client:north"}).content.decode()
    assert ("Стало" in about, "token revoked" in about) == (True, False)
    late = adam.get("/desk/audit/", {"since": clock.now().date().isoformat()}).content.decode()
    assert ("Стало" in late, "token revoked" in late) == (True, False)
    for asked in ({"since": "never"}, {"who": "nobody"}, {"about": "'; DROP"}):
        assert adam.get("/desk/audit/", asked).status_code == 422, asked


def test_the_list_goes_on_page_by_page(stage: SimpleNamespace, signed_in: SignIn) -> None:
    for number in range(60):
        said(stage, target=f"ticket:{number}")
    page = signed_in(stage.adam).get("/desk/audit/?about=ticket:")
    assert page.content.decode().count("person edited") == 50
    rest = signed_in(stage.adam).get(page.context["next"]).content.decode()
    assert rest.count("person edited") == 10


def test_no_cell_of_the_export_is_a_formula(stage: SimpleNamespace, signed_in: SignIn) -> None:
    formula = '=HYPERLINK("http://evil.example";"x")'
    Person.objects.filter(pk=stage.olga.pk).update(name=formula)
    said(stage, action="+1", target="@x")
    answer = signed_in(stage.adam).get("/desk/audit/export.csv")
    text = answer.content.decode("utf-8-sig")
    row = next(row for row in csv.DictReader(io.StringIO(text), delimiter=";") if row["action"] == "'+1")
    assert (row["name"], row["target"]) == (f"'{formula}", "'@x")


@pytest.mark.parametrize("begins", ["=1", "+1", "-1+2", "@a", "\t=1", "  =1"])
def test_whatever_begins_a_formula_is_text(begins: str) -> None:
    assert spreadsheets.safe(begins) == f"'{begins}"
    assert spreadsheets.safe("Иван = молодец") == "Иван = молодец"


def test_first_steps_follow_from_what_is_there_and_go_when_all_is_done(
    stage: SimpleNamespace, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = {one.name: one.is_done for one in first_run.steps()}
    assert done == {
        "team": True, "colleague": False, "mailbox": False, "probe": False, "client": True, "calendar": True,
        "contract": True,
    }  # fmt: skip
    adam = signed_in(stage.adam)
    page = adam.get("/desk/admin/").content.decode()
    assert ("First steps" in page, "4 of 7" in page) == (True, True)
    assert "First steps" not in signed_in(stage.maria).get("/desk/admin/").content.decode()
    monkeypatch.setattr(first_run, "steps", lambda: [first_run.Step("team", True)])
    assert "First steps" not in adam.get("/desk/admin/").content.decode()


def test_settings_are_found_by_words_and_lead_somewhere(stage: SimpleNamespace, signed_in: SignIn) -> None:
    adam, maria = signed_in(stage.adam), signed_in(stage.maria)
    page = adam.get("/desk/admin/?q=MAIL").content.decode()
    assert ('href="/desk/channels/"><' in page.replace(' class="card ad-place"', ""), "No setting" in page) == (
        True, False,
    )  # fmt: skip
    assert "No setting is called so" in adam.get("/desk/admin/?q=zzz").content.decode()
    shown = maria.get("/desk/admin/").content.decode()
    assert 'class="card ad-place" href="/desk/audit/"' not in shown
    for _title, places in GROUPS:
        for place in places:
            assert adam.get(place.href).status_code == 200, place.href


def test_every_change_of_a_person_says_before_and_after(stage: SimpleNamespace, signed_in: SignIn) -> None:
    known = Known(login="olga", name="Ольга Белая", role="operator", email="olga@desk.example", team=stage.line1,
                  scope=(stage.north,))  # fmt: skip
    upkeep.keep(known, found=stage.olga, by=stage.adam, at=clock.now())
    page = signed_in(stage.adam).get(f"/desk/audit/?about=person:{stage.olga.pk}").content.decode()
    for words in ("Ольга Смирнова", "Ольга Белая", "north"):
        assert words in page


@pytest.mark.parametrize(("name", "day"), [("since", "0001-01-01"), ("until", "9999-12-31")])
def test_a_day_of_another_age_is_no_date(stage: SimpleNamespace, signed_in: SignIn, name: str, day: str) -> None:
    assert signed_in(stage.adam).get("/desk/audit/", {name: day}).status_code == 422
