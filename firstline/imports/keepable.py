"""What the database would not keep of an apply file's rows: the same on every engine, and before anything is touched.

SQLite keeps a text of any length and PostgreSQL refuses it in words that name no place in the file.
"""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from firstline.assets.models import Equipment, Site
from firstline.calendars.models import Calendar
from firstline.contracts.models import Category, Contract, Outage, Service, TermsTemplate, Vendor
from firstline.imports.apply_file import Row
from firstline.intake.models import MailRule
from firstline.lines.ladder_models import Ladder
from firstline.lines.routing_models import RoutingRule
from firstline.people.models import Client, Person, Team
from firstline.post.gateway_models import Gateway
from firstline.post.trunk_models import Trunk
from firstline.roster.models import Cover, Layer, Pattern, Skill
from firstline.tickets.macro_models import Macro
from firstline.tickets.template_models import AnswerTemplate

MODELS: dict[str, type[models.Model]] = {
    "calendar": Calendar, "client": Client, "team": Team, "site": Site, "equipment": Equipment, "skill": Skill,
    "person": Person, "shift": Pattern, "cover": Cover, "on_call": Layer, "service": Service, "category": Category,
    "contract": Contract, "terms_template": TermsTemplate, "vendor": Vendor, "outage": Outage, "telephony": Trunk,
    "sms_gateway": Gateway, "mail_rule": MailRule, "routing_rule": RoutingRule, "ladder": Ladder,
    "answer_template": AnswerTemplate, "macro": Macro,
}  # fmt: skip
SLUG = re.compile(r"[A-Za-z0-9_-]+")  # as it stands in addresses
# Kept as something else than what the file says: a password as its hash.
OTHERWISE = frozenset({("person", "password"), ("person", "login")})
LARGEST: dict[type[models.Field[Any, Any]], int] = {
    models.PositiveSmallIntegerField: 2**15 - 1, models.SmallIntegerField: 2**15 - 1,
}  # fmt: skip
LARGEST_ELSE = 2**31 - 1


def problems(rows: dict[str, list[Row]]) -> list[str]:
    """ "path: what is wrong" of each, all that were found."""
    return [
        f"{table}[{number}].{key}: {problem}"
        for table, model in MODELS.items()
        for number, row in enumerate(rows.get(table, ()))
        for key, value in row.items()
        if (table, key) not in OTHERWISE and (problem := _problem(model, key, value))
    ]


def _problem(model: type[models.Model], key: str, value: Any) -> str:
    if key == "slug" and isinstance(value, str) and not SLUG.fullmatch(value):
        return "Latin letters, digits, - and _ are needed"
    try:
        field = model._meta.get_field(key)
    except FieldDoesNotExist:
        return ""
    longest = getattr(field, "max_length", None)
    texts = value.values() if isinstance(value, dict) else [value]
    if longest and any(isinstance(text, str) and len(text) > longest for text in texts):
        return f"longer than {longest} characters"
    if isinstance(value, int) and isinstance(field, models.IntegerField):
        largest = LARGEST.get(type(field), LARGEST_ELSE)
        return "" if -largest <= value <= largest else f"at most {largest}"
    return ""
