"""`firstline calendar compute`, `firstline sla explain|replay`."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.db.models.functions import Mod

from firstline.calendars import question
from firstline.lib import clock
from firstline.sla import explain, replay
from firstline.tickets.models import Ticket

OK, USAGE, DATA = 0, 64, 65
MANY = 2_000  # tickets; fewer are replayed by this process alone


def add(commands: Any) -> None:
    calendar = commands.add_parser("calendar", help="working-time questions")
    asked = calendar.add_subparsers(dest="action", required=True)
    asked.add_parser("compute", help="answers one JSON question a line").set_defaults(run=compute)
    sla = commands.add_parser("sla", help="clocks, explained and replayed")
    actions = sla.add_subparsers(dest="action", required=True)
    one = actions.add_parser("explain", help="every clock of a ticket with its segments")
    one.add_argument("ticket")
    one.set_defaults(run=explain_ticket)
    other = actions.add_parser("replay", help="computes clocks again and prints differences")
    other.add_argument("--all", action="store_true", help="every ticket (the default)")
    other.add_argument("--ticket")
    other.set_defaults(run=replay_tickets)


def compute(arguments: argparse.Namespace) -> int:
    for line in sys.stdin:
        if line.strip():
            print(question.answer_line(line), flush=True)
    return OK


def explain_ticket(arguments: argparse.Namespace) -> int:
    ticket = _ticket(arguments.ticket)
    if ticket is None:
        return DATA
    for row in explain.explain(ticket, clock.now()):
        print(json.dumps(row, ensure_ascii=False))
    return OK


def replay_tickets(arguments: argparse.Namespace) -> int:
    tickets = Ticket.objects.order_by("pk")
    if arguments.ticket is not None:
        one = _ticket(arguments.ticket)
        if one is None:
            return DATA
        tickets = tickets.filter(pk=one.pk)
    parts = _parts(tickets.count())
    differs = looked_at = 0
    for seen, found in _replayed_by(parts) if parts > 1 else [_replayed(tickets)]:
        looked_at += seen
        differs += len(found)
        for row in found:
            print(json.dumps(row, ensure_ascii=False))
    print(f"{looked_at} tickets, {differs} differences", file=sys.stderr)
    return DATA if differs else OK


def _parts(tickets: int) -> int:
    """Many tickets are shared by the processors, so that a hundred thousand take no longer than they must."""
    return min(os.cpu_count() or 1, 8) if tickets >= MANY else 1


def _replayed_by(parts: int) -> list[tuple[int, list[dict[str, Any]]]]:
    connections.close_all()  # a child must have a connection of its own
    with ProcessPoolExecutor(parts, mp_context=multiprocessing.get_context("fork")) as crew:
        return list(crew.map(_replayed_part, [(part, parts) for part in range(parts)]))


def _replayed_part(which: tuple[int, int]) -> tuple[int, list[dict[str, Any]]]:
    part, parts = which
    return _replayed(Ticket.objects.annotate(part=Mod("pk", parts)).filter(part=part).order_by("pk"))


def _replayed(tickets: QuerySet[Ticket]) -> tuple[int, list[dict[str, Any]]]:
    looked_at, found = 0, []
    for _one, differing in replay.differences_of(tickets.iterator(chunk_size=replay.AT_ONCE)):
        looked_at += 1
        found += differing
    return looked_at, found


def _ticket(number: str) -> Ticket | None:
    is_number = number.isascii() and number.isdigit() and len(number) <= 15
    ticket = Ticket.objects.filter(pk=int(number)).first() if is_number else None
    if ticket is None:
        print(f"no ticket {number}", file=sys.stderr)
    return ticket
