"""What is wrong with the program itself, in the words of who must do something about it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from firstline.lib import clock
from firstline.ops import health
from firstline.people.models import Person
from firstline.people.permissions import demand
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


@require_safe
@desk
def problems(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/health/: the problems of /readyz with what servers said, for managers, leads and administrators."""
    demand(person, "board")
    found = health.problems(clock.now())
    words = [(WORDS.get(one.name.split()[0], one.name), one.detail or one.words) for one in found]
    template = "web/agent/_health.html" if is_fragment(request) else "web/agent/health.html"
    return render(request, template, {"problems": words})
