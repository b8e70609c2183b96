"""What a version says about time: targets, pauses, the shares of each line, the duties of both sides."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from firstline.calendars.models import Calendar
from firstline.contracts.models.agreement import ContractVersion
from firstline.contracts.models.catalogue import Service
from firstline.lib.language import picked


class Metric(models.TextChoices):
    ACKNOWLEDGE = "acknowledge"
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    UPDATE = "update"
    ON_SITE = "on_site"
    WORKAROUND = "workaround"
    RESOLUTION = "resolution"


class Target(models.Model):
    """Minutes promised for a metric; the most specific row that fits a ticket wins (contracts.targets).

    `goal`: the share of tickets, in percent, in which it is to be kept. `warnings` as in ContractVersion; an empty
    list takes the version's.
    """

    version = models.ForeignKey(ContractVersion, on_delete=models.PROTECT, related_name="targets")
    metric = models.CharField(max_length=20, choices=Metric.choices)
    minutes = models.PositiveIntegerField()
    priority = models.PositiveSmallIntegerField(null=True, blank=True)
    type = models.CharField(max_length=20, blank=True, default="")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    calendar = models.ForeignKey(Calendar, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    goal = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    warnings = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["version", "metric", "priority", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="target_takes_time"),
            models.CheckConstraint(
                condition=Q(priority__isnull=True) | Q(priority__in=[1, 2, 3, 4]), name="target_priority"
            ),
            models.CheckConstraint(
                condition=Q(goal__isnull=True) | (Q(goal__gt=0) & Q(goal__lte=100)), name="target_goal_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric}: {self.minutes} min"


class Whose(models.TextChoices):
    """Whose time a pause is."""

    PROVIDER = "provider"
    CLIENT = "client"
    VENDOR = "vendor"
    FORCE_MAJEURE = "force_majeure"


class Standing(models.TextChoices):
    """The statuses in which a ticket may stand still (tickets.statuses)."""

    WAITING_FOR_CLIENT = "waiting_for_client"
    WAITING_FOR_VENDOR = "waiting_for_vendor"
    ON_HOLD = "on_hold"


class PauseReason(models.Model):
    """Why a ticket may stand still, and whose time that is. `pauses`: the resolution clock stops.

    `reminders` are the working minutes of waiting after which the client is reminded, in order; after `warn_minutes`
    he is told that the ticket will be closed, after `close_minutes` it is. Each counts from the beginning of the pause.
    """

    version = models.ForeignKey(ContractVersion, on_delete=models.PROTECT, related_name="pause_reasons")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    names = models.JSONField(default=dict, blank=True)
    whose = models.CharField(max_length=15, choices=Whose.choices)
    status = models.CharField(max_length=20, choices=Standing.choices)
    pauses = models.BooleanField(default=True)
    reminders = models.JSONField(default=list, blank=True)
    warn_minutes = models.PositiveIntegerField(null=True, blank=True)
    close_minutes = models.PositiveIntegerField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["version", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "slug"], name="pause_reason_once_a_version"),
            models.CheckConstraint(
                condition=Q(close_minutes__isnull=True)
                | Q(warn_minutes__isnull=True)
                | Q(close_minutes__gt=models.F("warn_minutes")),
                name="pause_closes_after_its_warning",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def label(self, language: str | None = None) -> str:
        return picked(self.names, self.name, language)


class Stage(models.TextChoices):
    INTAKE = "intake"
    LINE1 = "line1"
    LINE2 = "line2"
    LINE3 = "line3"


class InnerTerm(models.Model):
    """The share of the resolution budget, in percent, that one stage may use before it is warned."""

    version = models.ForeignKey(ContractVersion, on_delete=models.PROTECT, related_name="inner_terms")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    share = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["version", "stage"]
        constraints = [
            models.UniqueConstraint(fields=["version", "stage"], name="one_inner_term_a_stage"),
            models.CheckConstraint(condition=Q(share__gt=0) & Q(share__lte=100), name="inner_term_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return f"{self.stage}: {self.share} %"


class Side(models.TextChoices):
    PROVIDER = "provider"
    CLIENT = "client"


class Duty(models.Model):
    """What a side has to do ("access to the server room"); with minutes it is a clock, by its calendar or the
    version's."""

    version = models.ForeignKey(ContractVersion, on_delete=models.PROTECT, related_name="duties")
    slug = models.SlugField(max_length=60)
    side = models.CharField(max_length=10, choices=Side.choices)
    name = models.CharField(max_length=300)
    names = models.JSONField(default=dict, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    calendar = models.ForeignKey(Calendar, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["version", "position", "id"]
        verbose_name_plural = "duties"
        constraints = [
            models.UniqueConstraint(fields=["version", "slug"], name="duty_once_a_version"),
            models.CheckConstraint(condition=Q(minutes__isnull=True) | Q(minutes__gt=0), name="duty_takes_time"),
        ]

    def __str__(self) -> str:
        return self.name

    def label(self, language: str | None = None) -> str:
        return picked(self.names, self.name, language)
