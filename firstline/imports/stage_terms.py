"""What stands around contracts in an apply file: the catalogue, equipment, templates of terms, vendors, outages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from firstline.assets.models import Equipment, Site
from firstline.calendars.models import Calendar
from firstline.contracts import versions, written
from firstline.contracts.models import Outage, Service, TermsTemplate, Vendor, VendorTarget
from firstline.contracts.refusals import WrongTerms
from firstline.contracts.terms_shape import METRICS
from firstline.imports.apply_file import Row, WrongFile, moment_of
from firstline.imports.put import CHANGED, UNCHANGED, Result, named, put
from firstline.people.models import Client, Person, Team


def put_services(rows: list[Row], at: datetime) -> list[Result]:
    """The keys that a file leaves out of what the manager edits on the page (owner, hours, qualities) stay."""
    results = []
    for position, row in enumerate(rows):
        words = named(row.get("description", ""))
        values: dict[str, Any] = {
            "slug": row["slug"], **named(row["name"]), "description": words["name"], "descriptions": words["names"],
            "icon": row.get("icon", ""), "team": Team.objects.filter(slug=row.get("team", "")).first(),
            "position": position,
        }  # fmt: skip
        if "owner" in row:
            values["owner"] = Person.objects.get(login=row["owner"])
            if not values["owner"].is_agent:
                raise WrongFile([f"service[{position}].owner: somebody of the desk is needed"])
        if "calendar" in row:
            values["calendar"] = Calendar.objects.get(slug=row["calendar"])
        if "line" in row:
            values["line"] = row["line"]
        values |= {
            key: _by_language(row[name])
            for key, name in (("qualities", "quality"), ("advice", "advice"))
            if name in row
        }
        results.append(Result("service", row["slug"], put(Service, _found(Service, row), values)[1]))
    return results


def put_equipment(rows: list[Row], at: datetime) -> list[Result]:
    results = []
    for number, row in enumerate(rows):
        client = Client.objects.get(slug=row["client"])
        site = Site.objects.filter(slug=row.get("site", "")).first()
        if site is not None and site.client_id != client.pk:
            raise WrongFile([f"equipment[{number}].site: it is another client's"])
        remote = row.get("remote_ids", {})
        if not all(isinstance(value, str) for value in remote.values()):
            raise WrongFile([f'equipment[{number}].remote_ids: texts such as anydesk = "123 456 789" are needed'])
        values = {
            "slug": row["slug"], "client": client, "site": site, **named(row["name"]), "kind": row.get("kind", ""),
            "serial": row.get("serial", ""), "remote_ids": remote,
        }  # fmt: skip
        results.append(Result("equipment", row["slug"], put(Equipment, _found(Equipment, row), values)[1]))
    return results


def put_templates(rows: list[Row], at: datetime) -> list[Result]:
    results = []
    for number, row in enumerate(rows):
        said = dict(row["terms"])
        for key in ("quality", "advice"):
            if key in said:
                said[key] = _by_language(said[key])
        try:
            terms = written.checked(said)
            written.refuse_strangers(terms)
        except WrongTerms as wrong:
            raise WrongFile([f"terms_template[{number}].terms.{problem}" for problem in wrong.problems]) from wrong
        values = {"slug": row["slug"], **named(row["name"]), "terms": terms}
        results.append(Result("terms_template", row["slug"], put(TermsTemplate, _found(TermsTemplate, row), values)[1]))
    return results


def put_vendors(rows: list[Row], at: datetime) -> list[Result]:
    results = []
    for number, row in enumerate(rows):
        calendar = Calendar.objects.get(slug=row["calendar"])
        if not versions.opens(calendar):
            raise WrongFile([f"vendor[{number}].calendar: {calendar.slug} never opens"])
        wanted = row.get("targets", {})
        for metric, minutes in wanted.items():
            if metric not in METRICS:
                raise WrongFile([f"vendor[{number}].targets.{metric}: is not one of {', '.join(METRICS)}"])
            if not isinstance(minutes, int) or isinstance(minutes, bool) or minutes <= 0:
                raise WrongFile([f"vendor[{number}].targets.{metric}: whole minutes, more than 0, are needed"])
        values = {
            "slug": row["slug"], **named(row["name"]), "email": row.get("email", "").strip().lower(),
            "phone": row.get("phone", ""), "language": row.get("language", settings.LANGUAGE_CODE),
            "calendar": calendar,
        }  # fmt: skip
        vendor, result = put(Vendor, _found(Vendor, row), values)
        if {target.metric: target.minutes for target in vendor.targets.all()} != wanted:
            vendor.targets.all().delete()
            VendorTarget.objects.bulk_create(
                VendorTarget(vendor=vendor, metric=metric, minutes=minutes)
                for metric, minutes in sorted(wanted.items())
            )
            result = CHANGED if result == UNCHANGED else result
        results.append(Result("vendor", row["slug"], result))
    return results


def put_outages(rows: list[Row], at: datetime) -> list[Result]:
    results = []
    for number, row in enumerate(rows):
        starts, ends = moment_of(row["starts_at"]), moment_of(row.get("ends_at"))
        if starts is not None and ends is not None and ends <= starts:
            raise WrongFile([f"outage[{number}].ends_at: not after starts_at"])
        values = {
            "slug": row["slug"], "client": Client.objects.filter(slug=row.get("client", "")).first(),
            "service": Service.objects.filter(slug=row.get("service", "")).first(),
            "equipment": Equipment.objects.filter(slug=row.get("equipment", "")).first(),
            "starts_at": starts, "ends_at": ends, "planned": row.get("planned", False),
            "excused": row.get("excused", False), "words": _by_language(row.get("words", {})),
            "announced_at": moment_of(row.get("announced_at")),
        }  # fmt: skip
        results.append(Result("outage", row["slug"], put(Outage, _found(Outage, row), values)[1]))
    return results


def _found(model: Any, row: Row) -> Any:
    return model._default_manager.filter(slug=row["slug"]).first()


def _by_language(value: Any) -> dict[str, str]:
    return {settings.LANGUAGE_CODE: value} if isinstance(value, str) else dict(value)
