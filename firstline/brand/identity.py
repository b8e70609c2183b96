"""What every page and letter asks of it: read once in a while and kept by each process, so that no page pays for it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from firstline.brand import colours
from firstline.brand.models import Brand
from firstline.lib.language import picked

PRODUCT = "Firstline"
FRESH_SECONDS = 10.0
# What tokens.css has for the hue of the product: light, dark, and text in the dark.
MAIL_ACCENT, MAIL_DARK, MAIL_DARK_TEXT = "#3654d5", "#3958d2", "#95b1fe"


@dataclass(frozen=True)
class Identity:
    """`sheet` and `logo` are addresses, empty where nothing is chosen."""

    name: str = PRODUCT
    hue: int | None = None
    sheet: str = ""
    logo: str = ""
    logo_type: str = ""
    accent: str = MAIL_ACCENT
    accent_dark: str = MAIL_DARK
    accent_dark_text: str = MAIL_DARK_TEXT
    welcome: dict[str, str] = field(default_factory=dict)
    own_phone: str = ""
    own_mail: str = ""

    @property
    def phone(self) -> str:
        return self.own_phone or settings.FIRSTLINE_PHONE

    @property
    def mail(self) -> str:
        return self.own_mail or settings.FIRSTLINE_MAIL

    def welcoming(self, language: str | None) -> str:
        return picked(self.welcome, next(iter(self.welcome.values()), ""), language)


class _Kept:
    """What this process knows, and since when."""

    identity = Identity()
    until = 0.0


def current() -> Identity:
    """At most ten seconds old; where the database does not answer, what was known last."""
    now = time.monotonic()
    if now >= _Kept.until:
        try:
            _Kept.identity = read()
        except DatabaseError:
            return _Kept.identity
        _Kept.until = now + FRESH_SECONDS
    return _Kept.identity


def last_known() -> Identity:
    """Without the database: for the page that says that something broke."""
    return _Kept.identity


def forget() -> None:
    """It was changed: asked again at the next page."""
    _Kept.until = 0.0


def keep(identity: Identity, seconds: float = FRESH_SECONDS) -> None:
    _Kept.identity, _Kept.until = identity, time.monotonic() + seconds


def read() -> Identity:
    row = Brand.objects.defer("logo").filter(pk=1).first()
    if row is None:
        return Identity()
    return Identity(
        name=row.name or PRODUCT,
        hue=row.hue,
        sheet=f"/theme.css?v={row.version}" if row.hue is not None else "",
        logo=f"/brand/logo?v={row.version}" if row.logo_type else "",
        logo_type=row.logo_type,
        **_accents(row.hue),
        welcome=dict(row.welcome),
        own_phone=row.phone,
        own_mail=row.mail,
    )


def _accents(hue: int | None) -> dict[str, Any]:
    if hue is None:
        return {}
    dark = colours.accent(hue, dark=True)
    light = colours.accent(hue).fill.colour
    return {"accent": light, "accent_dark": dark.fill.colour, "accent_dark_text": dark.text.colour}
