"""How the house shows itself, in an apply file: one table, the logo as base64."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from firstline.brand import keeping
from firstline.brand.keeping import Wanted, WrongBrand
from firstline.brand.models import Brand
from firstline.imports.apply_file import Row, WrongFile
from firstline.imports.export_rows import said
from firstline.imports.put import CHANGED, CREATED, UNCHANGED, Result

SLUG = "house"


def put_branding(rows: list[Row], at: datetime) -> list[Result]:
    """What the file leaves out is as the product brings it, but for the logo, which stays."""
    results = []
    for number, row in enumerate(rows):
        existed = Brand.objects.exists()
        welcome = row.get("welcome", {})
        wanted = Wanted(
            name=row.get("name", ""), hue=row.get("hue"), phone=row.get("phone", ""), mail=row.get("mail", ""),
            welcome={settings.LANGUAGE_CODE: welcome} if isinstance(welcome, str) else welcome,
            logo=_logo(row["logo"], number) if "logo" in row else None,
        )  # fmt: skip
        try:
            changed = keeping.choose(wanted, by=None, at=at, actor="apply")
        except WrongBrand as wrong:
            raise WrongFile([f"branding[{number}].{name}: {problem}" for name, problem in wrong.problems]) from wrong
        results.append(Result("branding", SLUG, UNCHANGED if not changed else CHANGED if existed else CREATED))
    return results


def branding() -> Sequence[Row]:
    """As the file writes it; nothing where nobody chose anything."""
    row = Brand.objects.filter(pk=1).first()
    if row is None:
        return []
    logo = base64.b64encode(bytes(row.logo)).decode() if row.logo_type else ""
    kept = said(name=row.name, phone=row.phone, mail=row.mail, welcome=row.welcome, logo=logo)
    return [{"slug": SLUG, **kept, **({"hue": row.hue} if row.hue is not None else {})}]


def _logo(given: str, number: int) -> bytes:
    try:
        return base64.b64decode(given, validate=True)
    except ValueError as wrong:  # of other letters, too
        raise WrongFile([f"branding[{number}].logo: not base64"]) from wrong
