"""Who comes in for a client: the people of a coordinator's company, and the requests for portal accounts.

A coordinator lets in whom his company's mail domain proves, and proposes anybody else; the desk decides about those.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from ninja.params.functions import Body as Sent
from pydantic import Field

from firstline.api import answers as answering
from firstline.api import bodies, cursors, named
from firstline.api.auth import caller
from firstline.api.bodies import Body
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.people_bodies import Language
from firstline.api.problems import Refused
from firstline.api.shapes import moment
from firstline.api.tickets import Limit, Search
from firstline.lib import spreadsheets
from firstline.people import accounts, colleagues, listed
from firstline.people.models import AccountRequest, Client, Person
from firstline.people.permissions import demand
from firstline.tickets import requests_asked
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue

router = Router(tags=["Colleagues"])
wishes = Router(tags=["Colleagues"])
requests = Router(tags=["Colleagues"])
NO_BODY: Any = Sent(None)
MOST_EXPORTED = 10_000
HEAD = ("number", "subject", "status", "requester", "service", "site", "created_at", "resolved_at")


class NewColleague(Body):
    name: bodies.Named
    email: bodies.Named
    phone: bodies.Named = ""
    language: Language | Literal[""] = ""


class Acceptance(Body):
    client: bodies.Slug | None = Field(None, description="whose person; a coordinator need not name his own")
    role: Literal["requester", "coordinator"] = "requester"


class ColleagueShape(Schema):
    login: str
    name: str
    email: str
    phone: str
    role: str
    language: str
    active: bool


class Colleagues(Schema):
    items: list[ColleagueShape]
    next_cursor: str | None


class AccountWish(Schema):
    id: int
    name: str
    email: str
    phone: str
    company: str
    language: str
    created_at: datetime
    proposed_by: str | None


class AccountWishes(Schema):
    items: list[AccountWish]
    next_cursor: str | None


class Added(Schema):
    """One of the two: he is in, or the desk was asked."""

    colleague: ColleagueShape | None
    request: AccountWish | None


@router.get("", response={200: Colleagues, **FOR_READING}, summary="List the people of one's company")
def index(request: HttpRequest, q: Search = "", cursor: Search = "", limit: Limit = 50) -> HttpResponse:
    """By name; a coordinator's."""
    rows = colleagues.of(caller(request).person, q)
    last = cursors.number("colleagues", cursor)
    if last is not None:
        rows = listed.after(rows, last)
    return answering.plain(cursors.page("colleagues", list(rows[: limit + 1]), limit, _colleague))


@router.post("", response={201: Added, **FOR_WRITING}, summary="Add a colleague, or propose one")
def add(request: HttpRequest, asked: NewColleague) -> HttpResponse:
    """An address of the company's mail domain is let in and invited; any other is a proposal to the desk."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        made = _fit(lambda: colleagues.add(by, **asked.dict(), at=at))
        if made is not None:
            return 201, {"colleague": _colleague(made), "request": None}
        waits = AccountRequest.objects.filter(email=asked.email.strip().lower(), decided_at__isnull=True).get()
        if waits.proposed_by_id == by.pk:
            return 201, {"colleague": None, "request": _wish(waits)}
        # Somebody else asked for this address before: what he said of it is none of this caller's business.
        return 201, {"colleague": None, "request": {**asked.dict(), "id": waits.pk, "company": "", "proposed_by": None,
                                                    "created_at": moment(at)}}  # fmt: skip

    return answering.done(request, deed)


@router.post("/{login}/leaving", response={200: ColleagueShape, **FOR_WRITING}, summary="Part with a colleague")
def part(request: HttpRequest, login: str, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """He signs in no more; his requests and words stay. Another coordinator is the desk's to part with (409)."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = colleagues.of(by).filter(login__iexact=login.replace("\x00", "")).first()
        if found is None:
            raise NotThere(login)
        try:
            colleagues.part_with(found, by=by, at=at)
        except colleagues.NotYours as no:
            raise Refused(409, "Only the desk can do that.", kind="only-the-desk") from no
        return 200, _colleague(colleagues.of(by).get(pk=found.pk))

    return answering.done(request, deed)


@wishes.get("", response={200: AccountWishes, **FOR_READING}, summary="List who asks for an account")
def waiting(request: HttpRequest, cursor: Search = "", limit: Limit = 50) -> HttpResponse:
    """Oldest first. The desk sees all of them, a coordinator those of his company's mail domain."""
    rows = _waiting(caller(request).person)
    last = cursors.number("account-requests", cursor)
    if last is not None:
        rows = rows.filter(pk__gt=last)
    rows = rows.select_related("proposed_by")
    return answering.plain(cursors.page("account-requests", list(rows[: limit + 1]), limit, _wish))


