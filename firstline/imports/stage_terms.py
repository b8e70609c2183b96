"""What stands around contracts in an apply file: the catalogue, equipment, templates of terms, vendors, outages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from firstline.assets.models import Equipment, Site
from firstline.calendars.models import Calendar
from firstline.contracts import forms, templates, vendors
from firstline.contracts.checklist import problem_of
from firstline.contracts.models import Outage, Service, TermsTemplate, Vendor
from firstline.contracts.refusals import WrongTerms
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
            for key, name in (("qualities", "quality"), ("advice", "advice"), ("checklist", "checklist"))
            if name in row
        }
        if problem := problem_of(values.get("checklist", {})):
            raise WrongFile([f"service[{position}].checklist: {problem}"])
        service, result = put(Service, _found(Service, row), values)
        if "fields" in row and _put_form(service, row["fields"], position, at) and result == UNCHANGED:
            result = CHANGED
        results.append(Result("service", row["slug"], result))
    return results


def _put_form(service: Service, rows: list[Any], position: int, at: datetime) -> bool:
    """What the service asks: `name`, `hint` and the names of options as everywhere in the file."""
    try:
        return forms.put(service, [_asked(row) for row in rows], at=at)[1]
    except WrongTerms as wrong:
        raise WrongFile([f"service[{position}].fields{problem}" for problem in wrong.problems]) from wrong


def _asked(row: Row) -> Row:
    made = {key: value for key, value in row.items() if key not in ("name", "hint", "options")}
    made |= {to: _by_language(row[key]) for key, to in (("name", "names"), ("hint", "hints")) if key in row}
    if "options" in row:
        made["options"] = [
            {"key": one.get("key"), "names": _by_language(one.get("name", ""))} if isinstance(one, dict) else one
            for one in row["options"]
        ]
    return made


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
            "inventory": row.get("inventory", ""), "serial": row.get("serial", ""), "remote_ids": remote,
        }  # fmt: skip
        results.append(Result("equipment", row["slug"], put(Equipment, _found(Equipment, row), values)[1]))
    return results


def put_templates(rows: list[Row], at: datetime) -> list[Result]:
    results = []
    for number, row in enumerate(rows):
        try:
            terms = templates.checked(row["terms"])
        except WrongTerms as wrong:
            raise WrongFile([f"terms_template[{number}].terms.{problem}" for problem in wrong.problems]) from wrong
        found = _found(TermsTemplate, row)
        values = {"slug": row["slug"], **named(row["name"]), "terms": terms, **_retired(row, found, at)}
        results.append(Result("terms_template", row["slug"], put(TermsTemplate, found, values)[1]))
    return results


def put_vendors(rows: list[Row], at: datetime) -> list[Result]:
    results = []
    for number, row in enumerate(rows):
        name = named(row["name"])
        known = vendors.Known(
            names=name["names"] or {settings.LANGUAGE_CODE: name["name"]},
            calendar=Calendar.objects.get(slug=row["calendar"]), email=row.get("email", "").strip().lower(),
            phone=row.get("phone", ""), language=row.get("language", settings.LANGUAGE_CODE),
            targets=row.get("targets", {}),
        )  # fmt: skip
        if wrong := vendors.problems(known):
            raise WrongFile([f"vendor[{number}].{problem.replace('names:', 'name:')}" for problem in wrong])
        found = _found(Vendor, row)
        values = {
            "slug": row["slug"], **name, "email": known.email, "phone": known.phone, "language": known.language,
            "calendar": known.calendar, **_retired(row, found, at),
        }  # fmt: skip
        vendor, result = put(Vendor, found, values)
        if vendors.write_targets(vendor, known.targets):
            result = CHANGED if result == UNCHANGED else result
        results.append(Result("vendor", row["slug"], result))
    return results


def _retired(row: Row, found: Any, at: datetime) -> dict[str, datetime | None]:
    """A file that does not say whether it is retired leaves it as it is."""
    if "retired" not in row:
        return {}
    since = found.retired_at if found is not None else None
    return {"retired_at": (since or at) if row["retired"] else None}


def put_outages(rows: list[Row], at: datetime) -> list[Result]:
    results = []
    for number, row in enumerate(rows):
        starts, ends = moment_of(row["starts_at"]), moment_of(row.get("ends_at"))
        if starts is not None and ends is not None and ends <= starts:
            raise WrongFile([f"outage[{number}].ends_at: not after starts_at"])
        if row.get("planned") and row.get("notice"):
            raise WrongFile([f"outage[{number}].notice: planned work is no notice"])
        if row.get("public") and any(row.get(key) for key in ("client", "clients", "sites")):
            raise WrongFile([f"outage[{number}].public: only what is everybody's"])
        values = {
            "slug": row["slug"], "is_notice": row.get("notice", False), "is_public": row.get("public", False),
            "equipment": Equipment.objects.filter(slug=row.get("equipment", "")).first(),
            "starts_at": starts, "ends_at": ends, "planned": row.get("planned", False),
            "excused": row.get("excused", False), "words": _by_language(row.get("words", {})),
            "announced_at": moment_of(row.get("announced_at")),
        }  # fmt: skip
        kept, result = put(Outage, _found(Outage, row), values)
        changed = [_named(kept, name, model, row) for name, model in _TOUCHED]
        results.append(Result("outage", row["slug"], CHANGED if result == UNCHANGED and any(changed) else result))
    return results


_TOUCHED: tuple[tuple[str, type[Client] | type[Site] | type[Service]], ...] = (
    ("clients", Client), ("sites", Site), ("services", Service),
)  # fmt: skip


def _named(kept: Outage, name: str, model: type[Client] | type[Site] | type[Service], row: Row) -> bool:
    """Whom it touches: a list, or the one that older files name (`client`, `service`). Whether it is another now."""
    wanted = {*row.get(name, ()), *([row[name[:-1]]] if row.get(name[:-1]) else [])}
    touched = getattr(kept, name)
    if {one.slug for one in touched.all()} == wanted:
        return False
    touched.set(model.objects.filter(slug__in=wanted))
    return True


def _found(model: Any, row: Row) -> Any:
    return model._default_manager.filter(slug=row["slug"]).first()


def _by_language(value: Any) -> dict[str, str]:
    return {settings.LANGUAGE_CODE: value} if isinstance(value, str) else dict(value)
