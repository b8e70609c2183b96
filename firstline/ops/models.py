"""What the parts of the program say of themselves."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """The last sign of life of a part ("worker", "fetcher", "events"), in machine time: one row a process."""

    name = models.CharField(max_length=40)
    process = models.CharField(max_length=80)
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "process"], name="one_heartbeat_a_process")]

    def __str__(self) -> str:
        return self.name
