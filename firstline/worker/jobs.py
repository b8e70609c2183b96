"""THE list of what runs by itself, and when.

CONTINUAL is asked again and again, in this order: what arrived is understood before a clock is judged by it. PERIODIC
runs once a period over all machines.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from firstline.contracts import following
from firstline.intake import mailbox_watch, processing, reckon_journal, reckoning
from firstline.jobs.schedule import Periodic
from firstline.knowledge import solutions
from firstline.lines import after_reinforcement, box_watch, dealing, ladder_watch, learning, weighing
from firstline.live import tidy as live_tidy
from firstline.notices import (
    alarms,
    audience,
    digests,
    inbox,
    mailbox_alarms,
    missing_alarms,
    roster_alarms,
    sent_links,
    unstaffed_alarms,
    wording,
)
from firstline.once import answers
from firstline.ops import search_upkeep
from firstline.people import limits, sign_in
from firstline.post import consents, outbox, probes
from firstline.reports import board, rollups
from firstline.roster import planning
from firstline.sla import breaches, replay, standstills, statements, what_if
from firstline.tickets import due, same_person, sending, vendor_requests
from firstline.worklog import timers

# A breach waits for what was acknowledged before the deadline, but no longer than this (product.md, rule 3).
LONGEST_WAIT = timedelta(minutes=15)

JUDGED_AT_ONCE = 50

Continual = Callable[[datetime], int]


def understand(at: datetime) -> int:
    """What was acknowledged becomes tickets, replies, or lies in quarantine."""
    return processing.process_due()


def judge(at: datetime) -> int:
    """Warnings and breaches."""
    if not breaches.is_due(at):
        return 0
    waiting = processing.oldest_waiting(since=at - LONGEST_WAIT)
    with audience.remembered():
        return breaches.record_due(at=at, understood_until=waiting, limit=JUDGED_AT_ONCE)


def wake(at: datetime) -> int:
    """Holds that are over."""
    return due.resume_held(at=at)


def say(at: datetime) -> int:
    """Answers that can be taken back no more; before clocks are judged, because they are given in time."""
    return sending.send_due(at=at, ways=solutions.WAYS)


def close(at: datetime) -> int:
    """Solved and not objected to."""
    return due.close_solved(at=at)


def pause(at: datetime) -> int:
    """Timers of whom nothing is heard any more."""
    return timers.pause_idle(at)


def look_into_boxes(at: datetime) -> int:
    """Boxes of the lines: hint, full, over."""
    return box_watch.record_due(at=at)


def climb(at: datetime) -> int:
    """Superiors are told what ladders say; after the breaches, which some rungs wait for."""
    if not ladder_watch.is_due(at):
        return 0
    with audience.remembered():
        return ladder_watch.climb(at)


def remind(at: datetime) -> int:
    """Clients who do not answer: reminded, warned, let go."""
    return standstills.remind_due(at=at)


def deal(at: datetime) -> int:
    """Work that nobody could take so far."""
    return dealing.deal_due(at)


def deliver(at: datetime) -> int:
    """Words out."""
    return outbox.send_due(wording.render, at=at, alarm=alarms.undelivered, paused=alarms.paused)


def watch_vendors(at: datetime) -> int:
    """What vendors owe past their deadlines."""
    return vendor_requests.record_late(at)


def settle(at: datetime) -> int:
    """Statements that were asked for; last, because a month takes a second or two."""
    return statements.compute_due(at=at) or what_if.compute_due(at=at)


def probe(at: datetime) -> int:
    """Letters of mailboxes to themselves."""
    return probes.deal_with_due(at)


def renew(at: datetime) -> int:
    """Tokens of mailboxes, before they end."""
    return consents.deal_with_due(at)


def index(at: datetime) -> int:
    """What changed can be found."""
    return search_upkeep.index_due(at)


def roll_up(at: datetime) -> int:
    """What the board shows of the past."""
    return rollups.follow(at)


CONTINUAL: tuple[Continual, ...] = (
    understand,
    say,
    wake,
    close,
    judge,
    pause,
    look_into_boxes,
    climb,
    remind,
    watch_vendors,
    deal,
    deliver,
    index,
    roll_up,
    settle,
    probe,
    renew,
)

PERIODIC = (
    Periodic("replay of clocks", timedelta(days=1), replay.sample),
    Periodic("learn when letters come", timedelta(days=1), mailbox_watch.learn),
    Periodic("watch the mailboxes", timedelta(minutes=1), mailbox_watch.watch),
    Periodic("probe the mailboxes", timedelta(minutes=5), probes.ask_regularly),
    Periodic("tell of mailboxes in trouble", timedelta(minutes=1), mailbox_alarms.tell),
    Periodic("reckon journal and messages", reckoning.EVERY, reckon_journal.reckon),
    Periodic("tell of what is not accounted for", timedelta(minutes=1), missing_alarms.tell),
    Periodic("learn proposals", timedelta(minutes=10), learning.see_to),
    Periodic("give back what cannot wait", timedelta(minutes=1), dealing.watch),
    Periodic("give back after reinforcement", timedelta(minutes=1), after_reinforcement.give_back_due),
    Periodic("bring what merged people asked for", timedelta(minutes=1), same_person.go_on),
    Periodic("plan the roster ahead", timedelta(hours=12), planning.replan_all),
    Periodic("tell that nobody is here", timedelta(minutes=1), roster_alarms.tell),
    Periodic("tell that nobody takes work", timedelta(minutes=1), unstaffed_alarms.tell),
    Periodic("complete the index", timedelta(hours=6), search_upkeep.mark_missing),
    Periodic("forget old signals", timedelta(hours=1), live_tidy.forget_old),
    Periodic("forget old answers", timedelta(hours=1), answers.forget_old),
    Periodic("forget old limits", timedelta(hours=1), limits.forget_old),
    Periodic("tell that an outage is over", timedelta(minutes=1), following.tell_due),
    Periodic("send digests", timedelta(minutes=5), digests.send_due),
    Periodic("forget old notices", timedelta(hours=1), inbox.forget_old),
    Periodic("forget sent links", timedelta(minutes=5), sent_links.forget),
    Periodic("statements of last month", timedelta(hours=6), statements.ask_for_last_month),
    Periodic("weigh what waits", timedelta(minutes=1), weighing.weigh_where_read),
    Periodic("note the board", timedelta(minutes=10), board.note),
    Periodic("forget old sessions", timedelta(days=1), sign_in.forget_old_sessions),
)
