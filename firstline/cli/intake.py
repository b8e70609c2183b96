"""`firstline intake email|drain|list|show|raw`: the pipe of a mail server, and the journal of everything
acknowledged.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from django.db import DatabaseError

from firstline.blobs.store import BlobMissing
from firstline.cli import triage
from firstline.cli.lines import item_number, put, say, whole
from firstline.intake import acceptance, journal, processing
from firstline.intake.acceptance import NotDurable
from firstline.intake.models import Inbound
from firstline.lib import clock
from firstline.post.models import Account

OK, USAGE, DATA, TEMPORARY = 0, 64, 65, 75
LARGEST_MAIL = 150 * 1024 * 1024
WAIT_SECONDS = 120.0
DRAIN_SECONDS = 300.0


def add(commands: argparse._SubParsersAction[Any]) -> None:
    group = commands.add_parser("intake", help="how words arrive: take mails, process what waits, read the journal")
    verbs = group.add_subparsers(dest="verb", required=True, parser_class=type(group))
    email = verbs.add_parser("email", help="take raw messages from files or standard input; durable before exit 0")
    email.add_argument("--mailbox", metavar="ADDRESS", help="the mailbox they were delivered to")
    email.add_argument("--wait", action="store_true", help="process them before the lines are printed")
    email.add_argument("files", nargs="*", metavar="FILE")
    email.set_defaults(run=take_emails)
    drain = verbs.add_parser("drain", help="process what is waiting and return when nothing is")
    drain.add_argument("--timeout", type=float, default=DRAIN_SECONDS, metavar="S")
    drain.set_defaults(run=drain_all)
    listed = verbs.add_parser("list", help="the journal, newest first")
    listed.add_argument("--state", choices=Inbound.State.values)
    listed.add_argument("--limit", type=whole(0), default=0, metavar="N", help="0: all")
    listed.set_defaults(run=list_items)
    for name, run, words in (
        ("show", show_item, "what is known of one item"),
        ("raw", raw_item, "its original bytes to standard output"),
    ):
        one = verbs.add_parser(name, help=words)
        one.add_argument("id", type=item_number)
        one.set_defaults(run=run)
    triage.add(verbs)


# ---- the pipe --------------------------------------------------------------------------------------


def take_emails(parsed: argparse.Namespace) -> int:
    """Exit 0 only when every message is durable. On any doubt 75: a mail server then keeps the message and comes
    again.
    """
    try:
        return _take_emails(parsed)
    except BrokenPipeError:
        raise
    except Exception as problem:  # noqa: BLE001 - whatever happened, the mail server must come again
        say(f"nothing is certain, come again: {type(problem).__name__}: {problem}")
        return TEMPORARY


def _take_emails(parsed: argparse.Namespace) -> int:
    account = None
    if parsed.mailbox is not None:
        account = Account.objects.filter(address__iexact=parsed.mailbox).first()
        if account is None:
            say(f"no mailbox {parsed.mailbox}")
            return USAGE
    source = f"pipe:{account.address}" if account else "pipe"
    taken: list[Inbound | dict[str, Any]] = []
    code = OK
    for name in parsed.files or ["-"]:
        try:
            raw = sys.stdin.buffer.read(LARGEST_MAIL + 1) if name == "-" else Path(name).read_bytes()
            if len(raw) > LARGEST_MAIL:
                code = code or DATA
                taken.append(_not_taken(f"larger than {LARGEST_MAIL // 1024 // 1024} MB"))
                say(f"{name}: larger than {LARGEST_MAIL // 1024 // 1024} MB, never taken")
                continue
            taken.append(
                acceptance.accept_email(
                    raw, source=source, source_key=acceptance.new_key(), account=account, at=clock.now()
                )
            )
        except (OSError, NotDurable) as problem:
            code = TEMPORARY
            taken.append(_not_taken(str(problem)))
            say(f"{name}: {problem}")
    if parsed.wait:
        _wait_for([one for one in taken if isinstance(one, Inbound)])
    for one in taken:
        put(journal.line(one) if isinstance(one, Inbound) else one)
    sys.stdout.flush()
    return code


def _not_taken(reason: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("intake", "state", "outcome", "ticket", "message"))
    return {**nothing, "reason": f"not taken: {reason}", "sha256": None}


def _wait_for(rows: list[Inbound]) -> None:
    end = clock.elapsed() + WAIT_SECONDS
    while clock.elapsed() < end:
        waiting = Inbound.objects.filter(pk__in=[row.pk for row in rows], state=Inbound.State.NEW)
        if not waiting.exists():
            break
        if not processing.process_due():
            time.sleep(0.2)
    for row in rows:
        row.refresh_from_db()


# ---- the rest --------------------------------------------------------------------------------------


def drain_all(parsed: argparse.Namespace) -> int:
    """Returns when nothing is due any more; 75 where something still is when the time is over."""
    try:
        left = processing.drain(parsed.timeout, pause=time.sleep)
    except DatabaseError as problem:
        say(f"the database: {problem}")
        return TEMPORARY
    counts = Counter(dict.fromkeys(Inbound.State.values, 0))
    counts.update(Inbound.objects.values_list("state", flat=True))
    put(dict(counts))
    if left:
        say(f"{left} items are still being worked on")
        return TEMPORARY
    return OK


def list_items(parsed: argparse.Namespace) -> int:
    rows = Inbound.objects.select_related("account", "ticket", "decided_by").defer("raw").order_by("-id")
    if parsed.state:
        rows = rows.filter(state=parsed.state)
    for row in (rows[: parsed.limit] if parsed.limit else rows).iterator(500):
        put(journal.entry(row))
    return OK


def show_item(parsed: argparse.Namespace) -> int:
    row = _item(parsed.id)
    if row is None:
        return DATA
    put(journal.entry(row))
    return OK


def raw_item(parsed: argparse.Namespace) -> int:
    row = _item(parsed.id)
    if row is None:
        return DATA
    try:
        content = journal.raw(row)
    except BlobMissing as missing:
        say(f"the blob {missing} is missing")
        return DATA
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    return OK


def _item(number: int) -> Inbound | None:
    row = Inbound.objects.select_related("account", "ticket", "decided_by").filter(pk=number).first()
    if row is None:
        say(f"no item {number}")
    return row
