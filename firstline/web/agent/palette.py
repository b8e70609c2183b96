"""The palette: whatever a person wants to reach or to do, by a few letters. Deeds on the ticket that is before him come
first, then other deeds, tickets, articles, people and clients; a sign before the words narrows it to one kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from firstline.knowledge import everywhere
from firstline.knowledge import queries as articles
from firstline.people import finding as people
from firstline.people.models import Client, Person
from firstline.search.asking import LONGEST
from firstline.search.fitting import fits
from firstline.tickets import macros
from firstline.tickets import queries as tickets
from firstline.tickets.models import Ticket
from firstline.web.agent import palette_deeds as deeds
from firstline.web.agent.door import desk
from firstline.worklog.touch_models import Touch

FEW, MOST, RECENT = 5, 12, 7
CLIENTS_LOOKED_AT = 3_000
DEEDS, TICKETS, PEOPLE = "deeds", "tickets", "people"
# The same keys in the Russian layout type other signs.
SIGNS = {"#": TICKETS, "№": TICKETS, "@": PEOPLE, '"': PEOPLE, ">": DEEDS}
_TICKET = re.compile(r"/desk/tickets/([0-9]{1,15})/")


@dataclass(frozen=True)
class Option:
    """One line: `href` and `instead` as of a deed."""

    label: str
    icon: str
    href: str
    beside: str = ""
    key: str = ""
    instead: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    options: list[Option]


@require_safe
@desk
def palette(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/palette/?at=ADDRESS[&q=WORDS]: the dialog, or with `q` the lines that fit."""
    typed = request.GET.get("q")
    ticket = _before_him(person, request.GET.get("at", ""))
    groups = found(person, ticket, (typed or "")[:LONGEST])
    context: dict[str, Any] = {"groups": groups, "ticket": ticket, "typed": typed or ""}
    context["count"] = sum(len(group.options) for group in groups)
    context["everything"] = "/desk/search/?" + urlencode({"q": typed or ""})
    whole = typed is None
    return render(request, "web/agent/palette/dialog.html" if whole else "web/agent/palette/_lines.html", context)


def found(person: Person, ticket: Ticket | None, typed: str) -> list[Group]:
    """The groups that have something, in their order."""
    kind, words = _read(typed)
    made: list[Group] = []
    if kind in ("", DEEDS):
        made += _deeds(person, ticket, words, many=kind == DEEDS)
    if kind != DEEDS and words:
        made += _looked_up(person, words, kind)
    elif kind in ("", TICKETS):
        made.append(Group(_("Recent tickets"), _recent(person, ticket)))
    return [group for group in made if group.options]


def _read(typed: str) -> tuple[str, str]:
    text = typed.strip()
    kind = SIGNS.get(text[:1], "")
    return (kind, text[1:].strip()) if kind else ("", text)


def _before_him(person: Person, address: str) -> Ticket | None:
    """The ticket whose page or row he has before him, if he may see it."""
    matched = _TICKET.match(address)
    if matched is None:
        return None
    return tickets.visible_to(person).filter(pk=matched[1]).first()


def _deeds(person: Person, ticket: Ticket | None, words: str, *, many: bool) -> list[Group]:
    made = []
    if ticket is not None:
        here = deeds.fitting(words, deeds.on_ticket(person, ticket))
        run = _macros(person, ticket, words) if words else []
        made.append(Group(_("Deeds on #%(number)s") % {"number": ticket.pk}, [*_lines(here), *run]))
    others = deeds.fitting(words, deeds.anywhere(person))
    made.append(Group(_("Go to"), _lines(others if many else others[: MOST if words else FEW])))
    return made


def _macros(person: Person, ticket: Ticket, words: str) -> list[Option]:
    """His macros by their names in any language: the way leads to what each would do to this ticket."""
    page, language = f"/desk/tickets/{ticket.pk}/macros/", get_language()
    found = [one for one in macros.visible_to(person) if fits(words, [one.name, *map(str, one.names.values())])]
    return [Option(one.label(language), "list-todo", f"{page}{one.pk}/", beside=_("Macro")) for one in found[:FEW]]


def _lines(known: list[deeds.Deed]) -> list[Option]:
    return [Option(one.label, one.icon, one.href, key=one.key, instead=one.instead) for one in known]


def _looked_up(person: Person, words: str, kind: str) -> list[Group]:
    kinds = {"": everywhere.KINDS, TICKETS: (everywhere.TICKETS,), PEOPLE: (everywhere.PEOPLE,)}[kind]
    most = MOST if kind else FEW
    hits = everywhere.look(person, words, kinds, growing=True)
    language = get_language()
    made = [
        Group(_("Tickets"), _tickets(person, [one.number for one in hits.tickets.places[:most]], language)),
        Group(_("Articles"), _articles(person, [one.number for one in hits.articles[:most]], language)),
        Group(_("People"), [
            Option(one.name, "user", "/desk/search/?" + urlencode({"q": f"from:{one.login}"}),
                   beside=one.client.label(language) if one.client else str(one.get_role_display()))
            for one in people.shown(person, hits.people[:most])
        ] if hits.people else []),
    ]  # fmt: skip
    if kind in ("", PEOPLE):
        made.append(Group(_("Clients"), _clients(person, words, language)[:most]))
    return made


def _tickets(person: Person, numbers: list[int], language: str | None) -> list[Option]:
    if not numbers:
        return []
    rows = tickets.visible_to(person).filter(pk__in=numbers).select_related("client", "requester")
    known = {row.pk: row for row in rows}
    return [_line_of(known[number], language) for number in numbers if number in known]


def _line_of(ticket: Ticket, language: str | None) -> Option:
    whose = ticket.client.label(language) if ticket.client else ticket.requester.name
    return Option(f"#{ticket.pk} · {ticket.subject}", "hash", f"/desk/tickets/{ticket.pk}/", beside=whose)


def _articles(person: Person, numbers: list[int], language: str | None) -> list[Option]:
    if not numbers:
        return []
    known = {article.pk: article for article in articles.visible_to(person).filter(pk__in=numbers)}
    return [
        Option(articles.text_in(known[number], language).title, "book-open", f"/kb/{known[number].slug}/")
        for number in numbers
        if number in known
    ]


def _clients(person: Person, words: str, language: str | None) -> list[Option]:
    """Their queue. Compared here, not in the database: a name counts in any language and in any layout."""
    seen = Client.objects.all() if person.sees_all_clients else person.clients_in_scope
    rows = seen.order_by("name").values_list("slug", "name", "names")[:CLIENTS_LOOKED_AT]
    return [
        Option((names or {}).get(language) or name, "building-2", "/desk/queue/?" + urlencode({"client": slug}))
        for slug, name, names in rows
        if fits(words, [name, slug, *map(str, (names or {}).values())])
    ]


def _recent(person: Person, here: Ticket | None) -> list[Option]:
    """What he worked in last; who works in none gets the newest. Not the one that is before him."""
    touched = Touch.objects.filter(person=person).order_by("-ended_at").values_list("ticket_id", flat=True)[:60]
    numbers = [number for number in dict.fromkeys(touched) if here is None or number != here.pk]
    if not numbers:
        newest = tickets.visible_to(person).order_by("-pk").values_list("pk", flat=True)[: RECENT + 1]
        numbers = [number for number in newest if here is None or number != here.pk]
    return _tickets(person, numbers[:RECENT], get_language())
