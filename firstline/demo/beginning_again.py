"""A demo desk is thrown away and made anew; a real one is never touched.

A desk is a demo where the demo company was made before anybody else was there: that is the first row of its audit, and
rows of the audit stay. Whoever has put clients of his own into it since keeps them: it is refused.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction

from firstline.audit import trail
from firstline.audit.models import Row
from firstline.demo import company, full_company
from firstline.people.models import Client, Person
from firstline.post.models import Account

MADE = "demo made"


class NotADemo(Exception):
    """Nothing was touched; the message says why it is not to be."""


def mark(at: datetime) -> None:
    """A desk where nobody is yet is a demo from now on. In a transaction, before the company is made."""
    if not Person.objects.exists() and not Client.objects.exists() and not Row.objects.exists():
        trail.note(at=at, actor="demo", action=MADE, target="desk:demo")


def demand_demo() -> None:
    """Raises NotADemo."""
    first = Row.objects.order_by("pk").first()
    if first is None or first.action != MADE:
        raise NotADemo("this desk did not begin as a demo")
    known = company.clients() | full_company.clients()
    if others := sorted(Client.objects.exclude(slug__in=known).values_list("slug", flat=True)):
        raise NotADemo(f"it has clients of its own: {', '.join(others[:5])}")
    if own := Account.objects.exclude(imap="").order_by("address").first():
        raise NotADemo(f"it reads a mailbox: {own.address}")


def _our_tables() -> set[str]:
    tables = connection.introspection.django_table_names(include_views=False)
    return {*tables, "django_migrations"}


def empty() -> None:
    """The whole schema goes and is made anew. Files of the old demo stay in the folder of files, where nothing names
    them. Raises NotADemo."""
    demand_demo()
    if connection.vendor == "sqlite":
        place = str(connection.settings_dict["NAME"])
        connection.close()
        for end in ("", "-wal", "-shm"):
            Path(place + end).unlink(missing_ok=True)
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT quote_ident(current_schema())")
            (schema,) = cursor.fetchone()
            there = set(connection.introspection.table_names(cursor)) - _our_tables()
            if strange := sorted(name for name in there if not name.startswith("search_")):
                raise NotADemo(f"its schema holds tables of something else: {', '.join(strange[:5])}")
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")
            cursor.execute(f"CREATE SCHEMA {schema}")
        connection.close()
    call_command("migrate", verbosity=0, interactive=False)
