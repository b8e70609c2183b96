"""How the house shows itself: one row, or none as long as nobody chose anything."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Brand(models.Model):
    """What is empty is as the product brings it. `version` changes with every change: addresses of what browsers keep
    carry it."""

    name = models.CharField(max_length=40, blank=True, default="")
    hue = models.PositiveSmallIntegerField(null=True, blank=True)
    logo = models.BinaryField(blank=True, default=b"")
    logo_type = models.CharField(max_length=20, blank=True, default="")
    welcome = models.JSONField(default=dict, blank=True, help_text="by language, on the portal's first page")
    phone = models.CharField(max_length=30, blank=True, default="")
    mail = models.CharField(max_length=254, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_brand"),
            models.CheckConstraint(condition=Q(hue__isnull=True) | Q(hue__lt=360), name="hue_of_the_circle"),
        ]

    def __str__(self) -> str:
        return self.name or "Firstline"
