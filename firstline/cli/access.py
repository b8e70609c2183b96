"""`firstline token create` and `firstline login-link`: ways in, made on the machine itself, audited."""

from __future__ import annotations

import argparse
import json
import sys

from firstline.cli.main import DATA, OK
from firstline.lib import clock
from firstline.people import links, tokens
from firstline.people.models import Person


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The two commands."""
    token = commands.add_parser("token", help="keys to the API").add_subparsers(dest="action", required=True)
    create = token.add_parser("create", help="make a key; it is printed once, and only its hash is kept")
    create.add_argument("--user", required=True, metavar="LOGIN")
    create.add_argument(
        "--scope", action="append", choices=tokens.SCOPES, help="may be given twice; without it: read and write"
    )
    create.add_argument("--note", default="", help="what it is for")
    create.set_defaults(run=create_token)
    link = commands.add_parser("login-link", help="a link that signs in once, for tests and support")
    link.add_argument("--user", required=True, metavar="LOGIN")
    link.set_defaults(run=login_link)


def create_token(given: argparse.Namespace) -> int:
    """Prints {"token": "…"}. 65 for an unknown login."""
    person = _person(given.user)
    if person is None:
        return DATA
    _, secret = tokens.create(
        person, at=clock.now(), by=None, scopes=given.scope or tokens.SCOPES, note=given.note.replace("\x00", "")
    )
    print(json.dumps({"token": secret}))
    return OK


def login_link(given: argparse.Namespace) -> int:
    """Prints {"url": "…"}, and the address alone for people. 65 for an unknown login."""
    person = _person(given.user)
    if person is None:
        return DATA
    url = links.url(links.make(person, links.SUPPORT, clock.now()), links.SUPPORT)
    print(json.dumps({"url": url}))
    print(url, file=sys.stderr)
    return OK


def _person(login: str) -> Person | None:
    person = Person.objects.filter(login__iexact=login.replace("\x00", ""), is_active=True).first()
    if person is None:
        print(f"firstline: nobody with the login {login!r} who may sign in", file=sys.stderr)
    return person
