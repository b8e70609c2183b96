"""What can be done with what became no ticket: one verb a deed, for one item or for many, and what to say of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firstline.blobs.store import BlobMissing
from firstline.intake import again, decisions, joining, quarantine
from firstline.intake.again import NotNow
from firstline.intake.models import Inbound
from firstline.lib import numbered
from firstline.lib.one_by_one import Many
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongStatus, WrongValue
from firstline.web import intake_words, refusals
from firstline.web.agent.intake_rows import OUTCOMES

DEEDS = ("again", "ticket", "join", "spam", "ignore", "back")
UNDONE_BY_BACK = frozenset({"spam", "ignore"})
KEPT = "triage said"  # in the session, until it was shown once
SHOWN = 50
DONE: dict[str, str | Promise] = {
    "again": gettext_lazy("Run again: {n}"),
    "ticket": gettext_lazy("Tickets made: {n}"),
    "join": gettext_lazy("Added to the ticket: {n}"),
    "spam": gettext_lazy("Called spam: {n}"),
    "ignore": gettext_lazy("Ignored: {n}"),
    "back": gettext_lazy("Back in quarantine: {n}"),
}


def asked(given: QueryDict) -> tuple[str, list[str]]:
    """Which deed a form asks for, and for which items. The button of a row names both, whatever is ticked; Enter in a
    field asks for the deed that the field belongs to."""
    items = [number for number in given.getlist("item") if number]
    deed, _colon, alone = given.get("alone", "").partition(":")
    if alone:
        items = [alone]
    else:
        deed = given.get("deed", "")
    if deed not in DEEDS:
        deed = "join" if given.get("ticket", "").strip() else "ignore"
    return deed, items


def of(deed: str, given: QueryDict, *, by: Person, at: datetime) -> Callable[[Inbound], Inbound]:
    """The verb, ready to be done to an item. Raises WrongValue where it needs a word that is missing."""
    if deed == "join":
        number = numbered.bare(given.get("ticket", ""))
        if not number:
            raise WrongValue("ticket", "empty")
        return lambda item: joining.add_to_ticket(item, number, by=by, at=at)
    if deed == "ignore":
        why = given.get("why", "")
        if not why.strip():
            raise WrongValue("why", "empty")
        return lambda item: quarantine.ignore(item, by=by, at=at, why=why)
    return {
        "again": lambda item: again.run_again(item, by=by, at=at),
        "ticket": lambda item: _ticket_of(item, by=by, at=at),
        "spam": lambda item: quarantine.spam(item, by=by, at=at),
        "back": lambda item: decisions.take_back(item, by=by, at=at),
    }[deed]


def _ticket_of(item: Inbound, *, by: Person, at: datetime) -> Inbound:
    quarantine.make_ticket(item, by=by, at=at)
    return item


def keep(request: HttpRequest, deed: str, made: Many[Inbound]) -> None:
    """Remembers what became of it for the page that is shown next."""
    request.session[KEPT] = {
        "deed": deed,
        "done": [[one.pk, one.outcome, one.ticket_id, one.reason] for one in made.done],
        "refused": [[number, in_words(trouble)] for number, trouble in made.refused],
    }


def kept(request: HttpRequest) -> dict[str, Any] | None:
    """What became of the last deed, once, in words."""
    said = request.session.pop(KEPT, None)
    if said is None:
        return None
    rows = [
        {"number": number, "words": OUTCOMES[outcome][0], "ticket": ticket, "reason": intake_words.reason(reason)}
        for number, outcome, ticket, reason in said["done"]
    ]
    return {
        "words": str(DONE[said["deed"]]).replace("{n}", str(len(rows))) if rows else "",
        "rows": rows[:SHOWN],
        "more": max(0, len(rows) - SHOWN),
        "refused": said["refused"],
        "undo": [row["number"] for row in rows] if said["deed"] in UNDONE_BY_BACK else [],
    }


def in_words(trouble: Exception) -> str:
    """Why one item could not be done."""
    if isinstance(trouble, WrongStatus):
        return _("Somebody has decided this already: look at what it is now.")
    if isinstance(trouble, NotAllowed):
        return _("This client is not in your scope.")
    if isinstance(trouble, NotThere):
        return _("There is no such item or ticket, or you do not see it.")
    if isinstance(trouble, WrongValue):
        return refusals.problem_in_words(trouble)
    if isinstance(trouble, BlobMissing):
        return _("Its bytes are missing from the folder of files.")
    if isinstance(trouble, NotNow):
        return _("It cannot be read at this moment: try again in a minute.")
    return _("The database is busy: try again in a minute.")
