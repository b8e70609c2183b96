"""Letters to people of the desk about the lines' work: accepted, returned, called in, the box of a line."""

from __future__ import annotations

from django.utils.translation import gettext as _

from firstline.notices.letter import Letter, Quoted
from firstline.notices.occasion import Occasion
from firstline.notices.to_agents import letter_of, said, subject_of


def accepted(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("Accepted: %(subject)s") % subject_of(about),
        _("%(name)s accepted what you handed over") % {"name": about.author},
    )


def returned(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("Returned: %(subject)s") % subject_of(about),
        _("%(name)s returned this ticket to line %(line)s") % {"name": about.author, "line": about.data["to_line"]},
        quoted=Quoted(about.data["why"]),
    )


def invited(about: Occasion) -> Letter:
    why = about.data.get("why")
    return letter_of(
        about,
        _("You are called in: %(subject)s") % subject_of(about),
        _("%(name)s asks you to work along on this ticket") % {"name": about.author},
        quoted=Quoted(why) if why else None,
        paragraphs=[_("It stays where it is and whose it is. You are told of answers and of the solution.")],
    )


def mentioned(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("You are named: %(subject)s") % subject_of(about),
        _("%(name)s named you in an internal note") % {"name": about.author},
        quoted=said(about),
    )


def swarm_answered(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("The client was answered: %(subject)s") % subject_of(about),
        _("%(name)s answered the client") % {"name": about.author},
        quoted=said(about),
        paragraphs=[_("You are told because you work along on this ticket.")],
    )


def swarm_solved(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("Solved: %(subject)s") % subject_of(about),
        _("%(name)s solved this ticket") % {"name": about.author},
        quoted=Quoted(about.data["how"]),
        paragraphs=[_("You are told because you work along on this ticket.")],
    )


def box_over(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("Time of the line is over: %(subject)s") % subject_of(about),
        _("Line %(line)s has used up its time, and nothing was decided") % {"line": about.data["line"]},
        paragraphs=[_("Hand it over with the card, or take five minutes more with a reason.")],
    )


LETTERS = {
    "accepted": accepted,
    "returned": returned,
    "invited": invited,
    "mentioned": mentioned,
    "swarm_answered": swarm_answered,
    "swarm_solved": swarm_solved,
    "box_over": box_over,
}
