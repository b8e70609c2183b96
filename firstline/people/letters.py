"""Letters about an account: rows of the outbox with a kind and plain data; notices.wording has the words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from firstline.people import links
from firstline.people.models import Person
from firstline.post import outbox


def with_link(person: Person, purpose: str, kind: str, at: datetime, **data: Any) -> None:
    """A letter of this kind with a fresh link of this purpose, to the person's address, in his language."""
    token = links.make(person, purpose, at)
    until = at + links.LIFETIMES[purpose]
    put(
        kind,
        to=person.email,
        language=person.language,
        person=person,
        at=at,
        data={
            "name": person.name,
            "login": person.login,
            "url": links.url(token, purpose),
            "until": until.isoformat(),
            **data,
        },
    )


def put(kind: str, *, to: str, language: str, at: datetime, data: dict[str, Any], person: Person | None = None) -> None:
    """A letter without a ticket. Call it inside the transaction of the deed."""
    outbox.put(kind=kind, to=to, language=language, data=data, at=at, person=person.pk if person else None)
