"""A refusal as a page that loses nothing: what is the matter, what was typed, and the way on.

Every form of the desk and the portal gets the same answer: 409 where somebody was faster (who, what, *Send anyway*),
422 where a value cannot be (named beside its field). What was typed comes back in fields; htmx gets only the strip,
and the form in the page keeps its text and files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from firstline.people.models import Person
from firstline.people.roles import DESK_SIDE
from firstline.tickets.models import Status, Ticket
from firstline.tickets.refusals import AlreadyMerged, ChangedSince, WrongStatus, WrongValue
from firstline.web import event_words, roster_words

NAMED = "named"  # "yes": the client may read whom the answer names
LONG_FIELDS = frozenset({"body", "text", "how", "why", "reason", "symptom", "tried", "note", "solved_how"})
WORDS = LONG_FIELDS | {"subject", "title", "name", "phone", "email", "words", "summary", "minutes"}
PEOPLE = "people"  # who is chosen of the desk, by login
DRAWN_FOR = "drawn_for"  # the person to whom the page of the form was shown
HIDDEN_FIELDS = frozenset({"csrfmiddlewaretoken", "seen", NAMED, DRAWN_FOR})
LABELS: dict[str, str | Promise] = {
    "body": gettext_lazy("Text"), "text": gettext_lazy("Text"), "subject": gettext_lazy("Subject"),
    "how": gettext_lazy("How it was solved"), "solved_how": gettext_lazy("How it was solved"),
    "why": gettext_lazy("Why"),
    "reason": gettext_lazy("Reason"), "symptom": gettext_lazy("Symptom"), "tried": gettext_lazy("Tried"),
    "note": gettext_lazy("Note"), "minutes": gettext_lazy("Minutes"), "until": gettext_lazy("Until"),
    "to_line": gettext_lazy("To line"), "impact": gettext_lazy("Impact"), "urgency": gettext_lazy("Urgency"),
    "priority": gettext_lazy("Priority"), "type": gettext_lazy("Type"), "service": gettext_lazy("Service"),
    "equipment": gettext_lazy("Equipment"),
    "category": gettext_lazy("Category"), "assignee": gettext_lazy("Assignee"), "team": gettext_lazy("Team"),
    "name": pgettext_lazy("thing", "Name"), "shared": gettext_lazy("Who sees it"), "pin": gettext_lazy("In my sidebar"),
    "client": gettext_lazy("Client"), "requester": gettext_lazy("Requester"), "kind": gettext_lazy("Kind"),
    "to": gettext_lazy("Ticket"), "article": gettext_lazy("Article"), "for": gettext_lazy("Whom to wait for"),
    "files": gettext_lazy("Files"), "caller_name": gettext_lazy("Name"), "caller_phone": gettext_lazy("Phone"),
    "tags": gettext_lazy("Tags"), "channel": gettext_lazy("Channel"), "articles": gettext_lazy("Articles read"),
    "into": gettext_lazy("Ticket"), "message": gettext_lazy("Message"), "claim": gettext_lazy("Ticket"),
    "vendor": gettext_lazy("Vendor"), "their_number": gettext_lazy("The vendor's number"),
    "starts_at": gettext_lazy("Since, or from"), "ends_at": gettext_lazy("Until"),
    "version": gettext_lazy("Contract"), "month": gettext_lazy("Month"), "words": gettext_lazy("Text"),
    "title": gettext_lazy("Title"), "phone": gettext_lazy("Phone"), "wished_at": gettext_lazy("When"),
    "email": gettext_lazy("E-mail"), "outage": gettext_lazy("Outage"),
    "ticket": gettext_lazy("Ticket"), "summary": gettext_lazy("What was changed"),
    "steps": gettext_lazy("Steps"), "macro": gettext_lazy("Macro"), "hours": gettext_lazy("For how many hours"),
    "because": gettext_lazy("Reason"), "line": gettext_lazy("To line"),
    "program": gettext_lazy("Program"), "children": gettext_lazy("Children"),
}  # fmt: skip
PROBLEMS: dict[str, str | Promise] = {
    "empty": gettext_lazy("Something has to stand here."),
    "in the past": gettext_lazy("This moment has passed: choose a later one."),
    "client or vendor": gettext_lazy("Choose the client or the vendor."),
    "it is on this line already": gettext_lazy("The ticket is on this line already: choose another."),
    "1, 2 or 3": gettext_lazy("Choose line 1, 2 or 3."),
    "the ticket itself": gettext_lazy("That is this ticket itself: give another number."),
    "unknown": gettext_lazy("There is no such thing: choose one of the list."),
    "not there": gettext_lazy("There is no such thing: choose one of the list."),
    "one of assignee and team": gettext_lazy("Choose a person or a team."),
    "not somebody who solves tickets": gettext_lazy("This person does not solve tickets: choose another."),
    "does not see tickets of this client": gettext_lazy(
        "This person does not see tickets of this client: choose another."
    ),
    "who is calling": gettext_lazy("Give a name or a phone number."),
    "phone or walk_up": gettext_lazy("Choose phone or walk-up."),
    "an e-mail address": gettext_lazy("This is not an e-mail address."),
    "a moment": gettext_lazy("This is not a date with a time."),
    "a figure": gettext_lazy("This is not a number."),
    "one answer": gettext_lazy("Choose one answer."),
    "a phone number": gettext_lazy("Write the number that we are to call."),
    "within 60 days": gettext_lazy("Choose a moment within the next 60 days."),
    "nobody waits for a call": gettext_lazy("Nobody waits for this call any more."),
    "not a colleague": gettext_lazy("Nobody of your company has an account with this address."),
    "a number": gettext_lazy("This is not a whole number."),
    "ends before it begins": gettext_lazy("The end must lie after the beginning."),
    "planned without end": gettext_lazy("Planned work needs an end."),
    "not everybody's": gettext_lazy("Before sign-in only what is everybody’s is shown: name no client and no site."),
    "a month": gettext_lazy("This is not a month: write it as 2026-03."),
    "in force": gettext_lazy("These terms are not in force in that month."),
    "goes on": gettext_lazy(
        "It was worked out before its month was over: it is worked out again after the month’s end."
    ),
    "not broken": gettext_lazy("This promise was not broken: there is nothing to excuse."),
    "excused already": gettext_lazy("This breach is excused already."),
    "from today on": gettext_lazy("A day from today on: what is over stays as it was."),
    "taken": gettext_lazy("You have a view of this name already: choose another."),
    "there already": gettext_lazy("There is one of this name already: choose another."),
    "no team": gettext_lazy("There is no team to share it with."),
    "at least two tickets": gettext_lazy("Tick two tickets at least, or give the number of the one that stays."),
    "hours of a day": gettext_lazy("Hours such as 09:00-13:00, 14:00-18:00."),
    "never opens": gettext_lazy("The calendar would never be open."),
    "not owed": gettext_lazy("No visit is owed on this ticket: nothing is to be ended."),
    "not in its life": gettext_lazy("The moment must lie between the creation of the ticket and now."),
    "which client": gettext_lazy("Choose the client."),
    "another client": gettext_lazy("That ticket is another client's: nobody's words may come before another company."),
    "merged too often": gettext_lazy("Too many tickets are merged into this one already: merge the other way round."),
    "moved already": gettext_lazy("Somebody has moved this message already: look where it is now."),
    "the only one": gettext_lazy("The ticket has no other message: merge the whole ticket instead."),
    "our own answer": gettext_lazy("Our own answer went out to the people of its ticket: it stays there."),
    "a call has no files": gettext_lazy("Of a call only the words are kept: attach the file to a note."),
    "parent or child": gettext_lazy("Only a parent waits for its children."),
    "each would wait for the other": gettext_lazy("Each would wait for the other: neither could ever be solved."),
    "not linked so": gettext_lazy("The two are not linked so any more: look at the ticket again."),
    "no session": gettext_lazy("You have no remote session on this ticket."),
    "not a request": gettext_lazy("Nobody of the client's side asks in this message: move it instead."),
}
PATTERNS: tuple[tuple[str, str | Promise], ...] = (
    (r"not ticked: (.*)", gettext_lazy("It is solved only after these items of its checklist: {1}.")),
    (r"still open: (.*)", gettext_lazy("It is solved only after its children. Still open: {1}.")),
    (r"unknown variable (.*)", gettext_lazy("There is no variable “{1}”: choose one of the list.")),
    (r"at most (\d+) templates", gettext_lazy("At most {1} templates: take one away first.")),
    (r"one of .*", gettext_lazy("There is no such thing: choose one of the list.")),
    (r"(\d+) to (\d+)", gettext_lazy("A whole number from {1} to {2}.")),
    (r"at most (\d+) characters", gettext_lazy("At most {1} characters.")),
    (r"longer than (\d+) characters", gettext_lazy("At most {1} characters.")),
    (r"at most (\d+) lines", gettext_lazy("At most {1} lines.")),
    (r"at most (\d+) macros", gettext_lazy("At most {1} macros: take one away first.")),
    (r"at most (\d+) steps", gettext_lazy("At most {1} steps.")),
    (r"at most (\d+) tags", gettext_lazy("At most {1} tags.")),
    (r"at most (\d+) views", gettext_lazy("At most {1} views: take one away first.")),
    (r"at most (\d+) pinned", gettext_lazy("At most {1} views in the sidebar: take one out first.")),
    (r"at most (\d+) MB a file", gettext_lazy("At most {1} MB a file.")),
    (r"at most (\d+) files", gettext_lazy("At most {1} files at once.")),
)
WRONG_STATUS: dict[str, str | Promise] = {
    "take": gettext_lazy("The ticket is “{status}” now: it cannot be taken."),
    "assignment": gettext_lazy("The ticket is “{status}” now: it cannot be assigned."),
    "hand-over": gettext_lazy("The ticket is “{status}” now: it cannot be handed over."),
    "wait": gettext_lazy("The ticket is “{status}” now: it cannot be set to waiting."),
    "hold": gettext_lazy("The ticket is “{status}” now: it cannot be put on hold."),
    "resume": gettext_lazy("The ticket is “{status}” now: there is nothing to go on with."),
    "resolution": gettext_lazy("The ticket is “{status}” now: it cannot be resolved."),
    "workaround": gettext_lazy("The ticket is “{status}” now: no workaround is needed any more."),
    "remote session": gettext_lazy("The ticket is “{status}” now: it needs no remote session any more."),
    "arrival": gettext_lazy("The ticket is “{status}” now: nobody has to be on site any more."),
    "no-visit": gettext_lazy("The ticket is “{status}” now: nobody has to be on site any more."),
    "confirmation": gettext_lazy("The ticket is “{status}” now: it cannot be confirmed."),
    "reopening": gettext_lazy("The ticket is “{status}” now: it cannot be reopened."),
    "cancellation": gettext_lazy("The ticket is “{status}” now: it cannot be cancelled."),
    "rating": gettext_lazy("The ticket is “{status}” now: it can be rated when it is solved."),
    "asking a vendor": gettext_lazy("The ticket is “{status}” now: no vendor is needed any more."),
    "call": gettext_lazy("The request is “{status}” now: write to us, and a new one follows it."),
    "closing": gettext_lazy("The ticket is “{status}” now: it cannot be closed."),
    "merge": gettext_lazy("A ticket is “{status}” now: it cannot be merged."),
    "undo": gettext_lazy("The ticket is “{status}” now: somebody went on from there, so nothing is undone."),
    "tick": gettext_lazy("The ticket is “{status}” now: nothing is ticked on it any more."),
    "unlink": gettext_lazy("The two are merged: take them apart, and the link goes, too."),
    "unmerge": gettext_lazy("The ticket is “{status}” now: it is not merged into another one."),
}


@dataclass(frozen=True)
class Typed:
    """A field of the form that was sent, to be shown again. `widget` is text, long, hidden, or many: some of the
    `choices` (value, words, whether it was ticked)."""

    name: str
    label: str
    value: str
    widget: str
    problem: str = ""
    choices: tuple[tuple[str, str, bool], ...] = ()


def somebody_was_faster(request: HttpRequest, refusal: WrongStatus | ChangedSince) -> HttpResponse:
    """409: who and what, the typed words intact, and *Send anyway* where that could help."""
    context: dict[str, Any] = {
        "title": _("Somebody was faster") if isinstance(refusal, ChangedSince) else _("Not possible now"),
        "fields": typed(request),
        "lines": [],
        "version": None,
    }
    if isinstance(refusal, ChangedSince):
        names = {
            person.login: person.name
            for person in Person.objects.filter(login__in=event_words.logins_in(refusal.events))
        }
        context["lines"] = [(event, event_words.line(event, names)) for event in refusal.events]
        context["version"] = refusal.ticket.version
        context["words"] = _("While you were writing, this happened to the ticket:")
    else:
        context["words"] = status_in_words(refusal)
    return _answer(request, context, status=409)


def names_colleagues(request: HttpRequest, ticket: Ticket, named: Sequence[str]) -> HttpResponse:
    """409: an answer names people of the desk, which is meant for notes; whoever means it sends it anyway."""
    words = _("The client would read: %(names)s. Colleagues are told only of internal notes.")
    context: dict[str, Any] = {
        "title": _("This answer names a colleague"),
        "words": words % {"names": ", ".join(f"@{one}" for one in named)},
        "fields": typed(request),
        "lines": [],
        "version": ticket.version,
        "also": NAMED,
    }
    return _answer(request, context, status=409)


def somebody_else(request: HttpRequest, person: Person) -> HttpResponse:
    """409: the page was drawn for somebody else; nothing is done in the name of who is signed in now."""
    words = _(
        "This page was opened when somebody else was signed in, so nothing was sent in your name. Copy what was typed, "
        "or send it again as yourself."
    )
    context: dict[str, Any] = {
        "title": _("You are now signed in as %(name)s") % {"name": person.name},
        "words": words,
        "fields": typed(request),
        "lines": [],
        "version": None,
    }
    return _answer(request, context, status=409)


def already_merged(request: HttpRequest, refusal: AlreadyMerged) -> HttpResponse:
    """409: what was to be done is done on the other ticket; what was typed is not lost."""
    words = _("#{number} is merged into #{into}: what is to be done is done there.")
    context: dict[str, Any] = {
        "title": _("Not possible now"),
        "words": words.replace("{number}", str(refusal.number)).replace("{into}", str(refusal.into)),
        "fields": typed(request),
        "lines": [],
        "version": None,
    }
    return _answer(request, context, status=409)


def wrong_value(request: HttpRequest, refusal: WrongValue) -> HttpResponse:
    """422: the field says what is wrong, the rest is as it was typed."""
    words = problem_in_words(refusal)
    context: dict[str, Any] = {
        "title": _("Something is missing or wrong"),
        "words": _("{field}: {problem}").replace("{field}", label_of(refusal.field)).replace("{problem}", words),
        "field": refusal.field,
        "fields": typed(request, refusal.field, words),
        "lines": [],
        "version": None,
    }
    return _answer(request, context, status=422)


def not_kept(request: HttpRequest) -> HttpResponse:
    """503: it could not be made durable, so it was not taken; what was typed is here, to be sent again."""
    words = _("The server cannot keep anything at this moment. Nothing was taken: send it again in a minute.")
    context = {"title": _("Not taken"), "words": words, "fields": typed(request), "lines": [], "version": None}
    return _answer(request, context, status=503)


def signed_in_again(
    request: HttpRequest, person: Person, action: str, sent: Sequence[tuple[str, str]], *, had_files: bool
) -> HttpResponse:
    """What was sent while nobody was signed in, to be sent now."""
    context = {
        "title": _("You are signed in again"),
        "words": _("Nothing is lost: this is what you typed. It has not been sent yet."),
        "fields": [_shown(name, value) if name in WORDS else Typed(name, "", value, "hidden") for name, value in sent],
        "action": action,
        "back": "/",
        "had_files": had_files,
        "base": _frame(person),
    }
    return render(request, "web/refusal.html", context)


def status_in_words(refusal: WrongStatus) -> str:
    """What stands in the way; an item of the intake journal has no status of a ticket, only a decision."""
    if refusal.verb not in WRONG_STATUS or refusal.status not in Status.values:
        return _("Somebody has decided this already: look at what it is now.")
    return str(WRONG_STATUS[refusal.verb]).replace("{status}", str(Status(refusal.status).label))


def problem_in_words(refusal: WrongValue) -> str:
    """What is wrong, in the person's language; what has no words of its own is said as the API says it."""
    known = PROBLEMS | roster_words.PROBLEMS
    if refusal.problem in known:
        return str(known[refusal.problem])
    for pattern, words in PATTERNS:
        if found := re.fullmatch(pattern, refusal.problem):
            said = str(words)
            for number, part in enumerate(found.groups(), start=1):
                said = said.replace(f"{{{number}}}", part)
            return said
    return refusal.problem


