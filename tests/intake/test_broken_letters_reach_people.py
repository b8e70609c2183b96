"""Every way in which a letter can be broken, sent in between good ones: each has one end state, the good ones are
tickets (F-13).
"""

from __future__ import annotations

from typing import Any

import pytest

from firstline.intake import acceptance, processing
from firstline.intake.models import Inbound
from firstline.tickets.models import Message, Ticket
from tests import cast
from tests.intake.mail import letter, process, take
from tests.intake.malformed_headers import HEADERS
from tests.intake.malformed_parts import PARTS

pytestmark = pytest.mark.django_db(transaction=True)

BROKEN = {**HEADERS, **PARTS}
OUTCOMES = {"ticket", "reply", "bounce", "auto", "duplicate", "ignored", "quarantine"}


def test_there_is_one_for_each_header_and_part() -> None:
    assert len(BROKEN) >= 46


def test_each_broken_letter_has_one_visible_state_and_delays_nobody() -> None:
    cast.stage()
    rows, good = {}, []
    for name, (raw, _check) in BROKEN.items():
        rows[name] = take(raw, source=f"pipe:{name}")
        good.append(take(letter(text=f"хорошее после {name}")))
    assert processing.drain() == 0
    for name, row in rows.items():
        row.refresh_from_db()
        assert row.outcome in OUTCOMES, name
        assert row.failures == 0, (name, row.last_error)
        assert acceptance.bytes_of(row) == BROKEN[name][0], name
        if row.outcome == "quarantine":
            assert "be read" in row.reason, (name, row.reason)
        elif row.outcome == "ticket":
            assert row.ticket is not None, name
            assert row.ticket.subject, name
    assert {row.outcome for row in Inbound.objects.filter(pk__in=[row.pk for row in good])} == {"ticket"}
    kept = [*Ticket.objects.values_list("subject", flat=True), *Message.objects.values_list("text", flat=True)]
    assert not any("\x00" in words for words in kept)


@pytest.mark.parametrize(
    "headers",
    [
        {"sender": f"{'a' * 120}@{'b' * 60}.{'c' * 60}.{'d' * 60}.example"},
        {"sender": f"{'Имя ' * 200}<long@north.example>"},
        {"subject": "Очень длинная тема " * 200},
        {"Message_ID": f"<{'x' * 2000}@north.example>"},
        {"Cc": f"{'a' * 120}@{'b' * 60}.{'c' * 60}.{'d' * 60}.north.example"},
        {"files": (("имя" * 200 + ".txt", b"x"),)},
    ],
)
def test_what_is_longer_than_its_column_is_cut_and_taken_twice(headers: dict[str, Any]) -> None:
    """PostgreSQL refuses what SQLite lets through: both must take it, and know its sender again."""
    cast.stage()
    first = process(letter(**headers))
    second = process(letter(text="снова", **headers))
    assert (first.outcome, first.last_error) == ("ticket", "")
    assert (second.outcome, second.last_error) == ("ticket", "")
    assert first.ticket is not None
    assert second.ticket is not None
    assert first.ticket.requester == second.ticket.requester
