"""The form of a person: its fields, and what was typed in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from firstline.lib.language import LANGUAGES
from firstline.people.models import Client, Person, Team
from firstline.people.permissions import may
from firstline.people.roles import CLIENT_SIDE, Role
from firstline.people.upkeep import Known
from firstline.web.admin.fields import Field, Words, lines_of


def known_from(given: QueryDict, found: Person | None) -> Known:
    """What was typed; a login that was left empty is the mail address."""
    email = given.get("email", "").strip()
    return Known(
        login=given.get("login", "").strip() or email.lower() or (found.login if found else ""),
        name=" ".join(given.get("name", "").split()),
        role=given.get("role", ""),
        email=email,
        phone=given.get("phone", ""),
        client=Client.objects.filter(slug=given.get("client", "")).first(),
        team=Team.objects.filter(slug=given.get("team", "")).first(),
        scope=tuple(Client.objects.filter(slug__in=given.getlist("scope"))),
        scope_all="scope_all" in given,
        language=given.get("language", ""),
        time_zone=given.get("time_zone", "").strip(),
        is_vip="is_vip" in given,
        in_reserve="in_reserve" in given,
        further_emails=lines_of(given.get("further_emails", "")),
        further_phones=lines_of(given.get("further_phones", "")),
    )


def known_of(person: Person) -> Known:
    """As he is kept now."""
    further = list(person.other_addresses.all())
    return Known(
        login=person.login, name=person.name, role=person.role, email=person.email, phone=person.phone,
        client=person.client, team=person.team, scope=tuple(person.scope.all()), scope_all=person.scope_all,
        language=person.language, time_zone=person.time_zone, is_vip=person.is_vip, in_reserve=person.in_reserve,
        further_emails=tuple(one.value for one in further if one.kind == "email"),
        further_phones=tuple(one.value for one in further if one.kind == "phone"),
    )  # fmt: skip


def sections(known: Known, by: Person, wrong: Mapping[str, Words]) -> list[tuple[str, list[Field]]]:
    """The fields in their groups; who may not give roles chooses among the client's two."""
    made = [(_("Who it is"), _who(known, wrong)), (_("What he may do"), _rights(known, by, wrong))]
    if may(by, "roles"):
        made.append((_("Whom he looks after"), _scope(known, wrong)))
    return made


def _who(known: Known, wrong: Mapping[str, Words]) -> list[Field]:
    languages = [("", _("the client’s")), *LANGUAGES]
    return [
        Field("name", _("Name"), known.name, required=True, problem=wrong.get("name", "")),
        Field("email", _("E-mail"), known.email, "email", most=254, problem=wrong.get("email", "")),
        Field("phone", _("Phone"), known.phone, "tel", most=30, problem=wrong.get("phone", "")),
        Field("login", _("Login"), known.login, most=150, problem=wrong.get("login", ""),
              hint=_("Empty: the mail address.")),
        Field("further_emails", _("Further mail addresses"), "\n".join(known.further_emails or ()), "long", most=3000,
              problem=wrong.get("further_emails", ""), hint=_("One a line: what comes from there is his.")),
        Field("further_phones", _("Further telephones"), "\n".join(known.further_phones or ()), "long", most=400,
              problem=wrong.get("further_phones", ""), hint=_("One a line.")),
        Field("language", _("Language"), known.language, "select", languages, problem=wrong.get("language", "")),
        Field("time_zone", _("Time zone"), known.time_zone, most=60, problem=wrong.get("time_zone", ""),
              hint=_("Such as Europe/Sofia. Empty: the client’s.")),
        Field("is_vip", _("VIP"), how="flag", value="1" if known.is_vip else ""),
    ]  # fmt: skip


def _rights(known: Known, by: Person, wrong: Mapping[str, Words]) -> list[Field]:
    allowed = [role for role in Role if may(by, "roles") or role in CLIENT_SIDE]
    clients = [one for one in Client.objects.all() if one.closed_at is None or one == known.client]
    slug = known.client.slug if known.client else ""
    needed = wrong.get("client", "")
    made = [
        Field("role", _("Role"), known.role, "select", [(one.value, str(one.label)) for one in allowed],
              problem=wrong.get("role", "")),
        Field("client", _("Client"), slug, "select", [("", _("nobody’s: of the desk")), *_named(clients)],
              problem=_("Whoever asks belongs to a client: choose it.") if needed else ""),
    ]  # fmt: skip
    if may(by, "roles"):
        team = known.team.slug if known.team else ""
        teams = [(one.slug, one.label(get_language())) for one in Team.objects.all()]
        made.append(Field("team", _("Team"), team, "select", [("", pgettext("team", "none")), *teams]))
        made.append(
            Field("in_reserve", _("May be called in (reserve)"), "1" if known.in_reserve else "", "flag",
                  problem=wrong.get("in_reserve", ""))
        )  # fmt: skip
    return made


def _scope(known: Known, wrong: Mapping[str, Words]) -> list[Field]:
    chosen = frozenset(client.slug for client in known.scope)
    clients = [one for one in Client.objects.all() if one.closed_at is None or one.slug in chosen]
    return [
        Field("scope_all", _("All clients, also those to come"), "1" if known.scope_all else "", "flag"),
        Field("scope", _("Clients"), how="several", options=_named(clients), chosen=chosen,
              hint=_("Counts for operators, engineers and leads: managers and administrators see all.")),
    ]  # fmt: skip


def _named(clients: list[Client]) -> list[tuple[str, str]]:
    return [(one.slug, one.label(get_language())) for one in clients]


def filters(asked: Mapping[str, str]) -> list[Field]:
    """The filters above the list."""
    clients = [("", _("All clients")), ("none", _("Without a client")), *_named(list(Client.objects.all()))]
    roles = [("", _("All roles")), *((one.value, str(one.label)) for one in Role)]
    states = [("", pgettext("people", "active")), ("away", pgettext("people", "not active")), ("all", _("everybody"))]
    return [
        Field("client", _("Client"), asked.get("client", ""), "select", clients),
        Field("role", _("Role"), asked.get("role", ""), "select", roles),
        Field("state", _("State"), asked.get("state", ""), "select", states),
    ]


def blank(client: Client | None) -> Known:
    """What the form of a new person begins with."""
    fields: dict[str, Any] = {"role": Role.REQUESTER.value, "client": client}
    return Known(login="", name="", **fields)
