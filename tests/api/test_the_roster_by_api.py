"""The roster and reinforcement by API: the same verbs, the same refusals."""

import json
from datetime import timedelta

import pytest

from firstline.lib import clock
from firstline.people import tokens
from firstline.people.models import Person
from firstline.roster import duty, reinforcement
from firstline.roster.models import Absence
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.MONDAY_NINE
DAYS = [[day, "09:00", "18:00"] for day in range(5)]


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def ask(client):
    def asked(caller, method, path, /, **body):
        _token, secret = tokens.create(caller, at=NOW, by=caller)
        return client.generic(
            method, f"/api/v1/{path}", json.dumps(body) if body else "", content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )  # fmt: skip

    return asked


def test_a_field_is_refused_by_its_own_name_and_what_has_no_address_says_none(ask):
    s = cast.stage()
    wrong = ask(s.maria, "POST", "roster/absences", person="nobody", starts_at=NOW.isoformat())
    assert (wrong.status_code, [one["field"] for one in wrong.json()["errors"]]) == (422, ["person"])
    made = ask(s.maria, "POST", "roster/absences", person="olga", starts_at=NOW.isoformat())
    assert (made.status_code, made.headers.get("Location")) == (201, None)
    back = ask(s.olga, "POST", f"roster/absences/{made.json()['id']}/return")
    assert back.json() == {"person": "olga", "state": "here", "until": None}


def test_shifts_are_written_read_and_ended(ask):
    s = cast.stage()
    made = ask(s.maria, "POST", "roster/shifts", person="olga", begins_on="2026-03-02", days=DAYS)
    assert made.status_code == 201
    assert s.olga.pk in duty.on_duty(NOW)
    plan = ask(s.olga, "GET", "roster").json()
    assert [one["person"] for one in plan["turns"]] == ["olga"] * 5
    assert ask(s.olga, "GET", "roster/here").json()["items"][0] == {
        "person": "olga", "state": "here", "until": (NOW + timedelta(hours=9)).isoformat(),
    }  # fmt: skip
    assert ask(s.maria, "POST", f"roster/shifts/{made.json()['slug']}/end", on="2026-03-01").status_code == 200
    assert not duty.on_duty(NOW)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("roster/shifts", {"person": "olga", "begins_on": "2026-03-02", "days": [[0, "9", "18:00"]]}, "days"),
        ("roster/shifts", {"person": "olga", "begins_on": "2026-03-02", "days": [[9, "09:00", "18:00"]]}, "days"),
        ("roster/shifts", {"begins_on": "2026-03-02", "days": DAYS}, "person"),
        (
            "roster/shifts",
            {"person": "olga", "begins_on": "2026-03-02", "days": DAYS, "time_zone": "Mars"},
            "time_zone",
        ),
        ("roster/teams/line2/layers", {"people": [], "begins_on": "2026-03-02"}, "people"),
        (
            "reinforcement",
            {"reason": "x", "people": ["olga"], "clients": "all", "ends_at": "2026-03-02T12:00:00Z"},
            "people",
        ),
        (
            "reinforcement",
            {"reason": "x", "people": ["petra"], "clients": "all", "ends_at": "2026-03-01T12:00:00Z"},
            "ends_at",
        ),
    ],
)
def test_what_cannot_be_is_422_with_the_field(ask, path, body, field):
    s = cast.stage()
    reinforcement.mark(s.petra, in_reserve=True, by=s.maria, at=NOW)
    answer = ask(s.maria, "POST", path, **body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_a_swap_and_an_absence(ask):
    s = cast.stage()
    for login in ("olga", "emil"):
        ask(s.maria, "POST", "roster/shifts", person=login, begins_on="2026-03-02", days=[DAYS[int(login == "emil")]])
    swap = ask(s.olga, "POST", "roster/swaps", asked="emil", gives_on="2026-03-02", takes_on="2026-03-03").json()
    assert ask(s.emil, "POST", f"roster/swaps/{swap['id']}/acceptance").json()["state"] == "accepted"
    assert ask(s.maria, "POST", f"roster/swaps/{swap['id']}/approval").json()["state"] == "approved"
    assert duty.on_duty(NOW) == {s.emil.pk}
    away = ask(s.emil, "POST", "roster/absences", person="emil", why="illness", starts_at="2026-03-02T06:00:00Z")
    assert away.status_code == 201
    assert duty.on_duty(NOW) == frozenset()
    assert ask(s.emil, "POST", f"roster/absences/{away.json()['id']}/return").status_code == 200
    assert not Absence.objects.exists()


def test_layers_cover_and_skills(ask):
    s = cast.stage()
    layer = ask(s.maria, "POST", "roster/teams/line2/layers", people=["emil", "nadia"], begins_on="2026-03-02").json()
    assert ask(s.olga, "GET", "roster/teams/line2/on-call").json()["items"] == ["emil"]
    ask(
        s.maria, "POST", f"roster/layers/{layer['slug']}/stand-ins", person="lev",
        starts_at="2026-03-02T06:00:00Z", ends_at="2026-03-02T09:00:00Z",
    )  # fmt: skip
    assert ask(s.olga, "GET", "roster/teams/line2/on-call").json()["items"] == ["lev"]
    assert ask(s.maria, "DELETE", f"roster/layers/{layer['slug']}").status_code == 204
    assert ask(s.maria, "PUT", "roster/teams/line2/cover", hours=[[0, "09:00", "18:00"]]).json()["least"] == 1
    assert ask(s.olga, "GET", "roster").json()["holes"][0]["team"] == "line2"
    said = ask(s.maria, "PUT", "roster/people/olga/skills", speaks=["bg"]).json()
    assert said == {"person": "olga", "skills": {}, "languages": ["bg", "ru"]}


def test_reinforcement_is_called_answered_and_ended(ask):
    s = cast.stage()
    assert ask(s.maria, "POST", "reinforcement/reserve", person="petra").json()["items"] == ["petra"]
    called = ask(
        s.maria, "POST", "reinforcement", reason="Ночь", people=["petra"], ends_at="2026-03-02T12:00:00Z",
        clients=["north"], lines=[1, 2],
    )  # fmt: skip
    assert called.status_code == 201
    number = called.json()["id"]
    assert ask(s.olga, "POST", f"reinforcement/{number}/answer", accepts=True).status_code == 404
    assert ask(s.petra, "POST", f"reinforcement/{number}/answer", accepts=True).json()["answer"] == "accepted"
    assert "north" in set(Person.objects.get(pk=s.petra.pk).clients_in_scope.values_list("slug", flat=True))
    said = ask(s.maria, "GET", f"reinforcement/{number}").json()
    assert (said["clients"], said["lines"], said["came"]) == (["north"], [1, 2], 1)
    assert ask(s.maria, "POST", f"reinforcement/{number}/end").json()["ended_early"]
    assert ask(s.maria, "POST", f"reinforcement/{number}/end").status_code == 422
    assert not duty.on_duty(NOW)
