"""The tables of an apply file: their keys, and what each may hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from firstline.contracts.penalty_terms import KINDS as PENALTIES
from firstline.contracts.terms_shape import INDICATORS, LISTS, METRICS, TYPES
from firstline.lib.language import CODES


@dataclass(frozen=True)
class Field:
    """What a key may hold. `kind`: text, name, number, numbers, decimal, flag, day, moment, list, mapping, tables,
    scope; `to`: a table."""

    kind: str = "text"
    required: bool = False
    to: str = ""
    among: tuple[Any, ...] = ()


def _must(kind: str = "text", to: str = "", among: tuple[Any, ...] = ()) -> Field:
    return Field(kind, True, to, among)


ROLES = ("requester", "coordinator", "operator", "engineer", "lead", "manager", "account_manager", "administrator")
SHARED = ("nobody", "team", "everybody")
PERIODS = ("month", "quarter", "year")
# Which version a row of one of its lists belongs to.
OF_A_VERSION = {"contract": _must(to="contract"), "valid_from": Field("day")}

# In the order in which they are applied: what is referred to comes first, whatever the order in the file.
TABLES: dict[str, dict[str, Field]] = {
    "calendar": {
        "slug": _must(), "name": Field("name"), "time_zone": _must(), "weekly": Field("mapping"),
        "exceptions": Field("mapping"), "country": Field(),
    },
    "client": {
        "slug": _must(), "name": _must("name"), "language": Field(among=CODES), "time_zone": Field(),
        "email_domains": Field("list"), "vip": Field("flag"), "phone": Field(), "email": Field(), "address": Field(),
        "note": Field(), "closed": Field("flag"),
    },
    "team": {"slug": _must(), "name": _must("name"), "line": _must("number", among=(1, 2, 3))},
    "site": {"slug": _must(), "client": _must(to="client"), "name": Field("name"), "address": Field()},
    "equipment": {
        "slug": _must(), "client": _must(to="client"), "site": Field(to="site"), "name": _must("name"),
        "kind": Field(), "inventory": Field(), "serial": Field(), "remote_ids": Field("mapping"),
    },
    "skill": {"slug": _must(), "name": _must("name")},
    "person": {
        "login": _must(), "name": _must("name"), "email": Field(), "phone": Field(), "password": Field(),
        "role": _must(among=ROLES), "client": Field(to="client"), "team": Field(to="team"), "scope": Field("scope"),
        "language": Field(among=CODES), "time_zone": Field(), "vip": Field("flag"),
        "skills": Field("mapping"), "speaks": Field("list"), "reserve": Field("flag"), "active": Field("flag"),
        "further_emails": Field("list"), "further_phones": Field("list"),
    },
    "shift": {
        "slug": _must(), "name": Field(), "person": Field(to="person"), "team": Field(to="team"), "time_zone": Field(),
        "begins_on": _must("day"), "ends_on": Field("day"), "weekly": Field("mapping"), "cycle": Field("list"),
    },
    "cover": {
        "team": _must(to="team"), "time_zone": Field(), "weekly": _must("mapping"), "least": Field("number"),
        "free_swaps": Field("flag"),
    },
    "on_call": {
        "slug": _must(), "team": _must(to="team"), "position": Field("number"), "time_zone": Field(),
        "begins_on": _must("day"), "changes_at": Field(), "length": Field("number"),
        "people": Field("list", required=True, to="person"), "weekly": Field("mapping"),
    },
    "service": {
        "slug": _must(), "name": _must("name"), "team": Field(to="team"), "description": Field("name"), "icon": Field(),
        "owner": Field(to="person"), "calendar": Field(to="calendar"), "line": Field("number", among=(1, 2, 3)),
        "quality": Field("name"), "advice": Field("name"), "checklist": Field("name"), "fields": Field("tables"),
    },
    "category": {
        "slug": _must(), "name": _must("name"), "service": Field(to="service"),
        "line": Field("number", among=(1, 2, 3)),
    },
    "box": {
        "line": _must("number", among=(1, 2, 3)), "category": Field(to="category"),
        "minutes": _must("number"), "policy": Field(among=("remind", "tell_lead", "hand_over")),
    },
    "contract": {
        "slug": _must(), "client": _must(to="client"), "number": Field(), "name": Field("name"),
        "valid_from": _must("day"), "valid_to": Field("day"), "draft": Field("flag"),
        "calendar": _must(to="calendar"), "currency": Field(), "monthly_fee": Field("decimal"),
        "penalty_cap": Field(), "services": Field("list", to="service"), "billable": Field("list", to="service"),
        "excluded": Field("list", to="service"), "equipment": Field("list", to="equipment"),
        "vendor_pauses": Field("flag"), "warnings": Field("tables"), "quality": Field("name"), "advice": Field("name"),
    },
    "target": OF_A_VERSION | {
        "metric": _must(among=METRICS), "minutes": _must("number"), "priority": Field("number", among=(1, 2, 3, 4)),
        "type": Field(among=TYPES), "service": Field(to="service"), "calendar": Field(to="calendar"),
        "goal": Field("decimal"), "warnings": Field("tables"),
    },
    "pause_reason": OF_A_VERSION | {
        "slug": _must(), "name": _must("name"), "whose": _must(among=("provider", "client", "vendor", "force_majeure")),
        "status": _must(among=("waiting_for_client", "waiting_for_vendor", "on_hold")), "pauses": Field("flag"),
        "reminders": Field("numbers"), "warn_minutes": Field("number"), "close_minutes": Field("number"),
    },
    "inner_term": OF_A_VERSION | {
        "stage": _must(among=("intake", "line1", "line2", "line3")), "share": _must("decimal"),
    },
    "duty": OF_A_VERSION | {
        "slug": _must(), "side": _must(among=("provider", "client")), "name": _must("name"), "minutes": Field("number"),
        "calendar": Field(to="calendar"),
    },
    "indicator": OF_A_VERSION | {
        "kind": _must(among=INDICATORS), "goal": _must("decimal"), "comparison": Field(among=("at_least", "at_most")),
        "period": Field(among=PERIODS), "metric": Field(among=METRICS), "service": Field(to="service"),
        "weight": Field("decimal"), "source": Field(),
    },
    "penalty": OF_A_VERSION | {
        "kind": _must(among=PENALTIES), "rounding": Field(among=("half_up", "half_even", "down", "up")),
    },
    "hours": OF_A_VERSION | {
        "minutes": _must("number"), "period": Field(among=PERIODS), "carry_over": Field("number"),
        "price": Field("decimal"), "overage_rate": Field("decimal"),
    },
    "terms_template": {
        "slug": _must(), "name": _must("name"), "terms": _must("mapping"), "retired": Field("flag"),
    },
    "vendor": {
        "slug": _must(), "name": _must("name"), "email": Field(), "phone": Field(), "language": Field(among=CODES),
        "calendar": _must(to="calendar"), "targets": Field("mapping"), "retired": Field("flag"),
    },
    "branding": {
        "slug": _must(among=("house",)), "name": Field(), "hue": Field("number"), "phone": Field(), "mail": Field(),
        "welcome": Field("name"), "logo": Field(),
    },
    "outage": {
        "slug": _must(), "client": Field(to="client"), "service": Field(to="service"),
        "clients": Field("list", to="client"), "sites": Field("list", to="site"),
        "services": Field("list", to="service"), "notice": Field("flag"), "public": Field("flag"),
        "equipment": Field(to="equipment"), "starts_at": _must("moment"), "ends_at": Field("moment"),
        "planned": Field("flag"), "excused": Field("flag"),
        "words": Field("name"), "announced_at": Field("moment"),
    },
    "mailbox": {
        "address": _must(), "team": Field(to="team"), "client": Field(to="client"), "imap": Field(), "smtp": Field(),
        "name": Field("name"), "signature": Field("name"), "active": Field("flag"), "probe_every": Field("number"),
        "authserv_id": Field(), "relays": Field("list"), "sent_as": Field(), "plus_tags": Field("flag"),
        "dkim_selector": Field(), "dkim_key": Field(),
        "oauth": Field("mapping"),
    },
    "telephony": {
        "slug": _must(), "name": Field(), "secret": Field(), "country": Field(), "active": Field("flag"),
    },
    "sms_gateway": {
        "slug": _must(), "name": Field(), "sender": Field(), "url": Field(), "secret": Field(),
        "authorization": Field(), "form": Field(among=("json", "form")), "fields": Field("mapping"),
        "answer_id": Field(), "answer_error": Field(), "prefixes": Field(), "active": Field("flag"),
    },
    "mail_rule": {
        "slug": _must(), "name": _must(), "conditions": Field("tables", required=True), "any": Field("flag"),
        "go_on": Field("flag"), "active": Field("flag"), "outcome": Field(among=("ticket", "quarantine", "ignore")),
        "client": Field(to="client"), "service": Field(to="service"), "category": Field(to="category"),
        "team": Field(to="team"), "priority": Field("number", among=(1, 2, 3, 4)), "type": Field(), "tag": Field(),
    },
    "routing_rule": {
        "slug": _must(), "name": _must(), "conditions": Field("tables"), "line": Field("number", among=(1, 2, 3)),
        "team": Field(to="team"), "person": Field(to="person"), "skill": Field(), "sticks": Field("flag"),
        "strategy": Field(among=("pull", "round_robin", "least_loaded", "skill")), "active": Field("flag"),
        "level": Field("number", among=(1, 2, 3)),
    },
    "ladder": {
        "slug": _must(), "name": _must(), "conditions": Field("tables"), "rungs": _must("tables"),
        "hours": Field(to="calendar"), "wait": Field("number"), "active": Field("flag"),
    },
    "answer_template": {
        "owner": _must(to="person"), "name": _must(), "body": _must(), "language": Field(among=CODES),
        "shared": Field(among=SHARED),
    },
    "macro": {
        "slug": _must(), "owner": _must(to="person"), "name": _must("name"), "steps": _must("tables"),
        "shared": Field(among=SHARED),
    },
    "skill_need": {
        "category": _must(to="category"), "skill": _must(), "level": Field("number", among=(1, 2, 3)),
    },
    "ticket_limit": {"person": _must(to="person"), "most": Field("number")},
}  # fmt: skip
KEYS = {
    "person": ("login",), "mailbox": ("address",), "contract": ("slug", "valid_from"),
    "skill_need": ("category", "skill"), "ticket_limit": ("person",), "answer_template": ("owner", "name"),
    "cover": ("team",), "box": ("line", "category"),
}  # fmt: skip
# Rows of which a version has several, or that are told apart within it (terms_shape.list_problems).
SEVERAL = frozenset(LISTS)
# The keys of a penalty beside these are its terms, checked by contracts.penalty_terms.
FREE = frozenset({"penalty"})
# What a template's `terms` may say: a contract's terms without whose they are and when, and its lists.
TERMS: dict[str, Field] = {
    key: field
    for key, field in TABLES["contract"].items()
    if key not in {"slug", "client", "number", "name", "valid_from", "valid_to", "draft", "equipment"}
} | {table: Field("tables") for table in LISTS}  # fmt: skip
