"""What a service asks, and what was answered on a ticket."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import terms_bodies, terms_schemas
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.contracts import form_fields, forms
from firstline.contracts.models import Service
from firstline.contracts.refusals import WrongTerms
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.tickets import answers, queries
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue

router = Router(tags=["Catalogue"])
of_tickets = Router(tags=["Tickets"])


@router.get("/{slug}/form", response={200: terms_schemas.Form, **FOR_READING}, summary="Read what a service asks")
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """Its fields today; who is not of the desk reads those that he is asked himself."""
    person = caller(request).person
    return answering.plain(_form(_found(slug), person))


@router.put("/{slug}/form", response={200: terms_schemas.Form, **FOR_WRITING}, summary="Write what a service asks")
def write(request: HttpRequest, slug: str, asked: terms_bodies.NewForm) -> HttpResponse:
    """The next version; tickets keep the one that they answered. No fields: it asks nothing any more."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "edit catalogue")
        service = _found(slug)
        try:
            forms.write(service, asked.fields, by=by, at=at)
        except WrongTerms as refusal:
            place, _colon, problem = refusal.problems[0].partition(": ")
            raise WrongValue(f"fields{place}" if problem else "fields", problem or place) from refusal
        return 200, _form(service, by)

    return answering.done(request, deed)


@of_tickets.get(
    "/{number}/answers", response={200: terms_schemas.Answers, **FOR_READING}, summary="Read what was answered"
)
def answered(request: HttpRequest, number: str) -> HttpResponse:
    """To the form of the service with which the ticket began, by the version that asked; none at all without one."""
    person = caller(request).person
    kept = answers.of(queries.get_for(person, number))
    if kept is None:
        return answering.plain({"service": None, "version": None, "items": []})
    asked = [one for one in kept.form.asked if one.key in kept.values and (person.is_agent or not one.desk)]
    return answering.plain(
        {
            "service": kept.form.service.slug, "version": kept.form.number,
            "items": [
                {"key": one.key, "kind": one.kind, "label": one.label(person.language), "value": kept.values[one.key]}
                for one in asked
            ],
        }
    )  # fmt: skip


def _found(slug: str) -> Service:
    found = Service.objects.filter(slug=slug.replace("\x00", "")).first()
    if found is None:
        raise NotThere(slug)
    return found


def _form(service: Service, person: Person) -> dict[str, Any]:
    form = forms.of(service)
    asked = [one for one in form.asked if person.is_agent or not one.desk] if form else []
    return {"service": service.slug, "version": form.number if form else 0, "fields": form_fields.written(asked)}
