"""When a service did not work, or will not: availability is counted from these."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from firstline.assets.models import Equipment
from firstline.contracts.models.catalogue import Service
from firstline.lib.language import picked
from firstline.people.models import Client


class Outage(models.Model):
    """[starts_at, ends_at), still going on without an end. No client: everybody's; no service: all of them.

    `planned` was agreed ahead; `excused` does not count against availability, planned or not.
    """

    slug = models.SlugField(max_length=60, unique=True)
    client = models.ForeignKey(Client, null=True, blank=True, on_delete=models.PROTECT, related_name="outages")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="outages")
    equipment = models.ForeignKey(Equipment, null=True, blank=True, on_delete=models.PROTECT, related_name="outages")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    planned = models.BooleanField(default=False)
    excused = models.BooleanField(default=False)
    words = models.JSONField(default=dict, blank=True, help_text="by language, for the client")
    announced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_at", "-id"]
        indexes = [models.Index(fields=["starts_at"], name="outage_starts")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="outage_ends_after_it_began"
            )
        ]

    def __str__(self) -> str:
        return self.slug

    def said(self, language: str | None = None) -> str:
        return picked(self.words, next(iter(self.words.values()), ""), language)
