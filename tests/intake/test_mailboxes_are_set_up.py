"""Setting a mailbox up: the same verb by page and by apply file, audited without its secrets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from firstline.audit.models import Row
from firstline.imports import stage
from firstline.imports.apply_file import WrongFile
from firstline.intake import mailboxes
from firstline.intake.channels import email_fetch
from firstline.intake.mailboxes import Wanted, WrongMailbox
from firstline.post.models import Account, Outlet
from tests import cast
from tests.cast import MONDAY_NINE as AT

pytestmark = pytest.mark.django_db
IMAP = "imaps://desk:pa55word@mail.example:993/"


def set_up(**wanted: Any) -> mailboxes.Kept:
    given: dict[str, Any] = {"address": "desk@firm.example", "imap": IMAP, **wanted}
    return mailboxes.set_up(Wanted(**given), by="person:1", at=AT)


def apply(text: str) -> list[str]:
    return [one.result for one in stage.apply(text.encode(), at=AT, actor="test")]


def test_it_is_made_once_and_the_same_again_changes_nothing() -> None:
    s = cast.stage()
    made = set_up(team=s.line1, names={"ru": "Поддержка", "bg": " "}, signatures={"ru": "Север\n+7 495 000-00-00"})
    assert made.is_new
    again = set_up(team=s.line1, names={"ru": "Поддержка"}, signatures={"ru": "Север\n+7 495 000-00-00"})
    assert (again.is_new, again.changed) == (False, ())
    assert made.account.names == {"ru": "Поддержка"}
    assert set_up(team=s.line2).changed == ("team",)


def test_what_is_not_said_stays() -> None:
    set_up(names={"ru": "Поддержка"}, smtp="smtp://mail.example")
    kept = set_up(imap=None).account
    assert (kept.imap, kept.smtp, kept.names) == (IMAP, "smtp://mail.example", {"ru": "Поддержка"})


def test_the_audit_trail_names_what_changed_and_no_secret() -> None:
    account = set_up().account
    set_up(imap=IMAP.replace("pa55word", "n3w"))
    mailboxes.pause(account, by="person:1", at=AT)
    mailboxes.pause(account, by="person:1", at=AT)
    mailboxes.resume(account, by="person:1", at=AT)
    rows = list(Row.objects.filter(target=f"mailbox:{account.pk}").order_by("id"))
    assert [row.action for row in rows] == ["mailbox set up", "mailbox set up", "mailbox paused", "mailbox resumed"]
    assert rows[1].data == {"changed": ["imap"]}
    assert not any("pa55word" in str(row.data) or "n3w" in str(row.data) for row in rows)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"address": "desk"}, "address"),
        ({"address": "desk@a@b"}, "address"),
        ({"imap": "pop3://u:pa55word@mail.example"}, "imap"),
        ({"smtp": "smtp://"}, "smtp"),
        ({"names": {"ru": "x" * 101}}, "name"),
        ({"signatures": {"ru": "x" * 4001}}, "signature"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field_and_leaves_nothing(wanted: dict[str, Any], field: str) -> None:
    with pytest.raises(WrongMailbox) as refused:
        set_up(**wanted)
    assert refused.value.field == field
    assert "pa55word" not in str(refused.value)
    assert not Account.objects.exists()


def test_no_two_mailboxes_have_one_address() -> None:
    first = set_up().account
    other = set_up(address="other@firm.example").account
    for wrong in ({"account": other}, {"must_be_new": True}):
        with pytest.raises(WrongMailbox):
            mailboxes.set_up(Wanted(address="DESK@firm.example"), by="person:1", at=AT, **wrong)
    assert mailboxes.set_up(Wanted(address="DESK@firm.example"), by="x", at=AT, account=first).changed == ()


def test_a_paused_mailbox_is_not_fetched_until_it_is_resumed() -> None:
    account = set_up().account
    mailboxes.pause(account, by="person:1", at=AT)
    assert email_fetch.mailboxes() == []
    mailboxes.resume(account, by="person:1", at=AT + timedelta(hours=1))
    assert email_fetch.mailboxes() == [account]


def test_another_password_is_tried_at_once() -> None:
    account = set_up().account
    Account.objects.filter(pk=account.pk).update(failures=5, closed_until=AT + timedelta(minutes=10))
    set_up(imap=IMAP.replace("pa55word", "n3w"))
    account.refresh_from_db()
    assert (account.failures, account.closed_until) == (0, None)


def test_what_the_fetcher_wrote_meanwhile_stays() -> None:
    stale = set_up().account
    Account.objects.filter(pk=stale.pk).update(last_uid=42, uid_validity=7, waiting=3)
    mailboxes.set_up(Wanted("desk@firm.example", names={"ru": "Имя"}), by="person:1", at=AT, account=stale)
    kept = Account.objects.get()
    assert (kept.last_uid, kept.uid_validity, kept.waiting, kept.names) == (42, 7, 3, {"ru": "Имя"})


def test_what_was_wrong_with_the_last_server_is_over_with_it() -> None:
    account = set_up(smtp="smtp://mail.example").account
    Account.objects.update(problem="LoginError", problem_since=AT, failures=3)
    Outlet.objects.create(address=account.address, failures=3, problem="535", problem_since=AT)
    set_up(imap="", smtp="")
    account.refresh_from_db()
    assert (account.problem, account.problem_since, Outlet.objects.get().failures) == ("", None, 0)


FILE = """
[[mailbox]]
address = "desk@firm.example"
imap = "imaps://desk:pa55word@mail.example:993/"
"""
MORE = 'name = { ru = "Поддержка", bg = "Поддръжка" }\nsignature = "Север, +7 495 000-00-00"\nactive = false\n'


def test_the_file_sets_the_same_and_what_it_does_not_name_stays() -> None:
    assert apply(FILE) == ["created"]
    assert apply(FILE + MORE) == ["changed"]
    assert apply(FILE + MORE) == ["unchanged"]
    account = Account.objects.get()
    assert account.name_for("bg") == "Поддръжка"
    assert account.signature_for("bg") == "Север, +7 495 000-00-00"
    assert not account.is_active
    assert apply(FILE) == ["changed"]  # it is in use again: that is what a row without `active` says
    account.refresh_from_db()
    assert account.names == {"ru": "Поддержка", "bg": "Поддръжка"}


def test_a_slip_in_the_file_is_named_by_its_place_without_the_password() -> None:
    with pytest.raises(WrongFile) as refused:
        apply(FILE.replace("mail.example:993", "mail.example:99999"))
    assert "mailbox[0].imap" in str(refused.value)
    assert "pa55word" not in str(refused.value)
