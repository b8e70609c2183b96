"""Macros: several verbs in their order, with the runner's rights; a refused step ends the run and says how far it
came; a preview leaves nothing; a run is undone as a whole."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from firstline.lines import card
from firstline.people.permissions import NotAllowed
from firstline.sla import replay
from firstline.tickets import assignment, conversation, lifecycle, macro_runs, macro_steps, macros, undoing
from firstline.tickets.macro_models import Macro
from firstline.tickets.macro_runs import Run
from firstline.tickets.models import Event, Kind, Message, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import ChangedSince, WrongStatus, WrongValue
from firstline.tickets.view_models import SharedWith
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE
LATER = NINE + timedelta(minutes=1)
NAMES = {"ru": "Замятие", "bg": "Заседнала хартия", "en": "Jam"}
EVERY_STEP = [
    {"deed": "take"},
    {"deed": "priority", "priority": "2"},
    {"deed": "tag", "tag": "тонер"},
    {"deed": "service", "service": "printing"},
    {"deed": "category", "category": "paper-jam"},
    {"deed": "note", "text": "Проверить {{ ticket.number }}"},
    {"deed": "reply", "text": "{{ requester.first_name }}, смотрим."},
    {"deed": "hold", "hours": "4", "reason": "до обеда"},
    {"deed": "resume"},
    {"deed": "wait", "for": "client", "reason": "Какая модель?"},
    {"deed": "assign", "to": "person:nadia"},
    {"deed": "resolve", "how": "Вынули лист."},
]


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def made(s: SimpleNamespace, *steps: dict[str, Any], by: Any = None, shared: str = SharedWith.NOBODY) -> Macro:
    return macros.save(by or s.olga, names=NAMES, steps=steps, shared=shared)


def run(macro: Macro, ticket: Ticket, by: Any, seen: int | None = None) -> Run:
    return macro_runs.run(macro, ticket, by=by, at=NINE, card=card.in_short, seen=seen)


def kinds(ticket: Ticket) -> list[str]:
    return [one.kind for one in Event.objects.filter(ticket=ticket, data__has_key="macro").order_by("id")]


def test_each_step_is_one_event_that_names_the_macro(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s)
    made_of = run(made(s, *EVERY_STEP), ticket, s.olga)
    assert made_of.refused is None
    assert len(made_of.done) == len(EVERY_STEP)
    assert kinds(ticket) == [
        Kind.TAKEN, *[Kind.CHANGED] * 4, Kind.MESSAGE, Kind.MESSAGE, Kind.HELD, Kind.RESUMED,
        Kind.WAITING, Kind.ASSIGNED, Kind.RESOLVED,
    ]  # fmt: skip
    causes = {str(one.data["macro"]) for one in Event.objects.filter(ticket=ticket, data__has_key="macro")}
    assert len(causes) == 1
    assert "Замятие" in causes.pop()
    texts = list(Message.objects.filter(ticket=ticket, by_agent=True).order_by("id").values_list("public", "text"))
    assert texts == [(False, f"Проверить {ticket.pk}"), (True, "Иван, смотрим.")]
    assert list(replay.differences(Ticket.objects.get(pk=ticket.pk))) == []


def test_a_refused_step_ends_the_run_and_what_was_done_stays(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s)
    macro = made(s, {"deed": "take"}, {"deed": "resume"}, {"deed": "hand_over", "line": "1", "because": "access"},
                 {"deed": "tag", "tag": "x"})  # fmt: skip
    made_of = run(macro, ticket, s.olga)
    assert [step["deed"] for step in made_of.done] == ["take", "resume"]
    assert made_of.refused is not None
    assert isinstance(made_of.refused[1], WrongValue)
    assert [step["deed"] for step in made_of.left] == ["tag"]
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert fresh.assignee == s.olga
    assert fresh.tags == []


def test_the_rights_are_the_runners(s: SimpleNamespace) -> None:
    macro = made(s, {"deed": "priority", "priority": "1"}, by=s.maria, shared=SharedWith.EVERYBODY)
    ticket = cast.ticket(s)
    Ticket.objects.filter(pk=ticket.pk).update(line=3)
    refused = run(macros.get_for(s.olga, macro.slug), Ticket.objects.get(pk=ticket.pk), s.olga).refused
    assert refused is not None
    assert isinstance(refused[1], NotAllowed)
    assert run(macro, ticket, s.maria).refused is None


def test_what_came_since_one_looked_stops_the_first_step(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s)
    seen = ticket.version
    conversation.note(ticket, Words(text="подождите"), by=s.nadia, at=NINE)
    refused = run(made(s, {"deed": "take"}, {"deed": "tag", "tag": "x"}), ticket, s.olga, seen).refused
    assert refused is not None
    assert isinstance(refused[1], ChangedSince)


def test_a_preview_says_it_and_leaves_nothing(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s)
    macro = made(s, {"deed": "take"}, {"deed": "reply", "text": "Смотрим #{{ ticket.number }}"},
                 {"deed": "resolve", "how": "ок"}, {"deed": "wait", "for": "client", "reason": "?"})  # fmt: skip
    before = Event.objects.count()
    shown = macro_runs.preview(macro, ticket, by=s.olga, at=NINE, card=card.in_short)
    assert [step["deed"] for step in shown.done] == ["take", "reply", "resolve"]
    assert shown.done[1]["text"] == f"Смотрим #{ticket.pk}"
    assert shown.refused is not None
    assert isinstance(shown.refused[1], WrongStatus)
    assert Event.objects.count() == before
    assert Ticket.objects.get(pk=ticket.pk).status == "new"
    assert Macro.objects.get(pk=macro.pk).used == 0


def test_a_run_is_undone_as_a_whole_and_its_note_stays(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s)
    macro = made(s, {"deed": "take"}, {"deed": "note", "text": "смотрю"}, {"deed": "priority", "priority": "1"},
                 {"deed": "tag", "tag": "x"}, {"deed": "wait", "for": "vendor", "reason": "?"})  # fmt: skip
    done = run(macro, ticket, s.olga).ticket
    undoing.undo(done, event=done.version, by=s.olga, at=LATER)
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (fresh.assignee, fresh.priority, fresh.tags, fresh.status) == (None, 3, [], "in_progress")
    assert Message.objects.filter(ticket=ticket, text="смотрю").exists()
    assert list(replay.differences(fresh)) == []


@pytest.mark.parametrize("last", [{"deed": "resolve", "how": "ок"}, {"deed": "reply", "text": "ок"}])
def test_what_a_client_heard_of_is_not_undone(s: SimpleNamespace, last: dict[str, str]) -> None:
    steps = [{"deed": "take"}, last]
    assert not macro_steps.may_be_undone(steps)
    done = run(made(s, *steps), cast.ticket(s), s.olga).ticket
    with pytest.raises(WrongStatus):
        undoing.undo(done, event=done.version, by=s.olga, at=LATER)


def test_nothing_is_undone_after_somebody_went_on(s: SimpleNamespace) -> None:
    done = run(made(s, {"deed": "take"}, {"deed": "tag", "tag": "x"}), cast.ticket(s), s.olga).ticket
    lifecycle.wait(done, on="client", reason="?", by=s.nadia, at=LATER)
    with pytest.raises(WrongStatus):
        undoing.undo(done, event=done.version, by=s.olga, at=LATER)


@pytest.mark.parametrize(
    ("step", "field"),
    [
        ({"deed": "fly"}, "steps.0.deed"),
        ({"deed": "tag"}, "steps.0.tag"),
        ({"deed": "tag", "tag": "x", "priority": "1"}, "steps.0.priority"),
        ({"deed": "priority", "priority": "7"}, "steps.0.priority"),
        ({"deed": "hold", "hours": "-3", "reason": "x"}, "steps.0.hours"),
        ({"deed": "note", "text": "{{ password }}"}, "steps.0.text"),
        ({"deed": "assign", "to": "person:nobody"}, "steps.0.to"),
        ({"deed": "assign", "to": "person:ivan"}, "steps.0.to"),
        ({"deed": "category", "category": "none"}, "steps.0.category"),
        ({"deed": "hand_over", "line": "2", "because": "mood"}, "steps.0.because"),
        ({"deed": "note", "text": ["x"]}, "steps.0.text"),
    ],
)
def test_a_step_that_cannot_be_is_refused_by_its_place(s: SimpleNamespace, step: dict[str, Any], field: str) -> None:
    with pytest.raises(WrongValue) as refused:
        made(s, step)
    assert refused.value.field == field
    assert not Macro.objects.exists()


def test_no_steps_too_many_steps_and_no_name_are_refused(s: SimpleNamespace) -> None:
    for steps, names in (([], NAMES), ([{"deed": "take"}] * 21, NAMES), ([{"deed": "take"}], {"ru": " "})):
        with pytest.raises(WrongValue):
            macros.save(s.olga, names=names, steps=steps)


def test_whose_it_is_decides_who_has_it_and_who_changes_it(s: SimpleNamespace) -> None:
    own, team = made(s, {"deed": "take"}), made(s, {"deed": "take"}, shared=SharedWith.TEAM)
    everybody = made(s, {"deed": "take"}, by=s.maria, shared=SharedWith.EVERYBODY)
    assert set(macros.visible_to(s.olga)) == {own, team, everybody}
    assert set(macros.visible_to(s.petra)) == {team, everybody}
    assert set(macros.visible_to(s.emil)) == {everybody}
    assert not macros.visible_to(s.ivan).exists()
    with pytest.raises(NotThere):
        macros.get_for(s.petra, own.pk)
    with pytest.raises(NotAllowed):
        macros.change(s.petra, team, names=NAMES, steps=[{"deed": "take"}])
    with pytest.raises(NotAllowed):
        made(s, {"deed": "take"}, shared=SharedWith.EVERYBODY)
    macros.change(s.lev, everybody, names={"ru": "Иное"}, steps=[{"deed": "tag", "tag": "x"}])
    macros.remove(s.olga, own, at=NINE)
    assert own not in macros.visible_to(s.olga)
    assert macros.bring_back(s.olga, own.pk) in macros.visible_to(s.olga)


def test_what_a_step_named_and_is_gone_is_refused_when_it_is_run(s: SimpleNamespace) -> None:
    macro = made(s, {"deed": "assign", "to": "person:nadia"})
    s.nadia.is_active = False
    s.nadia.save()
    refused = run(macro, assignment.assign(cast.ticket(s), assignee=s.olga, by=s.olga, at=NINE), s.olga).refused
    assert refused is not None
    assert isinstance(refused[1], WrongValue)
    assert refused[1].field == "to"
