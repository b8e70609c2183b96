"""Calling the API as somebody of the cast."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from firstline.lib import clock
from firstline.people import tokens
from firstline.people.models import Person

BASE = "/api/v1"


class Caller:
    """A program with somebody's token. `raw` sends bytes as they are; the others send JSON."""

    def __init__(self, person: Person, *scopes: str) -> None:
        _, self.secret = tokens.create(person, at=clock.now(), by=None, scopes=scopes or tokens.SCOPES)
        self.client = Client(raise_request_exception=False)

    def raw(
        self, method: str, path: str, content: bytes = b"", kind: str = "application/json", **headers: str
    ) -> HttpResponse:
        given = {
            "Authorization": f"Bearer {self.secret}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return self.client.generic(method, BASE + path, content, content_type=kind, headers=given)  # type: ignore[return-value]

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.raw("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.raw("POST", path, b"" if body is None else json.dumps(body).encode(), **headers)

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.raw("PATCH", path, json.dumps(body).encode(), **headers)


def fields(response: HttpResponse) -> list[str]:
    """The fields that a problem names."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content
    said = json.loads(response.content)
    assert {"type", "title", "status", "detail"} <= set(said)
    assert said["status"] == response.status_code
    return [error["field"] for error in said.get("errors", ())]
