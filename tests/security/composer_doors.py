"""The doors of the composer, as in doors.py. The draft with a picture is Nadia's."""

from __future__ import annotations

from tests.security.doors import AGENTS, Door, api, desk, nothing_to_excuse, of_one, only

COMPOSER_DOORS: dict[str, list[Door]] = {
    "desk/tickets/<number>/drafts/": [Door("GET", desk(AGENTS))],
    "desk/tickets/<number>/drafts/<str:mode>/": [Door("POST", desk(AGENTS), {"body": "смотрю"})],
    "desk/tickets/<number>/drafts/<str:mode>/removal/": [Door("POST", desk(AGENTS))],
    "desk/tickets/<number>/drafts/<str:mode>/files/": [Door("POST", nothing_to_excuse(desk(AGENTS)))],  # no file
    "desk/drafts/": [Door("GET", only(AGENTS))],
    "desk/drafts/files/<int:number>/picture": [Door("GET", of_one("nadia"))],
    "desk/drafts/files/<int:number>/removal/": [Door("POST", of_one("nadia"))],
    "desk/outgoing/": [Door("GET", only(AGENTS))],
    "desk/outgoing/<int:number>/return/": [Door("POST", only(AGENTS))],
    "desk/outgoing/<int:number>/sending/": [Door("POST", only(AGENTS))],
    "api/v1/tickets/<number>/drafts": [api(desk(AGENTS), "GET")],
    "api/v1/tickets/<number>/drafts/<mode>": [api(desk(AGENTS), "PUT", body="смотрю"), api(desk(AGENTS), "DELETE")],
    "api/v1/outgoing": [api(only(AGENTS), "GET")],
    "api/v1/outgoing/<int:number>/return": [api(only(AGENTS))],
    "api/v1/outgoing/<int:number>/sending": [api(only(AGENTS))],
}
