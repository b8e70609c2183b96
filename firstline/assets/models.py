"""What is looked after: the places of a client."""

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
