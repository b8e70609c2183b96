"""Parent and child: where the link says so, the parent is not solved before the child."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.knowledge import solutions
from firstline.tickets import lifecycle, relations, sending
from firstline.tickets.models import Event, Kind, Link, LinkKind, Message, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.refusals import WrongValue
from tests import cast
from tests.notices.told import later


@pytest.fixture
def s(db: None) -> SimpleNamespace:
    stage = cast.stage()
    stage.parent, stage.child = cast.ticket(stage), cast.ticket(stage, subject="Часть")
    return stage


def solve(s: SimpleNamespace, ticket: Ticket, minute: int) -> None:
    lifecycle.resolve(ticket, how="готово", remote=True, by=s.olga, at=later(minute))


@pytest.mark.parametrize("said_of", ["parent", "child"])
def test_it_is_solved_after_its_children_whichever_of_them_said_so(s: SimpleNamespace, said_of: str) -> None:
    if said_of == "parent":
        relations.link(s.parent, s.child, LinkKind.PARENT, by=s.olga, at=later(1), gates=True)
    else:
        relations.link(s.child, s.parent, LinkKind.CHILD, by=s.olga, at=later(1), gates=True)
    with pytest.raises(WrongValue, match=f"children: still open: #{s.child.pk}"):
        solve(s, s.parent, 2)
    solve(s, s.child, 3)
    solve(s, s.parent, 4)
    assert Ticket.objects.get(pk=s.parent.pk).status == "resolved"


def test_without_the_word_nothing_is_held_and_it_can_be_taken_back(s: SimpleNamespace) -> None:
    relations.link(s.parent, s.child, LinkKind.PARENT, by=s.olga, at=later(1), gates=True)
    relations.link(s.parent, s.child, LinkKind.PARENT, by=s.olga, at=later(2))
    relations.link(s.parent, s.child, LinkKind.PARENT, by=s.olga, at=later(3))
    assert [event.data["gates"] for event in Event.objects.filter(ticket=s.parent, kind=Kind.LINKED)] == [True, False]
    solve(s, s.parent, 4)


def test_only_a_family_holds(s: SimpleNamespace) -> None:
    with pytest.raises(WrongValue, match="gates"):
        relations.link(s.parent, s.child, LinkKind.RELATED, by=s.olga, at=later(1), gates=True)
    assert not Link.objects.exists()


def test_an_answer_that_would_solve_it_is_not_sent_and_says_why(s: SimpleNamespace) -> None:
    relations.link(s.parent, s.child, LinkKind.PARENT, by=s.olga, at=later(1), gates=True)
    with pytest.raises(WrongValue):
        solutions.answer_and_resolve(s.parent, Words(text="Готово"), by=s.olga, at=later(2))
    with pytest.raises(WrongValue):
        sending.put_off(s.olga, s.parent, "Готово", how="resolve", wait=sending.LONGEST_WAIT, at=later(2))
    assert not Message.objects.filter(by_agent=True).exists()


def test_the_form_links_so_and_the_refusal_names_the_children(s: SimpleNamespace) -> None:
    client = Client()
    client.force_login(s.olga)
    sent = {"kind": "parent", "to": str(s.child.pk), "gates": "1"}
    assert client.post(f"/desk/tickets/{s.parent.pk}/link/", sent).status_code == 302
    refused = client.post(f"/desk/tickets/{s.parent.pk}/resolution/", {"how": "готово", "remote": "1"})
    assert refused.status_code == 422
    assert f"#{s.child.pk}" in refused.content.decode()
    assert "готово" in refused.content.decode()
