"""The form of a service: what is asked now, and writing the next version of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any

from django.db import transaction
from django.db.models import Q

from firstline.assets import queries as assets
from firstline.audit import trail
from firstline.contracts import form_answers, form_fields
from firstline.contracts.form_answers import Judged
from firstline.contracts.models import Service, ServiceForm
from firstline.contracts.refusals import WrongTerms
from firstline.people.models import Client, Person
from firstline.people.permissions import demand

LONGEST_NAMED = 254  # no name, login or address is longer
MOST_COLLEAGUES = 200  # offered in the list of a field; who is not among them is found by his address


def of(service: Service | None) -> ServiceForm | None:
    """The form as it is asked today; None where the service asks nothing."""
    if service is None:
        return None
    newest = ServiceForm.objects.filter(service=service).order_by("-number").first()
    return newest if newest is not None and newest.fields else None


def version_of(service: Service) -> int:
    """The number of the newest version, 0 where there never was a form."""
    newest = ServiceForm.objects.filter(service=service).order_by("-number").values_list("number", flat=True).first()
    return newest or 0


def write(service: Service, rows: object, *, by: Person, at: datetime, seen: int | None = None) -> ServiceForm | None:
    """The next version, if it says something else; tickets keep the one they answered. `seen`: the version that was
    edited. Raises NotAllowed, WrongTerms."""
    demand(by, "edit catalogue")
    return put(service, rows, at=at, by=by, seen=seen)[0]


def put(
    service: Service, rows: object, *, at: datetime, by: Person | None = None, seen: int | None = None
) -> tuple[ServiceForm | None, bool]:
    """The form that is asked from now on, and whether it is a new one. Raises WrongTerms."""
    fields, problems = form_fields.read(rows)
    if problems:
        raise WrongTerms(problems)
    kept = form_fields.written(fields)
    with transaction.atomic():
        held = Service.objects.select_for_update().get(pk=service.pk)
        newest = ServiceForm.objects.filter(service=held).order_by("-number").first()
        number = newest.number if newest else 0
        if seen is not None and seen != number:
            raise WrongTerms(["form: somebody has changed it since"])
        if kept == (newest.fields if newest else []):
            return (newest if kept else None), False
        made = ServiceForm.objects.create(service=held, number=number + 1, fields=kept, made_at=at, made_by=by)
        if by is not None:
            trail.note(
                at=at, actor=by.actor, action="form changed", target=f"service:{held.slug}",
                form=made.number, before=len(newest.fields) if newest else 0, now=len(kept),
            )  # fmt: skip
    return (made if kept else None), True


def judged(
    form: ServiceForm, given: form_answers.Given, client: Client | None, zone: tzinfo, *, lenient: bool = False,
    desk: bool = False,
) -> Judged:  # fmt: skip
    """The answers to this form by somebody of this client."""
    return form_answers.judge(
        form.asked, given, zone=zone, lenient=lenient, desk=desk, look=lambda kind, typed: _look(kind, typed, client)
    )


def offered(fields: Iterable[form_fields.Field], client: Client | None) -> dict[str, list[tuple[str, str]]]:
    """What is proposed for people and equipment: value and words. Nothing of another client's."""
    kinds = {one.kind for one in fields}
    if client is None:
        return {}
    made: dict[str, list[tuple[str, str]]] = {}
    if "person" in kinds:
        made["person"] = [(one.email or one.name, one.name) for one in colleagues(client)[:MOST_COLLEAGUES]]
    if "equipment" in kinds:
        made["equipment"] = [(one.key, one.label()) for one in assets.offered(client)]
    return made


def colleagues(client: Client) -> Any:
    """The people of a client who are still there."""
    return Person.objects.filter(client=client, is_active=True).order_by("name", "id")


def _look(kind: str, typed: str, client: Client | None) -> dict[str, str] | None:
    """Somebody or something of this client: a name that two people have is nobody's."""
    if client is None or len(typed) > LONGEST_NAMED:
        return None
    if kind == "equipment":
        thing = assets.named(client, typed)
        return {"id": thing.slug, "name": thing.label()} if thing else None
    named = Q(email__iexact=typed) | Q(login__iexact=typed) | Q(name=typed)
    found = list(colleagues(client).filter(named)[:2])
    return {"id": found[0].login, "name": found[0].name} if len(found) == 1 else None
