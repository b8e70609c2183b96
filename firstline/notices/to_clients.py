"""Letters to the client's side: nothing of the inside of the desk is in them, no team, no note, no line. What a reader
must not miss (a moment, a number) is a fact, too: the house's own words take the place of headline and paragraphs."""

from __future__ import annotations

from django.conf import settings
from django.db.models import BigIntegerField
from django.utils.translation import gettext as _

from firstline.lib.asked_often import Given, Question
from firstline.notices.letter import Letter, Link, Quoted
from firstline.notices.occasion import Occasion
from firstline.post.limits import OPEN_ROADS
from firstline.sla.models import Clock, ClockState
from firstline.tickets.models import Kind

_PROMISED = Question(
    lambda: Clock.objects.filter(
        ticket=Given("ticket", BigIntegerField()), due_at__isnull=False, state=ClockState.RUNNING
    ).values("metric", "due_at")
)


def received(about: Occasion) -> Letter:
    """The acknowledgement. Of what came by an open road it repeats nothing: neither subject nor text, or anybody could
    make us carry his words to a stranger (research/reliability_security.md E5)."""
    promised = {clock["metric"]: clock["due_at"] for clock in _PROMISED.all(ticket=about.ticket.pk)}
    facts = []
    if about.delivery.data.get("channel") not in OPEN_ROADS:
        facts.append((_("Subject"), about.ticket.subject))
    if due := promised.get("first_response"):
        facts.append((_("We will answer by"), about.moment(due)))
    if due := promised.get("resolution"):
        facts.append((_("We promise to solve it by"), about.moment(due)))
    return Letter(
        subject=_("We have received your request"),
        headline=_("We have received your request"),
        paragraphs=[
            _("Its number is #%(number)s. Nothing more is needed from you now.") % {"number": about.ticket.number}
        ],
        facts=facts,
        button=Link(_("See how it is going"), about.status_url),
        afterword=[_("If you want to add something, answer this mail.")],
        footer=_footer(about),
    )


def taken(about: Occasion) -> Letter:
    return Letter(
        subject=about.ticket.subject,
        headline=_("An engineer has your request"),
        paragraphs=[_("%(name)s is working on it now.") % {"name": about.author}],
        button=Link(_("Open the request"), about.portal_url),
        footer=_footer(about),
    )


def answer(about: Occasion) -> Letter:
    """A person's own words need no headline: they begin at once."""
    if about.message is None:
        raise LookupError("an answer without words")
    return Letter(
        subject=about.ticket.subject,
        quoted=Quoted(about.message.text, about.message.html),
        signature=about.author,
        button=Link(_("Open the request"), about.portal_url),
        footer=_footer(about),
    )


def waiting(about: Occasion) -> Letter:
    return Letter(
        subject=about.ticket.subject,
        headline=_("We need your answer"),
        quoted=Quoted(about.data["reason"]),
        signature=about.author,
        button=Link(_("Answer"), about.portal_url),
        afterword=[_("You can simply answer this mail. Until then the work on your request is paused.")],
        footer=_footer(about),
    )


def reminder(about: Occasion) -> Letter:
    return Letter(
        subject=about.ticket.subject,
        headline=_("We still need your answer"),
        quoted=Quoted(about.data["reason"]),
        button=Link(_("Answer"), about.portal_url),
        afterword=[_("You can simply answer this mail. Until then the work on your request is paused.")],
        footer=_footer(about),
    )


def closing_soon(about: Occasion) -> Letter:
    closes, facts = about.data.get("closes_at"), []
    if closes:
        words = _("Without your answer your request will be closed on %(moment)s") % {"moment": about.moment(closes)}
        facts = [(_("Will be closed"), about.moment(closes))]
    else:
        words = _("Without your answer we cannot go on")
    return Letter(
        subject=about.ticket.subject,
        headline=words,
        quoted=Quoted(about.data["reason"]),
        facts=facts,
        button=Link(_("Answer"), about.portal_url),
        afterword=[_("You can simply answer this mail, and we go on.")],
        footer=_footer(about),
    )


