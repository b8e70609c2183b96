"""The doors of contracts and the catalogue, as in doors.py."""

from __future__ import annotations

from tests.security.doors import AGENTS, HIDDEN, IN, NO, SIGN_IN, TOMORROW, Door, Rule, api, only
from tests.security.rules import EVERYBODY, RECORDS, SOLVERS, outage, paper, ticket

SEES_CONTRACTS = {"lev", "maria", "anna", "adam"}
EDITS_CONTRACTS = {"anna", "adam"}
COORDINATORS = {"kira", "elena"}
SEES_VENDORS = {"emil", "lev", "maria", "anna", "adam"}


def contract(people: set[str]) -> Rule:
    """A contract: who may not do the deed is refused; a lead sees those of his clients."""

    def rule(who: str | None, client: str) -> str:
        if who is None:
            return SIGN_IN
        if who not in people:
            return NO
        return IN if who != "lev" or client == "north" else HIDDEN

    return rule


def _signs(who: str | None, client: str) -> str:
    """The paper is looked up first: who sees it and may not replace it is refused, to others it is not there."""
    seen = contract(SEES_CONTRACTS)(who, client)
    return NO if seen == IN and who not in EDITS_CONTRACTS else seen


def _statement(people: set[str]) -> Rule:
    """A statement by API: at the desk as on its pages, and for the client's coordinator, of his own."""

    def rule(who: str | None, client: str) -> str:
        if who not in COORDINATORS:
            return paper(people)(who, client)
        return HIDDEN if (who, client) != ("kira", "north") else IN if who in people else NO

    return rule


