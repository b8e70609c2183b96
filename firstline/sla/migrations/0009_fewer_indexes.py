"""As tickets/0025: `one_clock_a_time` begins with the ticket."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sla', '0008_breached_clocks_stand'),
        ('tickets', '0024_links_may_gate'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    'DROP INDEX IF EXISTS "sla_clock_ticket_id_0a036dca"',
                    'CREATE INDEX IF NOT EXISTS "sla_clock_ticket_id_0a036dca" ON "sla_clock" ("ticket_id")',
                )
            ],
            [
            migrations.AlterField(
                model_name='clock',
                name='ticket',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to='tickets.ticket'),
            ),
            ],
        ),
    ]
