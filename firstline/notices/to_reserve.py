"""Letters about the roster: somebody is asked to come in, his five-line brief, that it is over; and to managers that
nobody is here."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstline.notices.letter import Letter, Link
from firstline.notices.occasion import Occasion
from firstline.people.models import Team
from firstline.roster import reinforcement
from firstline.roster.models import CallUp, Reinforcement


def called_up(about: Occasion) -> Letter:
    call_up = _call_up(about)
    row = call_up.reinforcement
    return Letter(
        subject=_("Can you come in? %(reason)s") % {"reason": row.reason},
        headline=_("%(name)s asks you to come in") % {"name": row.made_by.name},
        paragraphs=[row.reason],
        facts=[
            (_("From"), about.moment(row.starts_at)),
            (_("Until"), about.moment(row.ends_at)),
            (_("What for"), scope_of(row)),
        ],
        button=Link(_("Answer"), reinforcement.url(call_up)),
        afterword=[_("One tap on the page is enough, you need not sign in. Opening it promises nothing yet.")],
    )


def brief(about: Occasion) -> Letter:
    call_up = _call_up(about)
    return Letter(
        subject=_("Thank you for coming in: your brief"),
        headline=_("Your brief"),
        facts=brief_lines(call_up, about),
        button=Link(_("Open your brief"), reinforcement.url(call_up)),
    )


def called_off(about: Occasion) -> Letter:
    row = _call_up(about).reinforcement
    return Letter(
        subject=_("You need not come in any more: %(reason)s") % {"reason": row.reason},
        headline=_("The reinforcement is over"),
        paragraphs=[
            _("%(name)s has ended it. Thank you. What you still held went back to the queue.")
            % {"name": about.delivery.data.get("by", row.made_by.name)}
        ],
    )


def nobody_here(about: Occasion) -> Letter:
    data = about.delivery.data
    team = Team.objects.get(pk=data["team"]).label(translation.get_language())
    headline = _("%(team)s: nobody is here") % {"team": team}
    return Letter(
        subject=headline,
        headline=headline,
        paragraphs=[_("Work waits in the queue, nothing goes to anybody who is absent.")],
        facts=[(_("Somebody comes at"), about.moment(data["until"]))],
        button=Link(_("Call in people"), reinforcement.page()),
        afterword=[_("You get one letter about this hole.")],
    )


def nobody_takes_work(about: Occasion) -> Letter:
    data = about.delivery.data
    headline = _("%(queue)s: work waits and nobody is here") % {"queue": _queue(data)}
    facts = [(_("Waiting"), str(data["waiting"]))]
    if data["until"]:
        facts.append((_("Somebody comes at"), about.moment(data["until"])))
    return Letter(
        subject=headline,
        headline=headline,
        paragraphs=[_("It stays in the queue, nothing goes to anybody who is absent.")],
        facts=facts,
        button=Link(_("Call in people"), reinforcement.page()),
        afterword=[_("You get one letter when this begins and one when it is over.")],
    )


def somebody_is_here(about: Occasion) -> Letter:
    data = about.delivery.data
    headline = _("%(queue)s: nobody has to be called in any more") % {"queue": _queue(data)}
    return Letter(
        subject=headline,
        headline=headline,
        paragraphs=[_("Somebody is here again, or nothing waits there any more.")],
        facts=[(_("Since"), about.moment(data["since"])), (_("Over"), about.moment(about.delivery.created_at))],
        button=Link(_("Open the board"), f"{settings.FIRSTLINE_BASE_URL}/desk/board/"),
    )


def _queue(data: dict[str, Any]) -> str:
    if data["team"]:
        return Team.objects.get(pk=data["team"]).label(translation.get_language())
    return _("Line %(line)s") % {"line": data["line"]}


def brief_lines(call_up: CallUp, about: Occasion) -> list[tuple[str, str]]:
    """Who, what, where, until when, how to hand back."""
    row = call_up.reinforcement
    return [
        (_("Who"), _("You, as %(role)s; ask %(name)s") % {"role": row.get_role_display(), "name": row.made_by.name}),
        (_("What"), f"{row.reason}: {scope_of(row)}"),
        (_("Where"), row.place or _("At the desk in your browser")),
        (_("Until when"), about.moment(row.ends_at)),
        (_("How to hand back"), hand_back()),
    ]


def hand_back() -> str:
    """The last line of every brief."""
    return _("Write down what you tried and hand over; what you still hold at the end goes back to the queue.")


def scope_of(row: Reinforcement) -> str:
    """Which tickets, in a few words."""
    language = translation.get_language()
    parts = [_("all clients") if row.all_clients else ", ".join(one.label(language) for one in row.clients.all())]
    if row.lines != "123":
        lines = ", ".join(row.lines)
        parts.append(ngettext("line %(lines)s", "lines %(lines)s", len(row.lines)) % {"lines": lines})
    if row.tag:
        parts.append(_("project “%(tag)s”") % {"tag": row.tag})
    return "; ".join(parts)


def _call_up(about: Occasion) -> CallUp:
    rows = CallUp.objects.select_related("person", "reinforcement__made_by")
    return rows.prefetch_related("reinforcement__clients").get(pk=about.delivery.data["call_up"])


LETTERS = {
    "called_up": called_up,
    "called_up_brief": brief,
    "called_off": called_off,
    "nobody_here": nobody_here,
    "nobody_takes_work": nobody_takes_work,
    "somebody_is_here": somebody_is_here,
}
