"""Who is named with an @ in a text, and who is offered while somebody types one. Values in, values out.

A colleague is named by his name or by his login; of two who are called alike the login says which.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SIGN = "@"
MOST_SIGNS = 200  # of a text that are looked at
MOST_OFFERED = 8
LONGEST_TYPED = 60


@dataclass(frozen=True)
class Colleague:
    """Somebody of the desk, as far as he can be named."""

    login: str
    name: str


def named_in(text: str, people: Sequence[Colleague]) -> dict[str, str]:
    """The login of each who is named, with how he is named there; the order is that of the text."""
    ways = _ways(people)
    longest = max((len(way) for way in ways), default=0)
    found: dict[str, str] = {}
    at = -1
    for _turn in range(MOST_SIGNS):
        at = text.find(SIGN, at + 1)
        if at < 0:
            break
        if at and (text[at - 1].isalnum() or text[at - 1] in "._-+@"):
            continue  # an address
        rest = text[at + 1 : at + 1 + longest].replace("\u00a0", " ").casefold()
        way = next((way for way in ways if rest.startswith(way) and _ends(text, at + 1 + len(way))), None)
        for login in ways[way] if way is not None else ():
            found.setdefault(login, text[at + 1 : at + 1 + len(way or "")])
    return found


def written(one: Colleague, people: Iterable[Colleague]) -> str:
    """How he is named so that nobody else is meant: by his name, else by his login."""
    name = one.name.casefold()
    is_alone = sum(other.name.casefold() == name for other in people) < 2
    return f"{SIGN}{one.name if is_alone and name else one.login}"


def offered(typed: Iterable[str], people: Sequence[Colleague]) -> list[Colleague]:
    """Who fits what was typed, or what the same keys give with another layout: each word begins a word of his name, or
    all of it his login. In the order of their names; nothing typed fits everybody."""
    wanted = [" ".join(one.casefold().split())[:LONGEST_TYPED] for one in typed]
    fitting = [one for one in people if any(_fits(each, one) for each in wanted)]
    return sorted(fitting, key=lambda one: (one.name.casefold(), one.login))[:MOST_OFFERED]


def _ways(people: Sequence[Colleague]) -> dict[str, list[str]]:
    """How each can be named, the longest first: "Anna Belova-Stone" before "Anna Belova"."""
    ways: dict[str, list[str]] = {}
    for one in people:
        for way in (one.login.casefold(), one.name.casefold()):
            if way and one.login not in ways.setdefault(way, []):
                ways[way].append(one.login)
    return dict(sorted(ways.items(), key=lambda item: -len(item[0])))


def _ends(text: str, at: int) -> bool:
    """Whether a name ends there: "@anna" is not in "@annabel" nor in "@anna@firm.example"."""
    after = text[at : at + 2]
    if not after or not (after[0].isalnum() or after[0] in "@_-."):
        return True
    return after[0] in ".-" and not after[1:].isalnum()


def _fits(typed: str, one: Colleague) -> bool:
    if one.login.casefold().startswith(typed):
        return True
    words = one.name.casefold().split()
    return all(any(word.startswith(beginning) for word in words) for beginning in typed.split())
