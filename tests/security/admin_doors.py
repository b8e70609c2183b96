"""The doors of the administration, as in doors.py. People of the pages are Irina (of a client); of the API Olga (of the
desk, whom only an administrator keeps)."""

from __future__ import annotations

from tests.security.doors import AGENTS, SIGN_IN, Door, Rule, api, only
from tests.security.rules import JOURNAL, paper

KEEPS = {"maria", "anna", "adam"}
ADMIN = {"adam"}
EDITS_CLIENTS = {"anna", "adam"}
SEES_CLIENTS = {"lev", "maria", "anna", "adam"}


def unfit(people: set[str]) -> Rule:
    """Whoever may do the deed is told what is wrong with what was sent; nobody else gets so far."""

    def rule(who: str | None, client: str) -> str:
        if who is None:
            return SIGN_IN
        return "unfit" if who in people else "no"

    return rule


def _others_delivery(who: str | None, client: str) -> str:
    """A delivery that no team's mailbox sent: for who sees the whole outbox."""
    if who is None or who not in JOURNAL:
        return SIGN_IN if who is None else "no"
    return "in" if who in {"lev", "maria", "adam"} else "hidden"


PERSON = {"name": "Пётр", "role": "requester", "email": "petr@north.example", "client": "north"}
FIRM = {"slug": "west", "names-ru": "Запад"}
ADMIN_DOORS: dict[str, list[Door]] = {
    "desk/admin/": [Door("GET", only(KEEPS))],
    "desk/audit/": [Door("GET", only(ADMIN))],
    "desk/audit/export.csv": [Door("GET", only(ADMIN))],
    "desk/branding/": [Door("GET", only(ADMIN)), Door("POST", only(ADMIN), {"name": "Опора"})],
    "desk/branding/colour/": [Door("GET", only(ADMIN))],
    "api/v1/branding": [api(only(ADMIN), "GET"), api(only(ADMIN), "PUT", name="Опора")],
    "desk/letters/": [Door("GET", only(ADMIN))],
    "desk/letters/<slug:kind>/<slug:language>/": [
        Door("GET", only(ADMIN)),
        Door("POST", only(ADMIN), {"headline": "Да", "body": "{number}"}),
    ],
    "desk/letters/<slug:kind>/<slug:language>/original/": [Door("POST", only(ADMIN))],
    "api/v1/letter-texts": [api(only(ADMIN), "GET")],
    "api/v1/letter-texts/<kind>/<language>": [
        api(only(ADMIN), "PUT", headline="Да", body="{number}"),
        api(only(ADMIN), "DELETE"),
    ],
    "desk/people/": [Door("GET", only(KEEPS))],
    "desk/people/new/": [Door("GET", only(KEEPS)), Door("POST", only(KEEPS), PERSON)],
    "desk/people/list/": [Door("GET", only(KEEPS)), Door("POST", unfit(KEEPS))],
    "desk/people/list/taking/": [Door("POST", unfit(KEEPS), {"ticket": "forged"})],
    "desk/people/<int:number>/": [Door("GET", only(KEEPS)), Door("POST", only(KEEPS), PERSON)],
    "desk/people/<int:number>/invitation/": [Door("POST", only(KEEPS))],
    "desk/people/<int:number>/reset/": [Door("POST", only(KEEPS))],
    "desk/people/<int:number>/leaving/": [Door("GET", only(KEEPS)), Door("POST", only(KEEPS))],
    "desk/people/<int:number>/return/": [Door("POST", only(KEEPS))],
    "desk/people/<int:number>/tickets/": [Door("POST", only(KEEPS))],
    "desk/people/<int:number>/merging/": [Door("GET", only(KEEPS)), Door("POST", unfit(KEEPS))],
    "desk/clients/": [Door("GET", only(SEES_CLIENTS))],
    "desk/clients/new/": [Door("GET", only(EDITS_CLIENTS)), Door("POST", only(EDITS_CLIENTS), FIRM)],
    "desk/clients/<slug:slug>/": [Door("GET", paper(SEES_CLIENTS))],
    "desk/clients/<slug:slug>/closing/": [Door("POST", only(EDITS_CLIENTS), {"closed": "yes"})],
    "desk/teams/": [Door("GET", only(AGENTS))],
    "desk/teams/new/": [Door("GET", only(ADMIN)), Door("POST", only(ADMIN), {**FIRM, "line": "1"})],
    "desk/teams/<slug:slug>/": [Door("GET", only(AGENTS)), Door("POST", only(ADMIN), {"names-ru": "Первая"})],
    "desk/teams/<slug:slug>/members/": [Door("POST", only(ADMIN), {"member": "olga"})],
    "api/v1/people": [api(only(KEEPS), "GET"), api(only(KEEPS), **PERSON)],
    "api/v1/people/<login>": [api(only(KEEPS), "GET"), api(only(ADMIN), "PATCH", name="Ольга")],
    "api/v1/people/<login>/deactivation": [api(only(ADMIN))],
    "api/v1/people/list/taking": [api(only(KEEPS), csv="name,email\nИрина,irina@north.example\n")],
    "api/v1/people/<login>/tickets": [api(unfit(ADMIN))],
    "api/v1/people/<login>/return": [api(only(ADMIN))],
    "api/v1/people/<login>/invitation": [api(only(ADMIN))],
    "api/v1/people/<login>/reset": [api(only(ADMIN))],
    "api/v1/people/<login>/merging": [api(unfit(ADMIN), into="nadia")],
    "api/v1/clients": [
        api(only(SEES_CLIENTS), "GET"),
        api(only(EDITS_CLIENTS), slug="west", names={"ru": "Запад"}),
    ],
    "api/v1/clients/<slug>": [api(paper(SEES_CLIENTS), "GET"), api(only(EDITS_CLIENTS), "PATCH", vip=True)],
    "api/v1/clients/<slug>/closing": [api(only(EDITS_CLIENTS), closed=True)],
    "api/v1/teams": [api(only(AGENTS), "GET"), api(only(ADMIN), slug="west", names={"ru": "Запад"}, line=1)],
    "api/v1/teams/<slug>": [api(only(ADMIN), "PATCH", names={"ru": "Первая"})],
    "api/v1/teams/<slug>/members": [api(only(ADMIN), "PUT", members=["olga"])],
    "api/v1/mailboxes": [api(only(ADMIN), "GET")],
    "api/v1/mailboxes/<int:number>/pause": [api(only(ADMIN))],
    "api/v1/mailboxes/<int:number>/resumption": [api(only(ADMIN))],
    "api/v1/mailboxes/<int:number>/trial": [api(only(ADMIN))],
    "api/v1/mailboxes/<int:number>/probes": [api(only(ADMIN))],
    "api/v1/deliveries": [api(only(JOURNAL), "GET")],
    "api/v1/deliveries/<int:number>/sending": [api(_others_delivery)],
}
