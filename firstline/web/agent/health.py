"""What is wrong with the program itself, in the words of who must do something about it."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from firstline.lib import clock
from firstline.ops import health
from firstline.people.models import Person
from firstline.people.permissions import demand, may
from firstline.web.agent.door import desk
from firstline.web.asked import is_fragment

# The names of /readyz; a name with more behind it (a mailbox and its address) is found by its first word.
WORDS: dict[str, str | Promise] = {
    "database": gettext_lazy("The database does not answer."),
    "migrations": gettext_lazy("The database is of an older version: the administrator must migrate it."),
    "disk": gettext_lazy("The disk is nearly full: soon nothing can be taken any more."),
    "worker": gettext_lazy("Background work has stopped: no letter leaves, no clock is watched."),
    "fetcher": gettext_lazy("Mail is not being fetched."),
    "intake": gettext_lazy("Something that came in waits too long to be understood: look into the intake journal."),
    "dead": gettext_lazy("Letters could not be delivered: look into the outbox."),
    "outbox": gettext_lazy("Letters wait too long to be sent."),
    "outgoing": gettext_lazy("Letters wait too long to be sent."),
    "clocks": gettext_lazy("The clocks of contracts are looked at too late."),
    "job": gettext_lazy("A periodic job failed; “replay of clocks” means that clocks and history do not agree."),
    "mailbox": gettext_lazy("A mailbox cannot be read."),
    "probe": gettext_lazy("A mailbox wrote to itself, and the letter did not come back."),
    "consent": gettext_lazy("A mailbox’s provider lets it in no more: connect it again."),
    "silent": gettext_lazy("A mailbox has been silent for longer than usual."),
    "unaccounted": gettext_lazy("Something that came in is not accounted for: look into the quarantine."),
    "reckoning": gettext_lazy("Mailboxes and journal have not been compared for too long."),
    "nobody": gettext_lazy("Nobody of a team is here, though somebody must be: look at the roster."),
    "search": gettext_lazy("What was written lately is not found by its words yet."),
    "ladder": gettext_lazy("A ladder of escalation does not work, or told nobody: look at its page."),
    "routing": gettext_lazy("A rule of where tickets go does not work: tickets go on without it."),
    "rule": gettext_lazy("A rule for incoming mail does not work: letters go on without it."),
}


# Where something can be done about it, by the first word of its name or the last but one: the right, and the address.
PLACES = {
    "mailbox": ("channels", "/desk/channels/%s/"),
    "dead": ("journal", "/desk/outbox/"),
    "outbox": ("journal", "/desk/outbox/"),
    "outgoing": ("journal", "/desk/outbox/"),
    "intake": ("journal", "/desk/intake/"),
    "unaccounted": ("journal", "/desk/quarantine/"),
    "reckoning": ("journal", "/desk/quarantine/"),
    "rule": ("mail rules", "/desk/rules/"),
}


class Shown(NamedTuple):
    """A problem in the reader's language, what is known of it, and where he can do something (or empty)."""

    words: str
    detail: str
    href: str


def shown(problem: health.Problem, person: Person) -> Shown:
    """What he reads of it."""
    first, *rest = problem.name.split()
    kind = "mailbox" if "mailbox" in rest else first
    right, address = PLACES.get(kind, ("", ""))
    href = (address % rest[-1] if "%s" in address else address) if right and may(person, right) else ""
    return Shown(str(WORDS.get(first, problem.name)), problem.detail or problem.words, href)


@require_safe
@desk
def problems(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/health/: the problems of /readyz with what servers said, for managers, leads and administrators."""
    demand(person, "board")
    found = [shown(one, person) for one in health.problems(clock.now())]
    if is_fragment(request):
        return render(request, "web/agent/_health.html", {"problems": Counter(one.words for one in found).items()})
    return render(request, "web/agent/health.html", {"problems": found})
