"""`firstline proposals learn|show`."""

from __future__ import annotations

import argparse
import json
import os
from typing import Any

from firstline.lib import clock
from firstline.lines import learning
from firstline.lines.proposal_models import Learning

OK = 0


def add(commands: Any) -> None:
    group = commands.add_parser("proposals", help="service, category, type and priority from solved tickets")
    verbs = group.add_subparsers(dest="verb", required=True, parser_class=type(group))
    verbs.add_parser("learn", help="learns anew from the solved tickets, says how well").set_defaults(run=learn)
    verbs.add_parser("show", help="what was learnt, one JSON object a line").set_defaults(run=show)


def learn(arguments: argparse.Namespace) -> int:
    os.nice(10)
    for field in learning.FIELDS:
        _print(learning.learn(field, at=clock.now()))
    return OK


def show(arguments: argparse.Namespace) -> int:
    for row in Learning.objects.defer("model"):
        _print(row)
    return OK


def _print(row: Learning) -> None:
    at = row.learnt_at.isoformat() if row.learnt_at else None
    print(json.dumps({"field": row.field, "learnt_at": at, "sure_from": row.sure_from, **row.said}, ensure_ascii=False))
