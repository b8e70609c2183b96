"""What a version says about numbers and money: indicators, penalties, prepaid hours. All amounts are decimals."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from firstline.contracts.models.agreement import ContractVersion
from firstline.contracts.models.catalogue import Service
from firstline.contracts.models.promises import Metric
from firstline.contracts.penalty_terms import KINDS


class Per(models.TextChoices):
    """The period that an indicator, a penalty or a package is counted over: calendar months, quarters, years."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class IndicatorKind(models.TextChoices):
    SLA_SHARE = "sla_share"
    FIRST_LINE_SHARE = "first_line_share"
    REMOTE_SHARE = "remote_share"
    REOPEN_SHARE = "reopen_share"
    SATISFACTION = "satisfaction"
    AVAILABILITY = "availability"


class Comparison(models.TextChoices):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Indicator(models.Model):
    """A number fixed in the contract. `goal` is in percent. `metric` narrows a share of kept promises to one metric,
    `service` any of them to one service. `source` says in a few words where the number comes from."""

    version = models.ForeignKey(ContractVersion, on_delete=models.PROTECT, related_name="indicators")
    kind = models.CharField(max_length=20, choices=IndicatorKind.choices)
    comparison = models.CharField(max_length=10, choices=Comparison.choices, default=Comparison.AT_LEAST)
    goal = models.DecimalField(max_digits=6, decimal_places=3)
    period = models.CharField(max_length=10, choices=Per.choices, default=Per.MONTH)
    metric = models.CharField(max_length=20, choices=Metric.choices, blank=True, default="")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    weight = models.DecimalField(max_digits=6, decimal_places=3, default=1)
    source = models.CharField(max_length=200, blank=True, default="")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["version", "position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(goal__gte=0) & Q(goal__lte=100), name="indicator_is_a_percentage"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="indicator_weighs_something"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.goal} %"


class Rounding(models.TextChoices):
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"
    UP = "up"


class PenaltyRule(models.Model):
    """How a broken promise becomes money: `kind` and `terms` are those of contracts.penalty_terms, which checks them;
    its sum is rounded to cents as `rounding` says."""

    version = models.ForeignKey(ContractVersion, on_delete=models.PROTECT, related_name="penalties")
    kind = models.CharField(max_length=15, choices=[(kind, kind) for kind in KINDS])
    terms = models.JSONField(default=dict)
    rounding = models.CharField(max_length=10, choices=Rounding.choices, default=Rounding.HALF_UP)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["version", "position", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.position}"


class HourPackage(models.Model):
    """Minutes of work paid for ahead, each period. `carry_over` is the number of periods that unused ones live on;
    `price` is of the package, `overage_rate` of an hour beyond it, both in the version's currency."""

    version = models.ForeignKey(ContractVersion, on_delete=models.PROTECT, related_name="hours")
    minutes = models.PositiveIntegerField()
    period = models.CharField(max_length=10, choices=Per.choices, default=Per.MONTH)
    carry_over = models.PositiveSmallIntegerField(default=0)
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    overage_rate = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["version", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="package_has_hours"),
            models.CheckConstraint(
                condition=(Q(price__isnull=True) | Q(price__gte=0))
                & (Q(overage_rate__isnull=True) | Q(overage_rate__gte=0)),
                name="package_costs_nothing_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} min a {self.period}"
