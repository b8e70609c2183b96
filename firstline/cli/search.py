"""`firstline kb search`, `firstline ticket search`, `firstline search rebuild`."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from firstline.cli.lines import whole
from firstline.knowledge import everywhere
from firstline.knowledge import finding as articles
from firstline.lib.language import CODES
from firstline.ops import search_upkeep
from firstline.people.models import Person
from firstline.people.roles import Role
from firstline.search import dictionaries
from firstline.tickets import finding as tickets

OK, USAGE = 0, 64
MOST = 1000


def add(commands: Any) -> None:
    for name, run, words in (("kb", _articles, "articles"), ("ticket", _tickets, "tickets")):
        group = commands.add_parser(name, help=f"{words} found by words")
        verbs = group.add_subparsers(dest="verb", required=True, parser_class=type(group))
        one = verbs.add_parser("search", help=f"{words} as the pages find them, one JSON object a line, the best first")
        one.add_argument("text", metavar="TEXT")
        one.add_argument("--lang", choices=CODES, default="ru", help="the language of titles")
        one.add_argument("--limit", type=whole(1), default=20, metavar="N")
        one.add_argument("--as", dest="login", metavar="LOGIN", help="as this person finds them (all, if not given)")
        one.set_defaults(run=run)
    group = commands.add_parser("search", help="the full-text index")
    verbs = group.add_subparsers(dest="verb", required=True, parser_class=type(group))
    verbs.add_parser("rebuild", help="builds the index anew while the desk works").set_defaults(run=rebuild)
    verbs.add_parser("dictionaries", help="makes the dictionaries' files, if need be").set_defaults(run=prepare)


def rebuild(arguments: argparse.Namespace) -> int:
    counts: dict[str, int] = {}
    for kind, done in search_upkeep.rebuild():
        counts[kind] = done
        print(f"\r{kind}: {done}", end="", file=sys.stderr)
    print(file=sys.stderr)
    print(json.dumps(counts))
    return OK


def prepare(arguments: argparse.Namespace) -> int:
    for language, file in dictionaries.files().items():
        print(json.dumps({"language": language, "file": str(file)}))
    return OK


def _articles(arguments: argparse.Namespace) -> int:
    person = _who(arguments)
    if person is None:
        return USAGE
    found = everywhere.look(person, arguments.text, (everywhere.ARTICLES,))
    for place, one in zip(
        found.articles, articles.shown(person, found.articles[: _most(arguments)], found.asked, arguments.lang),
        strict=False,
    ):  # fmt: skip
        _say(one.article.slug, one.text.title, place.tier)
    return OK


def _tickets(arguments: argparse.Namespace) -> int:
    person = _who(arguments)
    if person is None:
        return USAGE
    found = everywhere.look(person, arguments.text, (everywhere.TICKETS,))
    places = found.tickets.places[: _most(arguments)]
    for place, (ticket, _subject, _words) in zip(places, tickets.shown(person, places, found.asked), strict=False):
        _say(ticket.number, ticket.subject, place.tier)
    return OK


def _who(arguments: argparse.Namespace) -> Person | None:
    if arguments.login is None:
        return Person(role=Role.ADMINISTRATOR, is_active=True)
    person = Person.objects.filter(login__iexact=arguments.login).first()
    if person is None:
        print(f"firstline: nobody has the login {arguments.login}", file=sys.stderr)
    return person


def _most(arguments: argparse.Namespace) -> int:
    return max(0, min(int(arguments.limit), MOST))


def _say(number: str, title: str, tier: int) -> None:
    """1 is the one with this number, ¾ has a code or number unbroken, ½ every word in the title, ¼ somewhere."""
    print(json.dumps({"id": number, "title": title, "score": round(1 - tier / 4, 2)}, ensure_ascii=False))
