"""Templates for answers: one's own, the team's, the whole desk's."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from firstline.api import answers as answering
from firstline.api import bodies
from firstline.api.auth import agent
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.whole import Whole
from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets import queries, templates
from firstline.tickets.template_models import AnswerTemplate
from firstline.tickets.view_models import SharedWith

router = Router(tags=["Templates for answers"])
of_tickets = Router(tags=["Templates for answers"])
Shared = Literal["nobody", "team", "everybody"]


class TemplateShape(Schema):
    """Words with variables such as {{ requester.first_name }}."""

    id: int
    name: str
    body: str
    language: str = Field(description="of the requester; empty: any")
    shared: Shared
    owner: str


class TemplateList(Whole):
    items: list[TemplateShape]


class Filled(Schema):
    """The template as it would stand in an answer on this ticket."""

    body: str


class NewAnswerTemplate(bodies.Body):
    name: str = Field(min_length=1, max_length=60)
    body: str = Field(min_length=1, max_length=templates.LONGEST_BODY)
    language: Literal["", "ru", "bg", "en"] = ""
    shared: Shared = "nobody"


@router.get("", response={200: TemplateList, **FOR_READING}, summary="List templates for answers")
def index(request: HttpRequest) -> HttpResponse:
    """One's own and those that are shared with one, by name; at most 600."""
    rows = templates.visible_to(agent(request, "templates"))[: 2 * templates.MOST]
    return answering.plain({"items": [_template(one) for one in rows]})


@router.post("", response={201: TemplateShape, **FOR_WRITING}, summary="Keep a template for answers")
def create(request: HttpRequest, asked: NewAnswerTemplate) -> HttpResponse:
    """A variable that is not known is refused by its name."""
    agent(request, "templates")

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        one = templates.save(by, name=asked.name, body=asked.body, language=asked.language, shared=asked.shared)
        return 201, _template(one)

    return answering.done(request, deed)


@router.put("/{int:number}", response={200: TemplateShape, **FOR_WRITING}, summary="Change a template for answers")
def change(request: HttpRequest, number: int, asked: NewAnswerTemplate) -> HttpResponse:
    """As a whole. What was said with it before stays as it was."""
    person = agent(request, "templates")
    one = templates.change(
        person, templates.get_for(person, number), name=asked.name, body=asked.body, language=asked.language,
        shared=asked.shared,
    )  # fmt: skip
    return answering.plain(_template(one))


@router.delete("/{int:number}", response={204: None, **FOR_WRITING}, summary="Take a template for answers away")
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """For everybody who had it; `return` brings it back."""
    person = agent(request, "templates")
    templates.remove(person, templates.get_for(person, number), at=clock.now())
    return HttpResponse(status=204)


@router.post("/{int:number}/return", response={200: TemplateShape, **FOR_WRITING}, summary="Bring a template back")
def bring_back(request: HttpRequest, number: int, asked: bodies.Nothing | None = None) -> HttpResponse:
    """One that was taken away."""
    agent(request, "templates")
    return answering.done(request, lambda by, at: (200, _template(templates.bring_back(by, number))))


@of_tickets.get(
    "/{number}/answer-templates/{int:template}", response={200: Filled, **FOR_READING}, summary="A template on a ticket"
)
def filled(request: HttpRequest, number: str, template: int) -> HttpResponse:
    """Its words with the values of this ticket."""
    person = agent(request, "templates")
    ticket = queries.get_for(person, number)
    return answering.plain({"body": templates.words_for(templates.get_for(person, template), ticket, person)})


def _template(one: AnswerTemplate) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "body": one.body,
        "language": one.language,
        "shared": str(SharedWith(one.shared)),
        "owner": one.owner.login,
    }
