"""What a form or the API submits is a ticket in one transaction, or kept for later; never lost, never twice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from firstline.intake import acceptance
from firstline.intake.acceptance import NotDurable
from firstline.intake.channels import api, phone, portal, web
from firstline.intake.models import Inbound
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.tickets import history
from firstline.tickets.models import Event, Kind, Ticket
from firstline.tickets.refusals import WrongValue
from tests import cast

AT = cast.MONDAY_NINE
pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Any:
    return cast.stage()


@pytest.fixture
def broken_reaction(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A rule that fails while the list says so."""
    broken = ["yes"]

    def fail(event: Event) -> None:
        if broken:
            raise KeyError("a broken rule")

    monkeypatch.setattr(history, "_reactions", (*history._reactions, fail))
    return broken


def call(by: Person, key: str = "", **fields: Any) -> api.Taken:
    given = {"subject": "Принтер", "body": "Не печатает", **fields}
    return api.submit(by=by, fields=given, raw=json.dumps(given).encode(), key=key, at=AT)


def test_a_portal_request_is_stored_as_submitted_and_is_a_ticket_at_once(stage: Any) -> None:
    upload = SimpleUploadedFile("../../лампа.png", b"\x89PNG", "image/png")
    taken = portal.submit(
        by=stage.ivan, subject="Принтер", text="Горит лампа", files=[upload], service="printing", at=AT
    )
    assert taken.ticket is not None
    assert (taken.inbound.state, taken.inbound.outcome, taken.inbound.ticket) == ("done", "ticket", taken.ticket)
    kept = json.loads(acceptance.bytes_of(taken.inbound))
    assert (kept["subject"], kept["text"], kept["service"]) == ("Принтер", "Горит лампа", "printing")
    file = taken.ticket.messages.get().attachments.get()
    assert (file.name, file.blob.size) == ("лампа.png", 4)
    assert (taken.ticket.requester, taken.ticket.client, taken.ticket.team) == (stage.ivan, stage.north, stage.line1)


def test_the_same_form_sent_twice_is_one_ticket(stage: Any) -> None:
    first = portal.submit(by=stage.ivan, subject="Принтер", text="Горит", key="form-1", at=AT)
    second = portal.submit(by=stage.ivan, subject="Принтер", text="Горит", key="form-1", at=AT)
    assert first.ticket == second.ticket
    assert first.inbound == second.inbound
    assert (Ticket.objects.count(), Inbound.objects.count()) == (1, 1)


def test_other_words_under_the_same_key_are_never_swallowed(stage: Any) -> None:
    """Back to the form that was sent already, and on with something else."""
    portal.submit(by=stage.ivan, subject="Принтер", text="Горит", key="form-1", at=AT)
    portal.submit(by=stage.ivan, subject="Принтер", text="И сканер тоже", key="form-1", at=AT)
    for text in ("Не звонит", "Не звонит", "И не пишет"):
        web.submit(name="Гость", email="guest@west.example", subject="Телефон", text=text, key="form-2", at=AT)
        phone.register(by=stage.olga, requester=stage.ivan, subject="Мышь", text=text, key="form-3", at=AT)
    assert sorted(Ticket.objects.values_list("channel", flat=True)) == sorted(["portal", "web", "phone"] * 2)


def test_two_buttons_of_one_call_are_one_ticket(stage: Any) -> None:
    first = phone.register(by=stage.olga, requester=stage.ivan, subject="a", text="b", key="call-1", at=AT)
    second = phone.register(by=stage.olga, requester=stage.ivan, subject="a", text="b", key="call-1", take=True, at=AT)
    assert first.ticket == second.ticket


def test_the_same_key_of_two_people_is_two_tickets(stage: Any) -> None:
    portal.submit(by=stage.ivan, subject="a", text="b", key="form-1", at=AT)
    portal.submit(by=stage.stoyan, subject="a", text="b", key="form-1", at=AT)
    assert Ticket.objects.count() == 2


def test_a_broken_rule_never_refuses_a_request(stage: Any, broken_reaction: list[str]) -> None:
    taken = portal.submit(by=stage.ivan, subject="Принтер", text="Горит", key="form-1", at=AT)
    assert taken.ticket is None
    assert (taken.inbound.state, taken.inbound.outcome) == ("new", "pending")
    assert (Ticket.objects.count(), Event.objects.count()) == (0, 0)
    assert portal.submit(by=stage.ivan, subject="Принтер", text="Горит", key="form-1", at=AT).inbound == taken.inbound
    broken_reaction.clear()
    ticket = portal.again(taken.inbound)
    assert (ticket.requester, ticket.subject, ticket.created_at) == (stage.ivan, "Принтер", AT)


def test_a_wrong_value_names_the_field_and_stores_nothing(stage: Any) -> None:
    with pytest.raises(WrongValue) as wrong:
        portal.submit(by=stage.ivan, subject="Принтер", text="", at=AT)
    assert wrong.value.field == "text"
    with pytest.raises(WrongValue) as wrong:
        call(stage.olga, requester={"email": "no address"})
    assert wrong.value.field == "requester.email"
    with pytest.raises(WrongValue) as wrong:
        call(stage.olga, urgency="very")
    assert wrong.value.field == "urgency"
    assert Inbound.objects.count() == 0


