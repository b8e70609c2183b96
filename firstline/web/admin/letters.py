"""The texts of letters that the product writes: the house's own words by language, tried on a real letter first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstline.lib import clock, numbered
from firstline.lib.language import CODES, LANGUAGES
from firstline.notices import texts
from firstline.notices.letter import Letter, as_text
from firstline.notices.models import LetterText
from firstline.notices.occasion import Occasion, occasion_of
from firstline.notices.texts import VARIABLES, WrongText
from firstline.notices.wording import LETTERS
from firstline.people.listed import number_of
from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.tickets.models import Ticket
from firstline.tickets.queries import NotThere
from firstline.web.admin.fields import Words, in_words
from firstline.web.agent.outbox import KINDS
from firstline.web.manager.door import door

ROOT, DEED = "/desk/letters/", "letters"


@require_safe
@door(DEED)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/letters/: every kind with its languages, and which of them are the house's own."""
    own = set(LetterText.objects.values_list("kind", "language"))
    rows = [(kind, KINDS[kind], [(code, name, (kind, code) in own) for code, name in LANGUAGES]) for kind in VARIABLES]
    return render(request, "web/admin/letters.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@door(DEED)
def one(request: HttpRequest, person: Person, kind: str, language: str) -> HttpResponse:
    """/desk/letters/taken/ru/[?ticket=1042]; POST headline, body, do=preview|keep."""
    if kind not in VARIABLES or language not in CODES:
        raise NotThere(kind)
    kept = texts.of(kind, language)
    about = _sample(kind, language, request.POST.get("ticket") or request.GET.get("ticket", ""))
    original = _original(about) if about is not None else None
    said = (kept.headline, kept.body) if kept else _begin(original)
    if request.method != "POST":
        return _page(request, kind, language, said, about=about, original=original, kept=kept)
    said = (request.POST.get("headline", ""), request.POST.get("body", ""))
    try:
        words = texts.checked(kind, language, *said)
        if request.POST.get("do") != "preview":
            texts.write(kind, language, *words, by=person, at=clock.now())
            messages.success(request, _("Saved: from the next letter on."))
            return HttpResponseRedirect(f"{ROOT}{kind}/{language}/")
    except WrongText as wrong:
        problems: dict[str, Words] = in_words(wrong.problems)
        problems |= {
            name: _("This is no variable here: {found}").format(found=", ".join(wrong.found))
            for name, problem in wrong.problems
            if problem == "variables"
        }
        return _page(request, kind, language, said, about=about, original=original, kept=kept, wrong=problems)
    return _page(request, kind, language, said, about=about, original=original, kept=kept)


@require_POST
@door(DEED)
def reset(request: HttpRequest, person: Person, kind: str, language: str) -> HttpResponse:
    """POST /desk/letters/taken/ru/original/"""
    if kind not in VARIABLES or language not in CODES:
        raise NotThere(kind)
    texts.reset(kind, language, by=person, at=clock.now())
    messages.success(request, _("The original text holds again."))
    return HttpResponseRedirect(f"{ROOT}{kind}/{language}/")


def _sample(kind: str, language: str, ticket: str) -> Occasion | None:
    """The newest letter of this kind that left (of that ticket, if one is named), as a reader of this language has
    it."""
    rows = Delivery.objects.filter(kind=kind).order_by("-pk")
    number = number_of(numbered.bare(ticket))
    if number is not None:
        rows = rows.filter(ticket=number)
    newest = rows.filter(language=language).first() or rows.first()
    if newest is None:
        return _made_up(kind, language, number)
    about = occasion_of(newest)
    shown = Delivery(**{field.attname: getattr(newest, field.attname) for field in Delivery._meta.concrete_fields})
    shown.language = language
    # A link that signs somebody in is nobody's to look at.
    shown.data = {**newest.data, "url": "https://…"} if "url" in newest.data else newest.data
    return replace(about, delivery=shown)


def _made_up(kind: str, language: str, number: int | None) -> Occasion | None:
    """No such letter has left yet: as its ticket's requester would have it (of that ticket, else the newest one)."""
    rows = Ticket.objects.select_related("client", "requester__client").order_by("-pk")
    ticket = (rows.filter(pk=number) if number is not None else rows).first()
    if ticket is None:
        return None
    about_ticket = "number" in VARIABLES[kind]
    shown = Delivery(
        kind=kind, language=language, ticket=ticket.pk if about_ticket else None, data={"url": "https://…"}
    )
    return Occasion(shown, ticket.requester, ticket if about_ticket else None, None, None)


def _original(about: Occasion) -> Letter:
    """The product's own letter; of what never happened only its frame."""
    with translation.override(about.delivery.language):
        try:
            return LETTERS[about.delivery.kind](about)
        except LookupError:
            ticket = about.ticket_or_none
            return Letter(subject=ticket.subject if ticket else "", footer=[f"#{ticket.number}"] if ticket else [])


def _begin(original: Letter | None) -> tuple[str, str]:
    return (original.headline, "\n\n".join(original.paragraphs)) if original else ("", "")


def _page(
    request: HttpRequest, kind: str, language: str, said: tuple[str, str], *, about: Occasion | None,
    original: Letter | None, kept: LetterText | None, wrong: dict[str, Words] | None = None,
) -> HttpResponse:  # fmt: skip
    preview = ""
    if about is not None and original is not None and not wrong:
        with translation.override(language):
            preview = as_text(texts.with_words(original, about, *said))
    context: dict[str, Any] = {
        "kind": kind, "kind_words": KINDS[kind], "language": language, "headline": said[0], "body": said[1],
        "languages": [(code, name, code == language) for code, name in LANGUAGES], "kept": kept, "wrong": wrong or {},
        "variables": [f"{{{name}}}" for name in VARIABLES[kind]], "preview": preview,
        "original": as_text(original) if original is not None and kept is not None else "",
        "ticket": about.ticket_or_none if about else None, "is_of_tickets": "number" in VARIABLES[kind],
    }  # fmt: skip
    return render(request, "web/admin/letter.html", context, status=422 if wrong else 200)
