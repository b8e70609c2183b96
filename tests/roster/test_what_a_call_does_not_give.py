"""What somebody called in for a time does not get, and what he keeps (product.md, always true, 4)."""

from datetime import timedelta

import pytest

from firstline.lines import after_reinforcement
from firstline.people import accounts, grants
from firstline.people.models import AccountRequest, Person
from firstline.people.permissions import may
from firstline.roster import reinforcement
from firstline.roster.refusals import WrongRoster
from firstline.sla import statements
from firstline.tickets import lifecycle, queries
from firstline.tickets.permissions import may as may_on
from tests import cast
from tests.roster.test_reinforcement import HOUR, NOW, again, called, moved, stage

__all__ = ["moved"]
pytestmark = pytest.mark.django_db


def test_whoever_became_a_clients_man_is_not_called_in_to_others(moved):
    s = stage()
    _row, call_up = called(s, s.partner)
    asked = AccountRequest.objects.create(name="Пётр", email=s.partner.email, language="ru", created_at=NOW)
    accounts.accept(asked, client=s.south, by=s.maria, at=NOW)

    with pytest.raises(WrongRoster):
        reinforcement.answer(call_up, accepts=True, at=NOW)
    Person.objects.filter(pk=s.partner.pk).update(in_reserve=True)  # whatever put him there
    with pytest.raises(WrongRoster):
        called(s, again(s.partner))
    assert s.partner not in reinforcement.reserve(NOW)


def test_a_lead_for_a_time_reads_no_mail_of_all_no_board_and_no_money(moved):
    s = stage()
    _row, call_up = called(s, s.partner, role="lead", lines="2", tag="erp", all_clients=True, clients=())
    reinforcement.answer(call_up, accepts=True, at=NOW)
    moved(2 * HOUR)
    partner = again(s.partner)

    assert partner.acts_as == "lead"
    for deed in ("journal", "journal of all", "board", "see contracts", "see routing", "plan roster", "tokens"):
        assert not may(partner, deed), deed
    assert not statements.visible_to(partner).exists()
    assert not statements.versions_visible_to(partner).exists()


def test_in_a_clients_ticket_where_he_is_in_copy_he_is_no_agent(moved):
    s = stage()
    strange = cast.ticket(s, requester=s.eve)
    strange.participants.create(person=s.partner)
    assert queries.sees(again(s.partner), strange)

    _row, call_up = called(s, s.partner)
    reinforcement.answer(call_up, accepts=True, at=NOW)
    moved(2 * HOUR)
    assert not queries.sees(again(s.partner), strange)
    moved(6 * HOUR)
    assert queries.sees(again(s.partner), strange)
    assert not may_on(again(s.partner), "note", strange)


def test_whoever_left_the_reserve_comes_by_no_old_link(moved):
    s = stage()
    _row, call_up = called(s, s.partner)
    reinforcement.mark(s.partner, in_reserve=False, by=s.maria, at=NOW)

    with pytest.raises(WrongRoster):
        reinforcement.answer(call_up, accepts=True, at=NOW)
    assert not grants.in_force(NOW + 2 * HOUR).exists()


def test_whose_own_shift_goes_on_keeps_his_tickets_when_the_call_ends(moved):
    s = stage()  # no shifts are kept: who works here is here
    _row, call_up = called(s, s.petra)
    reinforcement.answer(call_up, accepts=True, at=NOW)
    ticket = lifecycle.take(cast.ticket(s, requester=s.stoyan), by=s.petra, at=NOW)
    reinforcement.answer(call_up, accepts=False, at=NOW + timedelta(seconds=5))
    at = moved(timedelta(minutes=1))

    after_reinforcement.give_back_due(at)

    ticket.refresh_from_db()
    assert ticket.assignee_id == s.petra.pk
