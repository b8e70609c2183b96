"""What happens again and again, as rows: one a name."""

from __future__ import annotations

from django.db import models


class Schedule(models.Model):
    """When a periodic job runs next; who moves `next_run_at` on by compare-and-set runs it, whatever the machine."""

    name = models.CharField(max_length=80, primary_key=True)
    next_run_at = models.DateTimeField()
    last_run_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return self.name
