"""What is looked after: the places of a client, and the equipment in them."""

from __future__ import annotations

from django.db import models

from firstline.lib.language import picked
from firstline.people.models import Client


class Site(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(max_length=200)
    names = models.JSONField(default=dict, blank=True)
    address = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def label(self, language: str | None = None) -> str:
        return picked(self.names, self.name, language)


class Equipment(models.Model):
    """One thing that is looked after. `inventory` is the number on its label, `remote_ids` are for remote sessions:
    {"anydesk": "123 456 789"}."""

    slug = models.SlugField(max_length=60, unique=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="equipment")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="equipment")
    name = models.CharField(max_length=200)
    names = models.JSONField(default=dict, blank=True)
    kind = models.CharField(max_length=60, blank=True, default="")
    inventory = models.CharField(max_length=60, blank=True, default="")
    serial = models.CharField(max_length=100, blank=True, default="")
    remote_ids = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["client", "inventory"], name="equipment_inventory")]

    def __str__(self) -> str:
        return self.name

    def label(self, language: str | None = None) -> str:
        return picked(self.names, self.name, language)

    @property
    def key(self) -> str:
        """What is typed for it: the number on its label, else its short name."""
        return self.inventory or self.slug
