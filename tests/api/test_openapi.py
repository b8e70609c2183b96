"""The API is what its OpenAPI document says: checked by schemathesis with generated calls, and the page about it."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from ninja import Schema
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from firstline.api.urls import api, urlpatterns
from firstline.assets.models import Equipment, Site
from firstline.contracts.models import TermsTemplate, Vendor
from tests import cast
from tests.api.callers import Caller

# What the account manager writes; the rest is called as an operator and as a requester.
OF_CONTRACTS = tuple(
    f"/api/v1/{part}"
    for part in ("contract", "vendors", "statements", "outages", "calendars", "services", "equipment", "sites")
)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
FEW = settings(
    max_examples=6, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck), database=None,
)  # fmt: skip


@pytest.mark.django_db
def test_the_document_is_openapi_3_1_and_names_every_operation(client):
    cast.stage()
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    said = answer.json()
    assert said["openapi"].startswith("3.1")
    assert "/api/v1/tickets/{number}/hand-over" in said["paths"]
    served = {str(pattern.pattern) for pattern in urlpatterns}
    assert len(said["paths"]) == len(served - {"", "docs", "openapi.json", "^.*$"})


def test_the_document_is_made_once_a_process():
    """It takes most of a second, and whoever is not signed in may ask for it too."""
    assert api.get_openapi_schema() is api.get_openapi_schema(path_params={})


@pytest.mark.django_db
def test_the_page_about_it_needs_no_other_host_no_script_and_no_style_of_its_own(client):
    answer = client.get("/api/v1/docs")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "POST /api/v1/tickets" in page
    assert not re.search(r"<script|<style|style=|\son[a-z]+=|(?:src|href)=\"(?:https?:)?//", page)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    anchors, targets = set(re.findall(r'href="#([^"]+)"', page)), set(re.findall(r'id="([^"]+)"', page))
    assert anchors
    assert anchors <= targets


@schemathesis.serializer("message/rfc822")
def as_letter(context, value):
    """A letter is bytes."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@pytest.fixture
def application():
    """The WSGI application in the transaction of the test: it must not close the connection after each call."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield get_wsgi_application()
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def test_no_two_shapes_have_one_name():
    """The document knows a shape by its name alone: of two the second would silently be the first."""

    def below(kind):
        return {one for child in kind.__subclasses__() for one in (child, *below(child))}

    names = Counter(one.__name__ for one in below(Schema) if one.__module__.startswith("firstline.api"))
    assert [name for name, count in names.items() if count > 1] == []


def slugs_beside(s):
    """One of each kind of thing that is called by its name."""
    Vendor.objects.create(slug="kkt", name="КассаСервис", email="help@kkt.example", calendar=s.calendar)
    TermsTemplate.objects.create(slug="silver", name="Silver 8×5", terms={"calendar": s.calendar.slug})
    depot = Site.objects.create(slug="depot", name="Depot", client=s.north)
    Equipment.objects.create(slug="till", name="Till", client=s.north, site=depot)
    return {
        "contracts": "118-24", "vendors": "kkt", "contract-templates": "silver", "calendars": s.calendar.slug,
        "services": s.printing.slug, "equipment": "till", "sites": "depot",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.timeout(300)
@pytest.mark.parametrize("who", ["olga", "ivan", "anna"])
def test_generated_calls_break_nothing_and_are_answered_as_documented(who, application):
    s = cast.stage()
    ticket = cast.ticket(s)
    secret = Caller(getattr(s, who)).secret
    known = slugs_beside(s) if who == "anna" else {}
    well: Counter[str] = Counter()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    called = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if who == "anna" and not operation.path.startswith(OF_CONTRACTS):
            continue

        @FEW
        @given(case=operation.as_strategy())
        def call(case):
            nonlocal called
            called += 1
            if known and "slug" in (case.path_parameters or {}):
                case.path_parameters["slug"] = known[case.operation.path.split("/")[3]]
            if "number" in (case.path_parameters or {}):
                case.path_parameters["number"] = 1 if who == "anna" else ticket.number
            answer = case.call(headers={"Authorization": f"Bearer {secret}"})
            case.validate_response(answer, checks=CHECKS)
            well[f"{case.method} {case.operation.path}"] += answer.status_code < 300

        call()
    assert called >= 100
    if who == "anna":  # what is read by its name is really read
        reads = [one for one in well if one.startswith("GET") and one.endswith("{slug}")]
        assert len(reads) == len(known) - 1  # a site is read in its list
        assert [one for one in reads if not well[one]] == []
