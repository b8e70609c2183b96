"""The stream to the screens, as rows: a screen that was away replays from the last number it saw."""

from __future__ import annotations

from django.db import models

from firstline.lib import clock


class Signal(models.Model):
    """Topic and version, never content. `audience` is a space-separated list of plain names
    ("desk:5" = agents whose scope has client 5, "client:5" = its coordinators, "person:7"), with a space at
    both ends, so that " person:7 " can be looked for."""

    topic = models.CharField(max_length=60)
    version = models.BigIntegerField()
    audience = models.TextField()
    created_at = models.DateTimeField(default=clock.real_now)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="signal_created")]

    def __str__(self) -> str:
        return f"{self.topic} v{self.version}"
