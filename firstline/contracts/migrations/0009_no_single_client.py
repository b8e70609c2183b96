from django.db import migrations


class Migration(migrations.Migration):
    """By itself: PostgreSQL alters no table in the transaction that has just filled what points to it."""

    dependencies = [
        ('contracts', '0008_announcements_of_many'),
    ]

    operations = [
        migrations.RemoveField(model_name='outage', name='client'),
        migrations.RemoveField(model_name='outage', name='service'),
    ]
