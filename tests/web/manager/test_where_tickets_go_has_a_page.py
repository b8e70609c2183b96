"""Where tickets go: the administrator writes the rules, the lead and the manager read them, a dry run comes first."""

from __future__ import annotations

import pytest
from django.test import Client

from firstline.lines.proposal_models import Learning
from firstline.lines.routing_models import RoutingRule, Share
from firstline.people.models import Person
from tests import cast
from tests.lines.rules_made import asks, sends

pytestmark = pytest.mark.django_db
HOME = "/desk/routing/"


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_rule_is_made_of_chosen_rows_and_rows_of_one_property_are_one_condition() -> None:
    s = cast.stage()
    given = {
        "name": "Сети ночью", "c0": "service=network", "c1": "client=north", "c2": "client=south", "c3": "time",
        "c3-time": "22:00 – 06:00", "c4": "channel=phone", "c4-not": "1", "team": "line2", "strategy": "least_loaded",
        "is_on": "1", "do": "keep",
    }  # fmt: skip
    answer = signed_in(s.adam).post(f"{HOME}new/", given)
    assert (answer.status_code, answer["Location"]) == (302, HOME)
    rule = RoutingRule.objects.get()
    assert rule.conditions == [
        {"field": "service", "values": ["network"], "negated": False},
        {"field": "client", "values": ["north", "south"], "negated": False},
        {"field": "time", "values": ["22:00-06:00"], "negated": False},
        {"field": "channel", "values": ["phone"], "negated": True},
    ]
    page = signed_in(s.maria).get(HOME).content.decode()
    assert "Сети ночью" in page
    assert f'href="{HOME}new/"' not in page, "the manager reads"


def test_a_dry_run_says_which_tickets_would_go_elsewhere_before_it_is_kept() -> None:
    s = cast.stage()
    moved = cast.ticket(s, subject="Нет сети в переговорной", service=s.network)
    cast.ticket(s)
    given = {"name": "сети", "c0": "service=network", "team": "line3", "strategy": "pull", "do": "preview"}
    page = signed_in(s.adam).post(f"{HOME}new/", given).content.decode()
    assert "Нет сети в переговорной" in page
    assert f"/desk/tickets/{moved.pk}/" in page
    assert not RoutingRule.objects.exists()


def test_a_lead_reads_of_the_dry_run_only_what_he_may_see() -> None:
    s = cast.stage()
    cast.ticket(s, requester=s.eve, subject="Секрет Востока")
    rule = sends("all", team="line3")
    RoutingRule.objects.update(is_on=False)
    assert "Секрет Востока" in signed_in(s.maria).get(f"{HOME}{rule.pk}/").content.decode()
    assert "Секрет Востока" not in signed_in(s.lev).get(f"{HOME}{rule.pk}/").content.decode()


def test_a_rule_that_can_never_hold_is_not_kept_and_one_in_another_s_shadow_is_named() -> None:
    s = cast.stage()
    sends("все сети", asks("service", "network"), team="line2")
    adam = signed_in(s.adam)
    never = {"name": "x", "c0": "vip=yes", "c1": "vip=yes", "c1-not": "1", "line": "2", "do": "keep"}
    assert adam.post(f"{HOME}new/", never).status_code == 422
    shadowed = {"name": "сети Севера", "c0": "service=network", "c1": "client=north", "team": "line3", "is_on": "1"}
    assert "все сети" in adam.post(f"{HOME}new/", {**shadowed, "do": "preview"}).content.decode()
    adam.post(f"{HOME}new/", {**shadowed, "do": "keep"})
    assert "rule-odd" in adam.get(HOME).content.decode()


def test_rules_are_ordered_switched_and_taken_away() -> None:
    s = cast.stage()
    first, second = sends("one", line=2), sends("two", line=3)
    adam = signed_in(s.adam)
    adam.post(f"{HOME}{second.pk}/position/", {"to": "up"})
    assert [rule.name for rule in RoutingRule.objects.all()] == ["two", "one"]
    adam.post(f"{HOME}{second.pk}/switch/", {"on": "0"})
    assert cast.ticket(s).line == 2
    adam.post(f"{HOME}{first.pk}/removal/")
    assert [rule.name for rule in RoutingRule.objects.all()] == ["two"]


def test_limits_are_kept_by_the_administrator() -> None:
    s = cast.stage()
    adam = signed_in(s.adam)
    for wrong in ("viele", "1000", "9" * 5000, "-1"):
        adam.post(f"{HOME}limits/", {"most-olga": "5", "most-nadia": "0", "most-emil": wrong})
        adam.post(f"{HOME}proposals/", {"sure-category": "90", "sure-service": wrong})
    assert not Share.objects.exists(), "all or nothing"
    assert not Learning.objects.exists()
    adam.post(f"{HOME}limits/", {"most-olga": "5", "most-nadia": "0", "most-emil": ""})
    assert dict(Share.objects.values_list("person__login", "most")) == {"olga": 5, "nadia": 0}
    assert signed_in(s.maria).post(f"{HOME}limits/", {"most-olga": "9"}).status_code == 403
