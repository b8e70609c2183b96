"""The periods of touch of one person never overlap, whatever tabs, devices and workers do at once."""

from typing import Any

from django.db import migrations

SQLITE = [
    f"CREATE TRIGGER nobody_is_counted_twice_{name} BEFORE {moment} ON worklog_touch "
    "WHEN NEW.ended_at > NEW.started_at AND EXISTS (SELECT 1 FROM worklog_touch WHERE person_id = NEW.person_id "
    "AND id <> COALESCE(NEW.id, -1) AND ended_at > NEW.started_at AND started_at < NEW.ended_at "
    "AND ended_at > started_at) BEGIN SELECT RAISE(ABORT, 'nobody is counted twice'); END"
    for name, moment in (("new", "INSERT"), ("changed", "UPDATE OF started_at, ended_at, person_id"))
]
# A range of one number stands for "equal": so GiST needs no extension.
POSTGRESQL = [
    "ALTER TABLE worklog_touch ADD CONSTRAINT nobody_is_counted_twice EXCLUDE USING gist "
    "(int8range(person_id, person_id, '[]') WITH &&, tstzrange(started_at, ended_at) WITH &&)"
]


def forwards(apps: Any, schema_editor: Any) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def backwards(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE worklog_touch DROP CONSTRAINT nobody_is_counted_twice")
    else:
        schema_editor.execute("DROP TRIGGER nobody_is_counted_twice_new")
        schema_editor.execute("DROP TRIGGER nobody_is_counted_twice_changed")


class Migration(migrations.Migration):
    dependencies = [("worklog", "0002_touch")]
    operations = [migrations.RunPython(forwards, backwards)]
