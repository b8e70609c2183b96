"""Indexes that are the beginnings of others, or of which a new ticket says nothing, go.

Dropped by their names: altering the columns would have SQLite write the tables anew, without their triggers.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


PREFIXES = {
    'tickets_event_ticket_id_c2d3d586': ('tickets_event', 'ticket_id'),
    'tickets_participant_ticket_id_10cd57e4': ('tickets_participant', 'ticket_id'),
    'tickets_ticket_assignee_id_3a5aa407': ('tickets_ticket', 'assignee_id'),
    'tickets_ticket_category_id_710dbfd0': ('tickets_ticket', 'category_id'),
    'tickets_ticket_client_id_33a3e09e': ('tickets_ticket', 'client_id'),
    'tickets_ticket_contact_owner_id_95ddae40': ('tickets_ticket', 'contact_owner_id'),
    'tickets_ticket_requester_id_2072a2f2': ('tickets_ticket', 'requester_id'),
    'tickets_ticket_service_id_b539ed07': ('tickets_ticket', 'service_id'),
    'tickets_ticket_team_id_5a4e7469': ('tickets_ticket', 'team_id'),
}


class Migration(migrations.Migration):

    dependencies = [
        ('assets', '0003_inventory'),
        ('contracts', '0009_no_single_client'),
        ('people', '0013_queue_arranged'),
        ('tickets', '0024_links_may_gate'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='ticket',
            name='ticket_mine',
        ),
        migrations.RemoveIndex(
            model_name='ticket',
            name='ticket_handed_over',
        ),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    f'DROP INDEX IF EXISTS "{name}"', f'CREATE INDEX IF NOT EXISTS "{name}" ON "{table}" ("{column}")'
                )
                for name, (table, column) in PREFIXES.items()
            ],
            [
            migrations.AlterField(
                model_name='event',
                name='ticket',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='tickets.ticket'),
            ),
            migrations.AlterField(
                model_name='participant',
                name='ticket',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='participants', to='tickets.ticket'),
            ),
            migrations.AlterField(
                model_name='ticket',
                name='assignee',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assigned', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AlterField(
                model_name='ticket',
                name='category',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='contracts.category'),
            ),
            migrations.AlterField(
                model_name='ticket',
                name='client',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='people.client'),
            ),
            migrations.AlterField(
                model_name='ticket',
                name='contact_owner',
                field=models.ForeignKey(blank=True, db_index=False, help_text='who handed it over last and stays in charge of the contact', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='in_charge_of', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AlterField(
                model_name='ticket',
                name='requester',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='requested', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AlterField(
                model_name='ticket',
                name='service',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='contracts.service'),
            ),
            migrations.AlterField(
                model_name='ticket',
                name='team',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='people.team'),
            ),
            ],
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('assignee__isnull', False)), fields=['assignee', 'is_open', 'queue_at', 'id'], name='ticket_mine'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('contact_owner__isnull', False)), fields=['contact_owner', 'is_open', 'queue_at', 'id'], name='ticket_handed_over'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('team__isnull', False)), fields=['team'], name='ticket_of_team'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('service__isnull', False)), fields=['service'], name='ticket_of_service'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('category__isnull', False)), fields=['category'], name='ticket_of_category'),
        ),
    ]
