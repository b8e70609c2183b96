"""`firstline intake run-again|add`: what became no ticket is read anew, or put onto one, by somebody of the desk."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from firstline.blobs.store import BlobMissing
from firstline.cli.lines import item_number, put, say
from firstline.intake import again, joining, journal
from firstline.intake.models import Inbound
from firstline.intake.taking import REFUSALS
from firstline.lib import clock
from firstline.people.models import Person

OK, DATA, TEMPORARY = 0, 65, 75


def add(verbs: argparse._SubParsersAction[Any]) -> None:
    run_again = verbs.add_parser("run-again", help="read and register items anew, with today's program and rules")
    to_ticket = verbs.add_parser("add", help="put items onto a ticket, as words of their sender or as internal notes")
    to_ticket.add_argument("--ticket", required=True, metavar="NUMBER")
    for one, run in ((run_again, run_items_again), (to_ticket, add_items)):
        one.add_argument("--user", required=True, metavar="LOGIN", help="in whose name, and with whose rights")
        one.add_argument("id", type=item_number, nargs="+")
        one.set_defaults(run=run)


def run_items_again(parsed: argparse.Namespace) -> int:
    """An intake line for each: how it ends now. 65 where one is refused, 75 where its bytes are not to be had."""
    return _each(parsed, lambda item, by: again.run_again(item, by=by, at=clock.now()))


def add_items(parsed: argparse.Namespace) -> int:
    """An intake line for each. 65 for a ticket that the person does not see, and for what somebody has decided."""
    return _each(parsed, lambda item, by: joining.add_to_ticket(item, parsed.ticket, by=by, at=clock.now()))


def _each(parsed: argparse.Namespace, deed: Callable[[Inbound, Person], Inbound]) -> int:
    person = Person.objects.filter(login__iexact=parsed.user.replace("\x00", ""), is_active=True).first()
    if person is None:
        say(f"nobody with the login {parsed.user!r}")
        return DATA
    code = OK
    for number in parsed.id:
        try:
            put(journal.line(deed(journal.get_for(person, number), person)))
        except REFUSALS as refusal:
            say(f"item {number}: {refusal}")
            code = DATA
        except (again.NotNow, BlobMissing) as trouble:
            say(f"item {number}: not now: {trouble}")
            code = code or TEMPORARY
    return code
