"""What a service asks of whoever wants it."""

from __future__ import annotations

from functools import cached_property

from django.db import models

from firstline.contracts import form_fields
from firstline.contracts.form_fields import Field
from firstline.contracts.models.catalogue import Service
from firstline.people.models import Person


class ServiceForm(models.Model):
    """A version of a service's form, never changed: the newest one is asked, a ticket keeps the one it answered.

    `fields` are as contracts.form_fields writes them; none at all: the service asks nothing any more.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="forms")
    number = models.PositiveIntegerField()
    fields = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["service", "-number"]
        constraints = [models.UniqueConstraint(fields=["service", "number"], name="service_form_number")]

    def __str__(self) -> str:
        return f"{self.service.slug} v{self.number}"

    @cached_property
    def asked(self) -> list[Field]:
        """Its fields; what was kept was checked."""
        return form_fields.read(self.fields)[0]