def label_of(field: str) -> str:
    """Of a step of a macro (steps.2.text) its number is said, too."""
    known = roster_words.LABELS | LABELS
    if found := re.fullmatch(r"steps\.([0-9]{1,3})\.(\w+)", field):
        words = _("Step {n}, {field}").replace("{n}", str(int(found[1]) + 1))
        return words.replace("{field}", str(known.get(found[2], found[2])))
    return roster_words.label_of(field) or str(known.get(field, field))


def typed(request: HttpRequest, wrong: str = "", problem: str = "") -> list[Typed]:
    """Everything that was sent, as fields; a wrong field that was not sent at all is there too, empty."""
    rows = []
    for name, values in request.POST.lists():
        if name in HIDDEN_FIELDS or (name == PEOPLE and _is_desk(request)):
            continue
        rows += [_shown(name, value, problem if name == wrong else "") for value in values]
    if _is_desk(request) and PEOPLE in {wrong, *request.POST}:
        rows.append(_people(request.POST.getlist(PEOPLE), problem if wrong == PEOPLE else ""))
    elif wrong and wrong != "files" and wrong not in request.POST:
        rows.append(Typed(wrong, label_of(wrong), "", "long" if wrong in LONG_FIELDS else "text", problem))
    return rows


def _people(logins: Sequence[str], problem: str) -> Typed:
    """Nobody types logins: who was ticked stays so, and another may be."""
    rows = Person.objects.filter(is_active=True).filter(Q(role__in=DESK_SIDE) | Q(in_reserve=True)).order_by("name")
    choices = tuple((login, name, login in logins) for login, name in rows.values_list("login", "name"))
    return Typed(PEOPLE, label_of(PEOPLE), "", "many", problem, choices)


