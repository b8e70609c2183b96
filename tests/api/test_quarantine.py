"""What waits in quarantine is seen, read and decided by API too."""

from __future__ import annotations

import pytest

from firstline.intake import acceptance
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
