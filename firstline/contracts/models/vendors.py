"""Vendors and developers: whom the desk asks, and what they promised the desk."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from firstline.calendars.models import Calendar
from firstline.contracts.models.promises import Metric
from firstline.lib.language import LANGUAGES, picked


class Vendor(models.Model):
    """With `retired_at` nobody asks him any more; what he was asked goes on."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    names = models.JSONField(default=dict, blank=True)
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=30, blank=True, default="")
    language = models.CharField(max_length=5, choices=LANGUAGES, default="ru")
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def label(self, language: str | None = None) -> str:
        return picked(self.names, self.name, language)


class VendorTarget(models.Model):
    """Minutes of the vendor's calendar for a metric. An edit writes the row anew (contracts.edition)."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="targets")
    metric = models.CharField(max_length=20, choices=Metric.choices)
    minutes = models.PositiveIntegerField()

    class Meta:
        ordering = ["vendor", "metric"]
        constraints = [
            models.UniqueConstraint(fields=["vendor", "metric"], name="one_vendor_target_a_metric"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="vendor_target_takes_time"),
        ]

    def __str__(self) -> str:
        return f"{self.vendor} {self.metric}: {self.minutes} min"
