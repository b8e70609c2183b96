"""What became of a deed, on one ticket or on many: said once on the page that is shown next, with the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firstline.lib.one_by_one import Many
from firstline.people.permissions import NotAllowed
from firstline.tickets import macro_runs
from firstline.tickets.models import Ticket
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import AlreadyMerged, ChangedSince, WrongStatus, WrongValue
from firstline.web import refusals
from firstline.web.agent import macro_words

KEPT = "queue said"  # in the session, until it was shown once
SHOWN = 50
DONE: dict[str, str | Promise] = {
    "take": gettext_lazy("Taken: {n}"),
    "assign": gettext_lazy("Assigned: {n}"),
    "hand-over": gettext_lazy("Handed over: {n}"),
    "wait": gettext_lazy("Waiting for the client: {n}"),
    "priority": gettext_lazy("Priority changed: {n}"),
    "category": gettext_lazy("Category changed: {n}"),
    "tag": gettext_lazy("Tag added: {n}"),
    "merge": gettext_lazy("Merged: {n}"),
    "resolve": gettext_lazy("Resolved: {n}"),
    "cancel": gettext_lazy("Cancelled: {n}"),
    "macro": gettext_lazy("The macro is done: {n}"),
    "macro for good": gettext_lazy("The macro is done: {n}"),
    "hold": gettext_lazy("On hold: {n}"),
    "change": gettext_lazy("Changed: {n}"),
    "link": gettext_lazy("Linked: {n}"),
    "unlink": gettext_lazy("Links taken away: {n}"),
    "undo": gettext_lazy("Undone: {n}"),
}

UNDONE = frozenset(
    {
        "take", "assign", "hand-over", "wait", "hold", "priority", "category", "tag", "change", "merge", "link",
        "unlink", "macro",
    }
)  # fmt: skip


def keep(request: HttpRequest, deed: str, made: Many[Ticket], seen: Mapping[str, int | None]) -> None:
    """Remembers what became of it for the page that is shown next. What stayed as it was is not said to be done."""
    stopped = [trouble.run.ticket for _number, trouble in made.refused if isinstance(trouble, macro_runs.Stopped)]
    request.session[KEPT] = {
        "deed": deed,
        "part": [[one.pk, one.version] for one in stopped],
        "done": [[one.pk, one.version] for one in made.done if one.version != seen.get(one.number)],
        "refused": [[number, in_words(trouble)] for number, trouble in made.refused],
    }


def keep_one(request: HttpRequest, deed: str, before: Ticket, after: Ticket, *, words: str = "") -> None:
    """The same of a deed on the one ticket that was looked at; `words` where there is a better sentence for it."""
    if after.version != before.version:
        keep(request, deed, Many([after]), {})
        request.session[KEPT]["words"] = words


def kept(request: HttpRequest) -> dict[str, Any] | None:
    """What became of the last deed, once, in words; with the events that can be undone."""
    said = request.session.pop(KEPT, None)
    if said is None:
        return None
    done = said["done"]
    return {
        "words": (said.get("words") or str(DONE[said["deed"]]).replace("{n}", str(len(done)))) if done else "",
        "numbers": [number for number, _version in done[:SHOWN]],
        "more": max(0, len(done) - SHOWN),
        "refused": said["refused"],
        "undo": [f"{number}:{version}" for number, version in done + said["part"]] if said["deed"] in UNDONE else [],
    }


def in_words(trouble: Exception) -> str:
    """Why one ticket stayed as it was."""
    if isinstance(trouble, macro_runs.Stopped) and trouble.run.refused is not None:
        return macro_words.stopped(trouble.run, in_words(trouble.run.refused[1]))
    if isinstance(trouble, WrongStatus):
        return refusals.status_in_words(trouble)
    if isinstance(trouble, ChangedSince):
        return _("Somebody changed it after you had looked: open it.")
    if isinstance(trouble, AlreadyMerged):
        return _("It is merged into #{into}.").replace("{into}", str(trouble.into))
    if isinstance(trouble, NotAllowed):
        return _("Your role does not allow it.")
    if isinstance(trouble, NotThere):
        return _("There is no such item or ticket, or you do not see it.")
    if isinstance(trouble, WrongValue):
        return refusals.problem_in_words(trouble)
    return _("The database is busy: try again in a minute.")
