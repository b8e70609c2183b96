"""After a test that commits: the tables that hold something are emptied, and nothing else is done.

Django's own way (`flush`) empties all hundred tables and then makes content types and permissions anew: that takes
longer than most tests.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection, transaction

KEPT = ("contenttypes", "auth")  # as the migrations left them; nothing of the desk writes them


def empty_what_was_written() -> None:
    """Leave no row of a test. Foreign keys are judged when the transaction ends: the order is of no matter."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _that_hold_something():
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608


def _that_hold_something() -> list[str]:
    models = [one for one in apps.get_models(include_auto_created=True) if one._meta.app_label not in KEPT]
    tables = [one._meta.db_table for one in models if one._meta.managed and not one._meta.proxy]
    questions = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(questions)
        return [row[0] for row in cursor.fetchall()]
