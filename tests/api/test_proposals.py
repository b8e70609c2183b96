"""Proposals by API: read by the desk, never by the client's side; set by themselves only where that is switched on."""

from __future__ import annotations

import pytest

from firstline.lines.proposal_models import Learning
from tests import cast
from tests.api.callers import Caller

pytestmark = pytest.mark.django_db


def test_a_new_desk_says_that_there_is_not_enough_and_clients_read_nothing() -> None:
    s = cast.stage()
    ticket = cast.ticket(s)
    said = Caller(s.olga).get(f"/tickets/{ticket.pk}/proposals").json()
    assert said == {"items": [], "next_cursor": None, "enough": False}
    assert Caller(s.ivan).get(f"/tickets/{ticket.pk}/proposals").status_code == 403


def test_a_threshold_is_set_and_lifted_by_the_administrator() -> None:
    s = cast.stage()
    adam = Caller(s.adam)
    assert adam.raw("PUT", "/routing/proposals/category", b'{"sure_from": 90}').json()["sure_from"] == 90
    assert Learning.objects.get().sure_from == 90
    rows = {row["field"]: row["sure_from"] for row in Caller(s.maria).get("/routing/proposals").json()["items"]}
    assert rows == {"service": None, "category": 90, "type": None, "priority": None}
    adam.raw("PUT", "/routing/proposals/category", b'{"sure_from": null}')
    assert Learning.objects.get().sure_from is None
    assert adam.raw("PUT", "/routing/proposals/category", b'{"sure_from": 10}').status_code == 422
    assert adam.raw("PUT", "/routing/proposals/client", b'{"sure_from": 90}').status_code == 404
