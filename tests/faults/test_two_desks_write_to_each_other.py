"""Two Firstlines, each a person of the other's client, every automatic answer on: they fall silent by themselves, and
nothing that they wrote is lost.

Two homes with processes of their own; what leaves one by SMTP comes into the other by its pipe. Between them stands a
relay that passes letters on as they are, or (the worst case) takes away every header by which a machine is known.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

import pytest

from firstline.post import limits
from tests.faults.rig import Rig
from tests.real.site import new_site
from tests.real.smtp import Received, SmtpSink

MOST_ROUNDS = 7
MARKS = re.compile(
    rb"(?im)^(auto-submitted|x-auto-response-suppress|precedence|x-[a-z-]+|list-[a-z-]+|subject|references|in-reply-to):"
    rb"[^\n]*\n(?:[ \t][^\n]*\n)*"
)
_numbers = itertools.count(1)
SET_UP = """
import django, sys; django.setup()
from firstline.intake.models import Desk
from firstline.lib import clock
from firstline.people.models import Client, Person, Team
from firstline.post.models import Account
from firstline.tickets.models import Channel
from firstline.tickets.opening import Words, open_ticket
own, other, begins = sys.argv[1:]
team = Team.objects.create(slug="line1", name="Line 1", line=1)
client = Client.objects.create(slug="other", name="Other")
desk = Account.objects.create(address=own)
Desk.objects.create(account=desk, team=team)
Person.objects.create(login="olga", name="Olga", role="operator", team=team, scope_all=True,
                      email="olga@" + own.partition("@")[2])
them = Person.objects.create(login="them", name="The other desk", email=other, client=client)
if begins == "yes":
    open_ticket(subject="Printer", words=Words(text="It does not print"), requester=them, channel=Channel.PHONE,
                at=clock.now(), by=Person.objects.get(login="olga"))
"""

A_ROUND = """
import django, sys; django.setup()
from firstline.cli.main import main
from tests.faults import broken
fault, address, *files = sys.argv[1:]
if fault:
    broken.FAULTS[fault]()
if files and main(["intake", "email", "--mailbox", address, *files]):
    sys.exit("not taken")
sys.exit(main(["worker", "--drain"]))
"""

pytestmark = pytest.mark.timeout(300)
Relay = Callable[[bytes], bytes]


def as_it_is(raw: bytes) -> bytes:
    return raw


def as_a_stranger(raw: bytes) -> bytes:
    """What a careless relay, or a rude machine, leaves of a letter: nothing says that a machine wrote it, no thread and
    no ticket is named."""
    head, empty, body = raw.partition(b"\r\n\r\n")
    subject = f"Subject: no {next(_numbers)}\r\n".encode()
    return subject + MARKS.sub(b"", head + b"\r\n").removesuffix(b"\r\n") + empty + body


class Desk:
    """A Firstline whose letters go into a sink of its own."""

    def __init__(self, name: str, other: str, *, begins: bool) -> None:
        self.address, self.sink = f"desk@{name}.example", SmtpSink()
        self.site = new_site(name, EMAIL_URL=self.sink.url, FIRSTLINE_DISK_FLOOR_MB="1")
        self.rig = Rig(self.site).quick()
        self.rig.python(SET_UP, self.address, f"desk@{other}.example", "yes" if begins else "no")
        self.passed_on, self.broken, self.other = 0, "", f"desk@{other}.example"

    def works(self, letters: list[Received], relay: Relay) -> list[Received]:
        """Takes letters in by its pipe and does everything that is due; returns what it wrote to the other one."""
        for number, one in enumerate(letters):
            (self.site.home / f"{number}.eml").write_bytes(relay(one.raw))
        files = [str(self.site.home / f"{number}.eml") for number in range(len(letters))]
        self.rig.python(A_ROUND, self.broken, self.address, *files)
        fresh = self.sink.received[self.passed_on :]
        self.passed_on += len(fresh)
        return [letter for letter in fresh if self.other in letter.recipients]

    def close(self) -> None:
        self.rig.close()
        self.sink.stop()


@pytest.fixture
def desks() -> Iterator[tuple[Desk, Desk]]:
    one, two = Desk("one", "two", begins=True), Desk("two", "one", begins=False)
    yield one, two
    one.close()
    two.close()


def talk(one: Desk, two: Desk, relay: Relay) -> int:
    """Passes letters on until nobody writes any more; returns after how many rounds."""
    from_two: list[Received] = []
    for number in range(MOST_ROUNDS):
        from_one = one.works(from_two, relay)
        from_two = two.works(from_one, relay)
        if not [*from_one, *from_two]:
            return number
    return MOST_ROUNDS


def lost(sender: Desk, receiver: Desk) -> list[str]:
    """Letters to the other desk that it has not in exactly one visible state."""
    known = receiver.rig.query("SELECT mail_id, state FROM intake_inbound")
    out = []
    for letter in sender.sink.received:
        if receiver.address in letter.recipients:
            states = [state for mail_id, state in known if mail_id.strip() == letter.message["Message-ID"].strip()]
            if states not in (["done"], ["quarantine"]):
                out.append(f"{letter.message['Subject']}: {states}")
    return out


@pytest.mark.parametrize("relay", [as_it_is, as_a_stranger])
def test_two_desks_fall_silent_by_themselves_and_nothing_is_lost(desks: tuple[Desk, Desk], relay: Relay) -> None:
    one, two = desks
    assert talk(one, two, relay) < MOST_ROUNDS, "still talking"
    assert one.passed_on >= 1
    assert one.passed_on + two.passed_on <= 4 * limits.MOST_ACKNOWLEDGEMENTS + 2
    assert lost(one, two) + lost(two, one) == []
    for desk in desks:
        assert desk.rig.query("SELECT COUNT(*) FROM post_delivery WHERE due_at IS NOT NULL") == [(0,)]
        assert desk.rig.query("SELECT COUNT(*) FROM intake_inbound WHERE state = 'new'") == [(0,)]


def test_control_desks_without_limits_go_on_and_on(desks: tuple[Desk, Desk]) -> None:
    one, two = desks
    one.broken = two.broken = "answer_everything"
    assert talk(one, two, as_a_stranger) == MOST_ROUNDS


def test_control_a_letter_that_a_relay_loses_is_seen(desks: tuple[Desk, Desk]) -> None:
    one, two = desks
    assert one.works([], as_it_is)
    assert lost(one, two)
