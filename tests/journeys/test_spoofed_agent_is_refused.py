"""A mail that only says it is from an agent speaks to nobody and is shown as what it is; his own, proven, answers."""

from __future__ import annotations

from email.message import EmailMessage
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import ADDRESS, Crew, Desk, text_of

pytestmark = pytest.mark.timeout(420)
PROVEN = "mx.desk.example; dkim=pass header.d=desk.example; dmarc=pass header.from=desk.example"
FAILED = "mx.desk.example; spf=fail smtp.mailfrom=evil.example; dmarc=fail (p=none) header.from=desk.example"
REFUSED = "mx.desk.example; dkim=none; dmarc=fail (p=reject) header.from=desk.example"

WORDS = {
    "ru": {
        "subject": "Не открывается почта", "text": "Пишет ошибку.", "answer": "Проверяем.",
        "reply": "Всё ещё не работает.", "spoof": "Пришлите ваш пароль.", "true": "Починили, проверьте.",
    },
    "bg": {
        "subject": "Пощата не се отваря", "text": "Дава грешка.", "answer": "Проверяваме.", "reply": "Още не работи.",
        "spoof": "Изпратете паролата си.", "true": "Оправено е, проверете.",
    },
}  # fmt: skip


def test_who_says_that_he_is_an_agent_is_not_heard_by_the_client(desk: Desk, crew: Crew, seat: Seat) -> None:
    words = WORDS[crew.language]
    page, number, notice = _a_ticket_with_a_notice(desk, crew, seat, words)
    to_answer = {"In_Reply_To": notice, "sender": "operator"}

    # Nothing proves it: an internal note in nobody's name, with its address, a badge and the reason.
    mark = uuid4().hex[:6]
    desk.deliver(
        crew, subject=f"Re: [#{number}] {mark}", text=f"{words['spoof']} {mark}", message_id=_id(), **to_answer
    )
    note = page.locator("#thread .msg").filter(has_text=mark)
    expect(note).to_be_visible()
    expect(note.locator(".sender")).to_have_text(crew.operator.email)
    expect(note.locator(".name")).to_have_count(0)
    expect(note.locator(".msg-h .chip").filter(has_text=crew.word("an agent's address, not proven"))).to_be_visible()
    expect(note.locator(".untrusted")).to_contain_text(
        crew.word("Nothing proves that this came from its owner: it was not sent on and gave no rights.")
    )

    # His server says that it is not his: not even on the ticket, only claimed.
    failed = uuid4().hex[:6]
    desk.deliver(
        crew, subject=f"Re: [#{number}] {failed}", text=f"{words['spoof']} {failed}", message_id=_id(),
        Authentication_Results=FAILED, **to_answer,
    )  # fmt: skip
    page.goto(f"{desk.url}/desk/")
    moves.row(page, failed).locator("a").first.click()
    page.wait_for_url("**/desk/tickets/*/")
    assert moves.number_of(page) != number
    expect(page.locator("#thread .untrusted")).to_contain_text("desk.example")

    _disowned_waits_in_quarantine(desk, crew, page, words)

    # The true agent's answer, proven: the client has it, and only it.
    moves.open_ticket(page, desk, number)
    desk.deliver(
        crew,
        subject=f"Re: [#{number}]",
        text=words["true"],
        message_id=_id(),
        Authentication_Results=PROVEN,
        **to_answer,
    )
    expect(page.locator("#thread .msg.out").filter(has_text=words["true"])).to_be_visible()
    desk.letter_to(crew.caller, f"[#{number}]", words["true"])
    to_client = [text_of(one) for one in desk.sink.letters if crew.caller.email in str(one["To"])]
    assert not [text for text in to_client if words["spoof"] in text]
    client = seat(crew.caller)
    client.goto(f"{desk.url}/portal/requests/{number}/")
    expect(client.locator("main")).to_contain_text(words["true"])
    expect(client.locator("main")).not_to_contain_text(words["spoof"])


def _disowned_waits_in_quarantine(desk: Desk, crew: Crew, page: Page, words: dict[str, str]) -> None:
    """Its domain asks not to take such letters: quarantine, with the reason."""
    refused = uuid4().hex[:6]
    desk.deliver(
        crew, subject=refused, text=words["spoof"], message_id=_id(), Authentication_Results=REFUSED, sender="operator"
    )
    page.goto(f"{desk.url}/desk/quarantine/")
    waiting = page.locator("[data-row]").filter(has_text=refused)
    expect(waiting).to_be_visible()
    expect(waiting).to_contain_text(
        crew.word("The sender is not proven: {domain} asks not to take such letters").replace(
            "{domain}", "desk.example"
        )
    )


def test_an_agents_name_over_a_strangers_address_is_shown_with_the_address(desk: Desk, crew: Crew, seat: Seat) -> None:
    words, mark = WORDS[crew.language], uuid4().hex[:6]
    letter = EmailMessage()
    letter["From"] = f"{crew.names['operator']} <{mark}@evil.example>"
    letter["To"], letter["Subject"], letter["Message-ID"] = ADDRESS, f"{words['subject']} {mark}", _id()
    letter.set_content(words["spoof"])
    page = seat(crew.operator)
    desk.mailbox.append(letter.as_bytes())
    page.goto(f"{desk.url}/desk/")
    moves.row(page, mark).locator("a").first.click()
    page.wait_for_url("**/desk/tickets/*/")
    said = page.locator("#thread .msg").first
    expect(said.locator(".sender")).to_have_text(f"{mark}@evil.example")
    expect(said.locator(".name")).to_have_count(0)
    expect(said.locator(".untrusted")).to_contain_text(f"{crew.names['operator']}")
    expect(page.locator("#beside, aside").filter(has_text=f"{mark}@evil.example").first).to_be_visible()


def _a_ticket_with_a_notice(desk: Desk, crew: Crew, seat: Seat, words: dict[str, str]) -> tuple[Page, str, str]:
    """A ticket that the operator answered and the client answered again: the open page, its number, and the Message-ID
    of the notice that told the operator."""
    mark = uuid4().hex[:6]
    page = seat(crew.operator)
    expect(page.locator("[data-live=ok]")).to_be_attached()
    desk.deliver(crew, subject=f"{words['subject']} {mark}", text=words["text"], message_id=_id(), sender="caller")
    moves.row(page, mark).wait_for()
    moves.choose_row(page, mark)
    page.keyboard.press("a")
    expect(moves.row(page, mark).filter(has_not=page.locator(".q-take"))).to_be_visible()
    moves.choose_row(page, mark)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/tickets/*/")
    moves.expect_status(page, "open")
    number = moves.number_of(page)
    moves.answer(page, words["answer"])
    answered = desk.letter_to(crew.caller, f"[#{number}]", words["answer"])
    desk.deliver(
        crew, subject=f"Re: {answered['Subject']}", text=words["reply"], message_id=_id(), sender="caller",
        In_Reply_To=str(answered["Message-ID"]),
    )  # fmt: skip
    told = desk.letter_to(crew.operator, f"[#{number}]", words["reply"])
    assert crew.word(
        "An answer to this letter goes to the requester in your name, if your mail is proven to be yours."
    ) in " ".join(text_of(told).split())
    return page, number, str(told["Message-ID"])


def _id() -> str:
    return f"<{uuid4().hex}@mail.example>"
