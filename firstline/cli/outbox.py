"""`firstline outbox list`: what left the house, or is about to, with every attempt."""

from __future__ import annotations

import argparse
import json

from firstline.post import outbox
from firstline.post.models import Delivery

OK = 0  # the other exit codes of this command are argparse's own wrong usage (cli.main)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = commands.add_parser("outbox", help="words that leave the house")
    verbs = group.add_subparsers(dest="verb", required=True, parser_class=type(group))
    listing = verbs.add_parser("list", help="deliveries with every attempt, one JSON object a line, oldest first")
    listing.add_argument("--ticket", type=_number, metavar="N", help="only those about this ticket")
    listing.add_argument("--state", choices=Delivery.State.values, help="only those in this state")
    listing.set_defaults(run=show)


def show(arguments: argparse.Namespace) -> int:
    """Prints the Delivery shape of interfaces.md, one a line. An empty outbox prints nothing and is no failure."""
    deliveries = Delivery.objects.order_by("id").defer("mime").prefetch_related("tries")
    if arguments.ticket is not None:
        deliveries = deliveries.filter(ticket=arguments.ticket)
    if arguments.state is not None:
        deliveries = deliveries.filter(state=arguments.state)
    for delivery in deliveries.iterator(chunk_size=200):
        print(json.dumps(outbox.shape(delivery), ensure_ascii=False))
    return OK


def _number(text: str) -> int:
    number = text.removeprefix("#")
    if not (number.isascii() and number.isdigit() and len(number) <= 15):
        raise argparse.ArgumentTypeError(f"{text!r} is not a ticket number")
    return int(number)
