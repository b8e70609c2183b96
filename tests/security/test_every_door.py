"""Every address × every person × a ticket of his client and of another: what happens is what product.md's table says.

The list of addresses comes from Django's own resolver: a new one that nobody has placed in doors.py fails here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from firstline.assets.models import Equipment, Site
from firstline.blobs import store
from firstline.calendars.models import Calendar
from firstline.contracts import versions
from firstline.contracts.models import Contract, ContractVersion, Outage, TermsTemplate, Vendor
from firstline.intake import acceptance
from firstline.intake.call_models import Call
from firstline.intake.models import Desk, Inbound
from firstline.knowledge import articles
from firstline.lib import clock
from firstline.people import tokens
from firstline.people.models import AccountRequest, ApiToken
from firstline.post import gateways, trunks
from firstline.post.models import Account, Consent, Delivery
from firstline.sla.models import Statement
from firstline.tickets import conversation, drafts, macros, opening, saved_views, templates, vendor_requests
from firstline.tickets.lists import Filters
from firstline.tickets.models import Channel, Ticket
from firstline.web import refused
from firstline.worklog.touch_models import Touch
from tests import cast
from tests.security.admin_doors import ADMIN_DOORS
from tests.security.composer_doors import COMPOSER_DOORS
from tests.security.contract_doors import CONTRACT_DOORS
from tests.security.doors import DOORS as OTHER_DOORS
from tests.security.doors import EVERYBODY, HIDDEN, IN, NO, SIGN_IN, Door
from tests.security.ladder_doors import LADDER_DOORS
from tests.security.lines_doors import LINES_DOORS
from tests.security.phone_doors import PHONE_DOORS
from tests.security.roster_doors import ROSTER_DOORS
from tests.security.roster_scene import behind
from tests.security.routing_doors import ROUTING_DOORS
from tests.security.sms_doors import SMS_DOORS
from tests.security.together_doors import TOGETHER_DOORS
from tests.security.wiki_doors import WIKI_DOORS

DOORS = (
    OTHER_DOORS
    | ADMIN_DOORS
    | COMPOSER_DOORS
    | CONTRACT_DOORS
    | LADDER_DOORS
    | TOGETHER_DOORS
    | LINES_DOORS
    | ROSTER_DOORS
    | ROUTING_DOORS
    | WIKI_DOORS
    | SMS_DOORS
    | PHONE_DOORS
)
pytestmark = pytest.mark.django_db
REQUESTER = {"north": "ivan", "east": "eve"}


def routes(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern)


def test_every_address_is_in_the_table_and_nothing_else_is() -> None:
    assert set(routes()) - set(DOORS) == set(), "place the new address in doors.py"
    assert set(DOORS) - set(routes()) == set(), "an address of the table is gone"


@contextmanager
def taken_back() -> Iterator[None]:
    """A transaction that is always rolled back; `durable` takes it for none, like that of a test."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """One thing behind every door, made once; every knock is taken back."""
    with django_db_blocker.unblock(), override_settings(STORAGES=PLAIN), taken_back():
        s = build()
        s.roster = behind(s)
        yield s


PLAIN = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


def build() -> SimpleNamespace:
    s = cast.stage()
    s.tickets, s.others = {}, {}
    for client, login in REQUESTER.items():
        file = opening.File(store.keep(b"words"), "a.txt", "text/plain")
        words = opening.Words(text="Не печатает", files=[file])
        s.tickets[client] = cast.ticket(s, requester=getattr(s, login), words=words)
        s.others[client] = cast.ticket(s, requester=getattr(s, login))
    gateways.set_up(gateways.Wanted("main"), by="test", at=clock.now())
    s.call = _calls(s)
    account = s.mailbox = Account.objects.create(address="desk@desk.example")
    Desk.objects.create(account=account, team=s.line1)
    Consent.objects.create(account=account, provider="google", client_id="x")
    s.inbound = acceptance.accept_email(b"\x00", source="pipe:desk", source_key="1", account=account, at=clock.now())
    Inbound.objects.filter(pk=s.inbound.pk).update(state="quarantine", outcome="quarantine", reason="unreadable")
    s.delivery = {
        client: Delivery.objects.create(kind="answer", to="x@y.example", language="ru", ticket=ticket.pk, state="dead")
        for client, ticket in s.tickets.items()
    }
    s.article = articles.write(title="Черновик", body="…", language="ru", by=s.lev, at=clock.now())
    s.view = saved_views.save(s.nadia, name="Мои", asked=Filters(mine="1"))
    picture = opening.File(store.keep(b"\x89PNG\r\n\x1a\n"), "a.png", "image/png")
    s.draft_file = drafts.add_file(s.nadia, s.tickets["north"], "note", picture, at=clock.now())
    s.template, s.macro = templates.save(s.nadia, name="Моё", body="слова"), _macro(s.nadia)
    s.asked = AccountRequest.objects.create(name="N", email="n@north.example", company="North")
    tokens.create(s.maria, scopes=["read"], by=s.maria, at=clock.now())
    s.token = ApiToken.objects.get()
    s.messages = {client: ticket.messages.get() for client, ticket in s.tickets.items()}
    # A second message behind each ticket: the only one can be neither moved nor split off.
    s.spare = {
        client: conversation.reply(
            ticket, opening.Words(text="И ещё"), by=ticket.requester, at=clock.now(), channel=Channel.PORTAL
        ).messages.latest("pk")
        for client, ticket in s.tickets.items()
    }
    s.files = {client: message.attachments.get().pk for client, message in s.messages.items()}
    s.statement = {client: _statement(getattr(s, client)) for client in s.tickets}
    s.drafts = {
        client: versions.begin(
            statement.version.contract, {"calendar": "weekdays"}, valid_from=date(2026, 4, 1), by=s.anna, at=clock.now()
        )
        for client, statement in s.statement.items()
    }
    for draft in s.drafts.values():
        versions.sign(draft, store.keep(b"paper"), name="paper.pdf", by=s.anna, at=clock.now())
    _equip(s)
    vendor = Vendor.objects.create(slug="kkt", name="КассаСервис", email="help@kkt.example", calendar=s.calendar)
    TermsTemplate.objects.create(slug="silver", name="Silver 8×5", terms={"calendar": "weekdays"})
    for ticket in s.tickets.values():
        vendor_requests.ask(
            ticket, vendor=vendor, subject="E15", words=opening.Words(text="?"), wait=False, by=s.maria, at=clock.now()
        )
    s.browser = Client(raise_request_exception=False)
    _come_in(s)
    return s


def _come_in(s: SimpleNamespace) -> None:
    """A key and a session of each person, made once: what is asked with it is asked by him."""
    s.keys, s.sessions = {}, {}
    for who in EVERYBODY:
        made = tokens.create(getattr(s, who), scopes=["read", "write"], by=getattr(s, who), at=clock.now())
        s.keys[getattr(s, who).pk] = made if isinstance(made, str) else made[1]
        browser = Client()
        browser.force_login(getattr(s, who))
        s.sessions[getattr(s, who).pk] = browser.cookies[settings.SESSION_COOKIE_NAME].value


def _touch(s: SimpleNamespace, ticket: Ticket) -> Touch:
    moment = cast.MONDAY_NINE
    return Touch.objects.create(person=s.nadia, ticket=ticket, line=1, started_at=moment, ended_at=moment)


def _equip(s: SimpleNamespace) -> None:
    s.outage = {
        client: Outage.objects.create(slug=f"o-{client}", starts_at=cast.MONDAY_NINE, announced_at=cast.MONDAY_NINE)
        for client in s.tickets
    }
    for client, outage in s.outage.items():
        outage.clients.add(getattr(s, client))
    s.touch = {client: _touch(s, ticket) for client, ticket in s.tickets.items()}
    for client in s.tickets:
        depot = Site.objects.create(slug=f"depot-{client}", name="Depot", client=getattr(s, client))
        Equipment.objects.create(slug=f"till-{client}", name="Till", client=getattr(s, client), site=depot)


def _statement(client: Any) -> Statement:
    """A reviewed one: the client's side sees it, and every step is somebody's."""
    calendar = Calendar.objects.get(slug="weekdays")
    contract, _made = Contract.objects.get_or_create(client=client, defaults={"slug": f"paper-{client.slug}"})
    version = contract.versions.first() or ContractVersion.objects.create(
        contract=contract, number=1, valid_from=date(2025, 1, 1), calendar=calendar, frozen_at=clock.now()
    )
    return Statement.objects.create(
        version=version, starts_on=date(2026, 2, 1), ends_on=date(2026, 3, 1), state="reviewed", computed_at=clock.now()
    )


def path_of(route: str, s: SimpleNamespace, client: str) -> str:
    ticket = s.tickets[client]
    number = {
        "desk/views": s.view.pk, "api/v1/views": s.view.pk,
        "desk/people": s.irina.pk, "desk/accounts": s.asked.pk, "api/v1/account-requests": s.asked.pk,
        "api/v1/mailboxes": s.mailbox.pk, "api/v1/deliveries": s.delivery[client].pk,
        "desk/intake": s.inbound.pk, "api/v1/intake": s.inbound.pk,
        "desk/outages": s.outage[client].pk, "desk/versions": s.statement[client].version_id,
        "portal/colleagues": s.irina.pk,
        "portal/announcements": s.outage[client].pk, "api/v1/announcements": s.outage[client].pk,
        "api/v1/outages": s.outage[client].pk, "api/v1/statements": s.statement[client].pk,
        "desk/statements": s.statement[client].pk, "portal/statements": s.statement[client].pk,
        "desk/outbox": s.delivery[client].pk, "desk/channels": s.mailbox.pk,
        "desk/calls/": s.call[client].pk, "api/v1/calls": s.call[client].pk,
        "desk/timer/periods": s.touch[client].pk, "api/v1/touches": s.touch[client].pk,
        "desk/tokens": s.token.pk, "desk/files": s.files[client], "desk/drafts/files": s.draft_file.pk,
        "desk/templates": s.template.pk, "api/v1/answer-templates": s.template.pk,
        "desk/macros": s.macro.pk, "api/v1/macros": s.macro.pk,
        "desk/messages": s.messages[client].pk,
    }  # fmt: skip
    number |= s.roster.numbers
    plain = next((str(pk) for start, pk in number.items() if route.startswith(start)), ticket.number)
    slug = s.article.slug
    if route.startswith(("desk/contracts", "api/v1/contracts")):
        plain, slug = str(s.drafts[client].number), s.drafts[client].contract.slug
    for start, other in (
        ("desk/services", s.printing.slug), ("desk/vendors", "kkt"), ("desk/contract-templates", "silver"),
        ("api/v1/services", s.printing.slug), ("api/v1/vendors", "kkt"), ("api/v1/contract-templates", "silver"),
        ("api/v1/calendars", "weekdays"), ("desk/equipment", f"till-{client}"), ("desk/sites", f"depot-{client}"),
        ("api/v1/equipment", f"till-{client}"), ("api/v1/sites", f"depot-{client}"),
        ("desk/clients", client), ("api/v1/clients", client), ("desk/teams", "line1"), ("api/v1/teams", "line1"),
        ("desk/channels/sms", "main"), ("desk/channels/phone", "main"), *s.roster.slugs,
    ):  # fmt: skip
        slug = other if route.startswith(start) else slug
    for part, value in {
        "<int:number>": plain, "<str:number>": plain, "<number>": plain, "<str:token>": "x" * 43,
        "<step:to>": "posted", "<slug:account>": "main",
        "<int:request_number>": "1", "<int:child>": "1", "<slug:slug>": slug, "<slug>": slug,
        "<str:login>": "olga", "<int:template>": str(s.template.pk),
        "<int:macro>": str(s.macro.pk), "<macro>": str(s.macro.pk), "<str:mode>": "note", "<mode>": "note",
        "<int:escalation>": "1", "<swap:step>": "withdrawal", "<step>": "withdrawal",
        "colleagues/<login>": "colleagues/irina",
        "people/<login>": "people/olga", "<slug:kind>/<slug:language>": "taken/ru", "<kind>/<language>": "taken/ru",
        "<category>": "paper-jam", "<int:clock_id>": "0", "<slug:calendar>": "weekdays", "<int:year>": "2026",
        "<int:attachment_id>": str(s.files[client]), "<file_id>": str(s.files[client]),
    }.items():  # fmt: skip
        route = route.replace(part, value)
    return f"/{route}"


def _calls(s: SimpleNamespace) -> dict[str, Call]:
    trunk, _changed, _new = trunks.set_up(trunks.Wanted("main"), by="test", at=clock.now())
    said = {"trunk": trunk, "number": "+79215550142", "begun_at": clock.now(), "seconds": 9}
    return {
        client: Call.objects.create(call_id=client, person=getattr(s, login), **said)
        for client, login in REQUESTER.items()
    }


def _macro(person: Any) -> Any:
    return macros.save(person, names={"ru": "Моё"}, steps=[{"deed": "note", "text": "слова"}])


def knock(door: Door, path: str, person: Any, s: SimpleNamespace, client: str, *, key: str = "") -> HttpResponse:
    browser = s.browser
    browser.cookies.clear()
    if person is not None:
        browser.cookies[settings.SESSION_COOKIE_NAME] = s.sessions[person.pk]
    fill = {"{macro}": str(s.macro.pk), "{other}": s.others[client].number, "{number}": s.tickets[client].number,
            "{requester}": s.tickets[client].requester.email,
            "{message}": str(s.spare[client].pk), "{version}": str(s.statement[client].version_id)}  # fmt: skip
    sent = json.loads(_filled(json.dumps(door.sent), fill))
    if door.json:
        browser.cookies.clear()
        headers = {"Authorization": f"Bearer {s.keys[person.pk]}"} if person is not None else {}
        headers |= {"Idempotency-Key": key} if key else {}
        kind = "message/rfc822" if path.endswith("/intake/email") else "application/json"
        path += f"?{sent.pop('query')}" if "query" in sent else ""
        body: Any = "From: a@b.example\r\n\r\nx" if path.endswith("/intake/email") else json.dumps(sent)
        return browser.generic(
            door.method, path, body if door.method != "GET" else "", content_type=kind, headers=headers
        )
    return browser.get(path, sent) if door.method == "GET" else browser.post(path, sent)


def _filled(text: str, fill: dict[str, str]) -> str:
    for mark, value in fill.items():
        text = text.replace(mark, value)
    return text


def outcome(answer: HttpResponse) -> str:
    location = answer.headers.get("Location", "")
    if answer.status_code == 401 or (answer.status_code == 302 and location.startswith("/account/login/")):
        return SIGN_IN
    return {403: NO, 404: HIDDEN, 410: "gone", 422: "unfit", 503: "unready"}.get(answer.status_code, IN)


CASES = [(route, number) for route in DOORS for number in range(len(DOORS[route]))]


@pytest.mark.parametrize(("route", "number"), CASES, ids=[f"{route or 'root'}-{number}" for route, number in CASES])
def test_everybody_gets_in_where_the_table_says_and_nowhere_else(
    route: str, number: int, scene: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A refusal looks the same behind every door, and drawing it takes most of the time: below a few are drawn.
    monkeypatch.setattr(refused, "render", lambda request, template, context, status: HttpResponse(status=status))
    door = DOORS[route][number]
    wrong = []
    for client in ("north", "east"):
        for who in (None, *sorted(EVERYBODY)):
            person = getattr(scene, who) if who else None
            with taken_back():
                answer = knock(door, path_of(route, scene, client), person, scene, client)
            assert answer.status_code < 500 or answer.status_code == 503, (who, client, answer.content[:500])
            expected = door.rule(who, client)
            if outcome(answer) != expected:
                wrong.append(f"{who} at {client}'s: {answer.status_code} ({outcome(answer)}), not {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("route", [route for route in DOORS if DOORS[route]])
def test_every_answer_carries_the_headers_that_protect(route: str, scene: SimpleNamespace) -> None:
    for who in (None, "olga", "ivan"):
        person = getattr(scene, who) if who else None
        with taken_back():
            answer = knock(DOORS[route][0], path_of(route, scene, "north"), person, scene, "north")
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-eval" not in policy
        stranger = route.endswith("/original")
        if not stranger:
            assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        # A stranger's letter in its frame tells other hosts nothing at all of where it is read.
        assert answer.headers["Referrer-Policy"] in ({"same-origin", "no-referrer"} if stranger else {"same-origin"})
