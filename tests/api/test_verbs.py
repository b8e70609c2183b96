"""Every verb of interfaces.md through the API: what it does, who may, from which status."""

from __future__ import annotations

from datetime import timedelta

import pytest

from firstline.lib import clock
from firstline.tickets import drafts
from firstline.tickets.draft_models import Draft
from firstline.tickets.models import Ticket
from firstline.worklog.models import Entry
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db

CARD = {
    "to_line": 2,
    "symptom": "Не печатает",
    "tried": "Перезагрузка",
    "articles": [],
    "impact": "medium",
    "reason": "too_complex",
}


def test_a_ticket_goes_its_whole_way_by_api():
    s = cast.stage()
    number = cast.ticket(s).number
    olga, emil, ivan = Caller(s.olga), Caller(s.emil), Caller(s.ivan)

    def does(caller: Caller, verb: str, body: object = None) -> dict:
        answer = caller.post(f"/tickets/{number}/{verb}", body)
        assert answer.status_code == 200, (verb, answer.content)
        return answer.json()

    taken = does(olga, "take")
    assert (taken["status"], taken["assignee"]) == ("in_progress", "olga")
    does(olga, "messages", {"body": "Какая лампочка?", "public": True})
    does(olga, "messages", {"body": "Похоже на термоблок", "public": False})
    assert does(olga, "wait", {"for": "client", "reason": "Какая лампочка горит"})["status"] == "waiting_for_client"
    assert does(ivan, "messages", {"body": "Красная", "public": True})["status"] == "in_progress"
    until = (clock.now() + timedelta(days=1)).isoformat()
    assert does(olga, "hold", {"until": until, "reason": "Мастер завтра"})["status"] == "on_hold"
    assert does(olga, "resume")["status"] == "in_progress"
    handed = does(olga, "hand-over", CARD)
    assert (handed["line"], handed["assignee"], handed["team"]) == (2, None, "line2")
    assert does(emil, "assignment", {"assignee": "emil"})["assignee"] == "emil"
    does(emil, "worklogs", {"minutes": 15, "kind": "remote", "note": "Заменил"})
    assert Entry.objects.get().minutes == 15
    assert does(emil, "resolution", {"how": "Заменён термоблок", "remote": False})["status"] == "resolved"
    assert does(ivan, "reopening", {"why": "Снова"})["status"] == "in_progress"
    does(emil, "resolution", {"how": "Теперь точно", "remote": True})
    closed = does(ivan, "confirmation")
    assert closed["status"] == "closed"
    assert closed["closed_at"] is not None
    kinds = [entry["kind"] for entry in olga.get(f"/tickets/{number}/timeline").json()["items"]]
    assert kinds[0] == "created"
    assert kinds[-1] == "confirmed"


@pytest.mark.parametrize("verb", ["take", "hand-over", "resolution", "wait", "cancellation"])
def test_a_move_that_the_status_does_not_allow_names_both(verb):
    s = cast.stage()
    number = cast.ticket(s).number
    olga = Caller(s.olga)
    olga.post(f"/tickets/{number}/resolution", {"how": "Готово", "remote": True})
    bodies = {"hand-over": CARD, "resolution": {"how": "x", "remote": True}, "wait": {"for": "client", "reason": "x"},
              "cancellation": {"why": "x"}}  # fmt: skip
    answer = olga.post(f"/tickets/{number}/{verb}", bodies.get(verb))
    assert answer.status_code == 409
    fields(answer)
    assert (answer.json()["verb"], answer.json()["ticket_status"]) == (verb, "resolved")
    assert verb in answer.json()["detail"]
    assert "resolved" in answer.json()["detail"]


def test_the_clients_side_does_none_of_the_desks_verbs():
    s = cast.stage()
    number = cast.ticket(s).number
    bodies = {
        "take": None, "assignment": {"assignee": "olga"}, "hand-over": CARD, "wait": {"for": "client", "reason": "x"},
        "hold": {"until": (clock.now() + timedelta(days=1)).isoformat(), "reason": "x"},
        "resolution": {"how": "x", "remote": True}, "link": {"to": number, "kind": "related"},
        "worklogs": {"minutes": 1, "kind": "remote"}, "messages": {"body": "x", "public": False},
    }  # fmt: skip
    for person in (s.ivan, s.kira):
        for verb, body in bodies.items():
            answer = Caller(person).post(f"/tickets/{number}/{verb}", body)
            assert answer.status_code in {403, 422} if verb == "link" else answer.status_code == 403, (
                verb,
                answer.content,
            )


def test_the_desk_neither_confirms_nor_reopens():
    s = cast.stage()
    number = cast.ticket(s).number
    Caller(s.olga).post(f"/tickets/{number}/resolution", {"how": "x", "remote": True})
    assert Caller(s.olga).post(f"/tickets/{number}/confirmation").status_code == 403
    assert Caller(s.maria).post(f"/tickets/{number}/reopening", {"why": "x"}).status_code == 403


def test_who_may_not_assign_learns_no_logins():
    s = cast.stage()
    number = cast.ticket(s).number
    known, unknown = (
        Caller(s.ivan).post(f"/tickets/{number}/assignment", {"assignee": login}) for login in ("olga", "nobody")
    )
    assert known.status_code == unknown.status_code == 403
    assert known.content == unknown.content


