"""One index finds what was done to a thing and to a kind of things ("ticket:"), where there were two."""

from django.db import migrations, models

BEFORE = "audit_row_target_f1bf1701"


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_found_by_actor")]
    operations = [
        # By their names, as in tickets/0025.
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    f'DROP INDEX IF EXISTS "{BEFORE}"',
                    f'CREATE INDEX IF NOT EXISTS "{BEFORE}" ON "audit_row" ("target")',
                ),
                # What Django adds on PostgreSQL for searches by beginnings does not come back.
                migrations.RunSQL(f'DROP INDEX IF EXISTS "{BEFORE}_like"', migrations.RunSQL.noop),
            ],
            [migrations.AlterField("row", "target", models.CharField(max_length=80))],
        ),
        migrations.AddIndex(
            "row", models.Index(fields=["target"], opclasses=["varchar_pattern_ops"], name="audit_by_target")
        ),
    ]
