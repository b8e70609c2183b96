"""When people work: calendars, whose changes hold from the day they were made."""

from __future__ import annotations

from django.db import models

from firstline.lib import clock
from firstline.lib.language import picked


class Calendar(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200, blank=True, default="")
    names = models.JSONField(default=dict, blank=True)
    time_zone = models.CharField(max_length=60)
    country = models.CharField(max_length=2, blank=True, default="")

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name or self.slug

    def label(self, language: str | None = None) -> str:
        return picked(self.names, self.name or self.slug, language)


class CalendarVersion(models.Model):
    """The hours from the local date `valid_from` on, until the next version begins. The first has no beginning.

    `weekly` is {"mon": [["09:00", "18:00"]], …}; `exceptions` is {"2026-05-01": [], …}, in which the days of the
    country are already written down: an administrator may edit them, and a later release of the library that
    seeded them changes nothing.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateField(null=True, blank=True)
    time_zone = models.CharField(max_length=60)
    weekly = models.JSONField()
    exceptions = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["calendar", "number"]
        constraints = [models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_number")]

    def __str__(self) -> str:
        return f"{self.calendar} v{self.number}"
