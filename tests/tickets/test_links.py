"""Tickets are linked and parted: the link goes, what was said of it stays."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from firstline.tickets import merging, relations, undoing
from firstline.tickets.models import Event, Kind, Link, LinkKind, Ticket
from firstline.tickets.permissions import NotAllowed
from firstline.tickets.refusals import WrongStatus, WrongValue
from tests import cast
from tests.notices.told import later


@pytest.fixture
def s(db: None) -> SimpleNamespace:
    stage = cast.stage()
    stage.one, stage.two = cast.ticket(stage), cast.ticket(stage, subject="Часть")
    return stage


def kinds_of(ticket: Ticket) -> list[tuple[str, str]]:
    rows = Event.objects.filter(ticket=ticket, kind__in=(Kind.LINKED, Kind.UNLINKED)).order_by("id")
    return [(event.kind, event.data["link"]) for event in rows]


@pytest.mark.parametrize("from_the_other_end", [False, True])
def test_a_link_goes_from_either_end_and_both_histories_say_so(s: SimpleNamespace, from_the_other_end: bool) -> None:
    relations.link(s.one, s.two, LinkKind.PARENT, by=s.olga, at=later(1), gates=True)
    if from_the_other_end:
        relations.unlink(s.two, s.one, LinkKind.CHILD, by=s.olga, at=later(2))
    else:
        relations.unlink(s.one, s.two, LinkKind.PARENT, by=s.olga, at=later(2))
    assert not Link.objects.exists()
    assert kinds_of(s.one) == [("linked", "parent"), ("unlinked", "parent")]
    assert kinds_of(s.two) == [("linked", "child"), ("unlinked", "child")]


def test_the_same_said_from_the_other_end_is_the_same_link(s: SimpleNamespace) -> None:
    relations.link(s.one, s.two, LinkKind.RELATED, by=s.olga, at=later(1))
    relations.link(s.two, s.one, LinkKind.RELATED, by=s.olga, at=later(2))
    assert Link.objects.count() == 1
    assert len(kinds_of(s.one)) == 1


def test_two_never_wait_for_each_other(s: SimpleNamespace) -> None:
    third = cast.ticket(s, subject="Третья")
    relations.link(s.one, s.two, LinkKind.PARENT, by=s.olga, at=later(1), gates=True)
    relations.link(third, s.two, LinkKind.CHILD, by=s.olga, at=later(2), gates=True)
    with pytest.raises(WrongValue, match="each would wait"):
        relations.link(third, s.one, LinkKind.PARENT, by=s.olga, at=later(3), gates=True)
    relations.link(third, s.one, LinkKind.PARENT, by=s.olga, at=later(4))
    assert Link.objects.filter(gates=True).count() == 2


def test_what_is_not_linked_so_or_is_merged_is_not_parted(s: SimpleNamespace) -> None:
    with pytest.raises(WrongValue, match="not linked so"):
        relations.unlink(s.one, s.two, LinkKind.RELATED, by=s.olga, at=later(1))
    merging.merge(s.one, s.two, by=s.olga, at=later(2))
    with pytest.raises(WrongStatus):
        relations.unlink(s.one, s.two, LinkKind.DUPLICATE, by=s.olga, at=later(3))
    assert Link.objects.count() == 1


def test_the_clients_side_parts_nothing(s: SimpleNamespace) -> None:
    relations.link(s.one, s.two, LinkKind.RELATED, by=s.olga, at=later(1))
    with pytest.raises(NotAllowed):
        relations.unlink(s.one, s.two, LinkKind.RELATED, by=s.ivan, at=later(2))


@pytest.mark.parametrize("end", ["one", "two"])
def test_linking_and_parting_are_undone_from_either_end(s: SimpleNamespace, end: str) -> None:
    relations.link(s.one, s.two, LinkKind.PARENT, by=s.olga, at=later(1), gates=True)
    ticket = Ticket.objects.get(pk=getattr(s, end).pk)
    undoing.undo(ticket, event=ticket.version, by=s.olga, at=later(2))
    assert not Link.objects.exists()
    ticket = Ticket.objects.get(pk=ticket.pk)
    undoing.undo(ticket, event=ticket.version, by=s.olga, at=later(3))
    assert (Link.objects.count(), relations.waits_for(s.one.pk, s.two.pk)) == (1, True)


@pytest.mark.parametrize("end", ["one", "two"])
@pytest.mark.parametrize("gates", [False, True])
def test_undoing_what_was_said_anew_of_a_link_keeps_the_link(s: SimpleNamespace, end: str, gates: bool) -> None:
    relations.link(s.one, s.two, LinkKind.PARENT, by=s.olga, at=later(1), gates=not gates)
    relations.link(s.two, s.one, LinkKind.CHILD, by=s.olga, at=later(2), gates=gates)
    for minute, now in ((3, not gates), (4, gates)):
        ticket = Ticket.objects.get(pk=getattr(s, end).pk)
        undoing.undo(ticket, event=ticket.version, by=s.olga, at=later(minute))
        assert Link.objects.get().gates == now
