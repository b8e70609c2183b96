"""Letters about who gets work: to whom a rule gave it, and to who directs the line when nobody can take it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from firstline.notices.letter import Letter
from firstline.notices.occasion import Occasion
from firstline.notices.to_agents import letter_of, subject_of


def routed(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("Yours: %(subject)s") % subject_of(about),
        _("A rule of the desk gave this ticket to you"),
        facts=[(_("Rule"), about.data["rule"])] if about.data.get("rule") else None,
    )


def nobody_takes(about: Occasion) -> Letter:
    """Once an hour for a queue, not for each ticket."""
    return letter_of(
        about,
        _("Nobody can take it: %(subject)s") % subject_of(about),
        _("Line %(line)s: nobody can be given this ticket now. It waits in the queue, and what comes after it too")
        % {"line": about.data["line"]},
    )


def given_back(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("Given back: %(subject)s") % subject_of(about),
        _("%(name)s is not here before it is due: the ticket is in the queue again")
        % {"name": about.data.get("name") or about.data["person"]},
    )


LETTERS = {"routed": routed, "nobody_takes": nobody_takes, "given_back": given_back}