def test_a_link_to_a_foreign_ticket_looks_like_one_to_no_ticket():
    s = cast.stage()
    mine, foreign = cast.ticket(s, requester=s.stoyan), cast.ticket(s)
    petra = Caller(s.petra)
    answers = [
        petra.post(f"/tickets/{mine.number}/link", {"to": to, "kind": "related"}) for to in (foreign.number, "999999")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].content == answers[1].content
    other = cast.ticket(s, requester=s.stoyan)
    assert petra.post(f"/tickets/{mine.number}/link", {"to": int(other.number), "kind": "duplicate"}).status_code == 200


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("assignment", {}, "assignee"),
        ("assignment", {"assignee": "olga", "team": "line1"}, "assignee"),
        ("assignment", {"team": "nowhere"}, "team"),
        ("hand-over", {**CARD, "to_line": 4}, "to_line"),
        ("hand-over", {**CARD, "to_line": 1}, "to_line"),
        ("hand-over", {**CARD, "reason": "tired"}, "reason"),
        ("hand-over", {**CARD, "tried": " "}, "tried"),
        ("wait", {"for": "nobody", "reason": "x"}, "for"),
        ("wait", {"for": "client", "reason": ""}, "reason"),
        ("hold", {"until": "2020-01-01T00:00:00+00:00", "reason": "x"}, "until"),
        ("hold", {"until": "2030-01-01T00:00:00", "reason": "x"}, "until"),
        ("hold", {"until": 1893456000, "reason": "x"}, "until"),
        ("resolution", {"how": "x", "remote": "yes"}, "remote"),
        ("resolution", {"how": "x", "remote": True, "article": "no-such"}, "article"),
        ("cancellation", {"why": 5}, "why"),
        ("link", {"to": -1, "kind": "related"}, "to"),
        ("link", {"to": "1", "kind": "enemy"}, "kind"),
        ("messages", {"body": "", "public": True}, "body"),
        ("messages", {"body": "a\x00b", "public": True}, "body"),
        ("messages", {"body": "x"}, "public"),
        ("worklogs", {"minutes": 0, "kind": "remote"}, "minutes"),
        ("worklogs", {"minutes": "5", "kind": "remote"}, "minutes"),
        ("worklogs", {"minutes": 10**30, "kind": "remote"}, "minutes"),
        ("worklogs", {"minutes": 5, "kind": "sleep"}, "kind"),
        ("take", {"as": "somebody"}, "as"),
    ],
)
def test_a_wrong_value_is_422_and_named(verb, body, field):
    s = cast.stage()
    answer = Caller(s.olga).post(f"/tickets/{cast.ticket(s).number}/{verb}", body)
    assert answer.status_code == 422, answer.content
    assert any(name.split(".")[0] == field for name in fields(answer)), answer.content


def test_a_verb_that_is_not_there_is_absent():
    s = cast.stage()
    number = cast.ticket(s).number
    for verb in ("rated", "explode"):
        answer = Caller(s.olga).post(f"/tickets/{number}/{verb}", {})
        assert answer.status_code == 404
        fields(answer)


def test_the_client_reads_a_timeline_without_the_desks_own_words():
    s = cast.stage()
    number = cast.ticket(s).number
    olga = Caller(s.olga)
    olga.post(f"/tickets/{number}/take")
    olga.post(f"/tickets/{number}/messages", {"body": "СЕКРЕТ", "public": False})
    olga.post(f"/tickets/{number}/hand-over", {**CARD, "symptom": "СЕКРЕТ", "tried": "СЕКРЕТ"})
    olga.post(f"/tickets/{number}/messages", {"body": "Здравствуйте", "public": True})
    answer = Caller(s.ivan).get(f"/tickets/{number}/timeline")
    assert "СЕКРЕТ" not in answer.content.decode()
    assert all(entry["public"] for entry in answer.json()["items"])
    entry = next(
        entry for entry in olga.get(f"/tickets/{number}/timeline").json()["items"] if entry["body"] == "Здравствуйте"
    )
    assert set(entry) == {"id", "kind", "happened_at", "learnt_at", "by", "public", "body", "attachments", "data"}
    assert (entry["by"], entry["attachments"]) == ("olga", [])


def test_a_timeline_goes_on_by_cursor():
    s = cast.stage()
    number = cast.ticket(s).number
    olga = Caller(s.olga)
    for index in range(5):
        olga.post(f"/tickets/{number}/messages", {"body": str(index), "public": False})
    seen, cursor = [], ""
    while cursor is not None:
        page = olga.get(f"/tickets/{number}/timeline?limit=2&cursor={cursor}").json()
        seen += [entry["id"] for entry in page["items"]]
        cursor = page["next_cursor"]
    assert seen == sorted(set(seen))
    assert len(seen) == Ticket.objects.get(pk=number).events.count() == 6


def test_a_program_that_sends_in_a_moment_takes_nothing_of_what_its_person_is_typing():
    s = cast.stage()
    ticket = cast.ticket(s)
    drafts.save(s.olga, ticket, "reply", "Полслова", at=clock.now(), window="one")
    answer = Caller(s.olga).post(f"/tickets/{ticket.number}/messages", {"body": "Ок", "public": True, "send_in": 10})
    assert answer.status_code == 200, answer.content
    assert Draft.objects.get(send_at=None).body == "Полслова"
    assert Draft.objects.get(send_at__isnull=False).body == "Ок"
