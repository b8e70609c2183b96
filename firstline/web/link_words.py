"""How two tickets belong together, in words: seen from the one that is looked at."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firstline.tickets.models import Event
from firstline.web.event_line import Line, Names, say, who

LINKS: dict[str, Any] = {
    "related": gettext_lazy("Related to {number}"),
    "duplicate": gettext_lazy("A duplicate of {number}"),
    "duplicated_by": gettext_lazy("{number} is a duplicate of this ticket"),
    "parent": gettext_lazy("The parent of {number}"),
    "child": gettext_lazy("A child of {number}"),
    "follow_up": gettext_lazy("Follows up {number}"),
    "followed_up_by": gettext_lazy("{number} follows up this ticket"),
}


def linked(event: Event, names: Names) -> Line:
    gates = _("The parent is not solved before the child.") if event.data.get("gates") else ""
    return Line("link", _of(event), gates)


def unlinked(event: Event, names: Names) -> Line:
    return Line("link", say(_("{who} took a link away"), who=who(event)), str(_of(event, plain=True)))


def _of(event: Event, *, plain: bool = False) -> Any:
    words = LINKS.get(event.data.get("link", ""), gettext_lazy("Linked with {number}"))
    number = f"#{event.data.get('to')}"
    return str(words).replace("{number}", number) if plain else say(words, number=number)
