"""Large things by their content: the row says that the file is there, the file is named by its sha256."""

from __future__ import annotations

from django.db import models

from firstline.lib import clock


class Blob(models.Model):
    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.sha256[:12]
