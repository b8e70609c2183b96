"""Time: who worked how long on what."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from firstline.people.models import Person
from firstline.tickets.models import Event, Ticket
from firstline.worklog import touch_models  # noqa: F401 - tables of this app, too


class WorkKind(models.TextChoices):
    REMOTE = "remote", _("Remote work")
    PHONE = "phone", _("Phone call")
    ON_SITE = "on_site", _("On site")
    TRAVEL = "travel", _("Travel")
    PROJECT = "project", _("Project")
    INTERNAL = "internal", _("Internal work")


class Entry(models.Model):
    """Whole minutes of one person on one ticket; `line` is the ticket's line at that time."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="work")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="work")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="work")
    kind = models.CharField(max_length=10, choices=WorkKind.choices)
    minutes = models.PositiveIntegerField()
    line = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(minutes__gt=0), name="work_takes_time")]
        indexes = [models.Index(fields=["person", "at"], name="work_of_person")]

    def __str__(self) -> str:
        return f"{self.minutes} min of {self.person_id}"
