"""The doors of the composer, as in doors.py. The draft with a picture and the template are
Nadia's."""

from __future__ import annotations

from tests.security.doors import AGENTS, HIDDEN, SOLVERS, Door, api, desk, nothing_to_excuse, of_one, only, ticket


def not_removed(who: str | None, client: str) -> str:
    """Nothing was taken away that could come back."""
    return HIDDEN if who in AGENTS else only(AGENTS)(who, client)


COMPOSER_DOORS: dict[str, list[Door]] = {
    "desk/tickets/<number>/presence/": [Door("POST", desk(AGENTS), {"seen": "1"})],
    "desk/tickets/<number>/drafts/": [Door("GET", desk(AGENTS))],
    "desk/tickets/<number>/drafts/<str:mode>/": [Door("POST", desk(AGENTS), {"body": "смотрю"})],
    "desk/tickets/<number>/drafts/<str:mode>/removal/": [Door("POST", desk(AGENTS))],
    "desk/tickets/<number>/drafts/<str:mode>/files/": [Door("POST", nothing_to_excuse(desk(AGENTS)))],  # no file
    "desk/drafts/": [Door("GET", only(AGENTS))],
    "desk/drafts/files/<int:number>/picture": [Door("GET", of_one("nadia"))],
    "desk/drafts/files/<int:number>/removal/": [Door("POST", of_one("nadia"))],
    "desk/templates/": [Door("GET", only(AGENTS))],
    "desk/templates/new/": [Door("GET", only(AGENTS))],
    "desk/templates/saving/": [Door("POST", only(AGENTS), {"name": "моё", "body": "слова"})],
    "desk/templates/<int:number>/": [Door("GET", of_one("nadia"))],
    "desk/templates/<int:number>/removal/": [Door("POST", of_one("nadia"))],
    "desk/templates/<int:number>/return/": [Door("POST", not_removed)],
    "desk/templates/<int:number>/uses/": [Door("POST", of_one("nadia"))],
    "desk/tickets/<number>/templates/": [Door("GET", desk(AGENTS))],
    "desk/tickets/<number>/remote-sessions/": [
        Door("GET", desk(AGENTS)),
        Door("POST", nothing_to_excuse(desk(SOLVERS)), {"program": "anydesk"}),  # its equipment has none
    ],
    "desk/tickets/<number>/remote-sessions/end/": [Door("POST", nothing_to_excuse(desk(SOLVERS)))],
    "desk/tickets/<number>/link/removal/": [
        Door("POST", nothing_to_excuse(desk(SOLVERS)), {"to": "{other}", "kind": "related"})  # they are not linked
    ],
    "api/v1/tickets/<number>/link-removal": [api(nothing_to_excuse(ticket(SOLVERS)), to="{other}", kind="related")],
    "desk/tickets/<number>/checklist/": [
        Door("GET", desk(AGENTS)),
        Door("POST", nothing_to_excuse(desk(SOLVERS)), {"item": "x", "done": "1"}),  # its service has none
    ],
    "api/v1/tickets/<number>/checklist": [
        api(ticket(AGENTS), "GET"),
        api(nothing_to_excuse(ticket(SOLVERS)), item="x"),
    ],
    "desk/tickets/<number>/history/": [Door("GET", desk(AGENTS))],
    "desk/tickets/<number>/colleagues/": [Door("GET", desk(AGENTS))],
    "desk/tickets/<number>/articles/found/": [Door("GET", desk(AGENTS))],
    "api/v1/tickets/<number>/remote-sessions": [api(nothing_to_excuse(ticket(SOLVERS)), program="anydesk")],
    "api/v1/tickets/<number>/remote-sessions/end": [api(nothing_to_excuse(ticket(SOLVERS)))],
    "api/v1/tickets/<number>/history": [api(ticket(AGENTS), "GET")],
    "api/v1/answer-templates": [api(only(AGENTS), "GET"), api(only(AGENTS), name="моё", body="слова")],
    "api/v1/answer-templates/<int:number>": [
        api(of_one("nadia"), "PUT", name="новое", body="слова"),
        api(of_one("nadia"), "DELETE"),
    ],
    "api/v1/answer-templates/<int:number>/return": [api(not_removed)],
    "api/v1/tickets/<number>/answer-templates/<int:template>": [api(of_one("nadia"), "GET")],
    "desk/macros/": [Door("GET", only(AGENTS))],
    "desk/macros/new/": [Door("GET", only(AGENTS))],
    "desk/macros/saving/": [Door("POST", only(AGENTS), {"name.ru": "моё", "steps.0.deed": "take"})],
    "desk/macros/editing/": [Door("POST", only(AGENTS), {"do": "add", "deed": "take"})],
    "desk/macros/choices/": [Door("GET", only(AGENTS))],
    "desk/macros/<int:number>/": [Door("GET", of_one("nadia"))],
    "desk/macros/<int:number>/removal/": [Door("POST", of_one("nadia"))],
    "desk/macros/<int:number>/return/": [Door("POST", not_removed)],
    "desk/tickets/<number>/macros/": [Door("GET", desk(AGENTS)), Door("POST", of_one("nadia"), {"macro": "{macro}"})],
    "desk/tickets/<number>/macros/<int:macro>/": [Door("GET", of_one("nadia"))],
    "api/v1/macros": [
        api(only(AGENTS), "GET"),
        api(only(AGENTS), names={"ru": "моё"}, steps=[{"deed": "take"}]),
    ],
    "api/v1/macros/<int:number>": [
        api(of_one("nadia"), "PUT", names={"ru": "новое"}, steps=[{"deed": "take"}]),
        api(of_one("nadia"), "DELETE"),
    ],
    "api/v1/macros/<int:number>/return": [api(not_removed)],
    "api/v1/tickets/<number>/macro": [api(of_one("nadia"), macro="{macro}")],
    "api/v1/tickets/<number>/macro/<macro>": [api(of_one("nadia"), "GET")],
    "desk/outgoing/": [Door("GET", only(AGENTS))],
    "desk/outgoing/<int:number>/return/": [Door("POST", only(AGENTS))],
    "desk/outgoing/<int:number>/sending/": [Door("POST", only(AGENTS))],
    "api/v1/tickets/<number>/presence": [
        api(desk(AGENTS), "GET"),
        api(desk(AGENTS), "PUT", seen=1),
        api(desk(AGENTS), "DELETE"),
    ],
    "api/v1/tickets/<number>/drafts": [api(desk(AGENTS), "GET")],
    "api/v1/tickets/<number>/drafts/<mode>": [api(desk(AGENTS), "PUT", body="смотрю"), api(desk(AGENTS), "DELETE")],
    "api/v1/outgoing": [api(only(AGENTS), "GET")],
    "api/v1/outgoing/<int:number>/return": [api(only(AGENTS))],
    "api/v1/outgoing/<int:number>/sending": [api(only(AGENTS))],
}
