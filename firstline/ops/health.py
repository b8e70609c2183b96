"""Is the desk able to take requests, and what must a person know? Named problems, in words."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from firstline.intake import mailbox_health, reckoning
from firstline.intake.mailbox_health import Trouble
from firstline.intake.models import Inbound, MailRule
from firstline.jobs.models import Schedule
from firstline.lines.ladder_models import Ladder
from firstline.lines.routing_models import RoutingRule, Unstaffed
from firstline.ops import heartbeats
from firstline.post import outbox, roads, trunks
from firstline.post.models import Account
from firstline.roster import duty
from firstline.roster.week import nobody_until
from firstline.search import indexing
from firstline.sla.models import Clock

WAITS_TOO_LONG = timedelta(minutes=5)
STUCK = timedelta(minutes=15)
CLOCKS_LATE = timedelta(minutes=5)
SEARCH_BEHIND = timedelta(minutes=1)


class Problem(NamedTuple):
    """`stops` is true where requests cannot be taken or would not be understood: /readyz answers 503. `detail` is what
    a server said, with whatever names and addresses it chose: for the desk only, never on /readyz."""

    name: str
    words: str
    stops: bool
    detail: str = ""


def problems(at: datetime) -> list[Problem]:
    """Everything that is wrong now, the worst first; costs about ten statements on small index ranges."""
    try:
        found = [
            *_database(), *_disk(), *_parts(), *_intake(at), *_mailboxes(at), *_outbox(at), *_clocks(at), *_jobs(),
            *_rules(), *_reckoning(at), *_search(at), *_roster(at), *_telephony(at),
        ]  # fmt: skip
    except DatabaseError as away:
        found = [Problem("database", f"The database does not answer: {type(away).__name__}", True), *_disk()]
    return sorted(found, key=lambda problem: not problem.stops)


def free_disk_mb() -> int:
    """Free megabytes where the data lies."""
    return shutil.disk_usage(settings.FIRSTLINE_HOME).free // (1024 * 1024)


_migrated = False


def _database() -> Iterator[Problem]:
    global _migrated
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not _migrated:
        yield Problem("migrations", "The database is of an older version: run `firstline migrate`", True)


def _disk() -> Iterator[Problem]:
    free = free_disk_mb()
    if free < settings.FIRSTLINE_DISK_FLOOR_MB:
        yield Problem("disk", f"{free} MB free, {settings.FIRSTLINE_DISK_FLOOR_MB} MB are the floor", True)


def _parts() -> Iterator[Problem]:
    if not heartbeats.is_alive("worker"):
        yield Problem("worker", "No worker has given a sign of life for half a minute", True)
    if Account.objects.filter(is_active=True).exclude(imap="").exists() and not heartbeats.is_alive("fetcher"):
        yield Problem("fetcher", "No mail fetcher has given a sign of life for half a minute", True)


def _intake(at: datetime) -> Iterator[Problem]:
    oldest = Inbound.objects.filter(state=Inbound.State.NEW).order_by("received_at", "pk").first()
    if oldest is not None and at - oldest.received_at > STUCK:
        yield Problem("intake stuck", f"Item {oldest.pk} waits since {oldest.received_at.isoformat()}", False)
    elif oldest is not None and at - oldest.received_at > WAITS_TOO_LONG:
        yield Problem("intake slow", f"The oldest item waits since {oldest.received_at.isoformat()}", False)


def _mailboxes(at: datetime) -> Iterator[Problem]:
    """What hinders sending is said of the road (`_outbox`), which several mailboxes may share."""
    for health in mailbox_health.of_all(at):
        number, address = health.account.pk, health.account.address
        for one in health.wrong:
            if one.trouble == Trouble.CONSENT:
                words = f"Its provider lets it in no more (since {_said(one.since)}): connect it again"
                yield Problem(f"consent of mailbox {number}", words, False, f"{address}: {one.detail}")
            elif one.trouble == Trouble.READING:
                words = f"The mailbox cannot be read, or not all of it (since {_said(one.since)})"
                yield Problem(f"mailbox {number}", words, False, f"{address}: {one.detail}")
            elif one.trouble == Trouble.PROBE:
                words = f"The mailbox's letter to itself did not come back (noticed {_said(one.since)})"
                yield Problem(f"probe of mailbox {number}", words, False, address)
            elif one.trouble == Trouble.SILENT:
                words = f"No letter has come for longer than is usual (noticed {_said(one.since)})"
                yield Problem(f"silent mailbox {number}", words, False, address)


def _outbox(at: datetime) -> Iterator[Problem]:
    if dead := outbox.dead_letters(at):
        yield Problem("dead letters", f"{dead} deliveries failed or were given up", False)
    oldest = outbox.oldest_waiting(at)
    if oldest is not None and at - oldest > STUCK:
        yield Problem("outbox slow", f"The oldest delivery is due since {oldest.isoformat()}", False)
    for outlet in roads.problems():
        words = f"The server takes no letters (since {_said(outlet.problem_since)})"
        yield Problem(f"outgoing mail {outlet.pk}", words, False, outlet.problem)


def _telephony(at: datetime) -> Iterator[Problem]:
    for trunk in trunks.in_trouble(at):
        words = f"Its calls are refused: the signature is not the one of its secret (last {_said(trunk.refused_at)})"
        yield Problem(f"telephony {trunk.slug}", words, False, trunk.name)


def _jobs() -> Iterator[Problem]:
    for job in Schedule.objects.exclude(last_error="").order_by("name")[:20]:
        words = f"It failed when it ran last (at {_said(job.last_run_at)})"
        yield Problem(f"job {job.name}", words, False, job.last_error[:300])


def _rules() -> Iterator[Problem]:
    for rule in MailRule.objects.filter(is_on=True).exclude(problem="").order_by("position", "pk")[:20]:
        words = f"A rule could not be asked or applied; letters go on without it (since {_said(rule.problem_since)})"
        yield Problem(f"rule {rule.slug}", words, False, f"{rule.name}: {rule.problem}")
    for sent in RoutingRule.objects.filter(is_on=True).exclude(problem="").order_by("position", "pk")[:20]:
        words = f"A rule could not be asked or applied; tickets stay where they came in ({_said(sent.problem_since)})"
        yield Problem(f"routing rule {sent.slug}", words, False, f"{sent.name}: {sent.problem}")
    for told in Ladder.objects.filter(is_on=True).exclude(problem="").order_by("position", "pk")[:20]:
        words = f"A ladder could not be asked or told nobody ({_said(told.problem_since)})"
        yield Problem(f"ladder {told.slug}", words, False, f"{told.name}: {told.problem}")


def _reckoning(at: datetime) -> Iterator[Problem]:
    parts = list(reckoning.in_use().order_by("part")[:200])
    if missing := sum(one.numbers.get("missing", 0) for one in parts):
        yield Problem("unaccounted", f"Letters or messages are not accounted for: {missing}", False)
    for one in parts:
        fetched = one.account is None or (one.account.paused_at is None and not one.account.problem)
        if fetched and one.checked_at is not None and one.checked_at < at - 3 * reckoning.EVERY:
            yield Problem(f"reckoning {one.part}", f"Not compared since {_said(one.checked_at)}", False)


def _search(at: datetime) -> Iterator[Problem]:
    since, broken = indexing.behind()
    if since is not None and at - since > SEARCH_BEHIND:
        yield Problem("search behind", f"What changed since {_said(since)} is not found by its words", False)
    if broken:
        yield Problem("search incomplete", f"Texts that cannot be indexed: {broken}", False)


def _roster(at: datetime) -> Iterator[Problem]:
    if duty.is_kept():
        for cover, until in nobody_until(at):
            yield Problem(f"nobody here {cover.team.slug}", f"Nobody is here until {_said(until)}", False)
    for queue in Unstaffed.objects.select_related("team"):
        name = queue.team.slug if queue.team else f"line {queue.line}"
        yield Problem(f"nobody takes work {name}", f"{queue.waiting} wait since {_said(queue.since)}", False)


def _said(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else "?"


def _clocks(at: datetime) -> Iterator[Problem]:
    late = Clock.objects.filter(check_at__lt=at - CLOCKS_LATE)[:100].count()
    if late:
        yield Problem("clocks late", f"{late if late < 100 else '99+'} clocks were due to be looked at", False)