def closed_unanswered(about: Occasion) -> Letter:
    afterword = []
    if about.ticket.window_ends_at is not None:
        afterword.append(
            _("If you still need it, answer this mail until %(moment)s, and we go on.")
            % {"moment": about.moment(about.ticket.window_ends_at)}
        )
    return Letter(
        subject=about.ticket.subject,
        headline=_("Your request is closed: we had no answer"),
        button=Link(_("Open the request"), about.portal_url),
        afterword=afterword,
        footer=_footer(about),
    )


def scheduled(about: Occasion) -> Letter:
    until = about.moment(about.data["until"])
    return Letter(
        subject=about.ticket.subject,
        headline=_("Your request is scheduled for %(moment)s") % {"moment": until},
        quoted=Quoted(about.data["reason"]),
        facts=[(_("Scheduled for"), until)],
        signature=about.author,
        button=Link(_("Open the request"), about.portal_url),
        footer=_footer(about),
    )


def solved(about: Occasion) -> Letter:
    afterword = [_("If it does not work, say so there or answer this mail, and we go on.")]
    if about.ticket.window_ends_at is not None and about.ticket.resolved_at == about.event.happened_at:
        afterword.append(
            _("If we hear nothing until %(moment)s, the request will be closed.")
            % {"moment": about.moment(about.ticket.window_ends_at)}
        )
    return Letter(
        subject=about.ticket.subject,
        headline=_("Your request is solved"),
        quoted=Quoted(about.data["how"]),
        signature=about.author,
        paragraphs=[],
        button=Link(_("Confirm or reopen"), about.portal_url),
        afterword=afterword,
        footer=_footer(about),
    )


def workaround(about: Occasion) -> Letter:
    return Letter(
        subject=about.ticket.subject,
        headline=_("There is a way for you to go on working"),
        quoted=Quoted(about.data["how"]),
        signature=about.author,
        button=Link(_("Open the request"), about.portal_url),
        afterword=[_("Your request stays open: we go on until the cause is gone.")],
        footer=_footer(about),
    )


def closed(about: Occasion) -> Letter:
    if about.event.kind == Kind.CONFIRMED:
        why = _("%(name)s confirmed that it is solved. Thank you.") % {"name": about.author}
    else:
        why = _("We heard of nothing that still has to be done.")
    return Letter(
        subject=about.ticket.subject,
        headline=_("Your request is closed"),
        paragraphs=[why],
        button=Link(_("Open the request"), about.portal_url),
        afterword=[_("If the trouble comes back, answer this mail.")],
        footer=_footer(about),
    )


def cancelled(about: Occasion) -> Letter:
    return Letter(
        subject=about.ticket.subject,
        headline=_("Your request was cancelled"),
        quoted=Quoted(about.data["why"]),
        signature=about.author,
        button=Link(_("Open the request"), about.portal_url),
        footer=_footer(about),
    )


def merged(about: Occasion) -> Letter:
    """Two requests became one: his goes on under the other number."""
    into = str(about.data["into"])
    return Letter(
        subject=about.ticket.subject,
        headline=_("Your request was joined with #%(number)s") % {"number": into},
        paragraphs=[
            _("Both are about the same. Everything that you wrote is there, and we answer you there from now on.")
        ],
        facts=[(_("Goes on as"), f"#{into}")],
        button=Link(_("Open the request"), f"{settings.FIRSTLINE_BASE_URL}/portal/requests/{into}/"),
        footer=_footer(about),
    )


def _footer(about: Occasion) -> list[str]:
    return [
        _("Request #%(number)s. Please keep the number in the subject when you answer.")
        % {"number": about.ticket.number},
        _("Its status, without signing in: %(url)s") % {"url": about.status_url},
    ]


def engineer_joined(about: Occasion) -> Letter:
    return Letter(
        subject=about.ticket.subject,
        headline=_("An engineer has joined the work on your request"),
        paragraphs=[_("What you told us is in front of him: you need not say it again.")],
        button=Link(_("Open the request"), about.portal_url),
        footer=_footer(about),
    )


LETTERS = {
    "received": received,
    "taken": taken,
    "engineer_joined": engineer_joined,
    "answer": answer,
    "waiting": waiting,
    "reminder": reminder,
    "closing_soon": closing_soon,
    "closed_unanswered": closed_unanswered,
    "scheduled": scheduled,
    "workaround": workaround,
    "solved": solved,
    "closed": closed,
    "cancelled": cancelled,
    "merged": merged,
}
