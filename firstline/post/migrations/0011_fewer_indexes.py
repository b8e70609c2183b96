"""Nobody looks a delivery up by its Message-ID (it says the delivery's own uuid), nor by how its key begins."""

from django.db import migrations, models

MESSAGE_ID = "post_delivery_message_id_3b97e850"
BEGINNINGS = (f"{MESSAGE_ID}_like", "post_delivery_unique_key_4f4a4bbd_like")  # Django's, on PostgreSQL


class Migration(migrations.Migration):
    dependencies = [("post", "0010_push")]
    operations = [
        # By their names, as in tickets/0025.
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    f'DROP INDEX IF EXISTS "{MESSAGE_ID}"',
                    f'CREATE INDEX IF NOT EXISTS "{MESSAGE_ID}" ON "post_delivery" ("message_id")',
                ),
                # What Django adds on PostgreSQL for searches that nobody makes does not come back.
                *(migrations.RunSQL(f'DROP INDEX IF EXISTS "{name}"', migrations.RunSQL.noop) for name in BEGINNINGS),
            ],
            [migrations.AlterField("delivery", "message_id", models.CharField(blank=True, default="", max_length=255))],
        ),
    ]