def test_a_requester_cannot_put_his_ticket_into_another_client(stage: Any) -> None:
    with pytest.raises(WrongValue):
        portal.submit(by=stage.ivan, subject="a", text="b", client=stage.south, at=AT)
    with pytest.raises(WrongValue):
        call(stage.ivan, client="south")
    with pytest.raises(NotAllowed):
        call(stage.ivan, requester={"email": "irina@north.example"})
    assert Inbound.objects.count() == 0


def test_the_api_finds_the_requester_or_makes_him_with_his_client_and_language(stage: Any) -> None:
    known = call(stage.olga, requester={"email": "IVAN@north.example"}).ticket
    assert known is not None
    assert known.requester == stage.ivan
    by_phone = call(stage.olga, requester={"phone": "8 921 555 01 42"}).ticket
    assert by_phone is not None
    assert by_phone.requester == stage.ivan
    made = call(stage.olga, requester={"email": "new@sofia.south.example", "name": "Нов Човек"}).ticket
    assert made is not None
    person = made.requester
    assert (person.role, person.client, person.language, person.login) == (
        "requester",
        stage.south,
        "bg",
        "new@sofia.south.example",
    )
    assert not person.has_usable_password()
    again = call(stage.olga, requester={"email": "new@sofia.south.example"}).ticket
    assert again is not None
    assert again.requester == person


def test_another_client_and_one_that_is_not_there_are_refused_in_the_same_words(stage: Any) -> None:
    """Whoever guesses the names of clients learns nothing, at any road."""
    roads = [
        lambda slug: call(stage.ivan, client=slug),
        lambda slug: call(stage.kira, client=slug),
        lambda slug: call(stage.olga, client=slug),
        lambda slug: portal.submit(by=stage.kira, subject="a", text="b", client=slug, at=AT),
        lambda slug: phone.register(by=stage.olga, caller_name="Нов", client=slug, subject="a", text="b", at=AT),
    ]
    for road in roads:
        answers = []
        for slug in ("east", "nobodys"):
            with pytest.raises(WrongValue) as wrong:
                road(slug)
            answers.append((wrong.value.field, wrong.value.problem))
        assert answers[0] == answers[1]


def test_other_clients_people_and_unknown_ones_are_refused_in_the_same_words(stage: Any) -> None:
    answers = []
    for address in ("stoyan@south.example", "nobody@elsewhere.example"):
        with pytest.raises(WrongValue) as wrong:
            call(stage.kira, requester={"email": address})
        answers.append((wrong.value.field, wrong.value.problem))
    assert answers[0] == answers[1]
    own = call(stage.kira, requester={"email": "irina@north.example"}).ticket
    assert own is not None
    assert own.client == stage.north


def test_an_api_ticket_takes_few_statements(stage: Any) -> None:
    call(stage.olga, requester={"email": "ivan@north.example"})
    with CaptureQueriesContext(connection) as told:
        call(stage.olga, requester={"email": "ivan@north.example"})
    ours = ('"intake_', '"people_', '"tickets_t', '"tickets_e', '"tickets_m', '"audit_')
    own = [one["sql"] for one in told if any(name in one["sql"].partition("WHERE")[0] for name in ours)]
    assert len(own) <= 12, "\n".join(own)


def test_a_call_is_answered_at_its_creation_and_may_be_solved_at_once(stage: Any) -> None:
    taken = phone.register(
        by=stage.olga,
        caller_phone="8 (921) 555-01-42",
        subject="Пароль",
        text="Забыл пароль",
        solved_how="Сбросили пароль",
        remote=True,
        minutes=4,
        at=AT,
    )
    ticket = taken.ticket
    assert ticket is not None
    assert (ticket.requester, ticket.status, ticket.assignee, ticket.channel) == (
        stage.ivan,
        "resolved",
        stage.olga,
        "phone",
    )
    kinds = list(ticket.events.values_list("kind", flat=True))
    assert kinds[0] == Kind.CREATED
    assert {Kind.TAKEN, Kind.WORKED, Kind.RESOLVED} <= set(kinds)
    assert ticket.events.get(kind=Kind.CREATED).data["answered"] is True


def test_an_unknown_caller_becomes_a_person_and_a_foreign_number_opens_nothing(stage: Any) -> None:
    stranger = phone.register(
        by=stage.olga, caller_phone="+359 88 123 4567", caller_name="Георги", subject="a", text="b", at=AT
    )
    assert stranger.ticket is not None
    assert (stranger.ticket.requester.name, stranger.ticket.client) == ("Георги", None)
    foreign = phone.register(
        by=stage.petra, caller_phone="+79215550142", caller_name="Кто-то", subject="a", text="b", at=AT
    )
    assert foreign.ticket is not None
    assert foreign.ticket.requester != stage.ivan
    with pytest.raises(NotAllowed):
        phone.register(by=stage.ivan, requester=stage.ivan, subject="a", text="b", at=AT)


def test_a_database_that_is_away_is_said_so_and_nothing_is_half_done(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**fields: Any) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(portal, "open_ticket", away)
    with pytest.raises(NotDurable):
        portal.submit(by=stage.ivan, subject="a", text="b", at=AT)
    assert Inbound.objects.count() == 0


def test_below_the_disk_floor_nothing_is_taken(stage: Any, settings: Any) -> None:
    settings.FIRSTLINE_DISK_FLOOR_MB = 10**9
    with pytest.raises(NotDurable):
        portal.submit(by=stage.ivan, subject="a", text="b", at=AT)
    with pytest.raises(NotDurable):
        acceptance.accept_email(b"From: a@b\n\nx", source="pipe:x", source_key="1", at=AT)
    assert Inbound.objects.count() == 0
