"""Undo send: an answer is a draft with a send time, said once when it is over, or taken back until then."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from firstline.blobs import store
from firstline.knowledge import solutions
from firstline.lib.resting import Resting
from firstline.people.permissions import NotAllowed
from firstline.post.models import Delivery
from firstline.tickets import conversation, drafts, lifecycle, merging, sending
from firstline.tickets.draft_models import Draft
from firstline.tickets.models import Channel, Event, Message, Ticket
from firstline.tickets.opening import File, Words
from firstline.tickets.refusals import ChangedSince, WrongStatus, WrongValue
from tests import cast

pytestmark = pytest.mark.django_db
AT = cast.MONDAY_NINE + timedelta(minutes=5)
TEN = timedelta(seconds=10)
OVER = AT + TEN


@pytest.fixture
def s() -> SimpleNamespace:
    stage = cast.stage()
    stage.ticket = cast.ticket(stage)
    return stage


def sent(s: SimpleNamespace, body: str = "Готово", how: str = "public", **given: Any) -> Draft:
    return sending.put_off(s.olga, s.ticket, body, how=how, wait=TEN, at=AT, **given)


def due(at: datetime = OVER) -> int:
    return sending.send_due(at=at, ways=solutions.WAYS)


def fresh(s: SimpleNamespace) -> Ticket:
    return Ticket.objects.get(pk=s.ticket.pk)


def test_until_its_time_nobody_knows_of_it(s: SimpleNamespace) -> None:
    before = (Event.objects.count(), Delivery.objects.count())
    sent(s)
    assert due(OVER - timedelta(seconds=1)) == 0
    assert (Event.objects.count(), Delivery.objects.count()) == before
    assert fresh(s).assignee is None


def test_then_it_is_said_once_and_takes_the_ticket_at_the_moment_it_was_to_go(s: SimpleNamespace) -> None:
    sent(s)
    assert (due(OVER + timedelta(seconds=2)), due(OVER + timedelta(seconds=3))) == (1, 0)
    message = Message.objects.get(text="Готово")
    assert (message.event.happened_at, message.event.learnt_at) == (OVER, OVER + timedelta(seconds=2))
    assert fresh(s).assignee == s.olga
    assert Delivery.objects.filter(kind="answer").count() == 1
    assert not Draft.objects.exists()


def test_taken_back_it_is_a_draft_and_never_goes(s: SimpleNamespace) -> None:
    draft = sent(s, files=[File(store.keep(b"x"), "схема.txt", "text/plain")])
    with pytest.raises(sending.Gone):
        sending.take_back(s.nadia, draft.pk)
    sending.take_back(s.olga, draft.pk)
    assert due() == 0
    (again,) = drafts.of(s.olga, s.ticket)
    assert (again.body, [file.name for file in again.files.all()]) == ("Готово", ["схема.txt"])
    with pytest.raises(sending.Gone):
        sending.take_back(s.olga, draft.pk)


def test_what_was_said_cannot_be_taken_back(s: SimpleNamespace) -> None:
    draft = sent(s)
    due()
    with pytest.raises(sending.Gone):
        sending.take_back(s.olga, draft.pk)


def test_taken_back_beside_a_text_that_was_begun_since_both_are_there(s: SimpleNamespace) -> None:
    draft = sent(s)
    drafts.save(s.olga, s.ticket, "reply", "И ещё одно", at=AT, window="one")
    back = sending.take_back(s.olga, draft.pk)
    assert (back.body, [one["body"] for one in back.overtaken]) == ("Готово", ["И ещё одно"])
    assert len(drafts.of(s.olga, s.ticket)) == 1


def test_what_was_stopped_comes_back_before_the_window_that_sent_it(s: SimpleNamespace) -> None:
    saved = drafts.save(s.olga, s.ticket, "reply", "Готово", at=AT, window="one")
    draft = sent(s, known=drafts.Known(saved.revision, "one"))
    back = sending.take_back(s.olga, draft.pk)
    assert back.window != "one", "its page takes the words over"
    next_typed = drafts.save(s.olga, s.ticket, "reply", "И ещё", at=AT, window="one", revision=0)
    assert next_typed.overtook
    assert next_typed.draft is not None
    assert [one["body"] for one in next_typed.draft.overtaken] == ["Готово"]


def test_two_answers_that_were_stopped_are_both_there(s: SimpleNamespace) -> None:
    first, second = sent(s, "первый"), sent(s, "второй")
    sending.take_back(s.olga, first.pk)
    back = sending.take_back(s.olga, second.pk)
    again = drafts.save(s.olga, s.ticket, "reply", "третий", at=AT, window="one", revision=0).draft
    assert back.body == "второй"
    assert again is not None
    assert [one["body"] for one in again.overtaken] == ["первый", "второй"]


def test_a_draft_that_whoever_sends_has_not_seen_stays_with_its_files(s: SimpleNamespace) -> None:
    drafts.save(s.olga, s.ticket, "reply", "Длинный ответ из другого окна", at=AT, window="two")
    file = drafts.add_file(s.olga, s.ticket, "reply", File(store.keep(b"x"), "схема.txt", "text/plain"), at=AT)
    for known in (drafts.NOTHING, drafts.Known(0, "one"), drafts.Known(7)):
        going = sent(s, "Ок", known=known)
        assert not going.files.exists()
    (left,) = drafts.of(s.olga, s.ticket)
    assert (left.body, [one.pk for one in left.files.all()]) == ("Длинный ответ из другого окна", [file.pk])
    assert due() == 3
    assert Draft.objects.get() == left
    assert not Message.objects.filter(attachments__isnull=False).exists()


def test_what_another_window_had_beside_it_is_a_draft_until_he_lets_it_go(s: SimpleNamespace) -> None:
    drafts.save(s.olga, s.ticket, "reply", "с телефона", at=AT, window="two")
    saved = drafts.save(s.olga, s.ticket, "reply", "Ок", at=AT, window="one")
    going = sent(s, "Ок", known=drafts.Known(saved.revision, "one"))
    assert (going.body, going.overtaken) == ("Ок", [])
    (left,) = drafts.of(s.olga, s.ticket)
    assert (left.body, left.window, left.saved_at) == ("с телефона", "two", AT)
    back = sending.take_back(s.olga, going.pk)
    assert (back.body, [one["body"] for one in back.overtaken]) == ("Ок", ["с телефона"])
    drafts.finish(s.olga, s.ticket, "reply", Words(text="Ок"), drafts.Known(back.revision))
    assert [one.body for one in drafts.of(s.olga, s.ticket)] == ["с телефона"]


def test_the_pictures_in_the_words_go_with_them_whatever_draft_they_lay_in(s: SimpleNamespace) -> None:
    saved = drafts.save(s.olga, s.ticket, "reply", "из другого окна", at=AT, window="two")
    picture = File(store.keep(b"\x89PNG\r\n\x1a\n"), "a.png", "image/png", inline=True)
    file = drafts.add_file(s.olga, s.ticket, "reply", picture, at=AT)
    sent(s, f'<p>Вот <img src="{drafts.picture_address(file)}"></p>', is_html=True)
    assert due() == 1
    assert Message.objects.get(text__startswith="Вот").attachments.get().inline
    assert drafts.of(s.olga, s.ticket) == [saved.draft]


def test_send_and_wait_and_send_and_resolve_are_one_deed_when_the_time_comes(s: SimpleNamespace) -> None:
    sent(s, "Перезагрузите роутер", "wait")
    assert fresh(s).status == "new"
    due()
    assert fresh(s).status == "waiting_for_client"
    lifecycle.resume(fresh(s), by=s.olga, at=OVER + TEN)
    sending.put_off(s.olga, fresh(s), "Заменили кабель", how="resolve", wait=TEN, at=OVER + 2 * TEN)
    due(OVER + 3 * TEN)
    held = fresh(s)
    assert (held.status, held.resolved_at) == ("resolved", OVER + 3 * TEN)


def test_what_would_be_refused_at_once_is_refused_at_once(s: SimpleNamespace) -> None:
    with pytest.raises(WrongValue, match="body: empty"):
        sent(s, "  ")
    with pytest.raises(NotAllowed):
        sending.put_off(s.anna, s.ticket, "x", how="public", wait=TEN, at=AT)
    lifecycle.resolve(s.ticket, how="сделано", remote=True, by=s.olga, at=AT)
    with pytest.raises(WrongStatus):
        sent(s, how="resolve")
    seen = fresh(s).version
    conversation.note(s.ticket, Words(text="стойте"), by=s.nadia, at=AT)
    with pytest.raises(ChangedSince):
        sent(s, seen=seen)
    assert not Draft.objects.filter(send_at__isnull=False).exists()


def test_where_others_wrote_meanwhile_it_stays_and_says_why(s: SimpleNamespace) -> None:
    sent(s)
    conversation.reply(s.ticket, Words(text="Уже работает"), by=s.ivan, at=AT, channel=Channel.PORTAL)
    assert due() == 0
    (draft,) = drafts.of(s.olga, s.ticket)
    assert (draft.body, draft.stopped, draft.send_at) == ("Готово", "changed", None)
    assert not Message.objects.filter(text="Готово").exists()


def test_his_own_deed_meanwhile_stops_nothing(s: SimpleNamespace) -> None:
    sent(s)
    conversation.note(s.ticket, Words(text="шлюз старый"), by=s.olga, at=AT)
    assert due() == 1


def test_tickets_that_are_not_his_any_more_stop_it(s: SimpleNamespace) -> None:
    other = cast.ticket(s)
    sent(s)
    sending.put_off(s.olga, other, "И тут", how="public", wait=TEN, at=AT)
    s.olga.scope.set([s.south])
    assert due() == 0
    assert {one.stopped for one in Draft.objects.all()} == {"not allowed"}


def test_a_ticket_that_was_merged_stops_it(s: SimpleNamespace) -> None:
    draft = sent(s)
    merging.merge(s.ticket, cast.ticket(s), by=s.olga, at=AT)
    assert due() == 0
    draft.refresh_from_db()
    assert (draft.stopped, draft.send_at) == ("merged", None)


def test_one_that_breaks_holds_up_no_other_and_stays_on_its_way(s: SimpleNamespace) -> None:
    other = cast.ticket(s)
    sent(s, "первый")
    sending.put_off(s.olga, other, "второй", how="wait", wait=TEN, at=AT)

    def breaks(*given: Any, **how: Any) -> Ticket:
        raise RuntimeError("boom")

    assert sending.send_due(at=OVER, ways={**solutions.WAYS, "public": breaks}) == 1
    assert Message.objects.filter(text="второй").exists()
    left = Draft.objects.get()
    assert (left.body, left.send_at) == ("первый", OVER)
    sending._resting = Resting()
    assert due() == 1


def test_send_now_does_not_wait(s: SimpleNamespace) -> None:
    draft = sent(s)
    sending.send_now(s.olga, draft.pk, at=AT + timedelta(seconds=1), ways=solutions.WAYS)
    assert Message.objects.get(text="Готово").event.happened_at == AT + timedelta(seconds=1)
    assert due() == 0
