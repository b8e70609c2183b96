"""Who takes part in the stories of the demo company: read from its own apply file. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from firstline.demo.story import Story

CLIENTS: dict[str, tuple[tuple[str, int], ...]] = {
    "ru": (("baltika", 55), ("volga", 45)),
    "bg": (("zdrave", 60), ("rodopi", 40)),
    "en": (("baltika", 60), ("rodopi", 40)),
}


@dataclass(frozen=True)
class Requester:
    login: str
    name: str
    client: str
    language: str


@dataclass(frozen=True)
class Agent:
    """`nights`: one of those who are there when the others are not."""

    login: str
    name: str
    line: int
    languages: tuple[str, ...]
    scope: tuple[str, ...]
    nights: bool


@dataclass(frozen=True)
class Cast:
    requesters: tuple[Requester, ...]
    agents: tuple[Agent, ...]
    equipment: tuple[Mapping[str, Any], ...]
    sites: tuple[Mapping[str, Any], ...]

    def requester(self, story: Story, rng: Random) -> Requester:
        """Somebody who writes this language, of the story's client where it has one."""
        likely = dict(CLIENTS[story.language])
        client = story.who or rng.choices(list(likely), list(likely.values()))[0]
        fitting = [one for one in self.requesters if one.client == client and one.language == story.language]
        return rng.choice(fitting)

    def colleagues(self, requester: Requester, rng: Random) -> list[Requester]:
        """The others of his company who write as he does, in any order."""
        found = [
            one
            for one in self.requesters
            if one.client == requester.client and one.login != requester.login and one.language == requester.language
        ] or [requester]
        rng.shuffle(found)
        return found

    def agent(self, line: int, requester: Requester, rng: Random, *, but: str = "", night: bool = False) -> Agent:
        """Somebody of the line who sees the client, speaks the language, and is there."""
        able = [
            one
            for one in self.agents
            if one.line == line and one.login != but and ("all" in one.scope or requester.client in one.scope)
        ]
        fitting = [one for one in able if requester.language == one.languages[0]] or [
            one for one in able if requester.language in one.languages
        ] or able  # fmt: skip
        return rng.choice(
            [one for one in fitting if one.nights] if night and any(o.nights for o in fitting) else fitting
        )

    def thing(self, story: Story, client: str, rng: Random) -> str:
        """The equipment that the story is about: its slug, or nothing."""
        fitting = [row["slug"] for row in self.equipment if row["client"] == client and row["kind"] == story.thing]
        return str(rng.choice(fitting)) if fitting else ""

    def name_of(self, thing: str, language: str) -> str:
        row = next((one for one in self.equipment if one["slug"] == thing), None)
        return _label(row["name"], language) if row else ""

    def site(self, client: str, thing: str, language: str, rng: Random) -> str:
        row = next((one for one in self.equipment if one["slug"] == thing), None)
        slug = row.get("site") if row else None
        fitting = [one for one in self.sites if one["client"] == client]
        found = next((one for one in fitting if one["slug"] == slug), None) or rng.choice(fitting)
        return _label(found["name"], language)


def cast_of(tables: Sequence[Mapping[str, Any]]) -> Cast:
    """The people of these apply files."""
    people = [row for table in tables for row in table.get("person", ())]
    teams = {row["slug"]: row["line"] for table in tables for row in table.get("team", ())}
    clients = {row["slug"]: row for table in tables for row in table.get("client", ())}
    nights = {row["person"] for table in tables for row in table.get("shift", ()) if "cycle" in row and "person" in row}
    return Cast(
        requesters=tuple(
            Requester(
                row["login"], row["name"], row["client"], row.get("language") or clients[row["client"]]["language"]
            )
            for row in people
            if row["role"] in {"requester", "coordinator"} and "client" in row
        ),
        agents=tuple(
            Agent(
                row["login"],
                row["name"],
                teams[row["team"]],
                (row["language"], *row.get("speaks", ())),
                ("all",) if row.get("scope") == "all" else tuple(row.get("scope", ())),
                row["login"] in nights,
            )
            for row in people
            if row["role"] in {"operator", "engineer", "lead"}
        ),
        equipment=tuple(row for table in tables for row in table.get("equipment", ())),
        sites=tuple(row for table in tables for row in table.get("site", ())),
    )


def _label(names: str | Mapping[str, str], language: str) -> str:
    return names if isinstance(names, str) else names.get(language) or names["en"]
