"""The catalogue: what the desk does, in words that a client understands."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from firstline.calendars.models import Calendar
from firstline.lib.language import picked
from firstline.people.models import Person, Team


class Service(models.Model):
    """`descriptions` are the words for the client, `qualities` what exactly is promised of it (both by language);
    `advice` says what to do where a contract does not cover it, `checklist` what is done on each of
    its tickets (contracts.checklist reads it). `calendar` is when it is looked after."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    names = models.JSONField(default=dict, blank=True)
    description = models.CharField(max_length=300, blank=True, default="")
    descriptions = models.JSONField(default=dict, blank=True)
    qualities = models.JSONField(default=dict, blank=True)
    advice = models.JSONField(default=dict, blank=True)
    checklist = models.JSONField(default=dict, blank=True)
    icon = models.CharField(max_length=40, blank=True, default="")
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    calendar = models.ForeignKey(Calendar, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="services")
    line = models.PositiveSmallIntegerField(null=True, blank=True, help_text="where its tickets begin")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(line__isnull=True) | Q(line__in=[1, 2, 3]), name="service_on_a_line")
        ]

    def __str__(self) -> str:
        return self.name

    def label(self, language: str | None = None) -> str:
        return picked(self.names, self.name, language)

    def words(self, language: str | None = None) -> str:
        return picked(self.descriptions, self.description, language)

    def quality(self, language: str | None = None) -> str:
        return picked(self.qualities, next(iter(self.qualities.values()), ""), language)

    def what_to_do(self, language: str | None = None) -> str:
        return picked(self.advice, next(iter(self.advice.values()), ""), language)


class Category(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    names = models.JSONField(default=dict, blank=True)
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="categories")
    line = models.PositiveSmallIntegerField(null=True, blank=True, help_text="where its tickets begin, whoever took it")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(line__isnull=True) | Q(line__in=[1, 2, 3]), name="category_on_a_line")
        ]

    def __str__(self) -> str:
        return self.name

    def label(self, language: str | None = None) -> str:
        return picked(self.names, self.name, language)
