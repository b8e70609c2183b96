"""How the house shows itself: name, colour with its contrast, logo, welcome, phone and mail."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from firstline.brand import colours, identity, keeping, logos
from firstline.brand.keeping import Wanted, WrongBrand
from firstline.lib import clock
from firstline.lib.language import CODES, LANGUAGES
from firstline.people.models import Person
from firstline.web.manager.door import door

ROOT, USUAL_HUE = "/desk/branding/", 268
FIELDS = ("name", "phone", "mail", *(f"welcome_{code}" for code in CODES))
Typed = dict[str, str]


@require_http_methods(["GET", "HEAD", "POST"])
@door("branding")
def page(request: HttpRequest, person: Person) -> HttpResponse:
    """GET shows what is chosen; POST keeps it, `do=look` only shows the colour."""
    if request.method != "POST":
        return _page(request, _kept())
    typed = {name: request.POST.get(name, "") for name in (*FIELDS, "hue", "own_hue", "no_logo")}
    if request.POST.get("do") == "look":
        return _page(request, typed)
    try:
        keeping.choose(_wanted(request, typed), by=person, at=clock.now())
    except WrongBrand as wrong:
        return _page(request, typed, {name: _problem(problem) for name, problem in wrong.problems})
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(ROOT)


@require_safe
@door("branding")
def colour(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/branding/colour/?hue=145: the figures of this hue, while the slider moves."""
    return render(request, "web/admin/_contrast.html", _figures(request.GET.get("hue", "")))


def _wanted(request: HttpRequest, typed: Typed) -> Wanted:
    """Raises WrongBrand."""
    sent = request.FILES.get("logo")
    if sent is not None and sent.size is not None and sent.size > logos.LARGEST_PNG:
        raise WrongBrand([("logo", "too large")])
    logo = sent.read() if sent is not None else b"" if typed["no_logo"] else None
    return Wanted(
        name=typed["name"], phone=typed["phone"], mail=typed["mail"], logo=logo,
        hue=_hue(typed["hue"]) if typed["own_hue"] else None,
        welcome={code: typed[f"welcome_{code}"] for code in CODES},
    )  # fmt: skip


def _kept() -> Typed:
    row = keeping.present()
    return {
        "name": row.name, "phone": row.phone, "mail": row.mail, "no_logo": "",
        "hue": str(row.hue if row.hue is not None else USUAL_HUE), "own_hue": "on" if row.hue is not None else "",
        **{f"welcome_{code}": row.welcome.get(code, "") for code in CODES},
    }  # fmt: skip


def _hue(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 3 else USUAL_HUE


def _figures(given: str) -> dict[str, Any]:
    hue = min(359, _hue(given))
    themes = [
        (_("Light"), colours.accent(hue), "#ffffff", "light"),
        (_("Dark"), colours.accent(hue, dark=True), "#16181c", "dark"),
    ]
    return {"hue": hue, "themes": themes, "moved": any(one.moved for _name, one, _ground, _code in themes)}


def _problem(code: str) -> str:
    return {
        "too long": _("That is too long."),
        "0 to 359": _("A hue is a number from 0 to 359."),
        "a phone": _("Write the phone with the code of the country: +7 495 …"),
        "an address": _("This is not an e-mail address."),
        "too large": _("The file is too large: SVG up to 64 KB, PNG up to 128 KB."),
        "too wide or high": _("The picture is too large: at most 1024 × 1024 points."),
        "neither SVG nor PNG": _("Choose an SVG or a PNG."),
        "a document type": _("This SVG has a document type (DOCTYPE): save it as plain SVG."),
        "nothing is drawn": _("This SVG draws nothing that may stand on a page: only shapes are kept."),
        "without a size": _("This SVG does not say how large it is (viewBox)."),
        "too many shapes": _("This SVG has too many shapes: save a simpler one."),
    }.get(code, _("This file cannot be read."))


def _page(request: HttpRequest, typed: Typed, wrong: dict[str, str] | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "typed": typed, "wrong": wrong or {}, "product": identity.PRODUCT, "has_logo": keeping.present().logo_type,
        "welcome": [(code, spoken, typed[f"welcome_{code}"], (wrong or {}).get(f"welcome_{code}", ""))
                    for code, spoken in LANGUAGES],
        "logo": identity.read().logo, **_figures(typed["hue"]),
    }  # fmt: skip
    return render(request, "web/admin/branding.html", context, status=422 if wrong else 200)
