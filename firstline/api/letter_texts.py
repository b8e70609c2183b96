"""The house's own words in letters that the product writes: read, written, put back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import StringConstraints

from firstline.api import answers as answering
from firstline.api.auth import caller
from firstline.api.bodies import Body, Line, Sentence
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.whole import Whole
from firstline.lib.language import CODES
from firstline.notices import texts
from firstline.notices.models import LetterText
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.tickets.queries import NotThere

router = Router(tags=["Letters"])
DEED = "letters"


class LetterWords(Body):
    headline: Annotated[Line, StringConstraints(max_length=200)]
    body: Sentence


class OwnLetter(Schema):
    kind: str
    language: str
    headline: str
    body: str
    variables: list[str]


class OwnLetters(Whole):
    items: list[OwnLetter]


@router.get("", response={200: OwnLetters, **FOR_READING}, summary="List the house's own texts")
def index(request: HttpRequest) -> HttpResponse:
    """Kinds and languages that are not here have the product's words."""
    demand(caller(request).person, DEED)
    return answering.plain({"items": [_shape(one) for one in LetterText.objects.order_by("kind", "language")]})


@router.put("/{kind}/{language}", response={200: OwnLetter, **FOR_WRITING}, summary="Write a text")
def write(request: HttpRequest, kind: str, language: str, asked: LetterWords) -> HttpResponse:
    """Headline and text, a blank line between paragraphs; `{number}` and the like are replaced."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        _there(by, kind, language)
        return 200, _shape(texts.write(kind, language, asked.headline, asked.body, by=by, at=at))

    return answering.done(request, deed)


@router.delete("/{kind}/{language}", response={200: OwnLetters, **FOR_WRITING}, summary="Back to the product's words")
def reset(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Answers what is left of the house's own."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        _there(by, kind, language)
        texts.reset(kind, language, by=by, at=at)
        return 200, {"items": [_shape(one) for one in LetterText.objects.order_by("kind", "language")]}

    return answering.done(request, deed)


def _there(by: Person, kind: str, language: str) -> None:
    demand(by, DEED)
    if kind not in texts.VARIABLES or language not in CODES:
        raise NotThere(kind)


def _shape(one: LetterText) -> dict[str, Any]:
    return {"kind": one.kind, "language": one.language, "headline": one.headline, "body": one.body,
            "variables": list(texts.VARIABLES.get(one.kind, ()))}  # fmt: skip
