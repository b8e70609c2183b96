"""The administration's front page: what is still to be done on a new desk, and every page of settings, searchable."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from firstline.ops import first_run
from firstline.people.models import Person
from firstline.people.permissions import may
from firstline.web.manager.door import door

Words = str | Promise


class Place(NamedTuple):
    label: Words
    about: Words
    href: str
    icon: str
    deed: str


GROUPS: tuple[tuple[Words, tuple[Place, ...]], ...] = (
    (_("Who"), (
        Place(_("People"), _("who asks and who helps, roles and scope, invitations"), "/desk/people/", "users",
              "accounts"),
        Place(_("Clients"), _("contact cards, mail domains, VIP"), "/desk/clients/", "building-2", "see contracts"),
        Place(_("Teams"), _("lines and who is in them"), "/desk/teams/", "layers", "look up people"),
        Place(_("Account requests"), _("who asked for access to the portal"), "/desk/accounts/", "user-plus",
              "accounts"),
        Place(_("Roster"), _("shifts, absences, who is on call"), "/desk/roster/", "calendar-clock", "see roster"),
    )),
    (_("What was promised"), (
        Place(_("Clients and contracts"), _("versions, targets, hours, penalties"), "/desk/contracts/", "briefcase",
              "see contracts"),
        Place(_("Service catalogue"), _("services, categories, questions"), "/desk/services/", "layout-grid",
              "look up people"),
        Place(_("Calendars"), _("working hours and holidays by year"), "/desk/calendars/", "calendar",
              "see calendars"),
        Place(_("Equipment"), _("sites, labels, remote ids"), "/desk/equipment/", "server", "see contracts"),
        Place(_("Vendors"), _("their terms and how they keep them"), "/desk/vendors/", "wrench", "see vendors"),
    )),
    (_("How work comes and goes"), (
        Place(_("Channels"), _("mailboxes, probes, signatures"), "/desk/channels/", "at-sign", "channels"),
        Place(_("How the house shows itself"), _("branding: name, colour, logo, welcome, phone"), "/desk/branding/",
              "sparkles", "branding"),
        Place(_("Texts of letters"), _("what the product writes, in each language"), "/desk/letters/", "mail",
              "letters"),
        Place(_("Rules for mail"), _("what happens before a letter becomes a ticket"), "/desk/rules/", "workflow",
              "mail rules"),
        Place(_("Where tickets go"), _("rules of routing, limits, proposals"), "/desk/routing/", "split",
              "see routing"),
        Place(_("Macros"), _("several deeds under one name"), "/desk/macros/", "list-todo", "look up people"),
        Place(_("Templates for answers"), _("words that are said again and again"), "/desk/templates/", "file-text",
              "look up people"),
        Place(_("Time-boxes"), _("minutes of each line by category"), "/desk/box/limits/", "timer", "look up people"),
        Place(_("Outages and announcements"), _("outages, planned work and notices for clients"), "/desk/outages/",
              "zap", "record outages"),
    )),
    (_("Watching over it"), (
        Place(_("Health of the program"), _("what is wrong now"), "/desk/health/", "activity", "board"),
        Place(_("Audit"), _("who did what, when, to which thing"), "/desk/audit/", "scroll-text", "audit"),
        Place(_("Outbox"), _("letters and their attempts"), "/desk/outbox/", "send", "journal"),
        Place(_("Intake journal"), _("everything that came in"), "/desk/intake/", "mail-open", "journal"),
    )),
)  # fmt: skip
STEPS: dict[str, tuple[Words, Words, str]] = {
    "team": (_("Add a team, and somebody to it"), _("tickets come into the queue of its line"), "/desk/teams/new/"),
    "colleague": (_("Invite a colleague"), _("done when he has signed in"), "/desk/people/new/"),
    "mailbox": (_("Connect a mailbox"), _("its letters become tickets"), "/desk/channels/new/"),
    "probe": (_("Let the mailbox write to itself"), _("done when its letter has come back"), "/desk/channels/"),
    "client": (_("Add a client"), _("who writes from its mail domain belongs to it"), "/desk/clients/new/"),
    "calendar": (_("Add a calendar"), _("the hours in which clocks run"), "/desk/calendars/new/"),
    "contract": (_("Write a contract"), _("its times are promised from the day it begins"), "/desk/contracts/new/"),
}


@require_safe
@door("accounts")
def home(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/admin/?q=mail"""
    q = request.GET.get("q", "").strip()[:100]
    groups = [(title, [one for one in places if may(person, one.deed) and _fits(one, q)]) for title, places in GROUPS]
    steps = first_run.left() if may(person, "roles") and not q else []
    context = {
        "q": q, "groups": [(title, places) for title, places in groups if places],
        "steps": [(*STEPS[one.name], one.is_done) for one in steps], "done": sum(one.is_done for one in steps),
    }  # fmt: skip
    return render(request, "web/admin/home.html", context)


def _fits(place: Place, q: str) -> bool:
    """Every word stands in its name or in what it is about."""
    said = f"{place.label} {place.about}".casefold()
    return all(word in said for word in q.casefold().split())
