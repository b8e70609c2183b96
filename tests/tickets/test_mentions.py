"""An @ in an internal note: who is meant, who is told, and what the client never learns."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.notices import inbox, preferences
from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.tickets import conversation, mentions
from firstline.tickets.mentions import Colleague
from firstline.tickets.models import Event, Kind, Message
from firstline.tickets.opening import Words
from tests import cast
from tests.notices.told import Since, deliver, later, letter, text_of

ANNA, ANNA_MARIA = Colleague("anna", "Anna Bell"), Colleague("anna.maria", "Anna Bell-Stone")
TWINS = [Colleague("ivan1", "Иван Петров"), Colleague("ivan2", "Иван Петров")]


@pytest.mark.parametrize(
    ("text", "logins"),
    [
        ("@Anna Bell look", ["anna"]),
        ("look (@anna)", ["anna"]),
        ("@ANNA, please", ["anna"]),
        ("the end: @anna.", ["anna"]),
        ("@Anna Bell-Stone", ["anna.maria"]),
        ("@anna.maria and @anna", ["anna.maria", "anna"]),
        ("@Anna\u00a0Bell", ["anna"]),
        ("write to mail@anna or @anna@firm.example", []),
        ("@annabel @anna_b @anna-b", []),
        ("@", []),
        ("@" * 5_000 + "anna", []),
    ],
)
def test_who_is_named_is_read_from_the_words(text: str, logins: list[str]) -> None:
    assert list(mentions.named_in(text, [ANNA, ANNA_MARIA])) == logins


def test_of_two_who_are_called_alike_the_login_says_which() -> None:
    assert [mentions.written(one, TWINS) for one in TWINS] == ["@ivan1", "@ivan2"]
    assert mentions.written(ANNA, [ANNA, *TWINS]) == "@Anna Bell"
    assert list(mentions.named_in("@ivan2", TWINS)) == ["ivan2"]


def test_who_fits_is_offered_by_any_word_of_his_name_or_his_login() -> None:
    people = [ANNA, ANNA_MARIA, *TWINS]
    assert mentions.offered(["пет"], people) == TWINS
    assert mentions.offered(["stone an"], people) == []
    assert mentions.offered(["bell-s"], people) == [ANNA_MARIA]
    assert mentions.offered(["anna.m"], people) == [ANNA_MARIA]
    assert mentions.offered(["bdfy", "иван"], people) == TWINS  # the same keys on the other layout
    assert mentions.offered([""], people) == [ANNA, ANNA_MARIA, *TWINS]


@pytest.fixture
def s(db: None) -> SimpleNamespace:
    stage = cast.stage()
    stage.ticket = cast.ticket(stage)  # of North
    return stage


def test_who_is_named_in_a_note_is_told_once_by_letter_and_inbox(s: SimpleNamespace) -> None:
    with Since() as told:
        conversation.note(s.ticket, Words(text="@Емил Петров, взгляни. И @emil!"), by=s.olga, at=later(5))
    assert told.of == {("mentioned", "emil")}
    assert told.count == 1
    assert [one.kind for one in inbox.unread_of(s.emil, s.ticket.pk)] == ["mentioned"]
    assert Event.objects.get(kind=Kind.MESSAGE).data["mentioned"] == {"emil": "Емил Петров"}
    deliver(later(6))
    written = letter(Delivery.objects.get(kind="mentioned"))
    assert "взгляни" in text_of(written)
    assert "Ольга Смирнова" in text_of(written)


def test_formatted_words_name_people_too(s: SimpleNamespace) -> None:
    with Since() as told:
        conversation.note(s.ticket, Words(html="<p>Смотри, <b>@Лев Соколов</b></p>"), by=s.olga, at=later(5))
    assert told.of == {("mentioned", "lev")}


def test_nobody_is_told_who_does_not_see_the_ticket_nor_who_writes(s: SimpleNamespace) -> None:
    with Since() as told:
        words = "@Петра Илиева @Иван Петров @Ольга Смирнова @nobody"
        conversation.note(s.ticket, Words(text=words), by=s.olga, at=later(5))
    assert told.count == 0
    assert "petra" not in Event.objects.get(kind=Kind.MESSAGE).data.get("mentioned", {})


def test_an_answer_tells_no_colleague_that_it_names_him(s: SimpleNamespace) -> None:
    with Since() as told:
        conversation.answer(s.ticket, Words(text="Этим занят @Емил Петров"), by=s.olga, at=later(5))
    assert told.of == {("answer", "ivan")}


def test_each_chooses_how_he_is_told_of_being_named(s: SimpleNamespace) -> None:
    preferences.choose(s.emil, {"mention": {"mail": "never"}}, quiet=False)
    with Since() as told:
        conversation.note(s.ticket, Words(text="@emil"), by=s.olga, at=later(5))
    assert told.count == 0
    assert inbox.unread_of(s.emil, s.ticket.pk).count() == 1


def page_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_who_sees_the_ticket_is_offered_whatever_the_layout(s: SimpleNamespace) -> None:
    address = f"/desk/tickets/{s.ticket.pk}/colleagues/"
    for typed in ("емил", "emil", "tvbk"):  # the last: "емил" with the Latin layout
        answer = page_of(s.olga).get(address, {"q": typed}).content.decode()
        assert answer.count('role="option"') == 1
        assert 'data-words="@Емил Петров"' in answer
    everybody = page_of(s.olga).get(address).content.decode()
    assert "Петра" not in everybody
    assert page_of(s.petra).get(address).status_code == 404


def test_an_answer_that_names_a_colleague_is_asked_about_before_it_goes_out(s: SimpleNamespace) -> None:
    client = page_of(s.olga)
    address = f"/desk/tickets/{s.ticket.pk}/messages/"
    sent = {"body": "Этим занят @Емил Петров", "as": "public"}
    asked = client.post(address, sent)
    assert asked.status_code == 409
    assert "@Емил Петров" in asked.content.decode()
    assert 'name="named" value="yes"' in asked.content.decode()
    assert not Message.objects.filter(by_agent=True).exists()
    assert client.post(address, {**sent, "named": "yes"}).status_code == 302
    assert Message.objects.get(by_agent=True).public


def test_an_address_in_an_answer_is_nobodys_name(s: SimpleNamespace) -> None:
    sent = {"body": "Пишите на help@emil.example", "as": "public"}
    assert page_of(s.olga).post(f"/desk/tickets/{s.ticket.pk}/messages/", sent).status_code == 302


def test_the_thread_marks_who_is_named_and_nothing_else(s: SimpleNamespace) -> None:
    conversation.note(s.ticket, Words(text="@Емил Петров <i> @nobody"), by=s.olga, at=later(5))
    shown = page_of(s.olga).get(f"/desk/tickets/{s.ticket.pk}/").content.decode()
    assert '<strong class="mention">@Емил Петров</strong> &lt;i&gt; @nobody' in shown
