"""What is done to a person: invited, sent a new password, parted with, brought back, found to be two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from firstline.lib import clock
from firstline.lines import parting
from firstline.people import listed, upkeep
from firstline.people.models import Person
from firstline.people.upkeep import WrongPerson
from firstline.tickets import same_person
from firstline.web.admin.fields import in_words
from firstline.web.admin.people import ROOT, SEES, around, get
from firstline.web.manager.door import door

OFFERED = 10
_NO_ADDRESS = gettext_lazy("He has no mail address: write one down first.")
MERGING: dict[str, str | Promise] = {
    "of the desk": gettext_lazy("Records of people of the desk are not merged: their names stand in the history."),
    "another client": gettext_lazy("The two are of different clients."),
    "closed": gettext_lazy("That record is closed: nobody could come in to see the requests."),
    "itself": gettext_lazy("These are one record already."),
}


@require_POST
@door(SEES)
def invite(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/people/7/invitation/"""
    return _done(request, number, lambda one, at: upkeep.invite(one, by=person, at=at),
                 _("The invitation is on its way."))  # fmt: skip


@require_POST
@door(SEES)
def reset(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/people/7/reset/"""
    return _done(request, number, lambda one, at: upkeep.send_reset(one, by=person, at=at),
                 _("The link to a new password is on its way."))  # fmt: skip


@require_POST
@door(SEES)
def bring_back(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/people/7/return/"""
    return _done(request, number, lambda one, at: parting.bring_back(one, by=person, at=at),
                 _("He may sign in again. Invite him: his old password is gone."))  # fmt: skip


@require_POST
@door(SEES)
def give_back(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/people/7/tickets/: what somebody holds who solves no tickets any more."""
    found = get(number)
    try:
        messages.success(request, _gone(parting.give_back(found, by=person, at=clock.now())))
    except WrongPerson:
        messages.error(request, _("He works here: he hands over himself."))
    return HttpResponseRedirect(f"{ROOT}{number}/")


@require_http_methods(["GET", "POST"])
@door(SEES)
def part(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """/desk/people/7/leaving/: first what happens, with the tickets by name; then it does."""
    found = get(number)
    upkeep.demand_for(person, upkeep.is_of_the_desk(found), found)
    if request.method != "POST":
        return render(request, "web/admin/leaving.html", {"one": found, **around(found)})
    try:
        count = parting.part_with(found, by=person, at=clock.now())
    except WrongPerson as wrong:
        messages.error(request, str(next(iter(in_words(wrong.problems).values()))))
        return HttpResponseRedirect(f"{ROOT}{number}/")
    said = _("%(name)s comes in no more.") % {"name": found.name}
    messages.success(request, f"{said} {_gone(count)}" if count else said)
    return HttpResponseRedirect(f"{ROOT}{number}/")


@require_http_methods(["GET", "POST"])
@door(SEES)
def merge(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """/desk/people/7/merging/?q=… to choose; POST into=12."""
    found = get(number)
    wrong = ""
    if request.method == "POST":
        into = listed.number_of(request.POST.get("into", ""))
        target = Person.objects.filter(pk=into).first() if into is not None else None
        if target is None:
            wrong = _("Choose whose record stays.")
        else:
            try:
                count = same_person.merge(found, target, by=person, at=clock.now())
            except WrongPerson as refusal:
                wrong = str(MERGING.get(refusal.problems[0][1]) or next(iter(in_words(refusal.problems).values())))
            else:
                words = ngettext("{n} request is his now.", "{n} requests are his now.", count)
                messages.success(request, words.replace("{n}", str(count)))
                return HttpResponseRedirect(f"{ROOT}{target.pk}/")
    asked = request.GET.get("q", "").strip()
    like = asked or found.name
    rows = (
        listed.found(person, {"q": like, "state": "active"}).exclude(pk=number).exclude(client__closed_at__isnull=False)
    )
    offered = [one for one in rows[: OFFERED * 3] if not upkeep.is_of_the_desk(one)][:OFFERED]
    context = {"one": found, "rows": offered, "q": asked, "wrong": wrong, **around(found)}
    return render(request, "web/admin/merging.html", context, status=422 if wrong else 200)


def _done(request: HttpRequest, number: int, deed: Callable[[Person, datetime], object], words: str) -> HttpResponse:
    try:
        deed(get(number), clock.now())
    except WrongPerson as wrong:
        messages.error(request, str(_NO_ADDRESS if wrong.problems[0] == ("email", "empty") else
                                    next(iter(in_words(wrong.problems).values()))))  # fmt: skip
    else:
        messages.success(request, words)
    return HttpResponseRedirect(f"{ROOT}{number}/")


def _gone(count: int) -> str:
    words = ngettext("{n} ticket went back into the queue.", "{n} tickets went back into the queue.", count)
    return words.replace("{n}", str(count))
