"""What waits in quarantine is seen, read and decided by API too."""

from __future__ import annotations

import pytest

from firstline.intake import acceptance, reckon_journal
from firstline.intake.models import Desk, Inbound
from firstline.lib import clock
from firstline.people.models import Team
from firstline.post.models import Account
from firstline.tickets.models import Ticket
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db
LETTER = b"From: Ivan <ivan@north.example>\r\nSubject: hello\r\nMessage-ID: <a@b>\r\n\r\nHello\r\n"


def waiting(team: Team, key: str = "1") -> Inbound:
    account, _ = Account.objects.get_or_create(address=f"{team.slug}@desk.example")
    Desk.objects.get_or_create(account=account, defaults={"team": team})
    inbound = acceptance.accept(
        kind="email", raw=LETTER, source="test", source_key=key, account=account, at=clock.now()
    )
    Inbound.objects.filter(pk=inbound.pk).update(state="quarantine", outcome="quarantine", reason="not trusted")
    return inbound


def test_the_journal_is_read_by_who_may():
    s = cast.stage()
    ours, theirs = waiting(s.line1), waiting(s.line2, "2")

    def seen(person) -> set[int]:
        return {item["intake"] for item in Caller(person).get("/intake?state=quarantine").json()["items"]}

    assert seen(s.olga) == {ours.pk}
    assert seen(s.emil) == {theirs.pk}
    assert seen(s.lev) == seen(s.maria) == {ours.pk, theirs.pk}
    for person in (s.ivan, s.kira, s.anna):
        assert Caller(person).get("/intake").status_code == 403
        assert Caller(person).get(f"/intake/{ours.pk}").status_code == 404
        assert Caller(person).get(f"/intake/{ours.pk}/raw").status_code == 404
    assert Caller(s.emil).get(f"/intake/{ours.pk}/raw").status_code == 404
    answer = Caller(s.olga).get(f"/intake/{ours.pk}/raw")
    assert answer.content == LETTER
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert Caller(s.olga).get(f"/intake/{ours.pk}").json()["reason"] == "not trusted"


def test_the_journal_goes_on_by_cursor():
    s = cast.stage()
    made = [waiting(s.line1, str(number)).pk for number in range(3)]
    caller, seen, cursor = Caller(s.maria), [], ""
    while cursor is not None:
        page = caller.get(f"/intake?limit=2&cursor={cursor}").json()
        seen += [item["intake"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == made[::-1]


def test_a_ticket_is_made_of_it_once():
    s = cast.stage()
    inbound = waiting(s.line1)
    olga = Caller(s.olga)
    answer = olga.post(f"/intake/{inbound.pk}/ticket", Idempotency_Key="1")
    assert answer.status_code == 201, answer.content
    assert answer.headers["Location"].endswith(answer.json()["number"])
    assert olga.post(f"/intake/{inbound.pk}/ticket", Idempotency_Key="1").content == answer.content
    second = olga.post(f"/intake/{inbound.pk}/ticket")
    assert second.status_code == 409
    fields(second)
    assert Ticket.objects.count() == 1


def test_it_is_ignored_with_a_reason():
    s = cast.stage()
    inbound = waiting(s.line1)
    olga = Caller(s.olga)
    assert fields(olga.post(f"/intake/{inbound.pk}/ignore", {"why": " "})) == ["why"]
    answer = olga.post(f"/intake/{inbound.pk}/ignore", {"why": "Реклама"})
    assert answer.status_code == 200, answer.content
    assert (answer.json()["outcome"], answer.json()["reason"], answer.json()["decided_by"]) == (
        "ignored",
        "Реклама",
        "olga",
    )
    assert Caller(s.emil).post(f"/intake/{inbound.pk}/ignore", {"why": "x"}).status_code == 404


def test_it_is_run_again_added_called_spam_and_taken_back():
    s = cast.stage()
    ticket = cast.ticket(s)
    first, second, third = waiting(s.line1), waiting(s.line1, "2"), waiting(s.line1, "3")
    olga = Caller(s.olga)
    added = olga.post(f"/intake/{first.pk}/message", {"ticket": ticket.number})
    assert added.status_code == 200, added.content
    assert (added.json()["outcome"], added.json()["ticket"]) == ("reply", ticket.number)
    assert olga.post(f"/intake/{second.pk}/message", {"ticket": 999999}).status_code == 404
    spam = olga.post(f"/intake/{second.pk}/spam")
    assert (spam.json()["outcome"], spam.json()["reason"]) == ("ignored", "spam")
    assert {one["intake"] for one in olga.get("/intake?outcome=ignored").json()["items"]} == {second.pk}
    back = olga.post(f"/intake/{second.pk}/return")
    assert (back.json()["state"], back.json()["reason"], back.json()["decided_by"]) == (
        "quarantine",
        "not trusted",
        None,
    )
    assert olga.post(f"/intake/{second.pk}/return").status_code == 409
    assert Caller(s.emil).post(f"/intake/{third.pk}/run-again").status_code == 404


def test_what_is_not_accounted_for_is_said_with_its_moment():
    s = cast.stage()
    inbound = waiting(s.line1)
    lev = Caller(s.lev)
    assert lev.get("/intake/unaccounted").json() == {"count": 0, "checked_at": None, "items": []}
    Inbound.objects.filter(pk=inbound.pk).update(raw=b"other")
    reckon_journal.reckon(clock.now())
    said = lev.get("/intake/unaccounted").json()
    assert (said["count"], said["items"][0]["kind"], said["items"][0]["item"]) == (1, "other-bytes", inbound.pk)
    assert said["checked_at"] is not None
    assert Caller(s.olga).get("/intake/unaccounted").json()["count"] == 0
    assert Caller(s.anna).get("/intake/unaccounted").status_code == 403
