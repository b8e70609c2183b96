"""Who is asking, and how he wants to see the program."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from firstline.api import answers as answering
from firstline.api import bodies, schemas, shapes
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.people_bodies import Language
from firstline.people import keyboard, preferences, profiles
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.tickets.refusals import WrongValue

router = Router(tags=["Me"])
OF_AGENTS = frozenset(
    {"time_zone", "density", "single_keys", "formats", "queue_order", "queue_group", "queue_columns", "keys"}
)


class ChangedMe(bodies.Body):
    """What is absent stays. `phone` and `channel` are of a client's people; keys, queue, density of the desk."""

    language: Language = "ru"
    theme: Literal["", "light", "dark"] = ""
    phone: bodies.Named = ""
    channel: Literal["", "email", "sms", "push"] = Field("", description="how one is written to; empty: as one asked")
    time_zone: bodies.Named = ""
    density: Literal["", "compact"] = ""
    single_keys: bool = True
    formats: bool = True
    queue_order: bodies.Slug = ""
    queue_group: bodies.Slug = ""
    queue_columns: Annotated[list[bodies.Slug], Field(max_length=30)] = Field(
        default_factory=list, description="of the queue, in their order; none: those that everybody has"
    )
    keys: Annotated[dict[bodies.Slug, bodies.Slug], Field(max_length=100)] = Field(
        default_factory=dict, description='moved keys, such as {"x": "shift+x"}; an empty one is off'
    )


@router.get("", response={200: schemas.Me, **FOR_READING}, summary="Who am I?")
def who_am_i(request: HttpRequest) -> HttpResponse:
    """The person whose token or session this is."""
    return answering.plain(shapes.person(caller(request).person))


@router.patch("", response={200: schemas.Me, **FOR_WRITING}, summary="Choose for oneself")
def choose(request: HttpRequest, asked: ChangedMe) -> HttpResponse:
    """As one's profile does it."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        wishes = {name: getattr(asked, name) for name in asked.model_fields_set}
        if not by.is_agent and wishes.keys() & OF_AGENTS:
            raise NotAllowed("desk preferences")
        if by.is_agent and wishes.keys() & {"phone", "channel"}:
            raise NotAllowed("accounts")
        try:
            _keep(by, wishes, at)
        except (preferences.WrongPreference, profiles.WrongProfile) as wrong:
            raise WrongValue(wrong.field, "not possible") from wrong
        except keyboard.WrongKey as wrong:
            raise WrongValue(f"keys.{wrong.key}", wrong.problem) from wrong
        return 200, shapes.person(by)

    return answering.done(request, deed)


def _keep(by: Person, wishes: dict[str, Any], at: datetime) -> None:
    if by.is_agent:
        preferences.prefer(by, **wishes)
    else:
        kept = {"phone": by.readable_phone, "language": by.language, "theme": by.theme}
        profiles.change(by, **{**kept, **wishes}, at=at)
