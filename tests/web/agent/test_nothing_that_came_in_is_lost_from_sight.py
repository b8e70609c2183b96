"""Quarantine, intake journal and outbox: why, what, who decided; originals as they came, harmless."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.blobs import store
from firstline.intake.models import Desk, Inbound
from firstline.people.models import Person
from firstline.post.models import Account, Attempt, Delivery
from firstline.tickets.models import Message, Ticket
from firstline.tickets.opening import File, Words
from tests import cast

LETTER = (
    b"From: Ivan <ivan@north.example>\r\nTo: desk@desk.example\r\nSubject: Toner\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/html; charset=utf-8\r\n\r\n"
    b'<p onclick="x()">Toner<img src="http://evil.example/t.png"><script>alert(1)</script></p>\r\n'
)
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.fixture
def mailbox(stage: SimpleNamespace) -> Account:
    account = Account.objects.create(address="desk@desk.example")
    Desk.objects.create(account=account, team=stage.line1)
    return account


@pytest.fixture
def waiting(mailbox: Account) -> Inbound:
    """A letter in quarantine."""
    return Inbound.objects.create(
        source="imap:desk@desk.example", source_key="1:1", account=mailbox, sha256="0" * 64, size=len(LETTER),
        raw=LETTER, state="quarantine", outcome="quarantine", reason="no sender", sender="ivan@north.example",
        subject="Toner",
    )  # fmt: skip


def test_quarantine_says_why_from_whom_and_what(olga: Client, waiting: Inbound) -> None:
    html = olga.get("/desk/quarantine/").content.decode()

    for words in ("It names no sender", "ivan@north.example", "Toner", "Make a ticket", "Ignore"):
        assert words in html
    assert '<span class="trunc">Quarantine</span><span class="count hot">1</span>' in html


def test_one_press_makes_a_ticket_and_the_original_goes_along(
    olga: Client, stage: SimpleNamespace, waiting: Inbound
) -> None:
    answer = olga.post(f"/desk/intake/{waiting.pk}/ticket/")

    ticket = Ticket.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/tickets/{ticket.pk}/")
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.decided_by, waiting.ticket) == ("ticket", stage.olga, ticket)


def test_ignoring_needs_a_reason_and_who_decided_is_shown(
    olga: Client, stage: SimpleNamespace, waiting: Inbound
) -> None:
    assert olga.post(f"/desk/intake/{waiting.pk}/ignoring/", {"why": " "}).status_code == 422

    assert olga.post(f"/desk/intake/{waiting.pk}/ignoring/", {"why": "Реклама"}).status_code == 302
    html = olga.get(f"/desk/intake/{waiting.pk}/").content.decode()
    for words in ("ignored", "Реклама", stage.olga.name):
        assert words in html


def test_who_comes_second_is_told_that_it_is_decided(olga: Client, waiting: Inbound) -> None:
    olga.post(f"/desk/intake/{waiting.pk}/ignoring/", {"why": "Реклама"})

    answer = olga.post(f"/desk/intake/{waiting.pk}/ticket/")

    assert answer.status_code == 409
    assert "Somebody has decided this already" in answer.content.decode()


def test_the_original_is_downloaded_byte_by_byte_and_shown_in_a_sandbox_only(olga: Client, waiting: Inbound) -> None:
    raw = olga.get(f"/desk/intake/{waiting.pk}/original.eml")
    assert raw.content == LETTER
    assert raw["Content-Disposition"].startswith("attachment")
    assert "sandbox" in raw["Content-Security-Policy"]

    shown = olga.get(f"/desk/intake/{waiting.pk}/original")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    assert "script-src" not in shown["Content-Security-Policy"]
    assert "alert(1)" not in shown.content.decode()
    assert "evil.example" not in shown.content.decode()
    assert '<iframe class="letter" sandbox src=' in olga.get(f"/desk/intake/{waiting.pk}/").content.decode()


def test_the_journal_lists_every_state(olga: Client, mailbox: Account, waiting: Inbound) -> None:
    for number, outcome in enumerate(["ticket", "reply", "bounce", "auto", "duplicate", "ignored"]):
        Inbound.objects.create(
            source="x", source_key=str(number), account=mailbox, sha256="1" * 64, size=1, raw=b"x", state="done",
            outcome=outcome, subject=f"тема {outcome}",
        )  # fmt: skip

    everything = olga.get("/desk/intake/").content.decode()
    only = olga.get("/desk/intake/?outcome=bounce").content.decode()

    for outcome in ("ticket", "reply", "bounce", "auto", "duplicate", "ignored"):
        assert f"тема {outcome}" in everything
        assert (f"тема {outcome}" in only) is (outcome == "bounce")


def test_another_teams_mailbox_is_not_there_and_some_have_no_journal(
    stage: SimpleNamespace, waiting: Inbound, signed_in: Callable[[Person], Client], at: object
) -> None:
    emil, anna, lev = signed_in(stage.emil), signed_in(stage.anna), signed_in(stage.lev)

    assert emil.get(f"/desk/intake/{waiting.pk}/").status_code == 404
    assert "Toner" not in emil.get("/desk/quarantine/").content.decode()
    assert emil.post(f"/desk/intake/{waiting.pk}/ticket/").status_code == 404
    assert anna.get("/desk/quarantine/").status_code == 403
    assert lev.get(f"/desk/intake/{waiting.pk}/").status_code == 200


def test_the_outbox_shows_attempts_and_sends_again_what_died(
    olga: Client, stage: SimpleNamespace, mailbox: Account
) -> None:
    dead = Delivery.objects.create(kind="answer", to="ivan@north.example", language="ru", account=mailbox, state="dead")
    Attempt.objects.create(delivery=dead, answer="550 no such user", outcome="permanent")
    foreign = Delivery.objects.create(kind="answer", to="x@east.example", language="ru", state="dead")

    html = olga.get("/desk/outbox/?state=dead").content.decode()
    assert "550 no such user" in html
    assert "x@east.example" not in html

    assert olga.post(f"/desk/outbox/{dead.pk}/sending/").status_code == 302
    dead.refresh_from_db()
    assert dead.state == "waiting"
    assert "nothing was done" in olga.post(f"/desk/outbox/{dead.pk}/sending/", follow=True).content.decode()
    assert olga.post(f"/desk/outbox/{foreign.pk}/sending/").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "is_picture"),
    [
        (PNG, "a.png", True),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 9, "a.jpg", True),
        (b"GIF89a" + b"\x00" * 9, "a.gif", True),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a.webp", True),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "a.png", False),
        (b"<html><script>alert(1)</script>", "a.png", False),
        (b"", "a.png", False),
    ],
)
def test_a_file_is_a_download_and_a_picture_only_where_its_bytes_are_one(
    olga: Client, stage: SimpleNamespace, content: bytes, name: str, is_picture: bool
) -> None:
    file = File(store.keep(content), f'{name}"\r\nX: y', "image/png")
    ticket = cast.ticket(stage, words=Words(text="a", files=[file]))
    attachment = Message.objects.get(ticket=ticket).attachments.get()

    download = olga.get(f"/desk/files/{attachment.pk}")
    assert download.content == content
    assert download["Content-Type"] == "application/octet-stream"
    assert download["Content-Disposition"].startswith("attachment")
    assert download["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in download["Content-Security-Policy"]

    picture = olga.get(f"/desk/files/{attachment.pk}/picture")
    assert picture.status_code == (200 if is_picture else 404)
    if is_picture:
        assert picture["Content-Type"].startswith("image/")
        assert "sandbox" in picture["Content-Security-Policy"]


def test_files_and_letters_of_foreign_tickets_are_not_there(
    olga: Client, stage: SimpleNamespace, mailbox: Account
) -> None:
    foreign = cast.ticket(stage, requester=stage.eve, words=Words(text="a", files=[File(store.keep(PNG), "a", "b")]))
    message = Message.objects.get(ticket=foreign)
    Inbound.objects.create(
        source="y", source_key="1", account=mailbox, sha256="2" * 64, size=1, raw=LETTER, state="done",
        outcome="ticket", ticket=foreign, message=message,
    )  # fmt: skip

    for address in (
        f"files/{message.attachments.get().pk}", f"files/{message.attachments.get().pk}/picture",
        f"messages/{message.pk}/", f"messages/{message.pk}/original", f"messages/{message.pk}/original.eml",
    ):  # fmt: skip
        assert olga.get(f"/desk/{address}").status_code == 404, address


@pytest.mark.parametrize(
    ("page", "narrowed"), [("/desk/outbox/", "?state=dead"), ("/desk/intake/", "?outcome=duplicate")]
)
def test_the_list_says_which_part_of_it_is_shown(olga: Client, page: str, narrowed: str) -> None:
    everything = f'<a href="{page}" aria-current="true">all</a>'
    assert everything in olga.get(page).content.decode()
    assert everything not in olga.get(page + narrowed).content.decode()
