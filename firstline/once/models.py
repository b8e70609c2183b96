"""Answers already given, by key: who asks again with the same key gets the first answer (research P8)."""

from __future__ import annotations

from django.db import models

from firstline.lib import clock


class Answer(models.Model):
    """`scope` is who asked ("token:3", "portal"); `asked` is the sha256 of the question."""

    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    asked = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="once_per_scope_and_key")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
