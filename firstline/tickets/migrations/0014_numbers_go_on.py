"""SQLite made the table anew (0013), and a table without rows would count from 1 again."""

from typing import Any

from django.db import migrations


def numbers_go_on(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DELETE FROM sqlite_sequence WHERE name = 'tickets_ticket' AND seq < 1000")
        schema_editor.execute(
            "INSERT INTO sqlite_sequence (name, seq) SELECT 'tickets_ticket', 1000 "
            "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'tickets_ticket')"
        )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0013_order_by_cost")]
    operations = [migrations.RunPython(numbers_go_on, migrations.RunPython.noop)]