def _is_desk(request: HttpRequest) -> bool:
    return isinstance(request.user, Person) and request.user.is_agent


def _shown(name: str, value: str, problem: str = "") -> Typed:
    is_known = name in LABELS or name in roster_words.LABELS or bool(roster_words.label_of(name))
    widget = "long" if name in LONG_FIELDS else "text" if is_known else "hidden"
    return Typed(name, label_of(name), value, widget, problem)


def _frame(person: object) -> str:
    return "web/agent.html" if isinstance(person, Person) and person.is_agent else "web/portal/frame.html"


def _answer(request: HttpRequest, context: dict[str, Any], *, status: int) -> HttpResponse:
    context |= {"action": request.get_full_path(), "back": _back(request), "had_files": bool(request.FILES)}
    if request.headers.get("HX-Request"):
        context["form_id"] = request.headers.get("HX-Trigger", "")
        response = render(request, "web/_refusal.html", context, status=status)
        response["HX-Retarget"] = "#refusal"
        response["HX-Reswap"] = "innerHTML"
        return response
    return render(request, "web/refusal.html", {**context, "base": _frame(request.user)}, status=status)


def _back(request: HttpRequest) -> str:
    """The page of the thing that the verb was for: /desk/tickets/1042/ of /desk/tickets/1042/resolution/."""
    parts = request.path.strip("/").split("/")
    return "/" + "/".join(parts[: 3 if len(parts) > 3 else max(1, len(parts) - 1)]) + "/"
