"""The terms of a version between the tables and the one table that everybody else speaks (terms_shape)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from django.conf import settings
from django.db import models

from firstline.assets.models import Equipment
from firstline.calendars.models import Calendar
from firstline.contracts import terms_shape
from firstline.contracts.models import (
    ContractVersion,
    Duty,
    HourPackage,
    Indicator,
    InnerTerm,
    PauseReason,
    PenaltyRule,
    Service,
    Target,
)
from firstline.contracts.refusals import WrongTerms
from firstline.contracts.terms_shape import LISTS, Row, Terms, canonical, decimal
from firstline.lib.language import named

Found = TypeVar("Found", Calendar, Service, Equipment)


def terms_of(version: ContractVersion) -> Terms:
    """The terms as they are kept, in canonical form."""
    found: Terms = {
        "calendar": version.calendar.slug,
        "currency": version.currency,
        "monthly_fee": version.monthly_fee,
        "penalty_cap": version.penalty_cap,
        "vendor_pauses": version.vendor_pauses,
        "warnings": version.warnings,
        "quality": version.quality,
        "advice": version.advice,
        **{name: [one.slug for one in getattr(version, name).all()] for name in terms_shape.NAMED},
        "target": [
            _said(one, "metric", "minutes", "priority", "type", "goal", "warnings", to=("service", "calendar"))
            for one in version.targets.select_related("service", "calendar")
        ],
        "pause_reason": [
            _name(one) | _said(one, "slug", "whose", "status", "pauses", "reminders", "warn_minutes", "close_minutes")
            for one in version.pause_reasons.all()
        ],
        "inner_term": [_said(one, "stage", "share") for one in version.inner_terms.all()],
        "duty": [
            _name(one) | _said(one, "slug", "side", "minutes", to=("calendar",))
            for one in version.duties.select_related("calendar")
        ],
        "indicator": [
            _said(one, "kind", "goal", "comparison", "period", "metric", "weight", "source", to=("service",))
            for one in version.indicators.select_related("service")
        ],
        "penalty": [{**one.terms, **_said(one, "kind", "rounding")} for one in version.penalties.all()],
        "hours": [
            _said(one, "minutes", "period", "carry_over", "price", "overage_rate") for one in version.hours.all()
        ],
    }  # fmt: skip
    return canonical(found)


def checked(terms: Mapping[str, Any]) -> Terms:
    """The canonical form. Raises WrongTerms with every problem, each with its place."""
    problems = terms_shape.version_problems(terms)
    for table in LISTS:
        for number, row in enumerate(terms.get(table, ())):
            problems += [f"{table}[{number}].{problem}" for problem in terms_shape.row_problems(table, row)]
    problems += [f"{table}[{number}]: {words}" for table, number, words in terms_shape.list_problems(terms)]
    if problems:
        raise WrongTerms(problems)
    return canonical(terms)


def write(version: ContractVersion, terms: Mapping[str, Any]) -> None:
    """Writes the terms into a version that is not in force yet, whatever stood there. Inside a transaction; the caller
    says who may and notes it. Raises WrongTerms."""
    said = checked(terms)
    refuse_strangers(said)
    calendar = _one(Calendar, said.get("calendar"), "calendar")
    if calendar is None:
        raise WrongTerms(["calendar: is missing"])
    version.calendar = calendar
    version.currency = said.get("currency", "")
    version.monthly_fee = decimal(said["monthly_fee"]) if "monthly_fee" in said else None
    version.penalty_cap = said.get("penalty_cap", "")
    version.vendor_pauses = said.get("vendor_pauses", False)
    version.warnings = said.get("warnings", terms_shape.USUAL["warnings"])
    version.quality, version.advice = _by_language(said.get("quality")), _by_language(said.get("advice"))
    version.save()
    for name in ("services", "billable", "excluded"):
        getattr(version, name).set(_several(Service, said.get(name, ()), name))
    own = Equipment.objects.filter(client_id=version.contract.client_id)
    version.equipment.set(_several(Equipment, said.get("equipment", ()), "equipment", own))
    _write_lists(version, said)


def refuse_strangers(terms: Mapping[str, Any]) -> None:
    """Every calendar and service that the terms name is there. Raises WrongTerms with every one that is not, each with
    its place. Equipment is a client's own, and is looked for where the client is known (`write`)."""
    known = {model: set(model._default_manager.values_list("slug", flat=True)) for model in (Calendar, Service)}
    problems = [
        f"{place}: there is no {model._meta.model_name} {slug!r}"
        for model, place, slug in _named_in(terms)
        if slug and slug not in known[model]
    ]
    if problems:
        raise WrongTerms(problems)


