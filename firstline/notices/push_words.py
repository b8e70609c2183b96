"""What a push says: the number and subject of the ticket, and one sentence in the reader's language. No name, and no
word that somebody wrote but the subject: it passes through the push service of a browser's maker and stands on a
locked screen."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.utils.translation import gettext as _

from firstline.notices import matrix
from firstline.notices.occasion import Occasion
from firstline.post.words import Words

MOST_OF_SUBJECT = 120

# To people of a client, by the kind of the letter that says the same.
TO_CLIENTS: dict[str, Callable[[], str]] = {
    "taken": lambda: _("An engineer has your request"),
    "engineer_joined": lambda: _("An engineer has joined"),
    "answer": lambda: _("There is an answer for you"),
    "waiting": lambda: _("We need your answer"),
    "reminder": lambda: _("We still need your answer"),
    "closing_soon": lambda: _("Without your answer the request will be closed soon"),
    "scheduled": lambda: _("Your request has a date"),
    "workaround": lambda: _("There is a way around it until it is solved"),
    "solved": lambda: _("Your request is solved"),
    "closed": lambda: _("Your request is closed"),
    "closed_unanswered": lambda: _("Your request is closed: we had no answer"),
    "cancelled": lambda: _("Your request is cancelled"),
}
# To the desk, by the topic of the table in which he chooses.
TO_THE_DESK: dict[str, Callable[[], str]] = {
    "assigned": lambda: _("It is yours now"),
    "mention": lambda: _("You are named in a note"),
    "answer": lambda: _("The client answered"),
    "hand_over": lambda: _("Handed over"),
    "followed": lambda: _("News of a ticket that you follow"),
    "warning": lambda: _("A time is about to end"),
    "breach": lambda: _("A time is over"),
    "closing": lambda: _("It came to its end, or was opened again"),
    "vendor": lambda: _("News from the vendor"),
    "trouble": lambda: _("Something is in the way"),
}


def of(about: Occasion) -> Words:
    """JSON for push-worker.js. `tag`: a newer notice of one ticket takes the place of an older one."""
    ticket, kind = about.ticket, about.delivery.kind
    agent = about.person is not None and about.person.is_agent
    topic = matrix.TOPIC_OF.get(kind, "")
    words = TO_THE_DESK.get(topic) if agent else TO_CLIENTS.get(kind)
    subject = ticket.subject[: MOST_OF_SUBJECT - 1] + "…" if len(ticket.subject) > MOST_OF_SUBJECT else ticket.subject
    said = {
        "title": words() if words else _("There is news for you"),
        "body": f"#{ticket.number} · {subject}",
        "url": f"/desk/tickets/{ticket.number}/" if agent else f"/portal/requests/{ticket.number}/",
        "tag": f"ticket-{ticket.number}",
        "lang": about.delivery.language,
        "urgent": topic in matrix.ESCALATIONS,
    }
    return Words(subject=f"[#{ticket.number}] {said['title']}", text=json.dumps(said, ensure_ascii=False))
