"""Work to do later, and work to do again and again, as rows."""

from __future__ import annotations

from django.db import models

from firstline.lib import clock
from firstline.lib.claims import Leased


class Job(Leased):
    """Something to do once at `run_at`. The row is deleted in the transaction of its effects."""

    name = models.CharField(max_length=80)
    args = models.JSONField(default=dict)
    run_at = models.DateTimeField(default=clock.now)
    unique_key = models.CharField(max_length=120, null=True, blank=True, unique=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["dead_at", "run_at", "id"], name="job_due")]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class Schedule(models.Model):
    """A job that runs by itself: one row a name, its next run claimed by compare-and-set."""

    name = models.CharField(max_length=80, primary_key=True)
    next_run_at = models.DateTimeField()
    last_run_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return self.name
