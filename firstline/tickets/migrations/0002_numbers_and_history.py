"""Ticket numbers begin at 1001, and a row of history cannot be changed by anybody."""

from typing import Any

from django.db import migrations

SQLITE = [
    "DELETE FROM sqlite_sequence WHERE name = 'tickets_ticket'",
    "INSERT INTO sqlite_sequence (name, seq) VALUES ('tickets_ticket', 1000)",
    "CREATE TRIGGER history_is_only_added_to BEFORE UPDATE ON tickets_event "
    "BEGIN SELECT RAISE(ABORT, 'history is only added to'); END",
]
POSTGRESQL = [
    "SELECT setval(pg_get_serial_sequence('tickets_ticket', 'id'), 1000)",
    "CREATE FUNCTION history_is_only_added_to() RETURNS trigger AS "
    "$$ BEGIN RAISE EXCEPTION 'history is only added to'; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER history_is_only_added_to BEFORE UPDATE ON tickets_event "
    "FOR EACH ROW EXECUTE FUNCTION history_is_only_added_to()",
]


def forwards(apps: Any, schema_editor: Any) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def backwards(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER history_is_only_added_to ON tickets_event")
        schema_editor.execute("DROP FUNCTION history_is_only_added_to()")
    else:
        schema_editor.execute("DROP TRIGGER history_is_only_added_to")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
