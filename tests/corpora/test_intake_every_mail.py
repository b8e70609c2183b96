"""Every mail that other people collected goes in by the product's own door: one end state each, the bytes kept,
nobody answered.

One desk for all of it. Taken twice: the second feed makes nothing new (data README, "Every mail").
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CORPORA
from tests.faults.rig import Rig
from tests.real.site import new_site

pytestmark = [pytest.mark.corpora, pytest.mark.timeout(400)]

FOLDERS = (
    "redmine-mail-handler",
    "mikel-mail",
    "cpython-test-email",
    "webklex-php-imap",
    "php-mime-mail-parser",
    "django-helpdesk-mail",
    "freescout-mail",
    "rt-mail",
    "sisimai-set-of-emails",
)
AT_LEAST = 722  # the sum of the README's table
OUTCOMES = {"ticket", "reply", "bounce", "auto", "duplicate", "ignored", "quarantine"}


def mails() -> list[Path]:
    found = [path for name in FOLDERS for path in sorted((CORPORA / name).rglob("*")) if path.is_file()]
    return [path for path in found if path.suffix != ".json" and not path.name.startswith(("SOURCE", "README", ".git"))]


@dataclass
class Fed:
    """The desk after two feeds, with what its commands said."""

    rig: Rig
    sent: list[Path]
    first: list[dict[str, Any]] = field(default_factory=list)
    second: list[dict[str, Any]] = field(default_factory=list)
    counts: list[tuple[Any, ...]] = field(default_factory=list)
    words: list[bytes] = field(default_factory=list)

    def things(self) -> tuple[Any, ...]:
        """How many tickets, messages, events, files and deliveries there are."""
        tables = ("tickets_ticket", "tickets_message", "tickets_event", "tickets_attachment", "post_delivery")
        return tuple(self.rig.query(f"SELECT COUNT(*) FROM {table}")[0][0] for table in tables)  # noqa: S608

    def feed(self) -> list[dict[str, Any]]:
        taken = self.rig.must("intake", "email", *map(str, self.sent))
        drained = self.rig.must("worker", "--drain")
        self.words += [taken.stderr, drained.stderr]
        return self.rig.lines(taken)


@pytest.fixture(scope="module")
def fed() -> Iterator[Fed]:
    if not CORPORA.is_dir():
        pytest.skip("corpora not here")
    site = new_site("corpora", FIRSTLINE_DISK_FLOOR_MB="1")
    desk = Fed(Rig(site), mails())
    desk.first = desk.feed()
    desk.counts.append(desk.things())
    desk.second = desk.feed()
    desk.counts.append(desk.things())
    yield desk
    site.close()


def rows(fed: Fed) -> list[dict[str, Any]]:
    return fed.rig.lines(fed.rig.must("intake", "list"))


def test_every_mail_was_acknowledged(fed: Fed) -> None:
    assert len(fed.sent) >= AT_LEAST
    assert [line["sha256"] for line in fed.first] == [
        hashlib.sha256(path.read_bytes()).hexdigest() for path in fed.sent
    ]


def test_every_mail_has_exactly_one_end_state(fed: Fed) -> None:
    by_number = {row["intake"]: row for row in rows(fed)}
    for line in (*fed.first, *fed.second):
        row = by_number[line["intake"]]
        assert row["state"] in ("done", "quarantine"), row
        assert row["outcome"] in OUTCOMES, row
        assert (row["state"] == "quarantine") == (row["outcome"] == "quarantine"), row
        if row["outcome"] in ("ticket", "reply"):
            assert row["ticket"], row
        if row["outcome"] == "quarantine":
            assert row["reason"], row


def test_no_mail_was_too_much_for_its_reader(fed: Fed) -> None:
    """Nothing of the corpora kills the child, nothing fails on registration."""
    waiting = [row for row in rows(fed) if row["state"] == "quarantine" or row["failures"]]
    assert waiting, "the corpora have mails without a sender"
    assert [row for row in waiting if row["failures"] or "sender" not in row["reason"]] == []


def test_the_bytes_are_kept_as_they_came(fed: Fed) -> None:
    wanted = Counter(hashlib.sha256(path.read_bytes()).hexdigest() for path in fed.sent)
    kept: Counter[str] = Counter()
    for raw, blob in fed.rig.query("SELECT raw, blob_id FROM intake_inbound"):
        if blob is not None:
            raw = (fed.rig.site.home / "blobs" / blob[:2] / blob[2:4] / blob).read_bytes()
        kept[hashlib.sha256(bytes(raw)).hexdigest()] += 1
    assert kept == wanted + wanted
    for line, path in list(zip(fed.first, fed.sent, strict=True))[::150]:
        assert fed.rig.must("intake", "raw", str(line["intake"])).stdout == path.read_bytes()


def test_nothing_ended_with_a_traceback(fed: Fed) -> None:
    said = b"\n".join(fed.words)
    assert b"Traceback" not in said
    assert b'"level": "error"' not in said, said.decode()[-3000:]


def test_the_second_feed_makes_nothing_new(fed: Fed) -> None:
    assert fed.counts[0] == fed.counts[1]
    second = {line["intake"] for line in fed.second}
    assert {row["outcome"] for row in rows(fed) if row["intake"] in second} == {"duplicate"}


def test_no_machine_and_no_list_is_answered(fed: Fed) -> None:
    """An acknowledgement belongs to a created event that is not quiet; machines' letters have no created event at
    all.
    """
    answered = fed.rig.query("SELECT e.kind, e.data FROM post_delivery d JOIN tickets_event e ON e.id = d.event")
    assert answered, "nobody was answered at all: the test would prove nothing"
    for kind, data in answered:
        known = data if isinstance(data, dict) else json.loads(data)
        assert kind == "created", kind
        assert not known.get("quiet")
    senders = {row["sender"] for row in rows(fed) if row["outcome"] in ("bounce", "auto")}
    machines = {row["sender"] for row in rows(fed) if row["outcome"] in ("ticket", "reply")}
    told = {address for (address,) in fed.rig.query('SELECT "to" FROM post_delivery')}
    assert told & (senders - machines) == set()


def test_reports_vacations_and_bounces_make_no_ticket(fed: Fed) -> None:
    """≥ 97 % of sisimai's reports, and mikel's five reports."""
    outcome = {row["intake"]: row["outcome"] for row in rows(fed)}
    by_path = {
        str(path.relative_to(CORPORA)): outcome[line["intake"]] for path, line in zip(fed.sent, fed.first, strict=True)
    }
    reports = [by_path[path] for path in by_path if path.startswith("sisimai")]
    kept_out = [one for one in reports if one in ("bounce", "auto", "duplicate")]
    copies = [path for path in by_path if path.startswith("sisimai") and by_path[path] == "reply"]
    assert (len(kept_out) + len(copies)) / len(reports) >= 0.97
    multipart = [by_path[path] for path in by_path if "multipart_report_emails" in path]
    assert len(multipart) == 5
    assert set(multipart) <= {"bounce", "duplicate"}


def test_what_must_always_be_true_is_true_after_it_all(fed: Fed) -> None:
    for command in (("check-integrity",), ("sla", "replay", "--all")):
        done = fed.rig.run(*command)
        assert (done.returncode, done.stdout) == (0, b""), done.stdout.decode()[:2000] + done.stderr.decode()[-2000:]


def test_a_header_decides_whether_a_machine_wrote_it(fed: Fed) -> None:
    """The last fact of redmine's expectations: four headers make no ticket, `auto-forwarded` makes one."""
    facts = json.loads((CORPORA / "redmine-mail-handler" / "expected.json").read_text(encoding="utf-8"))
    fact = next(one for one in facts if "headers_prepended_to" in one)
    raw = (CORPORA / "redmine-mail-handler" / fact["headers_prepended_to"]).read_bytes()
    for headers, outcomes in ((fact["must_not_create"], {"auto"}), (fact["must_create"], {"ticket"})):
        for number, header in enumerate(headers):
            # A Message-ID of its own: the same letter without the header was taken before.
            letter = (
                header.encode()
                + b"\r\n"
                + raw.replace(b"Message-ID: <", f"Message-ID: <{number}{len(header)}.".encode())
            )
            (line,) = fed.rig.lines(fed.rig.must("intake", "email", "--wait", input=letter))
            assert line["outcome"] in outcomes, header
