"""What was promised: the services of the catalogue, contracts, their versions and the targets in them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from firstline.calendars.models import Calendar
from firstline.lib import clock
from firstline.lib.language import picked
from firstline.people.models import Client, Team


class Service(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    names = models.JSONField(default=dict, blank=True)
    description = models.CharField(max_length=300, blank=True, default="")
    descriptions = models.JSONField(default=dict, blank=True)
    icon = models.CharField(max_length=40, blank=True, default="")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="services")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    def label(self, language: str | None = None) -> str:
        return picked(self.names, self.name, language)

    def words(self, language: str | None = None) -> str:
        return picked(self.descriptions, self.description, language)


class Category(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    names = models.JSONField(default=dict, blank=True)
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="categories")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def label(self, language: str | None = None) -> str:
        return picked(self.names, self.name, language)


class Contract(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="contracts")

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class ContractVersion(models.Model):
    """The terms from one date to another (local dates of the calendar's zone, `valid_to` included).

    A ticket keeps the version it began with. No covered service means all of them.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    services = models.ManyToManyField(Service, blank=True, related_name="+")
    vendor_pauses = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["contract", "number"]
        constraints = [models.UniqueConstraint(fields=["contract", "number"], name="contract_version_number")]

    def __str__(self) -> str:
        return f"{self.contract} v{self.number}"


class Metric(models.TextChoices):
    ACKNOWLEDGE = "acknowledge"
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    UPDATE = "update"
    ON_SITE = "on_site"
    WORKAROUND = "workaround"
    RESOLUTION = "resolution"


class Target(models.Model):
    """Minutes promised for a metric; the most specific row that fits a ticket wins (contracts.targets)."""

    version = models.ForeignKey(ContractVersion, on_delete=models.PROTECT, related_name="targets")
    metric = models.CharField(max_length=20, choices=Metric.choices)
    minutes = models.PositiveIntegerField()
    priority = models.PositiveSmallIntegerField(null=True, blank=True)
    type = models.CharField(max_length=20, blank=True, default="")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    calendar = models.ForeignKey(Calendar, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["version", "metric", "priority", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="target_takes_time"),
            models.CheckConstraint(
                condition=Q(priority__isnull=True) | Q(priority__in=[1, 2, 3, 4]), name="target_priority"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric}: {self.minutes} min"
