"""A message is moved and moved back, two tickets are merged and separated, a letter of ours comes back: on the pages,
in Russian and in Bulgarian."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import ADDRESS, Crew, Desk

pytestmark = pytest.mark.timeout(420)


def arrived(page: Page, desk: Desk, crew: Crew, subject: str, text: str, **headers: str) -> str:
    """The number of the ticket that a letter of the caller becomes."""
    page.goto(f"{desk.url}/desk/queue/?line=1")
    desk.deliver(
        crew, subject=subject, text=text, message_id=f"<{uuid4().hex}@{crew.language}.example>", sender="caller",
        **headers,
    )  # fmt: skip
    row = moves.row(page, subject)
    row.locator("a[href*='/desk/tickets/']").first.click()
    page.wait_for_url("**/desk/tickets/*/")
    return moves.number_of(page)


def message(page: Page, text: str) -> Locator:
    return page.locator("#thread .msg").filter(has_text=text)


def test_a_message_is_moved_and_moved_back_and_tickets_are_merged_and_separated(
    desk: Desk, crew: Crew, seat: Seat
) -> None:
    mark = uuid4().hex[:6]
    page = seat(crew.operator)
    one = arrived(page, desk, crew, f"Printer {mark}", f"printer {mark}")
    desk.deliver(
        crew, subject=f"Re: [#{one}] Printer", text=f"scanner {mark}", sender="caller",
        message_id=f"<{uuid4().hex}@{crew.language}.example>",
    )  # fmt: skip
    expect(message(page, f"scanner {mark}")).to_be_visible()
    two = arrived(page, desk, crew, f"Scanner {mark}", f"second {mark}")

    moves.open_ticket(page, desk, one)
    said = message(page, f"scanner {mark}")
    said.locator("a.msg-place").click()
    page.locator("#sheet [name=to][inputmode]").fill(two)
    page.locator("#sheet form#move button.btn-primary").click()
    expect(message(page, f"scanner {mark}")).to_have_count(0)

    moves.open_ticket(page, desk, two)
    moved = message(page, f"scanner {mark}")
    expect(moved).to_be_visible()
    expect(moved.locator(f"a[href='/desk/tickets/{one}/']").first).to_be_visible()
    moved.locator(".msg-back button").click()
    expect(message(page, f"scanner {mark}")).to_have_count(0)
    moves.open_ticket(page, desk, one)
    expect(message(page, f"scanner {mark}")).to_be_visible()

    moves.open_ticket(page, desk, two)
    page.locator("button[popovertarget=more-deeds]").click()
    page.locator("#more-deeds a[href$='/merge/']").click()
    page.locator("#sheet [name=into][inputmode]").fill(one)
    page.locator("#sheet form#move button.btn-primary").click()
    page.wait_for_url(f"**/desk/tickets/{one}/")
    expect(message(page, f"second {mark}")).to_be_visible()
    moves.open_ticket(page, desk, two)
    expect(page.locator(f".merged a.btn-primary[href='/desk/tickets/{one}/']")).to_be_visible()
    expect(page.locator("#say")).to_have_count(0)
    page.locator("form[action$='/separation/'] button").click()
    expect(message(page, f"second {mark}")).to_be_visible()
    expect(page.locator("#say")).to_be_visible()


def test_a_letter_that_comes_back_is_seen_on_its_ticket_and_beside_the_composer(
    desk: Desk, crew: Crew, seat: Seat
) -> None:
    mark = uuid4().hex[:6]
    page = seat(crew.operator)
    number = arrived(page, desk, crew, f"Bounce {mark}", f"bounce {mark}")
    moves.answer(page, f"answer {mark}")
    ours = desk.letter_to(crew.caller, f"[#{number}]", f"answer {mark}")
    desk.mailbox.append(report(str(ours["Message-ID"]), crew.caller.email))
    came_back = crew.word("A letter to {address} came back").partition("{")[0].strip()
    expect(page.locator("#thread .ev").filter(has_text=came_back)).to_be_visible()
    expect(page.locator("#thread .ev").filter(has_text=crew.word("there is no such address"))).to_be_visible()
    page.reload()
    expect(page.locator(".c-warn")).to_contain_text(crew.caller.email)
    page.locator(".c-warn button").click()
    expect(page.locator(".c-warn")).to_have_count(0)


def report(message_id: str, to: str) -> bytes:
    """What a mail server says of an address that does not exist."""
    return (
        f"Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: {ADDRESS}\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <{uuid4().hex}@mx.example>\r\n"
        "MIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nThe mail could not be delivered.\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n"
        f"--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nTo: {to}\r\n\r\n--B--\r\n"
    ).encode()
