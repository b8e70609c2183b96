"""Every address of the product: how it is knocked at, and whom product.md lets in.

A row of DOORS: the route as Django knows it → (method, the rule, what is sent). A rule says of a person and of the
ticket (or other thing) behind the door what must happen: IN, NO (403: he may see it, not do it), HIDDEN (404), SIGN_IN.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from firstline.lib import clock
from tests.security.rules import (
    AGENTS,
    CLIENTS_SIDE,
    DIRECTS,
    EVERYBODY,
    HIDDEN,
    IN,
    JOURNAL,
    NO,
    SEES,
    SIGN_IN,
    SOLVERS,
    Rule,
    anybody,
    creates,
    desk,
    of_one,
    only,
    own_paper,
    own_paper_deed,
    paper,
    portal,
    signed_in,
    ticket,
)

TOMORROW = (clock.now() + timedelta(days=1)).isoformat()


def nothing_to_excuse(rule: Rule) -> Rule:
    """Who may excuse is told that nothing is broken here; everybody else is refused before that."""
    return lambda who, client: "unfit" if rule(who, client) == IN else rule(who, client)


nothing_owed = nothing_to_excuse  # nor a visit that could be called off


class Door(NamedTuple):
    method: str
    rule: Rule
    sent: dict[str, Any] = {}
    json: bool = False


CARD = {"to_line": 2, "symptom": "не печатает", "tried": "перезапуск", "impact": "low", "reason": "too_long"}
OWN_SIDE = {"ivan", "kira"}


def api(rule: Rule, method: str = "POST", **sent: Any) -> Door:
    return Door(method, rule, sent, json=True)


DOORS: dict[str, list[Door]] = {
    # for machines
    "healthz": [Door("GET", anybody)],
    "readyz": [Door("GET", lambda who, client: "unready")],
    "metrics": [Door("GET", anybody)],
    # signing in
    "account/login/": [Door("GET", anybody)],
    "account/logout/": [Door("POST", lambda who, client: SIGN_IN)],
    "account/forgot/": [Door("GET", anybody)],
    "account/sent/": [Door("GET", anybody)],
    "account/link/": [Door("GET", anybody)],
    "account/link/<str:token>/": [Door("GET", lambda who, client: "gone")],
    "account/support/<str:token>/": [Door("GET", lambda who, client: "gone")],
    "account/password/": [Door("GET", signed_in)],
    "account/password/reset/<str:token>/": [Door("GET", lambda who, client: "gone")],
    "account/invitation/<str:token>/": [Door("GET", lambda who, client: "gone")],
    "account/first/<str:token>/": [Door("GET", lambda who, client: "gone")],
    "account/request/": [Door("GET", anybody)],
    "account/asked/": [Door("GET", anybody)],
    # everybody
    "": [Door("GET", anybody)],
    "language/": [Door("POST", anybody, {"language": "bg"})],
    "theme.css": [Door("GET", anybody)],
    "brand/logo": [Door("GET", lambda who, client: HIDDEN)],
    "theme/": [Door("POST", anybody, {"theme": "dark"})],
    "s/<str:token>/": [Door("GET", lambda who, client: HIDDEN)],
    # the portal
    "portal/": [Door("GET", signed_in)],
    "portal/new/": [Door("GET", signed_in)],
    "portal/new/answers/": [Door("GET", anybody)],
    "portal/received/": [Door("GET", anybody)],
    "portal/ask/": [Door("GET", anybody)],
    "portal/requests/": [Door("GET", signed_in)],
    "portal/requests/<str:number>/": [Door("GET", portal(own=True))],
    "portal/requests/<str:number>/clocks/": [Door("GET", portal(own=True))],
    "portal/requests/<str:number>/answer/": [Door("POST", portal(), {"body": "И ещё"})],
    "portal/requests/<str:number>/confirmation/": [Door("POST", portal())],
    "portal/requests/<str:number>/reopening/": [Door("POST", portal(), {"why": "снова"})],
    "portal/requests/<str:number>/rating/": [Door("POST", portal(), {"score": "5"})],
    "portal/requests/<str:number>/cancellation/": [Door("POST", portal(), {"why": "не нужно"})],
    "portal/requests/<str:number>/files/<int:attachment_id>/": [Door("GET", portal(own=True))],
    "portal/requests/<str:number>/files/<int:attachment_id>/picture": [
        Door("GET", lambda who, client: _no_portal_picture(who, client))
    ],
    "portal/statements/": [Door("GET", signed_in)],
    "portal/statements/<int:number>/": [Door("GET", own_paper)],
    "portal/statements/<int:number>/paper/": [Door("GET", own_paper)],
    "portal/statements/<int:number>/lines.csv": [Door("GET", own_paper)],
    "portal/statements/<int:number>/agreement/": [Door("POST", own_paper_deed)],
    "portal/statements/<int:number>/objection/": [Door("POST", own_paper_deed, {"words": "не наша вина"})],
    "portal/remote-help/": [Door("GET", anybody)],
    "portal/profile/": [Door("GET", signed_in)],
    # the desk
    "desk/": [Door("GET", only(AGENTS))],
    "desk/search/": [Door("GET", only(AGENTS))],
    "desk/inbox/": [Door("GET", only(AGENTS))],
    "desk/inbox/reading/": [Door("POST", only(AGENTS))],
    "desk/inbox/<int:number>/reading/": [Door("POST", desk(AGENTS))],
    "desk/keys/": [Door("GET", only(AGENTS))],
    "desk/profile/keys/": [Door("GET", only(AGENTS)), Door("POST", only(AGENTS), {"key.x": "shift+x"})],
    "desk/profile/notices/": [Door("GET", only(AGENTS)), Door("POST", only(AGENTS), {"mail.answer": "digest"})],
    "desk/palette/": [Door("GET", only(AGENTS))],
    "desk/queue/": [Door("GET", only(AGENTS))],
    "desk/queue/count/": [Door("GET", only(AGENTS))],
    "desk/views/": [Door("GET", only(AGENTS))],
    "desk/views/new/": [Door("POST", only(AGENTS), {"name": "мои", "shared": "nobody"})],
    "desk/views/<int:number>/": [Door("POST", of_one("nadia"), {"name": "новое"})],
    "desk/views/<int:number>/pin/": [Door("POST", of_one("nadia"), {"on": "1"})],
    "desk/views/<int:number>/removal/": [Door("POST", of_one("nadia"))],
    "desk/queue/deeds/": [Door("POST", only(AGENTS))],
    "desk/queue/undo/": [Door("POST", only(AGENTS))],
    "desk/board/": [Door("GET", only({"lev", "maria", "adam"}))],
    "desk/board/hindrances/": [Door("GET", only({"lev", "maria", "adam"}))],
    "desk/queue/order/": [Door("POST", only(AGENTS), {"order": "cost"})],
    "desk/sidebar/": [Door("GET", only(AGENTS))],
    "desk/menu/": [Door("GET", only(AGENTS))],
    "desk/health/": [Door("GET", only({"lev", "maria", "adam"}))],
    "desk/channels/": [Door("GET", only({"adam"}))],
    "desk/channels/new/": [Door("GET", only({"adam"}))],
    "desk/channels/<int:number>/": [Door("GET", only({"adam"}))],
    "desk/channels/<int:number>/pause/": [Door("POST", only({"adam"}))],
    "desk/channels/<int:number>/resumption/": [Door("POST", only({"adam"}))],
    "desk/channels/consent/": [Door("GET", only({"adam"}))],
    "desk/channels/<int:number>/connection/": [Door("GET", only({"adam"})), Door("POST", only({"adam"}))],
    "desk/channels/<int:number>/disconnection/": [Door("POST", only({"adam"}))],
    "desk/channels/<int:number>/probes/": [Door("GET", only({"adam"})), Door("POST", only({"adam"}))],
    "desk/channels/<int:number>/trial/": [Door("POST", only({"adam"}))],
    "desk/versions/<int:number>/numbers/": [Door("GET", paper({"lev", "maria", "anna", "adam"}))],
    "desk/versions/<int:number>/indicators/": [Door("GET", paper({"lev", "maria", "anna", "adam"}))],
    "desk/versions/<int:number>/what-if/": [Door("POST", paper({"maria", "anna"}))],
    "desk/statements/": [Door("GET", only({"lev", "maria", "anna", "adam"}))],
    "desk/statements/new/": [Door("POST", only({"maria", "anna"}), {"version": "{version}", "month": "2026-03"})],
    "desk/statements/<int:number>/": [Door("GET", paper({"lev", "maria", "anna", "adam"}))],
    "desk/statements/<int:number>/paper/": [Door("GET", paper({"lev", "maria", "anna", "adam"}))],
    "desk/statements/<int:number>/lines.csv": [Door("GET", paper({"lev", "maria", "anna", "adam"}))],
    "desk/statements/<int:number>/computing/": [Door("POST", paper({"maria", "anna"}))],
    "desk/statements/<int:number>/<step:to>/": [Door("POST", paper({"maria", "anna"}), {"words": "счёт 1"})],
    "desk/calls/new/": [Door("GET", only(AGENTS))],
    "desk/accounts/": [Door("GET", only({"maria", "anna", "adam"}))],
    "desk/accounts/<int:number>/acceptance/": [Door("POST", only({"maria", "anna", "adam"}), {"client": "north"})],
    "desk/accounts/<int:number>/refusal/": [Door("POST", only({"maria", "anna", "adam"}))],
    "desk/tickets/<number>/": [Door("GET", desk(AGENTS))],
    "desk/tickets/<number>/messages/": [Door("POST", desk(SOLVERS), {"body": "Смотрю", "as": "answer"})],
    "desk/tickets/<number>/calls/": [Door("POST", desk(SOLVERS), {"text": "Говорили"})],
    "desk/tickets/<number>/worklogs/": [Door("POST", desk(SOLVERS), {"minutes": "5", "kind": "phone"})],
    "desk/tickets/<number>/take/": [Door("POST", desk(SOLVERS))],
    "desk/tickets/<number>/assignment/": [Door("POST", desk(DIRECTS), {"assignee": "nadia"})],
    "desk/tickets/<number>/hand-over/": [Door("POST", desk(SOLVERS), CARD)],
    "desk/tickets/<number>/wait/": [Door("POST", desk(SOLVERS), {"for": "client", "reason": "?"})],
    "desk/tickets/<number>/workaround/": [Door("POST", desk(SOLVERS), {"how": "через второй принтер"})],
    "desk/tickets/<number>/arrival/": [Door("POST", desk(SOLVERS))],
    "desk/tickets/<number>/no-visit/": [Door("POST", nothing_owed(desk(SOLVERS)), {"why": "Помог по телефону"})],
    "desk/tickets/<number>/clocks/": [Door("GET", desk(AGENTS))],
    "desk/tickets/<number>/clocks/<int:clock_id>/excuse/": [
        Door("POST", nothing_to_excuse(desk({"maria", "anna"})), {"reason": "не наша вина"})
    ],
    "desk/calendars/": [Door("GET", only(AGENTS))],
    "desk/calendars/<slug:calendar>/<int:year>/": [Door("GET", only(AGENTS))],
    "desk/calendars/new/": [Door("GET", only({"maria", "adam"}))],
    "desk/calendars/<slug:calendar>/week/": [Door("GET", only({"maria", "adam"}))],
    "desk/calendars/<slug:calendar>/days/": [
        Door("POST", only({"maria", "adam"}), {"day": TOMORROW[:10], "what": "hours", "hours": "10:00-14:00"})
    ],
    "desk/pauses/": [Door("GET", only({"maria", "anna"}))],
    "desk/tickets/<number>/hold/": [Door("POST", desk(SOLVERS), {"until": TOMORROW[:16], "reason": "окно"})],
    "desk/tickets/<number>/resume/": [Door("POST", desk(SOLVERS))],
    "desk/tickets/<number>/resolution/": [Door("POST", desk(SOLVERS), {"how": "готово"})],
    "desk/tickets/<number>/vendors/": [Door("GET", desk(AGENTS))],
    "desk/tickets/<number>/vendors/new/": [
        Door("POST", desk(SOLVERS), {"vendor": "kkt", "subject": "Касса", "body": "E15"})
    ],
    "desk/tickets/<number>/vendors/<int:request_number>/": [Door("POST", desk(SOLVERS), {"body": "Ещё"})],
    "desk/tickets/<number>/vendors/<int:request_number>/closing/": [Door("POST", desk(SOLVERS), {"solved": "on"})],
    "desk/tickets/<number>/vendors/<int:request_number>/number/": [
        Door("POST", desk(SOLVERS), {"their_number": "SR-1"})
    ],
    "desk/tickets/<number>/cancellation/": [Door("POST", desk(SOLVERS), {"why": "не нужно"})],
    "desk/tickets/<number>/link/": [Door("POST", desk(SOLVERS), {"to": "{other}", "kind": "related"})],
    "desk/tickets/<number>/merge/": [Door("POST", desk(SOLVERS), {"into": "{other}"})],
    "desk/tickets/<number>/separation/": [Door("POST", desk(SOLVERS))],
    "desk/tickets/<number>/participants/": [
        Door("GET", desk(AGENTS)),
        Door("POST", desk(SOLVERS), {"email": "x@elsewhere.example"}),
    ],
    "desk/tickets/<number>/mail-again/": [Door("POST", desk(SOLVERS))],
    "desk/tickets/<number>/claim/": [Door("POST", desk(SOLVERS), {"belongs": "no"})],
    "desk/tickets/<number>/properties/": [Door("POST", desk(DIRECTS), {"priority": "2"})],
    "desk/tickets/<number>/articles/": [Door("GET", desk(AGENTS))],
    "desk/files/<int:number>": [Door("GET", desk(AGENTS))],
    "desk/files/<int:number>/picture": [Door("GET", lambda who, client: _no_picture(who, client))],
    "desk/files/<int:number>/appointment": [Door("GET", lambda who, client: _no_picture(who, client))],
    "desk/messages/<int:number>/": [Door("GET", lambda who, client: _no_picture(who, client))],
    "desk/messages/<int:number>/move/": [Door("POST", desk(SOLVERS), {"to": "{other}"})],
    "desk/messages/<int:number>/split/": [Door("POST", desk(SOLVERS))],
    "desk/messages/<int:number>/original": [Door("GET", lambda who, client: _no_picture(who, client))],
    "desk/messages/<int:number>/original.eml": [Door("GET", lambda who, client: _no_picture(who, client))],
    "desk/quarantine/": [Door("GET", only(JOURNAL))],
    "desk/rules/": [Door("GET", only({"adam"}))],
    "desk/rules/new/": [Door("GET", only({"adam"}))],
    "desk/rules/<int:number>/": [Door("GET", lambda who, client: _rule(who))],
    "desk/rules/<int:number>/position/": [Door("POST", lambda who, client: _rule(who), {"to": "up"})],
    "desk/rules/<int:number>/switch/": [Door("POST", lambda who, client: _rule(who), {"on": "1"})],
    "desk/rules/<int:number>/removal/": [Door("POST", lambda who, client: _rule(who))],
    "desk/unaccounted/": [Door("GET", only(JOURNAL))],
    "desk/unaccounted/<int:number>/taking-in/": [Door("POST", lambda who, client: _missing(who))],
    "desk/quarantine/decisions/": [Door("POST", only(JOURNAL), {"deed": "spam", "item": "1"})],
    "desk/intake/": [Door("GET", only(JOURNAL))],
    "desk/intake/<number>/": [Door("GET", lambda who, client: _journal(who, client))],
    "desk/intake/<number>/original": [Door("GET", lambda who, client: _journal(who, client))],
    "desk/intake/<number>/original.eml": [Door("GET", lambda who, client: _journal(who, client))],
    "desk/intake/<number>/ticket/": [Door("POST", lambda who, client: _journal(who, client))],
    "desk/intake/<number>/ignoring/": [Door("POST", lambda who, client: _journal(who, client), {"why": "реклама"})],
    "desk/intake/<number>/reading/": [Door("POST", lambda who, client: _journal(who, client))],
    "desk/intake/<number>/message/": [Door("POST", lambda who, client: _joins(who, client, NO), {"ticket": "{other}"})],
    "desk/intake/<number>/spam/": [Door("POST", lambda who, client: _journal(who, client))],
    "desk/intake/<number>/return/": [Door("POST", lambda who, client: _journal(who, client))],
    "desk/outbox/": [Door("GET", only(JOURNAL))],
    "desk/outbox/<int:number>/sending/": [Door("POST", lambda who, client: _outbox(who, client))],
    "desk/profile/": [Door("GET", only(AGENTS))],
    "desk/tokens/": [Door("GET", only(AGENTS))],
    "desk/tokens/<int:number>/revocation/": [Door("POST", lambda who, client: _others_token(who, client))],
    # the wiki
    "kb/": [Door("GET", anybody)],
    "kb/new/": [Door("GET", only(JOURNAL))],
    "kb/<slug:slug>/": [Door("GET", lambda who, client: IN if who in AGENTS else HIDDEN)],
    "kb/<slug:slug>/edit/": [Door("GET", lambda who, client: _wiki(who, JOURNAL))],
    "kb/<slug:slug>/history/": [Door("GET", lambda who, client: _wiki(who, AGENTS))],
    "kb/<slug:slug>/handing-in/": [Door("POST", lambda who, client: _wiki(who, JOURNAL))],
    "kb/<slug:slug>/publication/": [Door("POST", lambda who, client: _wiki(who, {"lev", "maria", "adam"}))],
    "kb/<slug:slug>/archiving/": [Door("POST", lambda who, client: _wiki(who, {"lev", "maria", "adam"}))],
    # the API
    "api/v1/": [api(anybody, "GET")],
    "api/v1/^.*$": [],
    "api/v1/docs": [api(anybody, "GET")],
    "api/v1/openapi.json": [api(anybody, "GET")],
    "api/v1/search": [api(signed_in, "GET")],
    "api/v1/files/<file_id>": [api(ticket(EVERYBODY), "GET")],
    "api/v1/intake/email": [api(only(AGENTS))],
    "api/v1/intake": [api(only(JOURNAL), "GET")],
    "api/v1/intake/unaccounted": [api(only(JOURNAL), "GET")],
    "api/v1/intake/unaccounted/<int:number>/taking-in": [api(lambda who, client: _missing(who))],
    "api/v1/intake/<number>": [api(lambda who, client: _journal_api(who, client), "GET")],
    "api/v1/intake/<number>/raw": [api(lambda who, client: _journal_api(who, client), "GET")],
    "api/v1/intake/<number>/ticket": [api(lambda who, client: _journal_api(who, client))],
    "api/v1/intake/<number>/ignore": [api(lambda who, client: _journal_api(who, client), why="реклама")],
    "api/v1/intake/<number>/run-again": [api(lambda who, client: _journal_api(who, client))],
    "api/v1/intake/<number>/message": [api(lambda who, client: _joins(who, client, HIDDEN), ticket="{other}")],
    "api/v1/intake/<number>/spam": [api(lambda who, client: _journal_api(who, client))],
    "api/v1/intake/<number>/return": [api(lambda who, client: _journal_api(who, client))],
    "api/v1/tickets": [
        api(signed_in, "GET"),
        api(lambda who, client: creates(who, client), subject="x", body="y", requester={"email": "{requester}"}),
    ],
    "api/v1/tickets/<number>": [api(ticket(EVERYBODY), "GET"), api(ticket(DIRECTS), "PATCH", priority=2)],
    "api/v1/tickets/<number>/excuse": [
        api(nothing_to_excuse(ticket({"maria", "anna"})), metric="first_response", reason="не наша вина")
    ],
    "api/v1/tickets/<number>/clocks": [api(ticket(EVERYBODY), "GET")],
    "api/v1/tickets/<number>/timeline": [api(ticket(EVERYBODY), "GET")],
    "api/v1/tickets/<number>/deliveries": [api(ticket(JOURNAL), "GET")],
    "api/v1/tickets/<number>/take": [api(ticket(SOLVERS))],
    "api/v1/tickets/<number>/assignment": [api(ticket(DIRECTS), assignee="nadia")],
    "api/v1/tickets/<number>/hand-over": [api(ticket(SOLVERS), **CARD)],
    "api/v1/tickets/<number>/wait": [api(ticket(SOLVERS), **{"for": "client", "reason": "?"})],
    "api/v1/tickets/<number>/workaround": [api(ticket(SOLVERS), how="через второй принтер")],
    "api/v1/tickets/<number>/arrival": [api(ticket(SOLVERS))],
    "api/v1/tickets/<number>/no-visit": [api(nothing_owed(ticket(SOLVERS)), why="Помог по телефону")],
    "api/v1/tickets/<number>/calls": [api(ticket(SOLVERS), text="Говорили")],
    "api/v1/tickets/<number>/hold": [api(ticket(SOLVERS), until=TOMORROW, reason="окно")],
    "api/v1/board": [api(only({"lev", "maria", "adam"}), "GET")],
    "api/v1/inbox": [api(only(AGENTS), "GET")],
    "api/v1/inbox/reading": [api(only(AGENTS))],
    "api/v1/inbox/wishes": [api(only(AGENTS), "GET"), api(only(AGENTS), "PUT", quiet=True)],
    "api/v1/views": [
        api(only(AGENTS), "GET"),
        api(only(AGENTS), name="мои", asked={"line": "1"}),
    ],
    "api/v1/views/<int:number>": [api(of_one("nadia"), "PATCH", name="новое"), api(of_one("nadia"), "DELETE")],
    "api/v1/tickets/<number>/resume": [api(ticket(SOLVERS))],
    "api/v1/tickets/<number>/undo": [api(ticket(AGENTS), event=1)],
    "api/v1/tickets/<number>/resolution": [api(ticket(SOLVERS), how="готово", remote=True)],
    "api/v1/tickets/<number>/confirmation": [api(ticket(OWN_SIDE))],
    "api/v1/tickets/<number>/reopening": [api(ticket(OWN_SIDE), why="снова")],
    "api/v1/tickets/<number>/cancellation": [api(ticket(OWN_SIDE | SOLVERS), why="не нужно")],
    "api/v1/tickets/<number>/rating": [api(ticket(OWN_SIDE), score=5)],
    "api/v1/tickets/<number>/link": [api(ticket(SOLVERS), to="{other}", kind="related")],
    "api/v1/tickets/<number>/merge": [api(ticket(SOLVERS), into="{other}")],
    "api/v1/tickets/<number>/separation": [api(ticket(SOLVERS))],
    "api/v1/tickets/<number>/participants": [api(ticket(SOLVERS), email="x@elsewhere.example")],
    "api/v1/tickets/<number>/mail-again": [api(ticket(SOLVERS))],
    "api/v1/tickets/<number>/claim": [api(ticket(SOLVERS), belongs=False)],
    "api/v1/tickets/<number>/move": [api(ticket(SOLVERS), message="{message}", to="{other}")],
    "api/v1/tickets/<number>/split": [api(ticket(SOLVERS), message="{message}")],
    "api/v1/tickets/<number>/messages": [api(ticket(OWN_SIDE | SOLVERS), body="Вот", public=True)],
    "api/v1/tickets/<number>/worklogs": [api(ticket(SOLVERS), minutes=5, kind="phone")],
}


def _no_picture(who: str | None, client: str) -> str:
    """There is no picture and no mail behind this ticket: who may ask learns that there is nothing."""
    return HIDDEN if desk(AGENTS)(who, client) == IN else desk(AGENTS)(who, client)


def _no_portal_picture(who: str | None, client: str) -> str:
    """The file of this request is no picture: who may ask learns that; the desk is led to its own page."""
    found = portal(own=True)(who, client)
    return HIDDEN if found == IN and who not in AGENTS else found


def _journal(who: str | None, client: str) -> str:
    """The item lies in the mailbox of line 1: its team, the lead, the manager, the administrator."""
    if who is None or who in CLIENTS_SIDE:
        return SIGN_IN if who is None else NO
    return IN if who in {"olga", "petra", "nadia", "lev", "maria", "adam"} else HIDDEN


def _journal_api(who: str | None, client: str) -> str:
    return HIDDEN if who in CLIENTS_SIDE else _journal(who, client)


def _rule(who: str | None) -> str:
    """There is no such rule: the administrator learns it, nobody else that there are any."""
    if who is None:
        return SIGN_IN
    return HIDDEN if who == "adam" else NO


def _missing(who: str | None) -> str:
    """Nothing is missing: who may ask learns that there is no such thing."""
    if who is None:
        return SIGN_IN
    return HIDDEN if who in JOURNAL else NO


def _joins(who: str | None, client: str, clients_side: str) -> str:
    """The item and the ticket must both be his to see."""
    if who is None or who in CLIENTS_SIDE:
        return SIGN_IN if who is None else clients_side
    if who == "anna":
        return HIDDEN
    return IN if _journal(who, client) == IN and who in SEES[client] else HIDDEN


def _outbox(who: str | None, client: str) -> str:
    """A delivery that no team's mailbox sent: for who sees the whole outbox."""
    if who is None or who in CLIENTS_SIDE or who == "anna":
        return SIGN_IN if who is None else NO
    return IN if who in {"lev", "maria", "adam"} else HIDDEN


def _others_token(who: str | None, client: str) -> str:
    """The token is Maria's own."""
    if who is None or who in CLIENTS_SIDE:
        return SIGN_IN if who is None else NO
    return IN if who == "maria" else HIDDEN


def _wiki(who: str | None, people: set[str]) -> str:
    """A draft of the desk: the client's side does not know that it exists."""
    if who is None:
        return SIGN_IN
    if who in CLIENTS_SIDE:
        return HIDDEN
    return IN if who in people else NO
