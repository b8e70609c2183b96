"""Who did what, when, to which thing: rows that are only added, written in the transaction of the deed."""

from __future__ import annotations

from django.db import models


class Row(models.Model):
    """`actor` and `target` are plain ids ("person:7", "ticket:1042", "system"): this table knows nobody."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=80)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["actor", "id"], name="audit_by_actor"),
            # On PostgreSQL it finds a target by its beginning, too ("ticket:").
            models.Index(fields=["target"], opclasses=["varchar_pattern_ops"], name="audit_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.target}"
