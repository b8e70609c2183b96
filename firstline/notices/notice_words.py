"""A notice in one line, in the reader's language: who did what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from firstline.notices import ladder_letters
from firstline.notices.models import Notice
from firstline.tickets.models import Kind

LONGEST_EXCERPT = 160
# The sentences are looked up when they are said, so that they are in the reader's language.
_SAID: dict[str, Callable[[], str]] = {
    "assigned": lambda: _("%(name)s assigned this ticket to you"),
    "routed": lambda: _("A rule of the desk gave this ticket to you"),
    "invited": lambda: _("%(name)s asks you to work along on this ticket"),
    "mentioned": lambda: _("%(name)s named you in an internal note"),
    "client_answered": lambda: _("%(name)s answered"),
    "call_wanted": lambda: _("%(name)s wants to be called"),
    "handed_over": lambda: _("%(name)s handed this ticket over to line %(line)s"),
    "accepted": lambda: _("%(name)s accepted what you handed over"),
    "returned": lambda: _("%(name)s returned this ticket to line %(line)s"),
    "given_back": lambda: _("The ticket is in the queue again"),
    "colleague_answered": lambda: _("%(name)s answered the client"),
    "swarm_answered": lambda: _("%(name)s answered the client"),
    "colleague_solved": lambda: _("%(name)s solved this ticket"),
    "swarm_solved": lambda: _("%(name)s solved this ticket"),
    "solved_seen": lambda: _("%(name)s solved this ticket"),
    "closed_seen": lambda: _("The ticket is closed"),
    "cancelled_seen": lambda: _("%(name)s cancelled the request"),
    "colleague_went_around": lambda: _("%(name)s gave a workaround"),
    "reopened": lambda: _("%(name)s reopened this ticket"),
    "cancelled_by_client": lambda: _("%(name)s cancelled the request"),
    "client_was_silent": lambda: _("The client was reminded and warned, and did not answer"),
    "sla_warning": lambda: _("A promised time is about to end"),
    "sla_breach": lambda: _("A promised time was not kept"),
    "inner_term": lambda: _("A line has used up its share of the time"),
    "box_over": lambda: _("The time of the line is over, and nothing was decided"),
    "vendor_answered": lambda: _("The vendor answered"),
    "vendor_late": lambda: _("The vendor is late"),
    "undelivered": lambda: _("A mail to the client did not arrive"),
    "nobody_takes": lambda: _("Nobody can be given this ticket now"),
    "no_contract": lambda: _("A request came that no contract covers"),
}
ICONS = {
    "assigned": "user", "routed": "split", "invited": "users", "mentioned": "at-sign",
    "client_answered": "message-square", "call_wanted": "phone-call", "escalated": "siren",
    "handed_over": "chevrons-up", "accepted": "check", "returned": "undo-2",
    "given_back": "undo-2", "sla_warning": "timer", "inner_term": "timer", "box_over": "timer",
    "sla_breach": "triangle-alert", "vendor_answered": "building-2", "vendor_late": "building-2",
    "undelivered": "mail-x", "nobody_takes": "circle-alert", "no_contract": "handshake", "reopened": "rotate-ccw",
    "cancelled_by_client": "circle-x", "client_was_silent": "circle-check", "colleague_answered": "send",
    "swarm_answered": "send", "colleague_solved": "circle-check", "swarm_solved": "circle-check",
    "solved_seen": "circle-check", "closed_seen": "circle-check", "colleague_went_around": "wrench",
}  # fmt: skip


def headline(notice: Notice) -> str:
    """What happened; of a kind that has no sentence here, that there is news."""
    if notice.kind == "escalated":
        return ladder_letters.said_of(notice.event.data)
    kind = "cancelled_seen" if notice.event.kind == Kind.CANCELLED else notice.kind
    sentence = _SAID.get(kind, lambda: _("There is news for you"))()
    data: dict[str, Any] = notice.event.data
    by = notice.event.by
    return sentence % {"name": (by.name if by else "") or _("Service desk"), "line": data.get("to_line", "")}


def excerpt(notice: Notice) -> str:
    """The beginning of what was said, where something was."""
    message = getattr(notice.event, "message", None)
    if message is None:
        return ""
    words = " ".join((message.reply_text or message.text).split())
    return words if len(words) <= LONGEST_EXCERPT else words[: LONGEST_EXCERPT - 1].rstrip() + "…"


def icon(notice: Notice) -> str:
    return ICONS.get(notice.kind, "bell")
