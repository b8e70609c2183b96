"""The monthly statement of a contract version, and every step it took from computed to posted."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from firstline.contracts.models import ContractVersion
from firstline.lib.claims import Leased
from firstline.people.models import Person


class StatementState(models.TextChoices):
    ASKED = "asked"
    COMPUTED = "computed"
    REVIEWED = "reviewed"
    DISPUTED = "disputed"
    AGREED = "agreed"
    POSTED = "posted"


class Statement(Leased):
    """What a version's broken promises cost in the days from `starts_on` to `ends_on` (not included).

    `body` holds lines, indicators and counts as statements.compute wrote them (decimals and fractions as text), so that
    what was reviewed stays as it was read. `due_at`: when it is to be worked out; nothing where nothing is to be done.
    """

    version = models.ForeignKey(ContractVersion, on_delete=models.PROTECT, related_name="statements")
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=10, choices=StatementState.choices, default=StatementState.ASKED)
    due_at = models.DateTimeField(null=True, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)
    fee = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    body = models.JSONField(default=dict)
    problem = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "starts_on"], name="one_statement_a_month"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="statement_of_some_days"),
            models.CheckConstraint(condition=Q(total__gte=0), name="statement_costs_nothing_negative"),
        ]
        indexes = [models.Index(fields=["due_at", "id"], name="statement_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.version} {self.starts_on:%Y-%m}"

    @property
    def last_day(self) -> date:
        return self.ends_on - timedelta(days=1)


class StatementStep(models.Model):
    """One step of a statement; rows are only added. `words`: why it is disputed, or the invoice it was posted to."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=StatementState.choices)
    total = models.DecimalField(max_digits=14, decimal_places=2)
    words = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.statement}: {self.state}"


class WhatIf(Leased):
    """What the last twelve months would have cost under these terms, worked out month by month (`body["months"]`)."""

    version = models.OneToOneField(ContractVersion, on_delete=models.PROTECT, related_name="what_if")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    body = models.JSONField(default=dict)
    problem = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["due_at", "id"], name="what_if_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return f"what if {self.version}"
