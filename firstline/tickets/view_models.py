"""Saved lists: which tickets, under which name, for whom. A table of the tickets app."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstline.lib import clock
from firstline.people.models import Person


class SharedWith(models.TextChoices):
    NOBODY = "nobody", _("only me")
    TEAM = "team", _("my team")
    EVERYBODY = "everybody", _("the whole desk")


class SavedView(models.Model):
    """`asked` are the words of the address bar (lists.Filters). What a person sees in it follows from his
    own rights."""

    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    asked = models.JSONField(default=dict)
    shared = models.CharField(max_length=9, choices=SharedWith.choices, default=SharedWith.NOBODY)
    pinned_by = models.ManyToManyField(Person, related_name="pinned_views", blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="view_named_once")]

    def __str__(self) -> str:
        return self.name
