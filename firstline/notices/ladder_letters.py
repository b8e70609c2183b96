"""The letter of a rung: what has come to pass, who was told, one tap to say that somebody sees to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from firstline.lines import ladder, ladder_deeds
from firstline.lines.ladder_models import Escalation
from firstline.notices.letter import Letter, Link
from firstline.notices.occasion import Occasion
from firstline.notices.to_agents import letter_of, subject_of

METRICS: dict[str, Promise] = {
    "acknowledge": pgettext_lazy("of the time", "for taking it"),
    "first_response": pgettext_lazy("of the time", "for the first response"),
    "next_response": pgettext_lazy("of the time", "for the next answer"),
    "update": pgettext_lazy("of the time", "for telling how it stands"),
    "on_site": pgettext_lazy("of the time", "for being on site"),
    "workaround": pgettext_lazy("of the time", "for a workaround"),
    "resolution": pgettext_lazy("of the time", "for the solution"),
}
NOTES: dict[str, Promise] = {
    "unassigned": gettext_lazy("Nobody has the ticket."),
    "absent": gettext_lazy("Whoever has the ticket is absent."),
    "nobody_on_call": gettext_lazy("Nobody is on call now."),
    "last_layer": gettext_lazy("Nobody on call has answered."),
    "all_absent": gettext_lazy("Everybody else is absent."),
    "nobody": gettext_lazy("There was nobody who could be told."),
}


def occasion_words(what: str, metric: str, mark: int) -> str:
    """What has come to pass, in a sentence without an end."""
    if what == ladder.CLOCK:
        of_what = METRICS.get(metric, METRICS["resolution"])
        if mark == ladder.SHARES[-1]:
            return _("All of the time %(of_what)s is used up") % {"of_what": of_what}
        return _("%(percent)s %% of the time %(of_what)s is used up") % {"percent": mark, "of_what": of_what}
    if what == ladder.HANDED_OVER:
        return ngettext("Handed over %(n)d time", "Handed over %(n)d times", mark) % {"n": mark}
    if what == ladder.REOPENED:
        return ngettext("Reopened %(n)d time", "Reopened %(n)d times", mark) % {"n": mark}
    return _("The requester or the client is a VIP") if what == ladder.VIP else _("It is a complaint")


def notes_in_words(notes: Sequence[str]) -> list[str]:
    return [str(NOTES[note]) for note in notes if note in NOTES]


def said_of(data: Mapping[str, Any]) -> str:
    """The occasion of an event."""
    return occasion_words(data.get("what", ""), data.get("metric", ""), data.get("mark", 0))


def escalated(about: Occasion) -> Letter:
    data = about.data
    row = Escalation.objects.get(pk=data["escalation"])
    paragraphs = notes_in_words(data.get("notes", ()))
    if data.get("again"):
        paragraphs.insert(0, _("It was said before, and nobody has acknowledged it."))
    letter = letter_of(
        about,
        _("Escalation: %(subject)s") % subject_of(about),
        said_of(data),
        facts=[(_("Told"), ", ".join(data.get("names", ()))), (_("Ladder"), data.get("ladder", ""))],
        paragraphs=paragraphs,
    )
    if about.person is None:
        return letter
    return replace(
        letter,
        facts=[*letter.facts, (_("Ticket"), about.ticket.url)],
        button=Link(_("I see to it"), ladder_deeds.url(row, about.person)),
        afterword=[_("One tap on the page is enough, you need not sign in. After it nobody else is told of this.")],
    )


LETTERS = {"escalated": escalated}
