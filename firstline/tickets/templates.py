"""Templates for answers: one's own, the team's, the whole desk's; with variables of the ticket they are put into."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from firstline.lib import language as languages
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.tickets import sharing, template_words
from firstline.tickets.models import Ticket
from firstline.tickets.refusals import WrongValue
from firstline.tickets.template_models import AnswerTemplate
from firstline.tickets.view_models import SharedWith

MOST, LONGEST_NAME, LONGEST_BODY = 300, 60, 20_000


def visible_to(person: Person) -> QuerySet[AnswerTemplate]:
    """His own, his team's, the whole desk's. The client's side has none."""
    return sharing.visible_to(person, AnswerTemplate.objects.filter(removed_at__isnull=True))


def found_for(person: Person, ticket: Ticket, words: str = "") -> list[AnswerTemplate]:
    """Those that fit this ticket's requester, best used first; `words` are looked for in name and text."""
    rows = visible_to(person).filter(language__in=["", ticket.requester.language])
    wanted = words.casefold().split()
    # SQLite knows the case of Latin letters only: there are a few hundred, and they are looked through here.
    fit = [one for one in rows if all(word in f"{one.name} {one.body}".casefold() for word in wanted)]
    return sorted(fit, key=lambda one: (not all(word in one.name.casefold() for word in wanted), -one.used, one.name))


def get_for(person: Person, number: int | str) -> AnswerTemplate:
    """Raises NotThere: taken away, or not for this person."""
    return sharing.numbered(visible_to(person), number)


def save(
    person: Person, *, name: str, body: str, language: str = "", shared: str = SharedWith.NOBODY
) -> AnswerTemplate:
    """A new one. Raises WrongValue (no name, taken, unknown variable …), NotAllowed (not his to share)."""
    if not person.is_agent:
        raise NotAllowed("templates")
    if AnswerTemplate.objects.filter(owner=person, removed_at__isnull=True).count() >= MOST:
        raise WrongValue("name", f"at most {MOST} templates")
    return write(AnswerTemplate(owner=person), name=name, body=body, language=language, shared=shared, by=person)


def change(
    person: Person, one: AnswerTemplate, *, name: str, body: str, language: str = "", shared: str = ""
) -> AnswerTemplate:
    """Other words for whoever uses it from now on. Raises as `save`."""
    sharing.demand_change(person, one, "templates")
    return write(one, name=name, body=body, language=language, shared=shared or one.shared, by=person)


def remove(person: Person, one: AnswerTemplate, *, at: datetime) -> None:
    """Out of everybody's list; `bring_back` undoes it."""
    sharing.remove(person, one, "templates", at=at)


def bring_back(person: Person, number: int) -> AnswerTemplate:
    """One that was taken away. Raises NotThere, WrongValue where its name is in use again."""
    one = sharing.removed(person, AnswerTemplate.objects.all(), number)
    one.removed_at = None
    return write(one, name=one.name, body=one.body, language=one.language, shared=one.shared, by=person)


def words_for(one: AnswerTemplate, ticket: Ticket, person: Person) -> str:
    """The template's words on this ticket, by this person."""
    return template_words.filled(one.body, values_of(ticket, person))


def values_of(ticket: Ticket, person: Person) -> dict[str, str]:
    """What each variable is on this ticket; the link is the client's."""
    asks = ticket.requester
    client = ticket.client
    return {
        "requester.name": asks.name,
        "requester.first_name": template_words.first_name(asks.name),
        "client.name": languages.picked(client.names or {}, client.name, asks.language) if client else "",
        "ticket.number": ticket.number,
        "ticket.subject": ticket.subject,
        "ticket.link": f"{settings.FIRSTLINE_BASE_URL}/portal/requests/{ticket.pk}/",
        "agent.name": person.name,
        "agent.first_name": template_words.first_name(person.name),
        "desk.phone": settings.FIRSTLINE_PHONE,
    }


def write(
    one: AnswerTemplate, *, name: str, body: str, language: str, shared: str, by: Person | None
) -> AnswerTemplate:
    """Keeps what was checked. `by` None: the apply file, which shares with everybody it wants to."""
    name, body = " ".join(name.replace("\x00", "").split()), body.replace("\x00", "").replace("\r\n", "\n").strip()
    if not name or not body:
        raise WrongValue("body" if name else "name", "empty")
    for field, text, most in (("name", name, LONGEST_NAME), ("body", body, LONGEST_BODY)):
        if len(text) > most:
            raise WrongValue(field, f"at most {most} characters")
    if strange := template_words.unknown(body):
        raise WrongValue("body", f"unknown variable {strange[0]}")
    if language not in {"", *(code for code, _name in settings.LANGUAGES)}:
        raise WrongValue("language", "unknown")
    one.shared = sharing.checked(one, shared, by=by)
    one.name, one.body, one.language = name, body, language
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError as taken:
        raise WrongValue("name", "there already") from taken
    return one
