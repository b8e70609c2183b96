"""Shapes of people, clients and teams as they come in and go out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from firstline.api.bodies import Body, Line, Named, Sentence, Slug, SupportLine
from firstline.api.whole import Whole

Role = Literal[
    "requester", "coordinator", "operator", "engineer", "lead", "manager", "account_manager", "administrator"
]
Language = Literal["ru", "bg", "en"]
Texts = dict[Language, Annotated[Line, StringConstraints(max_length=200)]]
Several = Annotated[list[Named], Field(max_length=1_000)]


class ChangedPerson(Body):
    """What is absent stays."""

    login: Named = ""
    name: Named = ""
    email: Named = ""
    phone: Annotated[Line, StringConstraints(max_length=60)] = ""
    role: Role = "requester"
    client: Slug | None = None
    team: Slug | None = None
    scope: Several | Literal["all"] = Field(default_factory=list)
    language: Language | Literal[""] = ""
    time_zone: Named = ""
    vip: bool = False
    reserve: bool | None = None
    further_emails: Several = Field(default_factory=list)
    further_phones: Several = Field(default_factory=list)


class NewPerson(ChangedPerson):
    """Without `login` the mail address is it."""

    name: Named
    role: Role


class SamePerson(Body):
    into: Annotated[Named, StringConstraints(min_length=1)] = Field(
        description="login or address of the record that stays"
    )


class PeopleList(Body):
    """A table of text: the first line names the columns, each next one is a person of a client."""

    csv: str = Field(min_length=1, max_length=3_500_000, description="at most 10,000 rows")
    client: Slug | None = Field(default=None, description="of rows that name none")
    dry_run: bool = Field(default=False, description="say what would become of each row, and keep nothing")


class ListedPerson(Schema):
    row: int
    name: str
    address: str
    result: Literal["created", "changed", "unchanged", "refused"]
    changed: list[str]
    problems: dict[str, str]


class PeopleTaken(Schema):
    created: int
    changed: int
    unchanged: int
    refused: int
    rows: list[ListedPerson] = Field(description="those that changed something or were refused, at most 1,000")


class GivenBack(Schema):
    given_back: int = Field(description="tickets that went back into the queue")


class PersonShape(Schema):
    login: str
    name: str
    email: str
    phone: str
    role: str
    client: str | None
    team: str | None
    scope: list[str] | str
    language: str
    time_zone: str
    vip: bool
    reserve: bool
    further_emails: list[str]
    further_phones: list[str]
    active: bool
    merged_into: str | None


class People(Schema):
    items: list[PersonShape]
    next_cursor: str | None


class Parted(PersonShape):
    given_back: int = Field(description="tickets that went back into the queue")


class ChangedClient(Body):
    """What is absent stays; `email_domains` are all of them."""

    names: Texts = Field(default_factory=dict)
    language: Language = "ru"
    time_zone: Named = ""
    email_domains: Several = Field(default_factory=list)
    vip: bool = False
    phone: Annotated[Line, StringConstraints(max_length=60)] = ""
    email: Named = ""
    address: Annotated[Line, StringConstraints(max_length=300)] = ""
    note: Sentence = ""


class NewClient(ChangedClient):
    slug: Slug
    names: Texts


class Closing(Body):
    closed: bool


class ClientShape(Schema):
    slug: str
    name: str
    names: dict[str, str]
    language: str
    time_zone: str
    email_domains: list[str]
    vip: bool
    phone: str
    email: str
    address: str
    note: str
    closed_at: datetime | None


class Clients(Schema):
    items: list[ClientShape]
    next_cursor: str | None


class ChangedTeam(Body):
    names: Texts


class NewTeam(ChangedTeam):
    slug: Slug
    line: SupportLine


class Members(Body):
    members: Several = Field(description="logins: these and no others")


class TeamShape(Schema):
    slug: str
    name: str
    names: dict[str, str]
    line: int
    members: list[str]


class Teams(Whole):
    items: list[TeamShape]
