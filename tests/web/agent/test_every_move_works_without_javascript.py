"""Every verb of the ticket's page as a plain form: what it does, what it refuses, and that nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firstline.knowledge.models import Solution
from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.tickets import conversation, lifecycle
from firstline.tickets.models import Link, Message, Ticket
from firstline.tickets.opening import Words
from firstline.worklog.models import Entry
from tests import cast
from tests.web.conftest import MONDAY_TEN


@pytest.fixture
def ticket(stage: SimpleNamespace, at: object) -> Ticket:
    return cast.ticket(stage)


def send(browser: Client, ticket: Ticket, noun: str, **fields: object) -> Ticket:
    answer = browser.post(f"/desk/tickets/{ticket.pk}/{noun}/", {"seen": ticket.version, **fields})
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/tickets/{ticket.pk}/"), answer.content
    ticket.refresh_from_db()
    return ticket


def letters(ticket: Ticket) -> list[str]:
    """What the requester is written since the acknowledgement."""
    rows = Delivery.objects.filter(ticket=ticket.pk, to="ivan@north.example").exclude(kind="received")
    return list(rows.order_by("id").values_list("kind", flat=True))


def test_an_answer_goes_out_with_its_files_and_takes_a_free_ticket(
    olga: Client, stage: SimpleNamespace, ticket: Ticket
) -> None:
    file = SimpleUploadedFile("схема.pdf", b"%PDF-1.4", content_type="application/pdf")

    send(olga, ticket, "messages", body="Смотрим.\r\nНапишу.", files=file, **{"as": "public"})

    said = Message.objects.filter(ticket=ticket).latest("id")
    assert (said.text, said.public, said.by_agent) == ("Смотрим.\nНапишу.", True, True)
    assert [one.name for one in said.attachments.all()] == ["схема.pdf"]
    assert ticket.assignee == stage.olga


def test_words_that_do_not_say_what_they_are_stay_inside(olga: Client, ticket: Ticket) -> None:
    send(olga, ticket, "messages", body="только для нас")

    assert Message.objects.filter(ticket=ticket).latest("id").public is False


def test_send_and_wait_is_one_deed(olga: Client, ticket: Ticket) -> None:
    send(olga, ticket, "messages", body="Пришлите фото.", **{"as": "wait"})

    assert ticket.status == "waiting_for_client"
    assert Message.objects.filter(ticket=ticket).latest("id").public is True
    assert letters(ticket) == ["answer"]


def test_send_and_resolve_is_one_deed(olga: Client, ticket: Ticket) -> None:
    send(olga, ticket, "messages", body="Заменили картридж.", **{"as": "resolve"})

    assert ticket.status == "resolved"
    assert Solution.objects.get(ticket=ticket).how == "Заменили картридж."
    assert letters(ticket) == ["solved"]


def test_a_call_counts_and_time_is_logged(olga: Client, ticket: Ticket) -> None:
    send(olga, ticket, "calls", body="Поговорили", minutes="3")
    send(olga, ticket, "worklogs", minutes="12", kind="remote", note="AnyDesk")

    assert ticket.events.get(kind="called").data["seconds"] == 180
    assert Entry.objects.get(ticket=ticket).minutes == 12


def test_wait_hold_resume_resolve(olga: Client, ticket: Ticket) -> None:
    assert send(olga, ticket, "wait", reason="Пароль", **{"for": "client"}).status == "waiting_for_client"
    assert send(olga, ticket, "resume").status == "in_progress"
    assert send(olga, ticket, "hold", until="2026-03-05T12:00", reason="Поставка").status == "on_hold"
    assert ticket.hold_until is not None
    assert ticket.hold_until.isoformat() == "2026-03-05T09:00:00+00:00"
    assert send(olga, ticket, "resume").status == "in_progress"
    assert send(olga, ticket, "resolution", how="Готово", remote="1").status == "resolved"
    assert Solution.objects.get(ticket=ticket).remote is True


def test_assignment_to_a_person_and_to_a_team(olga: Client, stage: SimpleNamespace, ticket: Ticket) -> None:
    assert send(olga, ticket, "assignment", assignee="nadia").assignee == stage.nadia
    given = send(olga, ticket, "assignment", assignee="", team="line1")
    assert (given.assignee, given.team) == (None, stage.line1)


def test_hand_over_with_the_card(olga: Client, stage: SimpleNamespace, ticket: Ticket) -> None:
    send(
        olga, ticket, "hand-over", to_line="2", symptom="Не печатает", tried="Перезагрузил", impact="high",
        reason="not_in_wiki",
    )  # fmt: skip

    assert (ticket.line, ticket.assignee, ticket.contact_owner) == (2, None, stage.olga)


def test_the_card_is_filled_in_from_the_first_message_and_the_notes(
    olga: Client, stage: SimpleNamespace, ticket: Ticket
) -> None:
    conversation.note(ticket, Words(text="Сменил кабель"), by=stage.olga, at=MONDAY_TEN)

    card = olga.get(f"/desk/tickets/{ticket.pk}/hand-over/").content.decode()

    assert "горит красная лампочка" in card
    assert "Сменил кабель" in card


def test_properties_change_and_history_names_old_and_new(olga: Client, stage: SimpleNamespace, ticket: Ticket) -> None:
    send(olga, ticket, "properties", subject="Новая тема", impact="high", urgency="high", priority="3",
         service="printing", category="paper-jam", tags="склад, 1С", client="north")  # fmt: skip

    assert (ticket.subject, ticket.priority, ticket.service, ticket.tags) == (
        "Новая тема", 1, stage.printing, ["склад", "1С"],
    )  # fmt: skip


def test_links_and_cancelling(olga: Client, stage: SimpleNamespace, ticket: Ticket) -> None:
    other = cast.ticket(stage)

    send(olga, ticket, "link", to=f"#{other.pk}", kind="duplicate")
    send(olga, ticket, "cancellation", why="Дубль")

    assert Link.objects.get(source=ticket).target == other
    assert ticket.status == "cancelled"


@pytest.mark.parametrize(
    "noun", ["assignment", "hand-over", "wait", "hold", "resolution", "cancellation", "link", "properties"]
)
def test_each_form_is_a_page_and_a_fragment(olga: Client, ticket: Ticket, noun: str) -> None:
    address = f"/desk/tickets/{ticket.pk}/{noun}/"
    page, part = olga.get(address), olga.get(address, headers={"HX-Request": "true"})

    without_token = re.compile(r'value="[A-Za-z0-9]{64}"')
    assert page.status_code == part.status_code == 200
    assert "<html" in page.content.decode()
    assert without_token.sub("", part.content.decode().strip()) in without_token.sub("", page.content.decode())
    assert f'name="seen" value="{ticket.version}"' in part.content.decode()


@pytest.mark.parametrize(
    ("noun", "fields", "field"),
    [
        ("messages", {"body": "  ", "as": "public"}, "body"),
        ("wait", {"for": "client", "reason": ""}, "reason"),
        ("wait", {"for": "nobody", "reason": "x"}, "for"),
        ("hold", {"until": "вчера", "reason": "x"}, "until"),
        ("hold", {"until": "2020-01-01T10:00", "reason": "x"}, "until"),
        ("resolution", {"how": ""}, "how"),
        ("worklogs", {"minutes": "много", "kind": "phone"}, "minutes"),
        ("worklogs", {"minutes": "5000", "kind": "phone"}, "minutes"),
        ("worklogs", {"minutes": "5", "kind": "dance"}, "kind"),
        ("hand-over", {"to_line": "1", "symptom": "a", "tried": "b", "reason": "access"}, "to_line"),
        ("hand-over", {"to_line": "2", "symptom": "", "tried": "b", "reason": "access"}, "symptom"),
        ("assignment", {"assignee": "ghost"}, "assignee"),
        ("assignment", {"assignee": "ivan"}, "assignee"),
        ("assignment", {}, "assignee"),
        ("link", {"to": "999999", "kind": "related"}, "to"),
        ("link", {"to": "x", "kind": "related"}, "to"),
        ("link", {"to": "1", "kind": "cousin"}, "kind"),
        ("properties", {"subject": " "}, "subject"),
        ("properties", {"service": "ghost"}, "service"),
        ("properties", {"priority": "9"}, "priority"),
        ("properties", {"requester": "eve"}, "requester"),
        ("cancellation", {"why": ""}, "why"),
    ],
)
def test_a_wrong_value_is_named_beside_its_field_and_the_rest_comes_back(
    olga: Client, stage: SimpleNamespace, ticket: Ticket, noun: str, fields: dict[str, str], field: str
) -> None:
    before = ticket.events.count()

    answer = olga.post(f"/desk/tickets/{ticket.pk}/{noun}/", {**fields, "note": "не потеряй меня"})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', html), html
    assert "не потеряй меня" in html
    assert ticket.events.count() == before


def test_whoever_was_slower_sees_who_and_what_and_loses_nothing(
    olga: Client, stage: SimpleNamespace, ticket: Ticket
) -> None:
    seen = ticket.version
    conversation.answer(ticket, Words(text="Я уже ответила"), by=stage.nadia, at=MONDAY_TEN)

    answer = olga.post(
        f"/desk/tickets/{ticket.pk}/messages/", {"seen": seen, "body": "Мой длинный ответ", "as": "public"}
    )

    html = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Надя Орлова", "Я уже ответила", "Мой длинный ответ", "Send anyway"):
        assert words in html
    assert not Message.objects.filter(text="Мой длинный ответ").exists()

    newest = re.search(r'name="seen" value="(\d+)"', html)
    assert newest is not None
    again = olga.post(
        f"/desk/tickets/{ticket.pk}/messages/", {"seen": newest[1], "body": "Мой длинный ответ", "as": "public"}
    )
    assert again.status_code == 302
    assert Message.objects.filter(text="Мой длинный ответ", public=True).exists()


def test_htmx_gets_the_strip_and_the_form_in_the_page_is_sent_anyway(
    olga: Client, stage: SimpleNamespace, ticket: Ticket
) -> None:
    seen = ticket.version
    newer = conversation.note(ticket, Words(text="внутри"), by=stage.nadia, at=MONDAY_TEN)
    fields = {"seen": seen, "body": "Ответ", "as": "public"}

    answer = olga.post(
        f"/desk/tickets/{ticket.pk}/messages/", fields, headers={"HX-Request": "true", "HX-Trigger": "say"}
    )

    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#refusal")
    html = answer.content.decode()
    assert "<html" not in html
    assert f'data-anyway="{newer.version}"' in html
    assert 'data-of-form="say"' in html
    assert olga.post(f"/desk/tickets/{ticket.pk}/messages/", {**fields, "seen": newer.version}).status_code == 302


def test_a_move_that_the_status_does_not_allow_says_what_it_is_now(
    olga: Client, stage: SimpleNamespace, ticket: Ticket
) -> None:
    lifecycle.cancel(ticket, why="так", by=stage.nadia, at=MONDAY_TEN)

    answer = olga.post(f"/desk/tickets/{ticket.pk}/resolution/", {"how": "Готово"})

    assert answer.status_code == 409
    assert "“Cancelled”" in answer.content.decode()
    assert "Готово" in answer.content.decode()


def test_who_may_not_is_told_so_and_foreign_tickets_are_not_there(
    stage: SimpleNamespace, ticket: Ticket, signed_in: Callable[[Person], Client]
) -> None:
    anna, petra = signed_in(stage.anna), signed_in(stage.petra)

    assert anna.post(f"/desk/tickets/{ticket.pk}/take/").status_code == 403
    assert anna.post(f"/desk/tickets/{ticket.pk}/messages/", {"body": "a", "as": "public"}).status_code == 403
    assert petra.post(f"/desk/tickets/{ticket.pk}/take/").status_code == 404
    assert petra.post(f"/desk/tickets/{ticket.pk}/messages/", {"body": "a"}).status_code == 404


def test_a_form_without_its_token_is_refused(stage: SimpleNamespace, ticket: Ticket) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(stage.olga)

    assert strict.post(f"/desk/tickets/{ticket.pk}/take/").status_code == 403


def test_what_is_sent_twice_from_one_look_at_the_page_is_said_once(olga: Client, stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    for how, words in (("note", "Звонил."), ("public", "Смотрю."), ("resolve", "Готово.")):
        ticket.refresh_from_db()
        typed = {"seen": ticket.version, "body": words, "as": how}
        for _ in range(2):
            assert olga.post(f"/desk/tickets/{ticket.pk}/messages/", typed).status_code == 302
        assert ticket.messages.filter(text=words).count() == 1
    ticket.refresh_from_db()
    olga.post(f"/desk/tickets/{ticket.pk}/messages/", {"seen": ticket.version, "body": "Звонил.", "as": "note"})
    assert ticket.messages.filter(text="Звонил.").count() == 2
