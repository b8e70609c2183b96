"""kill -9 of the worker while an answer waits to be sent: said exactly once, and never lost."""

from __future__ import annotations

import pytest

from tests.faults.rig import KILLED, Rig, numbered

PUT_OFF = """
import django, sys; django.setup()
from datetime import timedelta
from firstline.lib import clock
from firstline.people.models import Client, Person
from firstline.tickets import drafts, opening, sending
from firstline.tickets.models import Channel
client, _ = Client.objects.get_or_create(slug="f", defaults={"name": "F"})
made = lambda login, role, **more: Person.objects.get_or_create(
    login=login, defaults={"name": login, "role": role, "email": f"{login}@f.example", "scope_all": True, **more})[0]
agent, asks = made("fault-agent", "operator"), made("fault-asks", "requester", client=client)
at = clock.now() - timedelta(seconds=20)
ticket = opening.open_ticket(subject=sys.argv[1], words=opening.Words(text="?"), requester=asks,
                             channel=Channel.PORTAL, at=at, by=None)
sending.put_off(agent, ticket, f"answer {sys.argv[1]}", how=sys.argv[2], wait=timedelta(seconds=10), at=at)
drafts.save(agent, ticket, "note", f"note {sys.argv[1]}", at=at, window="one")
"""


def said(rig: Rig, subject: str) -> tuple[int, int, int]:
    """How often the answer was said, how many letters carry it, and how many notes are still being written."""
    messages = rig.query(f"SELECT COUNT(*) FROM tickets_message WHERE text = 'answer {subject}'")[0][0]  # noqa: S608
    letters = rig.query(
        "SELECT COUNT(*) FROM post_delivery d JOIN tickets_ticket t ON t.id = d.ticket "  # noqa: S608
        f"WHERE d.kind IN ('answer', 'solved') AND t.subject = '{subject}'"
    )[0][0]
    notes = rig.query(f"SELECT COUNT(*) FROM tickets_draft WHERE body = 'note {subject}'")[0][0]  # noqa: S608
    return messages, letters, notes


@pytest.mark.parametrize("how", ["public", "resolve"])
def test_a_killed_worker_says_it_exactly_once_and_no_draft_is_lost(rig: Rig, how: str) -> None:
    subject = f"undo-{how}-{numbered()[0]}"
    rig.python(PUT_OFF, subject, how)
    assert said(rig, subject) == (0, 0, 1)
    killed = rig.run("worker", "--drain", failpoint="web.before_commit:kill")
    assert killed.returncode == KILLED, "the point was not reached"
    assert said(rig, subject) == (0, 0, 1), "nothing of it is there by halves"
    rig.must("worker", "--drain")
    assert said(rig, subject) == (1, 1, 1)
    rig.must("worker", "--drain")
    assert said(rig, subject) == (1, 1, 1)
    assert rig.query(f"SELECT COUNT(*) FROM tickets_draft WHERE body = 'answer {subject}'")[0][0] == 0  # noqa: S608