def _named_in(terms: Mapping[str, Any]) -> Iterator[tuple[type[Calendar] | type[Service], str, str | None]]:
    yield Calendar, "calendar", terms.get("calendar")
    for key in ("services", "billable", "excluded"):
        yield from ((Service, key, slug) for slug in terms.get(key, ()))
    for table in LISTS:
        for number, row in enumerate(terms.get(table, ())):
            place = f"{table}[{number}]"
            yield Calendar, f"{place}.calendar", row.get("calendar")
            yield Service, f"{place}.service", row.get("service")
            yield from ((Service, f"{place}.services", slug) for slug in row.get("services", ()))


def _write_lists(version: ContractVersion, said: Terms) -> None:
    makers: dict[str, tuple[type[models.Model], Any]] = {
        "target": (Target, _target), "pause_reason": (PauseReason, _with_name), "inner_term": (InnerTerm, _with_share),
        "duty": (Duty, _duty), "indicator": (Indicator, _indicator), "penalty": (PenaltyRule, _penalty),
        "hours": (HourPackage, _hours),
    }  # fmt: skip
    for table, (model, values) in makers.items():
        kept = model._default_manager.filter(version=version)
        kept.delete()
        rows = []
        for place, row in enumerate(said.get(table, ())):
            fields = values(row, f"{table}[{place}]")
            if table in ("pause_reason", "duty", "indicator", "penalty"):
                fields["position"] = place
            rows.append(model(version=version, **fields))
        model._default_manager.bulk_create(rows)


def _target(row: Row, place: str) -> Row:
    return {
        **{key: value for key, value in row.items() if key not in ("service", "calendar", "goal")},
        "goal": _decimal(row, "goal"),
        "service": _one(Service, row.get("service"), f"{place}.service"),
        "calendar": _one(Calendar, row.get("calendar"), f"{place}.calendar"),
    }


def _with_name(row: Row, place: str) -> Row:
    name, names = named(row["name"], settings.LANGUAGE_CODE)
    return {**row, "name": name, "names": names}


def _with_share(row: Row, place: str) -> Row:
    return {**row, "share": _decimal(row, "share")}


def _duty(row: Row, place: str) -> Row:
    return {**_with_name(row, place), "calendar": _one(Calendar, row.get("calendar"), f"{place}.calendar")}


def _indicator(row: Row, place: str) -> Row:
    return {
        **row,
        "goal": _decimal(row, "goal") or Decimal(0),
        "weight": _decimal(row, "weight") or Decimal(1),
        "service": _one(Service, row.get("service"), f"{place}.service"),
    }


def _penalty(row: Row, place: str) -> Row:
    kind, terms = terms_shape.penalty_of(row)
    return {"kind": kind, "terms": terms, "rounding": row.get("rounding", "half_up")}


def _hours(row: Row, place: str) -> Row:
    return {**row, "price": _decimal(row, "price"), "overage_rate": _decimal(row, "overage_rate")}


def _decimal(row: Row, key: str) -> Decimal | None:
    return decimal(row[key]) if key in row else None


def _said(row: Any, *names: str, to: Iterable[str] = ()) -> Row:
    found: Row = {name: getattr(row, name) for name in names}
    return found | {name: other.slug for name in to if (other := getattr(row, name)) is not None}


def _name(row: Any) -> Row:
    return {"name": row.names or row.name}


def _by_language(value: Any) -> dict[str, str]:
    return {settings.LANGUAGE_CODE: value} if isinstance(value, str) else dict(value or {})


def _one(model: type[Found], slug: str | None, place: str) -> Found | None:
    if not slug:
        return None
    found = model._default_manager.filter(slug=slug).first()
    if found is None:
        raise WrongTerms([f"{place}: there is no {model._meta.model_name} {slug!r}"])
    return found


def _several(
    model: type[Found], slugs: Iterable[str], place: str, among: models.QuerySet[Found] | None = None
) -> list[Found]:
    wanted = set(slugs)
    found = list((model._default_manager.all() if among is None else among).filter(slug__in=wanted))
    missing = wanted - {one.slug for one in found}
    if missing:
        raise WrongTerms([f"{place}: there is no {model._meta.model_name} {slug!r}" for slug in sorted(missing)])
    return found
