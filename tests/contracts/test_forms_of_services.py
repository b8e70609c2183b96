"""What a service asks: fields that hang on others, answers that are judged, versions that tickets keep."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from firstline.contracts import form_answers, form_fields, forms
from firstline.contracts.form_answers import judge
from firstline.contracts.models import ServiceForm
from firstline.contracts.refusals import WrongTerms
from firstline.people.permissions import NotAllowed
from tests import cast

ZONE = ZoneInfo("Europe/Sofia")


def field(key: str, kind: str = "line", **more: Any) -> dict[str, Any]:
    options = [{"key": one, "names": {"ru": f"выбор {one}", "bg": f"избор {one}"}} for one in ("a", "b", "c")]
    made = {"key": key, "kind": kind, "names": {"ru": f"Вопрос {key}"}, **more}
    return made | ({"options": options} if kind in form_fields.WITH_OPTIONS else {})


def answered(rows: list[dict[str, Any]], given: dict[str, list[str]], **more: Any) -> form_answers.Judged:
    fields, problems = form_fields.read(rows)
    assert problems == []
    look = {"IVAN": {"id": "ivan", "name": "Иван Петров"}}
    return judge(fields, given, zone=ZONE, look=lambda kind, typed: look.get(typed), **more)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("line", ["  два   слова "], "два слова"),
        ("text", ["строка\nвторая\x00"], "строка\nвторая"),
        ("number", ["1 250,50"], "1250.50"),
        ("choice", ["b"], "b"),
        ("choices", ["c", "a", "c"], ["a", "c"]),
        ("yes_no", ["no"], False),
        ("date", ["2026-11-28"], "2026-11-28"),
        ("moment", ["2026-11-28T09:00"], "2026-11-28T09:00:00+02:00"),
        ("person", ["IVAN"], {"id": "ivan", "name": "Иван Петров"}),
        ("equipment", ["IVAN"], {"id": "ivan", "name": "Иван Петров"}),
        ("file", ["a.pdf", "b.pdf"], ["a.pdf", "b.pdf"]),
    ],
)
def test_every_kind_of_answer_is_kept_in_one_form(kind: str, typed: list[str], kept: object) -> None:
    assert answered([field("x", kind)], {"x": typed}).answers == {"x": kept}


@pytest.mark.parametrize(
    ("kind", "typed", "problem"),
    [
        ("line", ["ы" * 501], "at most 500 characters"),
        ("number", ["много"], "a figure"),
        ("number", ["1e9"], "a figure"),
        ("choice", ["z"], "unknown"),
        ("choice", ["a", "b"], "one answer"),
        ("choices", ["a", "z"], "unknown"),
        ("yes_no", ["maybe"], "unknown"),
        ("date", ["28.11.2026"], "a date"),
        ("date", ["0001-01-01"], "a date"),
        ("moment", ["завтра"], "a moment"),
        ("person", ["Eve"], "unknown"),
    ],
)
def test_what_is_no_answer_is_named(kind: str, typed: list[str], problem: str) -> None:
    found = answered([field("x", kind)], {"x": typed})
    assert (found.answers, found.wrong) == ({}, {"x": problem})


def test_a_hidden_field_is_dropped_and_not_asked_for() -> None:
    rows = [
        field("place", "choice", required=True),
        field("address", "text", required=True, shown_when={"field": "place", "is": ["b", "c"]}),
        field("floor", "number", required=True, shown_when={"field": "address", "is": []}),
    ]
    hidden = answered(rows, {"place": ["a"], "address": ["улица"], "floor": ["не число"]})
    assert (hidden.answers, hidden.wrong, hidden.shown) == ({"place": "a"}, {}, ["place"])
    shown = answered(rows, {"place": ["b"]})
    assert shown.wrong == {"address": "empty"}
    chain = answered(rows, {"place": ["c"], "address": ["улица"], "floor": ["3"]})
    assert chain.answers == {"place": "c", "address": "улица", "floor": "3"}


def test_no_is_an_answer_and_nothing_is_none() -> None:
    rows = [
        field("vpn", "yes_no", required=True),
        field("why", required=True, shown_when={"field": "vpn", "is": ["no"]}),
    ]
    assert answered(rows, {}).wrong == {"vpn": "empty"}
    assert answered(rows, {"vpn": ["no"]}).wrong == {"why": "empty"}
    assert answered(rows, {"vpn": ["yes"]}).wrong == {}


def test_on_the_phone_nothing_is_required_and_a_name_is_enough() -> None:
    rows = [field("who", "person", required=True), field("what", required=True), field("asked", desk=True)]
    found = answered(rows, {"who": ["Новенький"], "asked": ["да"]}, lenient=True, desk=True)
    assert found.wrong == {}
    assert found.answers == {"who": {"id": "", "name": "Новенький"}, "asked": "да"}
    assert answered(rows, {"who": ["IVAN"], "what": ["1"], "asked": ["да"]}).answers.keys() == {"who", "what"}


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([field("X")], "[0].key"),
        ([field("x"), field("x")], "[1].key"),
        ([field("x", "colour")], "[0].kind"),
        ([{"key": "x", "kind": "line", "names": {}}], "[0].names"),
        ([field("x", hints={"fr": "aide"})], "[0].hints"),
        ([{**field("x", "choice"), "options": []}], "[0].options"),
        ([{**field("x"), "options": [{"key": "a", "names": {"ru": "а"}}]}], "[0].options"),
        ([field("x", shown_when={"field": "y", "is": []}), field("y")], "[0].shown_when"),
        ([field("x", "choice"), field("y", shown_when={"field": "x", "is": ["z"]})], "[1].shown_when"),
        ([field("x", color="red")], "[0].color"),
        (["text"], "[0]"),
        ([field(f"f{n}") for n in range(201)], "at most 200 fields"),
    ],
)
def test_a_form_that_cannot_be_says_where(rows: list[Any], place: str) -> None:
    problems = form_fields.read(rows)[1]
    assert len(problems) == 1
    assert problems[0].startswith(place)


def test_two_hundred_fields_that_hang_on_one_another_are_judged() -> None:
    rows = [field("f0", "choice")]
    rows += [
        field(f"f{n}", "choice", required=True, shown_when={"field": f"f{n - 1}", "is": ["a"]}) for n in range(1, 200)
    ]
    found = answered(rows, {f"f{n}": ["a"] for n in range(200)})
    assert len(found.answers) == 200
    assert answered(rows, {f"f{n}": ["b" if n == 7 else "a"] for n in range(200)}).shown == [f"f{n}" for n in range(8)]


def test_what_is_written_reads_back_the_same() -> None:
    rows = [field("a", "choice"), field("b", hints={"en": "h"}, shown_when={"field": "a", "is": ["a"]}, desk=True)]
    fields, _problems = form_fields.read(rows)
    assert form_fields.read(form_fields.written(fields)) == (fields, [])


@pytest.mark.django_db
def test_a_change_is_a_new_version_and_the_same_again_is_none() -> None:
    s = cast.stage()
    first = forms.write(s.printing, [field("x")], by=s.maria, at=cast.MONDAY_NINE)
    assert first is not None
    assert forms.write(s.printing, [field("x")], by=s.maria, at=cast.MONDAY_NINE) == first
    second = forms.write(s.printing, [field("x"), field("y")], by=s.maria, at=cast.MONDAY_NINE, seen=1)
    assert second is not None
    assert (second.number, forms.of(s.printing)) == (2, second)
    with pytest.raises(WrongTerms):
        forms.write(s.printing, [], by=s.maria, at=cast.MONDAY_NINE, seen=1)
    assert forms.write(s.printing, [], by=s.maria, at=cast.MONDAY_NINE) is None
    assert (forms.of(s.printing), forms.version_of(s.printing)) == (None, 3)
    assert ServiceForm.objects.get(service=s.printing, number=1).asked[0].key == "x"
    with pytest.raises(NotAllowed):
        forms.write(s.printing, [field("z")], by=s.olga, at=cast.MONDAY_NINE)


@pytest.mark.django_db
def test_people_and_things_of_another_client_are_not_known() -> None:
    s = cast.stage()
    form = forms.write(s.printing, [field("who", "person")], by=s.maria, at=cast.MONDAY_NINE)
    assert form is not None
    assert forms.judged(form, {"who": [s.irina.email]}, s.north, ZONE).answers == {
        "who": {"id": "irina", "name": s.irina.name}
    }
    for typed in (s.eve.email, s.eve.name, "eve", s.olga.email):
        assert forms.judged(form, {"who": [typed]}, s.north, ZONE).wrong == {"who": "unknown"}
    assert s.eve.email not in str(forms.offered(form.asked, s.north))


@pytest.mark.django_db
def test_what_is_longer_than_any_name_is_nobody_and_nothing() -> None:
    s = cast.stage()
    for kind in ("person", "equipment"):
        assert forms._look(kind, "ж" * 30_000, s.north) is None
