"""Channels: mailboxes with their health, and the page of one. No password is ever shown, and none goes to a server for
which it was not typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.audit.models import Row
from firstline.intake.models import Desk
from firstline.people.models import Person
from firstline.post.models import Account, Outlet, Probe

IMAP = "imaps://desk:pa55word@mail.example:993/"
FORM = {
    "address": "desk@firm.example", "is_active": "1", "team": "line1", "client": "north",
    "imap_security": "imaps", "imap_host": "mail.example", "imap_port": "993", "imap_user": "desk",
    "imap_password": "pa55word", "imap_folder": "", "smtp_security": "smtps", "smtp_host": "", "smtp_port": "",
    "name_ru": "Поддержка Севера", "name_bg": "Поддръжка", "name_en": "", "signature_ru": "Север\r\n+7 495 000-00-00",
    "signature_bg": "", "signature_en": "",
}  # fmt: skip


@pytest.fixture
def adam(stage: SimpleNamespace, signed_in: Callable[[Person], Client], at: datetime) -> Client:
    return signed_in(stage.adam)


@pytest.fixture
def account(stage: SimpleNamespace) -> Account:
    made = Account.objects.create(address="desk@firm.example", imap=IMAP, smtp="smtps://desk:s3cret@mail.example")
    Desk.objects.create(account=made, team=stage.line1, client=stage.north)
    return made


def page_of(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_mailbox_is_added_in_the_page(adam: Client, stage: SimpleNamespace) -> None:
    assert "No mailbox yet" in page_of(adam, "/desk/channels/")
    answer = adam.post("/desk/channels/new/", FORM)
    made = Account.objects.select_related("desk__team", "desk__client").get()
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/channels/{made.pk}/")
    assert made.imap == "imaps://desk:pa55word@mail.example:993"
    assert (made.desk.team, made.desk.client) == (stage.line1, stage.north)
    assert made.signatures == {"ru": "Север\n+7 495 000-00-00"}
    assert Row.objects.get(action="mailbox set up").actor == f"person:{stage.adam.pk}"
    assert "Not tried yet" in page_of(adam, "/desk/channels/")


def test_no_page_shows_a_password(adam: Client, account: Account) -> None:
    for address in ("/desk/channels/", f"/desk/channels/{account.pk}/"):
        html = page_of(adam, address)
        assert "pa55word" not in html
        assert "s3cret" not in html
    wrong = adam.post("/desk/channels/new/", {**FORM, "imap_port": "0"})
    assert wrong.status_code == 422
    assert "pa55word" not in wrong.content.decode()


def test_an_empty_password_keeps_the_one_that_is_there(adam: Client, account: Account) -> None:
    assert "One is kept" in page_of(adam, f"/desk/channels/{account.pk}/")
    answer = adam.post(f"/desk/channels/{account.pk}/", {**FORM, "imap_password": "", "name_ru": "Другое имя"})
    assert answer.status_code == 302
    account.refresh_from_db()
    assert (account.imap, account.names["ru"]) == ("imaps://desk:pa55word@mail.example:993", "Другое имя")


@pytest.mark.parametrize("other", [{"imap_host": "evil.example"}, {"imap_security": "imap"}, {"imap_user": "chief"}])
def test_a_kept_password_goes_to_no_other_server(adam: Client, account: Account, other: dict[str, str]) -> None:
    answer = adam.post(f"/desk/channels/{account.pk}/", {**FORM, "imap_password": "", **other})
    assert answer.status_code == 422
    assert "enter the password again" in answer.content.decode()
    account.refresh_from_db()
    assert account.imap == IMAP


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(adam: Client, account: Account) -> None:
    answer = adam.post("/desk/channels/new/", {**FORM, "imap_user": "somebody"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Another mailbox has this address." in html
    assert 'value="somebody"' in html
    assert "Поддержка Севера" in html
    assert Account.objects.count() == 1
    for wrong in ({"imap_port": "70000"}, {"imap_host": "no such host"}, {"imap_security": "pop3"}):
        assert adam.post("/desk/channels/new/", {**FORM, **wrong}).status_code == 422


def test_the_page_says_what_is_wrong_since_when_and_when_it_is_tried_again(
    adam: Client, account: Account, at: datetime
) -> None:
    Account.objects.filter(pk=account.pk).update(
        problem="LoginError: Authentication failed", problem_since=at - timedelta(hours=1),
        closed_until=at + timedelta(minutes=4), waiting=7,
    )  # fmt: skip
    Outlet.objects.create(address=account.address, failures=3, problem="535 no", closed_until=at + timedelta(minutes=2))
    html = page_of(adam, f"/desk/channels/{account.pk}/")
    for words in ("Letters cannot be fetched", "Authentication failed", "in 4 min", "Letters do not leave", "535 no"):
        assert words in html
    sidebar = page_of(adam, "/desk/sidebar/?at=/desk/channels/")
    assert '<span class="trunc">Channels</span><span class="count hot">1</span>' in sidebar
    adam.post(f"/desk/channels/{account.pk}/trial/")
    account.refresh_from_db()
    assert account.closed_until is None


def test_a_paused_mailbox_says_so_and_goes_on_when_resumed(adam: Client, account: Account) -> None:
    adam.post(f"/desk/channels/{account.pk}/pause/")
    assert "paused" in page_of(adam, "/desk/channels/")
    account.refresh_from_db()
    assert account.paused_at is not None
    adam.post(f"/desk/channels/{account.pk}/resumption/")
    account.refresh_from_db()
    assert account.paused_at is None


def test_the_part_that_is_fetched_again_is_the_part_of_the_page(adam: Client, account: Account) -> None:
    for address in ("/desk/channels/", f"/desk/channels/{account.pk}/"):
        part = adam.get(address, headers={"HX-Request": "true"}).content.decode().strip()
        tokenless = part.split("csrfmiddlewaretoken")[0]
        assert tokenless in page_of(adam, address)


def test_the_list_costs_the_same_for_one_mailbox_and_for_twenty(
    adam: Client, account: Account, django_assert_max_num_queries: Callable[..., object]
) -> None:
    adam.get("/desk/channels/")
    with django_assert_max_num_queries(12) as few:  # type: ignore[attr-defined]
        adam.get("/desk/channels/")
    for number in range(20):
        made = Account.objects.create(address=f"desk{number}@firm.example", imap=IMAP)
        Desk.objects.create(account=made)
    with django_assert_max_num_queries(len(few)):  # type: ignore[attr-defined]
        adam.get("/desk/channels/")


def test_everybody_else_of_the_desk_is_refused(
    olga: Client, stage: SimpleNamespace, signed_in: Callable[[Person], Client], account: Account
) -> None:
    for browser in (olga, signed_in(stage.maria), signed_in(stage.lev)):
        assert browser.get("/desk/channels/").status_code == 403
        assert browser.post(f"/desk/channels/{account.pk}/pause/").status_code == 403
        assert "/desk/channels/" not in browser.get("/desk/queue/").content.decode()
    account.refresh_from_db()
    assert account.paused_at is None


def test_a_probe_is_asked_for_once_and_seen_on_its_way(adam: Client, account: Account, at: datetime) -> None:
    for _ in range(2):
        answer = adam.post(f"/desk/channels/{account.pk}/probes/")
        assert (answer.status_code, answer["Location"]) == (302, f"/desk/channels/{account.pk}/#probe")
    probe = Probe.objects.get()
    part = page_of(adam, f"/desk/channels/{account.pk}/probes/")
    assert "The probe is about to be sent" in part
    assert 'hx-trigger="every 2s"' in part
    assert part.split("csrfmiddlewaretoken")[0] in page_of(adam, f"/desk/channels/{account.pk}/")
    Probe.objects.filter(pk=probe.pk).update(
        state="arrived", sent_at=at, sent_seconds=0.42, arrived_at=at + timedelta(seconds=3.2)
    )
    part = page_of(adam, f"/desk/channels/{account.pk}/probes/")
    for words in ("The probe came back", "taken by the server in", "0.4", "back after", "3.2"):
        assert words in part
    assert "every 2s" not in part


@pytest.mark.parametrize(
    ("failed", "answer", "words"),
    [
        ("sending", "535 5.7.8 no", "Check the server for sending below"),
        ("lost", "250 fine", "folder for spam"),
        ("returned", "5.2.2 full", "The mailbox may be full"),
    ],
)
def test_a_probe_that_failed_says_where_and_what_to_do(
    adam: Client, account: Account, at: datetime, failed: str, answer: str, words: str
) -> None:
    Probe.objects.create(account=account, asked_at=at, state="failed", failed=failed, answer=answer)
    html = page_of(adam, f"/desk/channels/{account.pk}/")
    assert words in html
    assert answer in html


def test_no_probe_of_a_paused_mailbox(adam: Client, account: Account) -> None:
    adam.post(f"/desk/channels/{account.pk}/pause/")
    assert adam.post(f"/desk/channels/{account.pk}/probes/").status_code == 302
    assert not Probe.objects.exists()
