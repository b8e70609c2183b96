"""What was learnt from solved tickets, one row a field, and when it may be applied without asking."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Learning(models.Model):
    """`model` are the bytes that `lines.classify` reads, `digest` their name; `said` is what a page says of them.

    `sure_from`: from this confidence on (in percent) a new ticket is given the value at once; None: never.
    """

    field = models.CharField(max_length=20, primary_key=True)
    learnt_at = models.DateTimeField(null=True, blank=True)
    said = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True, default="")
    model = models.BinaryField(default=b"")
    sure_from = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["field"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sure_from__isnull=True) | Q(sure_from__gte=50, sure_from__lte=100), name="sure_is_likely"
            )
        ]

    def __str__(self) -> str:
        return self.field