CONTRACT_DOORS: dict[str, list[Door]] = {
    "desk/contracts/": [Door("GET", only(SEES_CONTRACTS))],
    "desk/contracts/new/": [Door("GET", only(EDITS_CONTRACTS))],
    "desk/contracts/<slug:slug>/": [Door("GET", contract(SEES_CONTRACTS))],
    "desk/contracts/<slug:slug>/name/": [Door("GET", contract(EDITS_CONTRACTS))],
    "desk/contracts/<slug:slug>/versions/": [Door("GET", contract(EDITS_CONTRACTS))],
    "desk/contracts/<slug:slug>/differences/": [Door("GET", contract(SEES_CONTRACTS))],
    "desk/contracts/<slug:slug>/<int:number>/": [Door("GET", contract(SEES_CONTRACTS))],
    "desk/contracts/<slug:slug>/<int:number>/edit/": [Door("GET", contract(EDITS_CONTRACTS))],
    "desk/contracts/<slug:slug>/<int:number>/trial/": [Door("GET", contract(SEES_CONTRACTS))],
    "desk/contracts/<slug:slug>/<int:number>/force/": [Door("POST", contract(EDITS_CONTRACTS))],
    "desk/contracts/<slug:slug>/<int:number>/discarding/": [Door("POST", contract(EDITS_CONTRACTS))],
    "desk/contracts/<slug:slug>/<int:number>/document/": [
        Door("GET", contract(SEES_CONTRACTS)),
        Door("POST", lambda who, client: _signs(who, client)),
    ],
    "desk/contract-templates/": [Door("GET", only(SEES_CONTRACTS))],
    "desk/contract-templates/new/": [Door("GET", only(EDITS_CONTRACTS))],
    "desk/contract-templates/<slug:slug>/": [Door("GET", only(SEES_CONTRACTS))],
    "desk/contract-templates/<slug:slug>/edit/": [Door("GET", only(EDITS_CONTRACTS))],
    "desk/contract-templates/<slug:slug>/retirement/": [Door("POST", only(EDITS_CONTRACTS), {"retired": "yes"})],
    "desk/contract-templates/<slug:slug>/use/": [Door("GET", only(EDITS_CONTRACTS), {"contract": "118-24"})],
    "desk/vendors/": [Door("GET", only(SEES_VENDORS))],
    "desk/vendors/new/": [Door("GET", only(EDITS_CONTRACTS))],
    "desk/vendors/<slug:slug>/": [
        Door("GET", only(SEES_VENDORS)),
        Door("POST", only(EDITS_CONTRACTS), {"names-ru": "Кассы", "calendar": "weekdays", "language": "ru"}),
    ],
    "desk/vendors/<slug:slug>/retirement/": [Door("POST", only(EDITS_CONTRACTS), {"retired": "yes"})],
    "api/v1/contracts": [
        api(only(SEES_CONTRACTS), "GET"),
        api(only(EDITS_CONTRACTS), client="north", number="7/26"),
    ],
    "api/v1/contracts/<slug>": [
        api(contract(SEES_CONTRACTS), "GET"),
        api(contract(EDITS_CONTRACTS), "PATCH", number="1"),
    ],
    "api/v1/contracts/<slug>/versions": [api(contract(EDITS_CONTRACTS), valid_from="2026-04-01", version=1)],
    "api/v1/contracts/<slug>/versions/<int:number>": [
        api(contract(SEES_CONTRACTS), "GET"),
        api(contract(EDITS_CONTRACTS), "PATCH", valid_from="2026-05-01"),
        api(contract(EDITS_CONTRACTS), "DELETE"),
    ],
    "api/v1/contracts/<slug>/versions/<int:number>/force": [api(contract(EDITS_CONTRACTS))],
    "api/v1/contracts/<slug>/versions/<int:number>/document": [
        api(contract(SEES_CONTRACTS), "GET"),
        api(contract(EDITS_CONTRACTS), "PUT"),
    ],
    "api/v1/contracts/<slug>/versions/<int:number>/trial": [
        api(contract(SEES_CONTRACTS), "GET", query="at=2026-03-02T09:00:00%2B03:00")
    ],
    "api/v1/contracts/<slug>/versions/<int:number>/indicators": [api(contract(SEES_CONTRACTS), "GET")],
    "api/v1/contracts/<slug>/versions/<int:number>/what-if": [
        api(contract(SEES_CONTRACTS), "GET"),
        api(only({"maria", "anna"})),
    ],
    "api/v1/contracts/<slug>/differences": [api(contract(SEES_CONTRACTS), "GET", query="from=1&to=2")],
    "api/v1/contract-templates": [
        api(only(SEES_CONTRACTS), "GET"),
        api(only(EDITS_CONTRACTS), slug="gold", names={"en": "Gold"}, terms={"calendar": "weekdays"}),
    ],
    "api/v1/contract-templates/<slug>": [
        api(only(SEES_CONTRACTS), "GET"),
        api(only(EDITS_CONTRACTS), "PATCH", names={"en": "Gold"}),
    ],
    "api/v1/contract-templates/<slug>/retirement": [api(only(EDITS_CONTRACTS), retired=True)],
    "api/v1/vendors": [
        api(only(SEES_VENDORS), "GET"),
        api(only(EDITS_CONTRACTS), slug="lines", names={"en": "Lines"}, calendar="weekdays"),
    ],
    "api/v1/vendors/<slug>": [
        api(only(SEES_VENDORS), "GET"),
        api(only(EDITS_CONTRACTS), "PATCH", phone="1"),
    ],
    "api/v1/vendors/<slug>/retirement": [api(only(EDITS_CONTRACTS), retired=True)],
    "api/v1/tickets/<number>/vendor-requests": [
        api(ticket(AGENTS), "GET"),
        api(ticket(SOLVERS), vendor="kkt", subject="x", body="y"),
    ],
    "api/v1/tickets/<number>/vendor-requests/<int:child>/messages": [api(ticket(SOLVERS), body="Ещё")],
    "api/v1/tickets/<number>/vendor-requests/<int:child>/closing": [api(ticket(SOLVERS), solved=True)],
    "api/v1/tickets/<number>/vendor-requests/<int:child>/number": [api(ticket(SOLVERS), their_number="SR-1")],
    "api/v1/statements": [
        api(only(SEES_CONTRACTS | COORDINATORS), "GET"),
        api(only({"maria", "anna"}), contract="118-24", version=1, month="2026-03"),
    ],
    "api/v1/statements/<int:number>": [api(_statement(SEES_CONTRACTS | {"kira"}), "GET")],
    "api/v1/statements/<int:number>/computing": [api(only({"maria", "anna"}))],
    "api/v1/statements/<int:number>/steps": [api(_statement({"maria", "anna"}), to="posted", words="счёт 1")],
    "desk/outages/": [Door("GET", only(RECORDS))],
    "desk/outages/new/": [Door("POST", only(RECORDS), {"starts_at": "2026-03-02T10:00"})],
    "desk/outages/audience/": [Door("GET", only(RECORDS))],
    "desk/outages/<int:number>/": [
        Door("GET", outage(RECORDS)),
        Door("POST", outage(RECORDS), {"starts_at": "2026-03-02T10:00", "kind": "outage"}),
    ],
    "desk/outages/<int:number>/update/": [Door("POST", outage(RECORDS), {"words_en": "half done"})],
    "desk/outages/<int:number>/end/": [Door("POST", outage(RECORDS), {"ends_at": "2026-03-02T12:00"})],
    "desk/outages/<int:number>/announcement/": [Door("POST", outage(RECORDS), {"shown": "on"})],
    "desk/outages/<int:number>/excuse/": [Door("POST", outage({"maria", "anna"}), {"excused": "on"})],
    "api/v1/outages": [
        api(only(RECORDS), "GET"),
        api(only(RECORDS), starts_at="2026-03-02T10:00:00+03:00"),
    ],
    "api/v1/outages/audience": [api(only(RECORDS))],
    "api/v1/outages/<int:number>": [
        api(outage(RECORDS), "GET"),
        api(outage(RECORDS), "PUT", starts_at="2026-03-02T10:00:00+03:00"),
    ],
    "api/v1/outages/<int:number>/updates": [api(outage(RECORDS), words={"en": "half done"})],
    "api/v1/outages/<int:number>/end": [api(outage(RECORDS), ends_at="2026-03-02T12:00:00+03:00")],
    "api/v1/outages/<int:number>/announcement": [api(outage(RECORDS), shown=True)],
    "api/v1/outages/<int:number>/excuse": [api(outage({"maria", "anna"}), excused=True)],
    "api/v1/calendars": [
        api(only(AGENTS), "GET"),
        api(only({"maria", "adam"}), slug="nights", names={"en": "Nights"}, time_zone="Europe/Sofia"),
    ],
    "api/v1/calendars/<slug>": [
        api(only(AGENTS), "GET"),
        api(only({"maria", "adam"}), "PATCH", names={"en": "Days"}),
    ],
    "api/v1/calendars/<slug>/<int:year>": [api(only(AGENTS), "GET")],
    "api/v1/calendars/<slug>/days": [api(only({"maria", "adam"}), day=TOMORROW[:10], hours=[["10:00", "14:00"]])],
    "api/v1/services": [
        api(only(AGENTS), "GET"),
        api(only({"maria", "adam"}), slug="fax", names={"en": "Fax"}),
    ],
    "api/v1/services/<slug>": [
        api(only(AGENTS), "GET"),
        api(only({"maria", "adam"}), "PATCH", names={"en": "Print"}),
    ],
    "api/v1/pauses": [api(only({"maria", "anna"}), "GET")],
    "desk/equipment/": [Door("GET", only(SEES_CONTRACTS))],
    "desk/equipment/new/": [Door("GET", only(EDITS_CONTRACTS), {"client": "north"})],
    "desk/equipment/<slug:slug>/": [
        Door("GET", contract(SEES_CONTRACTS)),
        Door("POST", lambda who, client: _signs(who, client), {"names-ru": "Касса"}),
    ],
    "desk/sites/new/": [Door("GET", only(EDITS_CONTRACTS), {"client": "north"})],
    "desk/sites/<slug:slug>/": [Door("GET", contract(EDITS_CONTRACTS))],
    "api/v1/equipment": [
        api(only(SEES_CONTRACTS), "GET"),
        api(only(EDITS_CONTRACTS), client="north", names={"en": "Till"}),
    ],
    "api/v1/equipment/<slug>": [
        api(contract(SEES_CONTRACTS), "GET"),
        api(contract(EDITS_CONTRACTS), "PATCH", serial="1"),
    ],
    "api/v1/sites": [
        api(only(SEES_CONTRACTS), "GET"),
        api(only(EDITS_CONTRACTS), client="north", names={"en": "Depot"}),
    ],
    "api/v1/sites/<slug>": [api(contract(EDITS_CONTRACTS), "PATCH", address="1")],
    "api/v1/services/<slug>/form": [
        api(only(EVERYBODY), "GET"),
        api(only({"maria", "adam"}), "PUT", fields=[]),
    ],
    "api/v1/tickets/<number>/answers": [api(ticket(EVERYBODY), "GET")],
    "desk/services/<slug:slug>/form/": [
        Door("GET", only(AGENTS)),
        Door("POST", only({"maria", "adam"}), {"deed": "save", "rows": "[]", "seen": "0"}),
    ],
    "desk/services/": [Door("GET", only(AGENTS))],
    "desk/services/new/": [Door("GET", only({"maria", "adam"}))],
    "desk/services/<slug:slug>/": [
        Door("GET", only(AGENTS)),
        Door("POST", only({"maria", "adam"}), {"names-ru": "Печать"}),
    ],
}
