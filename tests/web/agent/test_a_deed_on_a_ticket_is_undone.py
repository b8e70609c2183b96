"""After each deed on a ticket that can be undone its page says what was done, once, and offers the way back."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.tickets import macros, relations
from firstline.tickets.models import Link, LinkKind, Ticket
from tests import cast
from tests.web.conftest import MONDAY_TEN

DEEDS: dict[str, dict[str, str]] = {
    "take": {},
    "wait": {"for": "client", "reason": "какой кабинет?"},
    "hold": {"until": "2030-01-01T10:00", "reason": "до поставки"},
    "hand-over": {"to_line": "2", "symptom": "x", "tried": "y", "impact": "low", "reason": "too_long"},
    "properties": {"priority": "1"},
    "link": {"to": "{other}", "kind": "related"},
    "merge": {"into": "{other}"},
    "macros": {"macro": "{macro}"},
}
LOOKS = ("status", "assignee", "line", "priority", "tags", "merged_into", "hold_until")


def looks(ticket: Ticket) -> list[object]:
    return [*Ticket.objects.values_list(*LOOKS).get(pk=ticket.pk), Link.objects.count()]


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_is_offered_back_once_and_undone(olga: Client, stage: SimpleNamespace, deed: str) -> None:
    ticket, other = cast.ticket(stage), cast.ticket(stage)
    Ticket.objects.filter(pk=ticket.pk).update(assignee=stage.olga if deed in {"properties", "wait", "hold"} else None)
    macro = macros.save(stage.olga, names={"en": "Jam"}, steps=[{"deed": "tag", "tag": "x"}, {"deed": "take"}])
    before, words = looks(ticket), {"{other}": str(other.pk), "{macro}": str(macro.pk)}
    sent = {name: words.get(value, value) for name, value in DEEDS[deed].items()}
    page = olga.post(f"/desk/tickets/{ticket.pk}/{deed}/", sent, follow=True).content.decode()
    assert looks(ticket) != before
    events = re.findall(r'name="event" value="([^"]+)"', page)
    assert events
    assert 'name="event"' not in olga.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    undone = olga.post("/desk/queue/undo/", {"event": events, "next": f"/desk/tickets/{ticket.pk}/"}, follow=True)
    assert "Undone: 1" in undone.content.decode()
    expected = ["in_progress", *before[1:]] if deed in {"wait", "hold", "take", "macros", "hand-over"} else before
    assert looks(ticket) == expected


def test_what_was_told_by_a_letter_is_not_offered_back(olga: Client, stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    page = olga.post(f"/desk/tickets/{ticket.pk}/resolution/", {"how": "готово", "remote": "1"}, follow=True)
    assert 'name="event"' not in page.content.decode()


def test_a_macro_that_stops_says_where_and_offers_the_part_back(olga: Client, stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    steps = [{"deed": "tag", "tag": "x"}, {"deed": "resume"}, {"deed": "hand_over", "line": 1, "because": "access"}]
    macro = macros.save(stage.olga, names={"en": "Jam"}, steps=steps)
    page = olga.post(f"/desk/tickets/{ticket.pk}/macros/", {"macro": macro.pk}, follow=True).content.decode()
    assert "“Jam” is done." not in page
    assert "Could not be: 1" in page
    events = re.findall(r'name="event" value="([^"]+)"', page)
    olga.post("/desk/queue/undo/", {"event": events})
    assert Ticket.objects.get(pk=ticket.pk).tags == []


def test_a_link_is_taken_away_where_it_is_seen(olga: Client, stage: SimpleNamespace) -> None:
    ticket, other = cast.ticket(stage), cast.ticket(stage)
    relations.link(ticket, other, LinkKind.PARENT, by=stage.olga, at=MONDAY_TEN)
    page = olga.get(f"/desk/tickets/{other.pk}/").content.decode()
    form = re.search(r'link/removal/">.*?</form>', page, re.S)
    assert form
    sent = dict(re.findall(r'name="(to|kind|of)" value="([^"]*)"', form[0]))
    said = olga.post(f"/desk/tickets/{other.pk}/link/removal/", sent, follow=True).content.decode()
    assert "Links taken away: 1" in said
    assert not Link.objects.exists()
