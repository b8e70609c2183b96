"""What somebody chose decides what reaches him, by which way and when; nobody hears of what he may not see."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from firstline.notices import digests, inbox, matrix, preferences, wording
from firstline.notices.models import Notice
from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.roster.models import Absence
from firstline.tickets import assignment, conversation, handover, history, lifecycle
from firstline.tickets.models import Channel, Kind, Ticket
from firstline.tickets.opening import Words
from firstline.web.agent import inbox as profile
from tests import cast
from tests.notices.told import Since, deliver, later, letter, text_of

pytestmark = pytest.mark.django_db
CARD = {"symptom": "Лампочка", "tried": "Перезапуск", "impact": "low", "reason": "too_long"}


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def taken(s: SimpleNamespace, **more: object) -> Ticket:
    return lifecycle.take(cast.ticket(s, **more), by=s.olga, at=later(5))


def answered(s: SimpleNamespace, ticket: Ticket | None = None, minutes: float = 7) -> Ticket:
    return conversation.reply(
        ticket or taken(s), Words(text="HP 4250"), by=s.ivan, at=later(minutes), channel=Channel.EMAIL
    )


def to_desk(told: Since) -> set[tuple[str, str]]:
    return {(kind, login) for kind, login in told.of if login != "ivan"}


def inboxes(kind: str) -> set[str]:
    rows = Notice.objects.filter(kind=kind, in_inbox=True)
    return {person.login for person in Person.objects.filter(pk__in=rows.values("person"))}


def test_what_is_mailed_stands_in_the_inbox_too(s: SimpleNamespace) -> None:
    with Since() as told:
        answered(s)
    assert to_desk(told) == {("client_answered", "olga")}
    assert inboxes("client_answered") == {"olga"}


def test_the_clients_side_has_no_inbox(s: SimpleNamespace) -> None:
    ticket = answered(s)
    lifecycle.resolve(ticket, how="Готово", remote=True, by=s.olga, at=later(9))
    assert not Notice.objects.filter(person__in=[s.ivan, s.irina]).exists()


@pytest.mark.parametrize(("mail", "mails"), [("now", 1), ("digest", 0), ("never", 0)])
@pytest.mark.parametrize("in_inbox", [True, False])
def test_each_way_is_ones_own_choice(s: SimpleNamespace, mail: str, mails: int, in_inbox: bool) -> None:
    preferences.choose(s.olga, {"answer": {"mail": mail, "inbox": in_inbox}}, quiet=False)
    with Since() as told:
        answered(s)
    assert len(to_desk(told)) == mails
    assert inboxes("client_answered") == ({"olga"} if in_inbox else set())
    assert Notice.objects.filter(awaits=True).count() == (mail == "digest")


def test_without_an_address_the_inbox_is_left(s: SimpleNamespace) -> None:
    Person.objects.filter(pk=s.olga.pk).update(email="")
    answered(s)
    assert inboxes("client_answered") == {"olga"}


def test_the_manager_hears_of_every_hand_over_and_every_closing(s: SimpleNamespace) -> None:
    handover.hand_over(taken(s), to_line=2, by=s.olga, at=later(7), **CARD)
    assert "maria" in inboxes("handed_over")
    with Since() as told:
        solved, _ = lifecycle.resolve(taken(s), how="Готово", remote=True, by=s.olga, at=later(8))
        lifecycle.confirm(solved, by=s.ivan, at=later(9))
        lifecycle.cancel(cast.ticket(s), why="Дубль", by=s.olga, at=later(9))
    assert inboxes("solved_seen") == {"maria"}
    assert Notice.objects.filter(kind="closed_seen", person=s.maria).count() == 2
    assert not {login for _kind, login in told.of} & {"maria"}


def test_the_manager_may_have_closings_by_mail_or_none_but_not_neither(s: SimpleNamespace) -> None:
    preferences.choose(s.maria, {"closing": {"mail": "now", "inbox": False}}, quiet=False)
    with Since() as told:
        lifecycle.cancel(cast.ticket(s), why="Дубль", by=s.olga, at=later(9))
    assert ("closed_seen", "maria") in told.of
    assert inboxes("closed_seen") == set()
    preferences.choose(s.maria, {"closing": {"mail": "never", "inbox": False}}, quiet=False)
    lifecycle.cancel(cast.ticket(s), why="Дубль", by=s.olga, at=later(9))
    assert inboxes("closed_seen") == {"maria"}


def test_who_handed_over_is_told_whatever_he_wishes(s: SimpleNamespace) -> None:
    preferences.choose(s.olga, {"followed": {"mail": "never", "inbox": False}}, quiet=False)
    ticket = handover.hand_over(taken(s), to_line=2, by=s.olga, at=later(6), **CARD)
    ticket = conversation.answer(ticket, Words(text="Еду"), by=s.emil, at=later(7))
    lifecycle.resolve(ticket, how="Готово", remote=True, by=s.emil, at=later(8))
    assert inboxes("colleague_answered") == inboxes("colleague_solved") == {"olga"}


def test_more_can_be_heard_than_what_is_ones_own_but_only_of_what_one_sees(s: SimpleNamespace) -> None:
    preferences.choose(s.nadia, {"answer": {"whose": "team"}}, quiet=False)
    preferences.choose(s.petra, {"answer": {"whose": "all"}}, quiet=False)
    preferences.choose(s.lev, {"answer": {"whose": "team"}}, quiet=False)
    with Since() as told:
        answered(s)  # of North on line 1: Petra sees South only, Lev's team is on line 3
    assert to_desk(told) == {("client_answered", "olga"), ("client_answered", "nadia")}
    preferences.choose(s.lev, {"answer": {"whose": "all"}, "breach": {"whose": "all"}}, quiet=False)
    with Since() as told:
        ticket = answered(s)
    assert ("client_answered", "lev") in told.of
    preferences.choose(s.emil, {"breach": {"whose": "all"}}, quiet=False)
    with Since() as told:
        history.record(ticket, Kind.SLA_BREACH, by=None, at=later(10), metric="resolution", due_at=later(9).isoformat())
    assert ("sla_breach", "emil") in told.of
    assert ("sla_breach", "nadia") not in told.of


def test_whom_nothing_concerns_is_found_by_his_wish_alone(s: SimpleNamespace) -> None:
    preferences.choose(s.nadia, {"answer": {"whose": "all"}}, quiet=False)
    with Since() as told:
        answered(s, cast.ticket(s))
    assert to_desk(told) == {("client_answered", "nadia")}


def test_outside_the_shift_letters_wait_and_warnings_do_not(
    s: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firstline.roster.duty.is_kept", lambda: True)
    monkeypatch.setattr("firstline.roster.duty.on_duty", lambda at: frozenset())
    preferences.choose(s.olga, {}, quiet=True)
    with Since() as told:
        ticket = answered(s)
        history.record(ticket, Kind.SLA_WARNING, by=None, at=later(10), metric="resolution",
                       due_at=later(60).isoformat(), tell=["assignee"])  # fmt: skip
    assert to_desk(told) == {("sla_warning", "olga")}
    assert digests.send_due(later(20)) == 0
    monkeypatch.setattr("firstline.roster.duty.on_duty", lambda at: frozenset({s.olga.pk}))
    assert digests.send_due(later(21)) == 1
    with Since() as told:
        answered(s, ticket, 30)
    assert to_desk(told) == {("client_answered", "olga")}


def test_while_no_shifts_are_written_nobody_is_away(s: SimpleNamespace) -> None:
    preferences.choose(s.olga, {}, quiet=True)
    Absence.objects.all().delete()
    with Since() as told:
        answered(s)
    assert to_desk(told) == {("client_answered", "olga")}


def test_the_digest_is_one_letter_of_what_is_unread(s: SimpleNamespace) -> None:
    preferences.choose(s.olga, {"answer": {"mail": "digest"}, "assigned": {"mail": "digest"}}, quiet=False)
    ticket = answered(s)
    assignment.assign(cast.ticket(s), assignee=s.olga, by=s.maria, at=later(8))
    gone = answered(s, taken(s), 9)
    inbox.read(s.olga, gone.pk, at=later(10))
    assert digests.send_due(later(60)) == 0
    assert digests.send_due(later(24 * 60)) == 1
    assert digests.send_due(later(48 * 60)) == 0
    deliver(later(24 * 60 + 1))
    text = text_of(letter(Delivery.objects.get(kind="digest")))
    assert f"#{ticket.pk}" in text
    assert "Отвечает Иван Петров" in text
    assert "/desk/inbox/" in text
    assert text.count(ticket.subject) >= 1


def test_a_digest_of_what_was_read_is_not_sent(s: SimpleNamespace) -> None:
    preferences.choose(s.olga, {"answer": {"mail": "digest"}}, quiet=False)
    ticket = answered(s)
    inbox.read(s.olga, ticket.pk, at=later(10))
    assert digests.send_due(later(24 * 60)) == 0
    assert not Notice.objects.filter(awaits=True).exists()


def test_old_notices_are_forgotten_and_what_waits_is_kept(s: SimpleNamespace) -> None:
    preferences.choose(s.emil, {"answer": {"mail": "digest", "whose": "all"}}, quiet=False)
    answered(s)
    assert inbox.forget_old(later(59 * 24 * 60)) == 0
    assert inbox.forget_old(later(61 * 24 * 60)) == 1
    assert Notice.objects.get().person == s.emil


def on_duty(monkeypatch: pytest.MonkeyPatch, *people: Person) -> None:
    monkeypatch.setattr("firstline.roster.duty.is_kept", lambda: True)
    monkeypatch.setattr("firstline.roster.duty.on_duty", lambda at: frozenset(person.pk for person in people))


def test_what_he_wants_to_read_together_waits_for_eight_in_his_shift_too(
    s: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    preferences.choose(s.olga, {"answer": {"mail": "digest"}}, quiet=True)
    on_duty(monkeypatch)
    ticket = answered(s)
    assignment.assign(cast.ticket(s), assignee=s.olga, by=s.maria, at=later(8))
    on_duty(monkeypatch, s.olga)
    answered(s, ticket, 9)
    assert [digests.send_due(later(minute)) for minute in (10, 15, 20)] == [1, 0, 0]
    assert set(Notice.objects.filter(digest__isnull=False).values_list("kind", flat=True)) == {"assigned"}
    assert digests.send_due(later(24 * 60)) == 1
    assert not Notice.objects.filter(awaits=True).exists()


def test_who_is_away_in_his_shift_is_not_sent_digest_after_digest(
    s: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    preferences.choose(s.olga, {}, quiet=True)
    ticket = taken(s)
    Absence.objects.create(person=s.olga, starts_at=later(0), ends_at=later(900))
    on_duty(monkeypatch, s.olga)
    answered(s, ticket, 10)
    assert Notice.objects.filter(held=True, awaits=True, person=s.olga).count() == 1
    assert [digests.send_due(later(minute)) for minute in (11, 16, 21)] == [0, 0, 0]
    Absence.objects.update(ends_at=later(4 * 24 * 60))
    assert [digests.send_due(later(day * 24 * 60)) for day in (1, 2, 3)] == [0, 0, 0], "not at eight either"
    assert digests.send_due(later(4 * 24 * 60 + 1)) == 1


def test_the_digest_leaves_out_what_he_has_read(s: SimpleNamespace) -> None:
    preferences.choose(s.olga, {"answer": {"mail": "digest"}}, quiet=False)
    unread, gone, late = answered(s), answered(s), answered(s)
    inbox.read(s.olga, gone.pk, at=later(10))
    assert digests.send_due(later(24 * 60)) == 1
    inbox.read(s.olga, late.pk, at=later(24 * 60))
    deliver(later(24 * 60 + 1))
    text = text_of(letter(Delivery.objects.get(kind="digest")))
    assert f"#{unread.pk} " in text
    assert f"#{gone.pk} " not in text
    assert f"#{late.pk} " not in text


@pytest.mark.parametrize("mail", ["now", "digest", "never"])
def test_each_client_without_a_contract_is_told_of_once_a_day_by_whatever_way(s: SimpleNamespace, mail: str) -> None:
    preferences.choose(s.anna, {"trouble": {"mail": mail}}, quiet=False)
    for requester, minutes in ((s.stoyan, 0), (s.stoyan, 30), (s.eve, 60), (s.eve, 90), (s.stoyan, 26 * 60)):
        ticket = cast.ticket(s, requester=requester, at=later(minutes))
        assert ticket.contract_id is None
    told = Notice.objects.filter(kind="no_contract", person=s.anna).order_by("pk")
    assert [one.ticket.requester.login for one in told] == ["stoyan", "eve", "stoyan"]
    assert Delivery.objects.filter(kind="no_contract", person=s.anna.pk).count() == (3 if mail == "now" else 0)


def test_no_topic_is_offered_that_nothing_is_told_of() -> None:
    assert set(matrix.TOPIC_OF) <= set(wording.LETTERS)
    assert set(profile.TOPICS) == set(matrix.TOPICS)
