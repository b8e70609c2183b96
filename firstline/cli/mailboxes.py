"""`firstline mail probe ADDRESS`: a mailbox writes to itself, and the letter must come back.

Where no worker or no fetcher runs it does their part for this mailbox, so that a desk can be tried before it is served.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

from firstline.cli.letters import verbs_of_mail
from firstline.intake import processing
from firstline.intake.channels import email_fetch
from firstline.lib import clock
from firstline.ops import heartbeats
from firstline.post import probes
from firstline.post.models import Account, Probe

OK, USAGE, UNAVAILABLE = 0, 64, 69
SECONDS = 300.0
PAUSE = 0.5


def add(commands: argparse._SubParsersAction[Any]) -> None:
    probe = verbs_of_mail(commands).add_parser("probe", help="a mailbox writes to itself; 69 if it does not come back")
    probe.add_argument("address", metavar="ADDRESS")
    probe.add_argument("--timeout", type=float, default=SECONDS, metavar="S")
    probe.set_defaults(run=send_probe)


def send_probe(parsed: argparse.Namespace) -> int:
    """One line: how it ended and how long each leg took."""
    account = Account.objects.filter(kind=Account.Kind.EMAIL, address__iexact=parsed.address.strip()).first()
    if account is None:
        print(f"firstline: no mailbox {parsed.address}", file=sys.stderr)
        return USAGE
    try:
        probe = probes.ask(account, at=clock.now())
    except probes.NotNow:
        print("firstline: the mailbox is paused or switched off", file=sys.stderr)
        return UNAVAILABLE
    end = clock.elapsed() + parsed.timeout
    problem = ""
    while probe.state in probes.UNDER_WAY and clock.elapsed() < end:
        problem = _do_what_nobody_does(account, probe) or problem
        probe.refresh_from_db()
        if probe.state in probes.UNDER_WAY:
            time.sleep(PAUSE)
    print(json.dumps(_line(account, probe, problem), ensure_ascii=False))
    return OK if probe.state == Probe.State.ARRIVED else UNAVAILABLE


def _do_what_nobody_does(account: Account, probe: Probe) -> str:
    """The part of the worker and of the fetcher, where they are not there; what went wrong, in words."""
    problem = ""
    if not heartbeats.is_alive("worker"):
        probes.deal_with_due(clock.now(), only=Probe.objects.filter(pk=probe.pk))
    if account.imap and not heartbeats.is_alive("fetcher"):
        try:
            email_fetch.fetch_once(account, clock.now())
        except email_fetch.TROUBLES as trouble:
            problem = email_fetch.words_of(trouble)
        account.refresh_from_db()
    if not heartbeats.is_alive("worker"):
        processing.process_due()
    return problem


def _line(account: Account, probe: Probe, problem: str) -> dict[str, Any]:
    back = (probe.arrived_at - probe.sent_at).total_seconds() if probe.arrived_at and probe.sent_at else None
    return {
        "mailbox": account.address,
        "state": probe.state,
        "failed": probe.failed or ("lost" if probe.state in probes.UNDER_WAY else None),
        "sent_seconds": round(probe.sent_seconds, 3) if probe.sent_seconds is not None else None,
        "back_seconds": max(0.0, round(back, 3)) if back is not None else None,
        "answer": probe.answer or None,
        "problem": problem or account.problem or None,
    }
