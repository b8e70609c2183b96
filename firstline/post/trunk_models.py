"""The telephone exchanges that tell us of calls."""

from __future__ import annotations

from django.db import models

from firstline.lib.sealed import SealedText


class Trunk(models.Model):
    """An exchange or a provider of telephony. `country` says how numbers without one are read; `heard_at` and
    `refused_at` are what is known of its words: when the last proven one came, and the last one that was not."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    secret = SealedText(blank=True, default="", help_text="proves what comes in")
    country = models.CharField(max_length=2, blank=True, default="", help_text="RU, BG, …: of numbers without one")
    is_active = models.BooleanField(default=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name or self.slug
