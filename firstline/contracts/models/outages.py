"""What clients are told: when a service did not work or will not, and plain notices. Availability is counted from the
outages among them."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from firstline.assets.models import Equipment, Site
from firstline.contracts.models.catalogue import Service
from firstline.lib.language import picked
from firstline.people.models import Client, Person


class Outage(models.Model):
    """[starts_at, ends_at), still going on without an end. No clients and no sites: everybody's; a site is its
    client's. No services: all of them.

    `planned` was agreed ahead; a notice is neither an outage nor planned, and counts nowhere; `excused` does not count
    against availability, planned or not. `is_public`: said to who is not signed in, too; only what is everybody's.
    """

    slug = models.SlugField(max_length=60, unique=True)
    clients = models.ManyToManyField(Client, blank=True, related_name="outages")
    sites = models.ManyToManyField(Site, blank=True, related_name="outages")
    services = models.ManyToManyField(Service, blank=True, related_name="outages")
    equipment = models.ForeignKey(Equipment, null=True, blank=True, on_delete=models.PROTECT, related_name="outages")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    planned = models.BooleanField(default=False)
    is_notice = models.BooleanField(default=False)
    is_public = models.BooleanField(default=False)
    excused = models.BooleanField(default=False)
    words = models.JSONField(default=dict, blank=True, help_text="by language, for the client")
    announced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_at", "-id"]
        indexes = [
            models.Index(fields=["starts_at"], name="outage_starts"),
            models.Index(fields=["ends_at"], name="outage_ends"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="outage_ends_after_it_began"
            ),
            models.CheckConstraint(condition=~Q(planned=True, is_notice=True), name="notice_is_no_planned_work"),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def kind(self) -> str:
        """`outage`, `planned` or `notice`."""
        return "notice" if self.is_notice else "planned" if self.planned else "outage"

    def said(self, language: str | None = None) -> str:
        return picked(self.words, next(iter(self.words.values()), ""), language)

    def is_over(self, at: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= at


class OutageUpdate(models.Model):
    """What was said while it went on; the newest stands beside the announcement."""

    outage = models.ForeignKey(Outage, on_delete=models.CASCADE, related_name="updates")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    words = models.JSONField(help_text="by language")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.outage_id} at {self.at:%H:%M}"

    def said(self, language: str | None = None) -> str:
        return picked(self.words, next(iter(self.words.values()), ""), language)


class OutageFollower(models.Model):
    """Somebody of a client whom it hits, too: he is told when it is over."""

    outage = models.ForeignKey(Outage, on_delete=models.CASCADE, related_name="followers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outage", "person"], name="follows_an_outage_once")]
        indexes = [models.Index(fields=["outage"], name="follower_to_tell", condition=Q(told_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.person_id} follows {self.outage_id}"
