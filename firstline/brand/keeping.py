"""Choosing the house's name, colour, logo and words: one row, one audit row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from firstline.audit import trail
from firstline.brand import identity, logos
from firstline.brand.logos import WrongLogo
from firstline.brand.models import Brand
from firstline.lib import phones
from firstline.lib.language import CODES
from firstline.people.models import Person
from firstline.people.permissions import demand

LONGEST = {"name": 40, "phone": 30, "mail": 254}
LONGEST_WELCOME = 300


class WrongBrand(ValueError):
    """It cannot be so: (field, problem) of each."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Wanted:
    """What is empty is as the product brings it. `logo` None: as it is; empty: none."""

    name: str = ""
    hue: int | None = None
    phone: str = ""
    mail: str = ""
    welcome: Mapping[str, str] | None = None
    logo: bytes | None = None


def present() -> Brand:
    """The row, not yet kept where nobody chose anything."""
    return Brand.objects.filter(pk=1).first() or Brand(pk=1)


def choose(wanted: Wanted, *, by: Person | None, at: datetime, actor: str = "") -> bool:
    """Whether anything is another now. `by` None: the apply file (`actor`). Raises NotAllowed, WrongBrand."""
    if by is not None:
        demand(by, "branding")
    values = _checked(wanted)
    with transaction.atomic():
        row = present()
        before = _shown(row)
        for name, value in values.items():
            setattr(row, name, value)
        now = _shown(row)
        changed = [name for name in now if now[name] != before[name]]
        if not changed:
            return False
        row.version += 1
        row.save()
        trail.note(
            at=at, actor=by.actor if by else actor, action="branding changed", target="brand:1",
            changed={name: now[name] for name in changed}, before={name: before[name] for name in changed},
        )  # fmt: skip
        transaction.on_commit(identity.forget)
    return True


def _checked(wanted: Wanted) -> dict[str, Any]:
    values: dict[str, Any] = {name: " ".join(getattr(wanted, name).replace("\x00", "").split()) for name in LONGEST}
    problems = [(name, "too long") for name, longest in LONGEST.items() if len(values[name]) > longest]
    if wanted.hue is not None and not 0 <= wanted.hue < 360:
        problems.append(("hue", "0 to 359"))
    if values["phone"] and not phones.normalised(values["phone"]).startswith("+"):
        problems.append(("phone", "a phone"))
    if values["mail"]:
        try:
            validate_email(values["mail"])
        except ValidationError:
            problems.append(("mail", "an address"))
    said = {code: " ".join(text.split()) for code, text in (wanted.welcome or {}).items()}
    problems += [(f"welcome_{code}", "too long") for code, text in said.items() if len(text) > LONGEST_WELCOME]
    problems += [("welcome", "unknown") for code in said if code not in CODES]
    values |= {"hue": wanted.hue, "welcome": {code: said[code] for code in CODES if said.get(code)}}
    if wanted.logo is not None:
        try:
            values["logo"], values["logo_type"] = logos.cleaned(wanted.logo) if wanted.logo else (b"", "")
        except WrongLogo as wrong:
            problems.append(("logo", wrong.problem))
    if problems:
        raise WrongBrand(problems)
    return values


def _shown(row: Brand) -> dict[str, Any]:
    """As the audit trail names it: of a logo what it is and its sum."""
    logo = f"{row.logo_type} {hashlib.sha256(bytes(row.logo)).hexdigest()[:12]}" if row.logo_type else ""
    return {"name": row.name, "hue": row.hue, "phone": row.phone, "mail": row.mail, "welcome": dict(row.welcome),
            "logo": logo}  # fmt: skip
