"""The inbox: what one was told, ticket by ticket; and the table of what one wants to be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstline.lib import clock
from firstline.notices import inbox as kept
from firstline.notices import matrix, notice_words, preferences
from firstline.notices.models import Notice
from firstline.people.models import Person
from firstline.tickets import queries
from firstline.web import browsers
from firstline.web.agent.door import desk
from firstline.web.asked import go, is_fragment

TOPICS: dict[str, tuple[str | Promise, str | Promise]] = {
    "assigned": (gettext_lazy("Given to me"), gettext_lazy("assigned, given by a rule, called in")),
    "mention": (gettext_lazy("Somebody names me"), gettext_lazy("with an @ in an internal note")),
    "answer": (gettext_lazy("The client answers"), ""),
    "hand_over": (gettext_lazy("Hand-overs"), gettext_lazy("handed over, accepted, returned, given back")),
    "followed": (gettext_lazy("What I handed over or help with"), gettext_lazy("answers and solutions of colleagues")),
    "warning": (gettext_lazy("A time is about to end"), gettext_lazy("warnings, shares of a line, its time-box")),
    "breach": (gettext_lazy("SLA breaches"), ""),
    "closing": (gettext_lazy("Ends"), gettext_lazy("solved, closed, cancelled, reopened")),
    "vendor": (gettext_lazy("Vendors"), gettext_lazy("answered, late")),
    "trouble": (gettext_lazy("Trouble"), gettext_lazy("undelivered mail, nobody takes it, no contract")),
}
MAILS = {
    matrix.NOW: gettext_lazy("at once"),
    matrix.DIGEST: gettext_lazy("in the digest"),
    matrix.NEVER: gettext_lazy("not at all"),
}
REACHES = {
    matrix.MINE: gettext_lazy("what concerns me"),
    matrix.WATCHED: gettext_lazy("and what I watch"),
    matrix.TEAM: gettext_lazy("and my team's"),
    matrix.ALL: gettext_lazy("all that I see"),
}


@dataclass(frozen=True)
class Line:
    icon: str
    words: str
    excerpt: str
    notice: Notice


@require_safe
@desk
def inbox(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/inbox/?all=1&cursor="""
    everything, cursor = request.GET.get("all") == "1", request.GET.get("cursor", "")
    page = kept.page(person, cursor, everything=everything)
    context: dict[str, Any] = {
        "groups": [
            (group, [Line(notice_words.icon(one), notice_words.headline(one), notice_words.excerpt(one), one)
                     for one in group.notices])
            for group in page.groups
        ],
        "everything": everything,
        "here": request.get_full_path(),
        "next": f"/desk/inbox/?{'all=1&' if everything else ''}cursor={page.following}" if page.following else "",
        "later": bool(cursor),
    }  # fmt: skip
    part = is_fragment(request)
    return render(request, "web/agent/inbox/_groups.html" if part else "web/agent/inbox/inbox.html", context)


@require_POST
@desk
def read_all(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/inbox/reading/"""
    count = kept.read_all(person, at=clock.now())
    messages.success(request, ngettext("%(n)d notice is read.", "%(n)d notices are read.", count) % {"n": count})
    return HttpResponseRedirect("/desk/inbox/")


@require_POST
@desk
def read_one(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/inbox/1042/reading/: pressed in the inbox, or sent by the ticket's page that he has before him."""
    ticket = queries.get_for(person, number)
    kept.read(person, ticket.pk, at=clock.now())
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return go(request, "/desk/inbox/")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def wishes(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/profile/notices/ inbox.TOPIC, mail.TOPIC, whose.TOPIC, push.TOPIC (with push=1), quiet; usual=1 takes all
    wishes back."""
    if request.method == "POST":
        if request.POST.get("usual") == "1":
            preferences.as_before(person)
        else:
            preferences.choose(person, _asked(request), quiet=request.POST.get("quiet") == "1")
        messages.success(request, _("Kept."))
        return HttpResponseRedirect("/desk/profile/notices/")
    rows = [
        {"topic": topic, "label": TOPICS[topic][0], "hint": TOPICS[topic][1], "row": row,
         "wider": topic in matrix.WIDER, "owed": matrix.is_owed(topic, person.role),
         "at_night": topic in matrix.ESCALATIONS}
        for topic, row in preferences.table(person).items()
    ]  # fmt: skip
    context = {"rows": rows, "mails": MAILS.items(), "reaches": REACHES.items(),
               "quiet": matrix.wants_quiet(person.notices), "chosen": bool(person.notices),
               "push": browsers.known(request, person)}  # fmt: skip
    return render(request, "web/agent/profile/notices.html", context)


def _asked(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """Every row of the form; a field that was not sent is as it usually is."""
    rows: dict[str, dict[str, Any]] = {}
    for topic in matrix.TOPICS:
        if f"mail.{topic}" in request.POST:
            rows[topic] = {"inbox": request.POST.get(f"inbox.{topic}") == "1", "mail": request.POST[f"mail.{topic}"]}
            if "push" in request.POST:
                rows[topic]["push"] = request.POST.get(f"push.{topic}") == "1"
            if topic in matrix.WIDER and f"whose.{topic}" in request.POST:
                rows[topic]["whose"] = request.POST[f"whose.{topic}"]
    return rows
