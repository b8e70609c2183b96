"""The desk's settings as an apply file: what `firstline apply` would need to set the same stage on an empty database.

No secret goes out: no password of a person, server or application, and no key. Applied to the same desk again the file
changes nothing: an address of a server without a password keeps the one that is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from firstline.assets.models import Equipment, Site
from firstline.calendars.models import Calendar, CalendarVersion
from firstline.contracts import forms
from firstline.contracts.models import Category, Outage, Service, TermsTemplate, Vendor
from firstline.imports import export_contracts, export_roster, export_rules, stage_brand, stage_sms, stage_telephony
from firstline.imports.apply_tables import TABLES
from firstline.imports.export_rows import Row, said, slug_of, texts
from firstline.intake.models import Desk
from firstline.lib import toml_text
from firstline.lines.box_models import BoxLimit
from firstline.people.models import Client, Person, Team
from firstline.people.roles import CLIENT_SIDE, Role
from firstline.post import server_urls
from firstline.roster.models import Level, Skill, Speaks

HEAD = """# The settings of a Firstline desk (docs/apply.md). Passwords and keys are not in it: people ask for a link by
# mail, servers need theirs once more on another machine. Who only ever wrote, and is of no client, is not in it either.

"""


def written() -> str:
    """The whole file, the same for the same settings."""
    rows = {table: EXPORTED[table]() for table in TABLES}
    return HEAD + toml_text.tables(rows)


def _calendars() -> Sequence[Row]:
    found = []
    for one in Calendar.objects.order_by("slug"):
        newest = CalendarVersion.objects.filter(calendar=one).order_by("-number").first()
        hours = {"weekly": newest.weekly, "exceptions": newest.exceptions} if newest else {}
        found.append(
            {"slug": one.slug, "name": texts(one.name or one.slug, one.names), "time_zone": one.time_zone}
            | said(country=one.country) | hours
        )  # fmt: skip
    return found


def _clients() -> Sequence[Row]:
    return [
        {"slug": one.slug, "name": texts(one.name, one.names), "language": one.language, "time_zone": one.time_zone}
        | said(
            email_domains=sorted(domain.domain for domain in one.email_domains.all()), vip=one.is_vip, phone=one.phone,
            email=one.email, address=one.address, note=one.note, closed=one.closed_at is not None,
        )
        for one in Client.objects.prefetch_related("email_domains").order_by("slug")
    ]  # fmt: skip


def _teams() -> Sequence[Row]:
    return [
        {"slug": one.slug, "name": texts(one.name, one.names), "line": one.line}
        for one in Team.objects.order_by("line", "slug")
    ]


def _sites() -> Sequence[Row]:
    return [
        {"slug": one.slug, "client": one.client.slug, "name": texts(one.name, one.names)} | said(address=one.address)
        for one in Site.objects.select_related("client").order_by("slug")
    ]


def _equipment() -> Sequence[Row]:
    return [
        {"slug": one.slug, "client": one.client.slug, "name": texts(one.name, one.names)}
        | said(site=slug_of(one.site), kind=one.kind, inventory=one.inventory, serial=one.serial,
               remote_ids=one.remote_ids)
        for one in Equipment.objects.select_related("client", "site").order_by("slug")
    ]  # fmt: skip


def _skills() -> Sequence[Row]:
    return [{"slug": one.slug, "name": texts(one.name, one.names)} for one in Skill.objects.order_by("slug")]


def _people() -> Sequence[Row]:
    levels: dict[int, dict[str, int]] = {}
    for person, skill, level in Level.objects.order_by("skill__slug").values_list("person", "skill__slug", "level"):
        levels.setdefault(person, {})[skill] = level
    speaks: dict[int, list[str]] = {}
    for person, language in Speaks.objects.order_by("language").values_list("person", "language"):
        speaks.setdefault(person, []).append(language)
    named = export_roster.named() | export_rules.named()
    people = Person.objects.select_related("client", "team").prefetch_related("scope", "other_addresses")
    return [
        _person(one) | said(skills=levels.get(one.pk), speaks=speaks.get(one.pk))
        for one in people.filter(merged_into=None).order_by("login")
        if one.role not in CLIENT_SIDE or one.client_id is not None or one.in_reserve or one.pk in named
    ]


def _person(one: Person) -> Row:
    further = list(one.other_addresses.all())
    row: Row = {"login": one.login, "name": one.name, "role": one.role, "language": one.language}
    row |= said(
        email=one.email, phone=one.phone, client=slug_of(one.client), team=slug_of(one.team),
        scope="all" if one.scope_all else sorted(client.slug for client in one.scope.all()), time_zone=one.time_zone,
        vip=one.is_vip, reserve=one.in_reserve,
        further_emails=[each.value for each in further if each.kind == "email"],
        further_phones=[each.value for each in further if each.kind == "phone"],
    )  # fmt: skip
    if one.role == Role.REQUESTER and one.client_id is None and not one.in_reserve:
        row["reserve"] = False  # he was a partner: the roster names him still
    return row if one.is_active else row | {"active": False}


def _services() -> Sequence[Row]:
    rows = []
    for one in Service.objects.select_related("team", "owner", "calendar").order_by("position", "slug"):
        form = forms.of(one)
        rows.append(
            {"slug": one.slug, "name": texts(one.name, one.names)}
            | said(
                team=slug_of(one.team), description=texts(one.description, one.descriptions), icon=one.icon,
                owner=one.owner.login if one.owner else "", calendar=slug_of(one.calendar), line=one.line,
                quality=one.qualities, advice=one.advice,
                checklist=one.checklist, fields=[_asked(row) for row in form.fields] if form else [],
            )
        )  # fmt: skip
    return rows


def _asked(field: Mapping[str, Any]) -> Row:
    """A field of a form as the file writes it: `name`, `hint`, and the names of its options."""
    row = {key: one for key, one in field.items() if key not in ("names", "hints", "options")}
    row |= {to: field[key] for key, to in (("names", "name"), ("hints", "hint")) if field.get(key)}
    if field.get("options"):
        row["options"] = [
            {("name" if key == "names" else key): each for key, each in one.items()} if isinstance(one, dict) else one
            for one in field["options"]
        ]
    return row


def _categories() -> Sequence[Row]:
    return [
        {"slug": one.slug, "name": texts(one.name, one.names)} | said(service=slug_of(one.service), line=one.line)
        for one in Category.objects.select_related("service").order_by("slug")
    ]


def _boxes() -> Sequence[Row]:
    return [
        {"line": one.line, **said(category=slug_of(one.category)), "minutes": one.minutes, "policy": one.policy}
        for one in BoxLimit.objects.select_related("category").order_by("line", "category__slug")
    ]


def _templates() -> Sequence[Row]:
    return [
        {"slug": one.slug, "name": texts(one.name, one.names), "terms": one.terms, "retired": bool(one.retired_at)}
        for one in TermsTemplate.objects.order_by("slug")
    ]


def _vendors() -> Sequence[Row]:
    return [
        {"slug": one.slug, "name": texts(one.name, one.names), "calendar": one.calendar.slug, "language": one.language}
        | said(email=one.email, phone=one.phone,
               targets={each.metric: each.minutes for each in one.targets.order_by("metric")})
        | {"retired": bool(one.retired_at)}
        for one in Vendor.objects.select_related("calendar").order_by("slug")
    ]  # fmt: skip


def _outages() -> Sequence[Row]:
    return [
        {"slug": one.slug, "starts_at": one.starts_at}
        | said(clients=[each.slug for each in one.clients.all()], sites=[each.slug for each in one.sites.all()],
               services=[each.slug for each in one.services.all()], equipment=slug_of(one.equipment),
               ends_at=one.ends_at, planned=one.planned, notice=one.is_notice, public=one.is_public,
               excused=one.excused, words=one.words, announced_at=one.announced_at)
        for one in Outage.objects.select_related("equipment").prefetch_related("clients", "sites", "services")
        .order_by("slug")
    ]  # fmt: skip


def _mailboxes() -> Sequence[Row]:
    rows = []
    for desk in Desk.objects.select_related("account", "team", "client").order_by("account__address"):
        one = desk.account
        rows.append(
            {"address": one.address, "active": one.is_active, "probe_every": one.probe_every}
            | said(
                team=slug_of(desk.team), client=slug_of(desk.client),
                imap=_server(one.imap, server_urls.IMAP_SCHEMES), smtp=_server(one.smtp, server_urls.SMTP_SCHEMES),
                name=one.names, signature=one.signatures, authserv_id=one.authserv_id,
                relays=[each.strip() for each in one.relays.split(",") if each.strip()], sent_as=one.sent_as,
                plus_tags=one.plus_tags,
            )
        )  # fmt: skip
    return rows


def _server(url: str, schemes: tuple[str, ...]) -> str:
    return server_urls.read(url, schemes).shown() if url else ""


EXPORTED: dict[str, Callable[[], Sequence[Row]]] = {
    "calendar": _calendars, "client": _clients, "team": _teams, "site": _sites, "equipment": _equipment,
    "skill": _skills, "person": _people, "service": _services, "category": _categories, "box": _boxes,
    "terms_template": _templates, "vendor": _vendors, "outage": _outages,
    "branding": stage_brand.branding, "mailbox": _mailboxes, "sms_gateway": stage_sms.exported,
    "telephony": stage_telephony.exported,
    **export_roster.EXPORTED, **export_rules.EXPORTED, **export_contracts.EXPORTED,
}  # fmt: skip
