"""Macros: several deeds under one name. A table of the tickets app."""

from __future__ import annotations

from django.db import models

from firstline.lib import clock, language
from firstline.people.models import Person
from firstline.tickets.view_models import SharedWith


class Macro(models.Model):
    """`steps` are done in their order (macro_steps.py says what each holds). `removed_at`: taken away, and may come
    back. Its slug is its name to programs, and stays its own."""

    slug = models.CharField(max_length=60, unique=True)
    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="macros")
    name = models.CharField(max_length=60)
    names = models.JSONField(default=dict, blank=True)
    steps = models.JSONField(default=list)
    shared = models.CharField(max_length=9, choices=SharedWith.choices, default=SharedWith.NOBODY)
    used = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def label(self, code: str | None) -> str:
        """Its name in a language, else in the desk's own."""
        return language.picked(self.names, self.name, code)
