"""Templates for answers. A table of the tickets app."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets.view_models import SharedWith


class AnswerTemplate(models.Model):
    """Words that are said again and again. `language` empty: fits everybody. `removed_at`: taken away, and may come
    back until its name is given again."""

    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="answer_templates")
    name = models.CharField(max_length=60)
    body = models.TextField()
    language = models.CharField(max_length=2, blank=True, default="")
    shared = models.CharField(max_length=9, choices=SharedWith.choices, default=SharedWith.NOBODY)
    used = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], condition=Q(removed_at__isnull=True), name="template_named_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
