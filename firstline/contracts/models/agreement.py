"""Contracts and their versions: nothing that was in force is ever rewritten."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from firstline.assets.models import Equipment
from firstline.blobs.models import Blob
from firstline.calendars.models import Calendar
from firstline.contracts.models.catalogue import Service
from firstline.lib import clock
from firstline.lib.language import picked
from firstline.people.models import Client


class Contract(models.Model):
    """`number` is what stands on the paper ("118/24"); without one the slug does."""

    slug = models.SlugField(max_length=60, unique=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="contracts")
    number = models.CharField(max_length=60, blank=True, default="")
    name = models.CharField(max_length=200, blank=True, default="")
    names = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.number or self.slug

    def label(self, language: str | None = None) -> str:
        return picked(self.names, self.name, language)


def usual_warnings() -> list[dict[str, Any]]:
    """At four fifths of the time whoever is to solve it hears of it."""
    return [{"share": "0.8", "tell": ["assignee"]}]


class ContractVersion(models.Model):
    """The terms from one date to another (local dates of the calendar's zone, `valid_to` included).

    `frozen_at` is when it was put in force: until then it is a draft that no ticket sees; from then on its terms never
    change, and a change is a new version. A ticket keeps the version it began with.

    `services` are included, `billable` are done for money, `excluded` are not done; no included service means all that
    are not excluded (contracts.coverage). `equipment`: none means all of the client's. `warnings` hold for the targets
    that name none of their own: [{"share": "0.8", "tell": ["assignee", "line_lead", "manager", "account_manager"]}].
    `penalty_cap` is the most that all penalties of a month take together, as contracts.penalty_terms writes a price.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True, db_index=True)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3, blank=True, default="", help_text="ISO 4217")
    monthly_fee = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    penalty_cap = models.CharField(max_length=30, blank=True, default="")
    services = models.ManyToManyField(Service, blank=True, related_name="+")
    billable = models.ManyToManyField(Service, blank=True, related_name="+")
    excluded = models.ManyToManyField(Service, blank=True, related_name="+")
    equipment = models.ManyToManyField(Equipment, blank=True, related_name="+")
    vendor_pauses = models.BooleanField(default=False)
    warnings = models.JSONField(default=usual_warnings, blank=True)
    quality = models.JSONField(default=dict, blank=True, help_text="quality terms by language")
    advice = models.JSONField(default=dict, blank=True, help_text="what to do where it does not cover, by language")
    document = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    document_name = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["contract", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="contract_version_number"),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(frozen_at__isnull=True), name="one_draft_a_contract"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="version_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(monthly_fee__isnull=True) | (Q(monthly_fee__gte=0) & ~Q(currency="")),
                name="version_fee_has_a_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} v{self.number}"

    @property
    def is_draft(self) -> bool:
        return self.frozen_at is None

    def quality_words(self, language: str | None = None) -> str:
        return picked(self.quality, next(iter(self.quality.values()), ""), language)


class TermsTemplate(models.Model):
    """Terms to begin a version with ("Silver 8×5"); with `retired_at` none begins with it any more.

    `terms` has the keys of an apply file: those of [[contract]], and under "target", "pause_reason", "inner_term",
    "duty", "indicator", "penalty" and "hours" lists of their rows.
    """

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    names = models.JSONField(default=dict, blank=True)
    terms = models.JSONField(default=dict)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def label(self, language: str | None = None) -> str:
        return picked(self.names, self.name, language)