@wishes.post("/{int:number}/acceptance", response={200: ColleagueShape, **FOR_WRITING}, summary="Let somebody in")
def accept(request: HttpRequest, number: int, asked: Acceptance) -> HttpResponse:
    """A person of the client, with an invitation by mail."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        wish = _asked(by, number)
        if colleagues.is_for(by):
            return 200, _colleague(_fit(lambda: colleagues.accept(wish, by=by, at=at)))
        client = Client.objects.filter(slug=asked.client or "").first()
        if client is None:
            raise WrongValue("client", named.UNKNOWN)
        return 200, _colleague(_fit(lambda: accounts.accept(wish, client=client, role=asked.role, by=by, at=at)))

    return answering.done(request, deed)


@wishes.post("/{int:number}/refusal", response={200: AccountWish, **FOR_WRITING}, summary="Refuse an account")
def refuse(request: HttpRequest, number: int, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """Nobody is written to: the address may be anybody's."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        wish = _asked(by, number)
        _fit(lambda: (colleagues if colleagues.is_for(by) else accounts).refuse(wish, by=by, at=at))
        return 200, _wish(wish)

    return answering.done(request, deed)


@requests.get("/export.csv", response={200: str, **FOR_READING}, summary="Requests as a table")
def table(
    request: HttpRequest, state: Search = "open", whose: Search = "own", q: Search = "", person: Search = "",
    site: Search = "", service: Search = "", since: Search = "", until: Search = "",
) -> HttpResponse:  # fmt: skip
    """What the portal's list exports, the newest first, at most 10,000: `state` open, yours, done or all; `whose` own
    or company (a coordinator's); `person` a login; `since` and `until` are days, both within."""
    by = caller(request).person
    company = whose == "company" and requests_asked.sees_company(by)
    question = requests_asked.Question(
        whose="company" if company else "own",
        state=state if state in requests_asked.STATES else "open",
        words=q[:100].replace("\x00", ""),
        person=_person(by, person) if company and person else None,
        site=site.replace("\x00", "") if company else "",
        service=service.replace("\x00", ""),
        since=_day("since", since),
        until=_day("until", until, days=1),
    )
    rows = requests_asked.asked_for(by, question).select_related("requester", "service", "equipment__site")
    text = "".join(spreadsheets.lines(HEAD, _rows(rows.order_by("-pk")[:MOST_EXPORTED])))
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="requests.csv"'
    return answer


def _rows(tickets: Any) -> Iterator[list[object]]:
    for one in tickets.iterator(chunk_size=500):
        site = one.equipment.site if one.equipment else None
        yield [
            one.number, one.subject, str(one.status), one.requester.name, one.service.slug if one.service else "",
            site.slug if site else "", moment(one.created_at), moment(one.resolved_at) if one.resolved_at else "",
        ]  # fmt: skip


def _person(by: Person, login: str) -> int:
    """Nobody of another company is known: then nothing is found."""
    found = colleagues.of(by).filter(login__iexact=login.replace("\x00", "")).values_list("pk", flat=True).first()
    return found or 0


def _day(field: str, given: str, *, days: int = 0) -> datetime | None:
    if not given:
        return None
    try:
        day = date.fromisoformat(given) + timedelta(days=days)
    except (ValueError, OverflowError) as wrong:
        raise WrongValue(field, "not a day") from wrong
    return timezone.make_aware(datetime.combine(day, time()))


def _waiting(by: Person) -> Any:
    return colleagues.waiting(by) if colleagues.is_for(by) else accounts.waiting(by)


def _asked(by: Person, number: int) -> AccountRequest:
    """One of the coordinator's domain, waiting; or any, for the desk: what was decided is refused by the verb."""
    if colleagues.is_for(by):
        rows = colleagues.waiting(by)
    else:
        demand(by, "accounts")
        rows = AccountRequest.objects.all()
    found = rows.filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise NotThere(str(number))
    return found


def _fit(deed: Any) -> Any:
    try:
        return deed()
    except accounts.WrongField as wrong:
        raise WrongValue(wrong.field, wrong.problem) from wrong
    except accounts.AlreadyDecided as late:
        raise Refused(409, "Somebody else has decided about this one already.", kind="decided") from late


def _colleague(person: Person) -> dict[str, Any]:
    return {
        "login": person.login, "name": person.name, "email": person.email, "phone": person.phone,
        "role": str(person.role), "language": person.language, "active": person.is_active,
    }  # fmt: skip


def _wish(one: AccountRequest) -> dict[str, Any]:
    return {
        "id": one.pk, "name": one.name, "email": one.email, "phone": one.phone, "company": one.company,
        "language": one.language, "created_at": moment(one.created_at),
        "proposed_by": one.proposed_by.login if one.proposed_by else None,
    }  # fmt: skip
