"""A ticket may be merged into another one."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def numbers_go_on(apps: Any, schema_editor: Any) -> None:
    """SQLite makes the table anew, and a table without rows would count from 1 again."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DELETE FROM sqlite_sequence WHERE name = 'tickets_ticket' AND seq < 1000")
        schema_editor.execute(
            "INSERT INTO sqlite_sequence (name, seq) SELECT 'tickets_ticket', 1000 "
            "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'tickets_ticket')"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0001_initial'),
        ('people', '0003_person_by_address'),
        ('tickets', '0004_rating'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='ticket',
            name='merged_into',
            field=models.ForeignKey(blank=True, db_index=False, help_text='where its words are shown; merging.final follows the chain', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='tickets.ticket'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='ticket_merged'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), ('status', 'cancelled'), _connector='OR'), name='merged_is_cancelled'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='not_merged_into_itself'),
        ),
        migrations.RunPython(numbers_go_on, migrations.RunPython.noop),
    ]
