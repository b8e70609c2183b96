"""The table of wishes is a pure rule: who hears, by which way, when; and what stands above a wish."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from firstline.notices import matrix
from firstline.notices.matrix import DIGEST, NEVER, NOW, Ways, chosen, digest_is_due, hears, ways

KINDS = sorted(matrix.TOPIC_OF)
MOSCOW = ZoneInfo("Europe/Moscow")


def wished(topic: str, role: str = "operator", *, quiet: bool = False, **row: object) -> dict[str, object]:
    return chosen({topic: row}, quiet=quiet, role=role)[0]


@pytest.mark.parametrize("kind", [*KINDS, "never heard of"])
@pytest.mark.parametrize("role", ["operator", "lead"])
def test_without_a_wish_everything_comes_both_ways_at_once(kind: str, role: str) -> None:
    assert ways(kind, {}, role=role, away=False) == Ways(inbox=True, mail=NOW)


def test_a_manager_finds_closings_in_his_inbox_alone() -> None:
    assert ways("closed_seen", {}, role="manager", away=False) == Ways(inbox=True, mail=NEVER)
    assert ways("handed_over", {}, role="manager", away=False) == Ways(inbox=True, mail=NOW)


@pytest.mark.parametrize("mail", [NOW, DIGEST, NEVER])
@pytest.mark.parametrize("inbox", [True, False])
def test_a_wish_decides_for_its_topic_alone(mail: str, inbox: bool) -> None:
    wishes = wished("answer", mail=mail, inbox=inbox)
    assert ways("client_answered", wishes, role="operator", away=False) == Ways(inbox, mail)
    assert ways("assigned", wishes, role="operator", away=False) == Ways(True, NOW)


@pytest.mark.parametrize("kind", ["handed_over", "accepted", "returned", "colleague_answered", "colleague_solved"])
def test_who_must_be_told_keeps_one_way(kind: str) -> None:
    wishes = wished(matrix.TOPIC_OF[kind], mail=NEVER, inbox=False)
    assert ways(kind, wishes, role="operator", away=False) == Ways(inbox=True, mail=NEVER)


def test_the_manager_hears_of_closings_by_one_way_at_least() -> None:
    wishes = wished("closing", "manager", mail=NEVER, inbox=False)
    assert ways("closed_seen", wishes, role="manager", away=False).inbox
    assert not ways("closed_seen", wished("closing", mail=NEVER, inbox=False), role="lead", away=False).inbox


@pytest.mark.parametrize("kind", KINDS)
def test_outside_the_shift_mail_waits_but_for_escalations(kind: str) -> None:
    mail = ways(kind, {"quiet": True}, role="operator", away=True).mail
    assert mail == (NOW if matrix.TOPIC_OF[kind] in {"warning", "breach"} else DIGEST)
    assert ways(kind, {"quiet": True}, role="operator", away=True).held is (mail == DIGEST)
    chosen_so = wished(matrix.TOPIC_OF[kind], mail=DIGEST, quiet=True)
    is_escalation = matrix.TOPIC_OF[kind] in {"warning", "breach"}
    assert ways(kind, chosen_so, role="operator", away=True) == Ways(
        inbox=True, mail=DIGEST, push=is_escalation, held=False
    )


def test_a_wider_reach_is_one_line_of_words() -> None:
    line = chosen({"answer": {"whose": "team"}, "closing": {"whose": "all"}}, quiet=False, role="lead")[1]
    assert line == " answer:team closing:all "
    assert hears(line, "answer", "lead") == "team"
    assert hears(line, "breach", "lead") == ""
    assert hears("", "closing", "manager") == "all"
    assert hears("", "closing", "lead") == ""
    line = chosen({"closing": {"whose": "mine"}}, quiet=False, role="manager")[1]
    assert hears(line, "closing", "manager") == ""


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ({"weather": {}}, "weather"),
        ({"answer": {"mail": "sometimes"}}, "answer.mail"),
        ({"answer": {"whose": "everybody's"}}, "answer.whose"),
        ({"assigned": {"whose": "all"}}, "assigned.whose"),
    ],
)
def test_a_wish_that_there_is_not_is_refused_by_its_name(rows: dict[str, dict[str, str]], field: str) -> None:
    with pytest.raises(matrix.WrongWish) as refused:
        chosen(rows, quiet=False, role="operator")
    assert refused.value.field == field


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW).astimezone(UTC)


@pytest.mark.parametrize(
    ("since", "now", "due"),
    [
        ("2026-03-02T07:30", "2026-03-02T07:59", False),
        ("2026-03-02T07:30", "2026-03-02T08:00", True),
        ("2026-03-02T08:00", "2026-03-02T23:59", False),
        ("2026-03-02T08:00", "2026-03-03T08:00", True),
    ],
)
def test_a_digest_is_due_at_eight_where_he_is(since: str, now: str, due: bool) -> None:
    assert digest_is_due(moment(since), moment(now), MOSCOW) is due
