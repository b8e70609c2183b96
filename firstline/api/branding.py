"""How the house shows itself: name, colour, logo, welcome, phone and mail."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from firstline.api import answers as answering
from firstline.api import terms_bodies
from firstline.api.auth import caller
from firstline.api.bodies import Body
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.brand import colours, keeping
from firstline.brand.keeping import Wanted, WrongBrand
from firstline.brand.logos import LARGEST_PNG
from firstline.people.models import Person
from firstline.people.permissions import demand

router = Router(tags=["Branding"])


class NewBrand(Body):
    """All of it: what is left out is as the product brings it, but for the logo, which stays."""

    name: terms_bodies.Text = ""
    hue: int | None = Field(None, ge=0, le=359)
    phone: terms_bodies.Text = ""
    mail: terms_bodies.Text = ""
    welcome: terms_bodies.Texts = Field(default_factory=dict)
    logo: str | None = Field(None, max_length=2 * LARGEST_PNG, description="SVG or PNG in base64; empty: none")


class BrandShape(Schema):
    name: str
    hue: int | None
    phone: str
    mail: str
    welcome: dict[str, str]
    logo_type: str
    contrast: dict[str, float] | None = Field(description="the lowest of each theme, 4.5 or more")
    version: int


@router.get("", response={200: BrandShape, **FOR_READING}, summary="Read the branding")
def read(request: HttpRequest) -> HttpResponse:
    """What is chosen; empty where the product's own stands."""
    demand(caller(request).person, "branding")
    return answering.plain(_shape())


@router.put("", response={200: BrandShape, **FOR_WRITING}, summary="Choose the branding")
def choose(request: HttpRequest, asked: NewBrand) -> HttpResponse:
    """A hue that could not be read is moved in lightness until it can."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        wanted = Wanted(
            name=asked.name, hue=asked.hue, phone=asked.phone, mail=asked.mail, welcome=asked.welcome,
            logo=None if asked.logo is None else _logo(asked.logo),
        )  # fmt: skip
        keeping.choose(wanted, by=by, at=at)
        return 200, _shape()

    return answering.done(request, deed)


def _logo(given: str) -> bytes:
    """Raises WrongBrand."""
    try:
        return base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise WrongBrand([("logo", "not base64")]) from wrong


def _shape() -> dict[str, Any]:
    row = keeping.present()
    figures = None
    if row.hue is not None:
        figures = {"light": colours.accent(row.hue).lowest, "dark": colours.accent(row.hue, dark=True).lowest}
    return {
        "name": row.name, "hue": row.hue, "phone": row.phone, "mail": row.mail, "welcome": row.welcome,
        "logo_type": row.logo_type, "contrast": figures, "version": row.version,
    }  # fmt: skip
