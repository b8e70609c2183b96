"""What an exchange tells of calls: who calls is known by the number, a call is written down once, and one that nobody
answered is work that people see."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from firstline.intake import exchange_calls, processing, quarantine, reckon_journal
from firstline.intake.call_models import Call
from firstline.intake.models import Inbound, Missing
from firstline.lib import clock, phones
from firstline.live.models import Signal
from firstline.people.models import OtherAddress, Person
from firstline.post import trunks
from firstline.post.models import Trunk
from firstline.post.transports.sms import SIGNATURE, signed
from firstline.tickets.call_models import CallWish
from firstline.tickets.models import Event, Kind, Ticket
from firstline.tickets.refusals import WrongValue
from firstline.worklog.touch_models import Touch
from tests import cast
from tests.api.callers import Caller

pytestmark = pytest.mark.django_db
SECRET, IVAN, STRANGER = "sixteen-letters-and-more", "+79215550142", "+359888123456"


@pytest.fixture
def s() -> SimpleNamespace:
    s = cast.stage()
    trunks.set_up(trunks.Wanted("main", secret=SECRET), by="test", at=clock.now())
    return s


def hook(client: Client, raw: bytes | None = None, *, secret: str = SECRET, account: str = "main", **said: Any) -> Any:
    body = json.dumps(said).encode() if raw is None else raw
    headers = {SIGNATURE: signed(secret, body)}
    return client.post(f"/api/v1/hooks/phone/{account}", body, content_type="application/json", headers=headers)


def told(client: Client, event: str, number: str | None = IVAN, id: str = "c1", **more: Any) -> Inbound:
    said = {"id": id, "event": event, "from": number, "to": "+74951234567", "at": clock.now().isoformat(), **more}
    assert hook(client, **said).status_code == 200
    processing.drain()
    return Inbound.objects.get(kind="call", source_key=f"{id}:{event}")


def spoken(client: Client, seconds: int = 240, number: str | None = IVAN, id: str = "c1", agent: str = "olga") -> None:
    for event, more in (("ringing", {}), ("answered", {}), ("ended", {"seconds": seconds})):
        told(client, event, number, id, agent=agent, **more)


def calls_on(ticket: Ticket) -> list[Event]:
    return list(Event.objects.filter(ticket=ticket, kind=Kind.CALLED).order_by("id"))


def test_a_call_rings_on_the_screen_of_its_agent_with_who_calls_and_his_tickets(
    s: SimpleNamespace, client: Client
) -> None:
    first, second = cast.ticket(s), cast.ticket(s, subject="Второе")
    row = told(client, "ringing", agent="olga")
    assert (row.state, row.outcome, row.ticket) == ("done", "ignored", None)
    assert Signal.objects.filter(topic="call", audience__contains=f" person:{s.olga.pk} ").exists()
    client.force_login(s.olga)
    page = client.get("/desk/calls/now/").content.decode()
    assert "Иван" in page
    assert f"#{first.pk}" in page
    assert f"#{second.pk}" in page
    assert "shift+n" in page
    form = client.get("/desk/calls/new/", {"call": Call.objects.get().pk, "who": IVAN}).content.decode()
    assert s.ivan.name in form
    here = f"http://testserver/desk/calls/new/?call={Call.objects.get().pk}&who=x"
    shown = client.get("/desk/calls/now/", headers={"HX-Request": "true", "HX-Current-URL": here})
    assert not shown.content.strip(), "the form shows who calls already"
    client.force_login(s.nadia)
    assert not client.get("/desk/calls/now/").content.strip(), "it rings for her alone"
    assert 'hx-get="/desk/calls/now/"' in client.get("/desk/queue/").content.decode(), "every page asks"
    Trunk.objects.update(is_active=False)
    assert 'hx-get="/desk/calls/now/"' not in client.get("/desk/queue/").content.decode(), "but where nobody tells"


def test_a_call_that_names_nobody_rings_for_line_1(s: SimpleNamespace, client: Client) -> None:
    told(client, "ringing")
    for person, rings in ((s.olga, True), (s.nadia, True), (s.emil, False)):
        assert exchange_calls.rings_with(person, clock.now()).exists() is rings
    told(client, "answered", agent="nadia")
    assert not exchange_calls.rings_with(s.olga, clock.now()).exists()
    assert exchange_calls.rings_with(s.nadia, clock.now()).exists()


def test_a_call_with_the_only_open_ticket_is_written_down_there_and_answers_it(
    s: SimpleNamespace, client: Client
) -> None:
    ticket = cast.ticket(s, at=clock.now())
    spoken(client, 240)
    (event,) = calls_on(ticket)
    assert (event.by, event.data["seconds"]) == (s.olga, 240)
    clock_row = ticket.clocks.get(metric="first_response")
    assert clock_row.state == "met"
    touch = Touch.objects.get(person=s.olga, ticket=ticket)
    assert (touch.ended_at - touch.started_at).total_seconds() == 240
    call = Call.objects.get()
    assert (call.ticket, call.event, call.state) == (ticket, event, "ended")


def test_with_several_open_tickets_he_is_asked_and_it_is_written_down_once(s: SimpleNamespace, client: Client) -> None:
    first, second = cast.ticket(s), cast.ticket(s)
    spoken(client)
    assert not calls_on(first)
    assert not calls_on(second)
    client.force_login(s.olga)
    call = Call.objects.get()
    assert f'value="{second.pk}"' in client.get("/desk/calls/now/").content.decode()
    answer = client.post(f"/desk/calls/{call.pk}/ticket/", {"ticket": f"#{second.pk}"})
    assert answer.headers["Location"] == f"/desk/tickets/{second.pk}/"
    assert len(calls_on(second)) == 1
    call.refresh_from_db()
    with pytest.raises(WrongValue):
        exchange_calls.about(call, first, by=s.olga, at=clock.now())
    assert not calls_on(first)


def test_about_no_ticket_it_is_asked_no_more(s: SimpleNamespace, client: Client) -> None:
    spoken(client, number=STRANGER)
    client.force_login(s.olga)
    assert "ring" in client.get("/desk/calls/now/").content.decode()
    call = Call.objects.get()
    assert client.post(f"/desk/calls/{call.pk}/ticket/", {"ticket": "", "next": "//evil.example/"}).headers[
        "Location"
    ] == "/desk/calls/"  # fmt: skip
    assert not client.get("/desk/calls/now/").content.strip()
    assert not Ticket.objects.exists()


def test_the_form_writes_the_call_down_on_its_ticket_when_it_ends(s: SimpleNamespace, client: Client) -> None:
    told(client, "ringing", STRANGER, agent="olga")
    told(client, "answered", STRANGER, agent="olga")
    client.force_login(s.olga)
    sent = {"who": STRANGER, "caller_name": "Стоян", "subject": "Няма интернет", "deed": "take", "call": "1"}
    assert client.post("/desk/calls/new/", {**sent, "call": Call.objects.get().pk}).status_code == 302
    ticket = Ticket.objects.get()
    assert not calls_on(ticket)
    assert Call.objects.get().ticket == ticket
    assert Inbound.objects.get(kind="phone").message == ticket.messages.order_by("id").first()
    reckon_journal.reckon(clock.now() + timedelta(hours=1))
    assert not Missing.objects.exists(), "what became of the form is accounted for"
    told(client, "ended", STRANGER, agent="olga", seconds=61)
    assert [one.data["seconds"] for one in calls_on(ticket)] == [61]


@pytest.mark.parametrize("order", list(permutations(["ringing", "answered", "ended"])))
def test_in_whatever_order_it_is_told_it_is_written_down_once(
    s: SimpleNamespace, client: Client, order: tuple[str, ...]
) -> None:
    ticket = cast.ticket(s)
    for event in order:
        told(client, event, agent="olga", **({"seconds": 30} if event == "ended" else {}))
    assert [one.data["seconds"] for one in calls_on(ticket)] == [30]
    assert not CallWish.objects.exists()
    assert Call.objects.get().state == "ended"


def test_told_again_nothing_changes(s: SimpleNamespace, client: Client) -> None:
    ticket = cast.ticket(s)
    spoken(client)
    before = (Inbound.objects.count(), Event.objects.count())
    spoken(client, seconds=999)
    assert (Inbound.objects.count(), Event.objects.count()) == before
    assert len(calls_on(ticket)) == 1


@pytest.mark.parametrize(
    "written", ["+79215550142", "8 (921) 555-01-42", "79215550142", "sip:+79215550142@pbx;user=phone"]
)
def test_a_missed_call_of_who_has_one_open_ticket_is_a_call_back_on_it(
    s: SimpleNamespace, client: Client, written: str
) -> None:
    ticket = cast.ticket(s)
    row = told(client, "missed", written)
    assert (row.outcome, row.ticket) == ("reply", ticket)
    wish = CallWish.objects.get(ticket=ticket, settled_at=None)
    assert phones.normalised(wish.phone) == IVAN
    assert Ticket.objects.count() == 1
    client.force_login(s.olga)
    assert str(ticket.pk) in client.get("/desk/call-backs/").content.decode()


def test_a_missed_call_of_nobody_known_is_a_ticket_and_the_next_one_joins_it(
    s: SimpleNamespace, client: Client
) -> None:
    row = told(client, "missed", "0888 123 456")
    ticket = Ticket.objects.get()
    assert (row.outcome, row.ticket) == ("ticket", ticket)
    assert (ticket.channel, ticket.requester.phone_e164, ticket.status) == ("phone", STRANGER, "new")
    assert ticket.clocks.get(metric="first_response").state == "running" if ticket.contract_id else True
    told(client, "missed", STRANGER, id="c2")
    assert Ticket.objects.count() == 1
    assert CallWish.objects.filter(settled_at=None).count() == 1
    assert Event.objects.filter(kind=Kind.CALL_WANTED).count() == 2


def test_with_several_open_tickets_a_missed_call_is_one_more_and_only_one(s: SimpleNamespace, client: Client) -> None:
    cast.ticket(s), cast.ticket(s)
    told(client, "missed")
    told(client, "missed", id="c2")
    assert Ticket.objects.count() == 3
    assert Ticket.objects.order_by("-id").first().requester == s.ivan  # type: ignore[union-attr]


def test_who_hides_his_number_lies_in_the_quarantine(s: SimpleNamespace, client: Client) -> None:
    for number, (hidden, id) in enumerate(
        [("", "a"), (None, "b"), ("anonymous", "c"), ("sip:anonymous@x.invalid", "d")]
    ):
        row = told(client, "missed", hidden, id)
        assert (row.state, row.outcome) == ("quarantine", "quarantine"), number
    ticket = quarantine.make_ticket(row, by=s.petra, at=clock.now())
    assert (ticket.channel, ticket.requester) == ("phone", s.petra)


def test_a_call_that_ends_without_an_answer_was_missed(s: SimpleNamespace, client: Client) -> None:
    told(client, "ringing")
    told(client, "ended", seconds=0)
    assert CallWish.objects.get().ticket == Ticket.objects.get()
    told(client, "missed")
    assert Ticket.objects.count() == 1
    assert Event.objects.filter(kind=Kind.CALL_WANTED).count() == 1


def test_missed_by_one_and_answered_by_another_nobody_waits(s: SimpleNamespace, client: Client) -> None:
    told(client, "missed", agent="nadia")
    told(client, "answered", agent="olga")
    told(client, "ended", agent="olga", seconds=90)
    ticket = Ticket.objects.get()
    assert not CallWish.objects.filter(settled_at=None).exists()
    assert [one.data["seconds"] for one in calls_on(ticket)] == [90]
    answered_first = told(client, "answered", STRANGER, id="c2", agent="olga")
    assert told(client, "missed", STRANGER, id="c2").outcome == answered_first.outcome == "ignored"
    assert Ticket.objects.count() == 1


def test_calling_back_by_the_exchange_settles_it(s: SimpleNamespace, client: Client) -> None:
    Person.objects.filter(pk=s.olga.pk).update(phone="214", phone_e164="214")
    told(client, "missed", STRANGER)
    ticket = Ticket.objects.get()
    for event, more in (("ringing", {}), ("answered", {}), ("ended", {"seconds": 50})):
        told(client, event, "214", "out", to="0888123456", agent="214", **more)
    assert not CallWish.objects.filter(settled_at=None).exists()
    assert [one.data["seconds"] for one in calls_on(ticket)] == [50]
    assert Call.objects.get(call_id="out").is_ours
    told(client, "missed", "214", "out2", to="0888123456", agent="214")
    assert Ticket.objects.count() == 1, "who does not pick up our call asks for nothing"


def test_a_forged_number_of_an_agent_gives_no_rights_and_loses_no_call(s: SimpleNamespace, client: Client) -> None:
    Person.objects.filter(pk=s.olga.pk).update(phone_e164=STRANGER)
    row = told(client, "missed", STRANGER, agent="nadia")
    assert row.outcome == "ticket"
    assert row.message is not None
    assert "unverified-agent" in row.message.flags


def test_a_number_that_several_share_makes_one_caller_of_their_client(s: SimpleNamespace, client: Client) -> None:
    Person.objects.filter(pk__in=[s.ivan.pk, s.irina.pk]).update(phone_e164=STRANGER)
    told(client, "missed", STRANGER)
    ticket = Ticket.objects.get()
    assert ticket.requester not in (s.ivan, s.irina)
    assert ticket.client == (s.north if s.ivan.client == s.irina.client else None)
    people = Person.objects.count()
    told(client, "missed", STRANGER, id="c2")
    assert (Ticket.objects.count(), Person.objects.count()) == (1, people)


def test_a_further_number_of_a_person_is_his(s: SimpleNamespace, client: Client) -> None:
    OtherAddress.objects.create(person=s.ivan, kind="phone", value="0888 123 456", number=STRANGER)
    ticket = cast.ticket(s)
    assert told(client, "missed", STRANGER).ticket == ticket


def test_nobody_hears_whose_client_is_not_his(s: SimpleNamespace, client: Client) -> None:
    ticket = cast.ticket(s, requester=s.stoyan)
    Person.objects.filter(pk=s.stoyan.pk).update(phone_e164=STRANGER)
    outsider = cast.person("outsider", "Чужой", "operator", team=s.line1)
    outsider.scope.set([s.north])
    told(client, "ringing", STRANGER, agent="outsider")
    client.force_login(outsider)
    page = client.get("/desk/calls/now/").content.decode()
    assert phones.readable(STRANGER) in page
    assert s.stoyan.name not in page
    assert f"#{ticket.pk}" not in page


def test_without_the_signature_nothing_is_taken_and_the_administrator_sees_it(
    s: SimpleNamespace, client: Client
) -> None:
    said = {"id": "1", "event": "missed", "from": IVAN, "to": "1"}
    for secret, account in (("another-secret-that-is-long", "main"), (SECRET, "nobody")):
        assert hook(client, secret=secret, account=account, **said).status_code == 401
    assert client.post("/api/v1/hooks/phone/main", b"{}", content_type="application/json").status_code == 401
    assert not Inbound.objects.exists()
    assert [one.slug for one in trunks.in_trouble(clock.now())] == ["main"]
    assert hook(client, **said).status_code == 200
    Trunk.objects.update(heard_at=clock.now() + timedelta(seconds=1))
    assert not list(trunks.in_trouble(clock.now()))
    Trunk.objects.update(is_active=False)
    assert hook(client, **said).status_code == 401


def test_an_exchange_that_says_more_than_we_know_loses_no_call(s: SimpleNamespace, client: Client) -> None:
    assert told(client, "missed", queue="sales", tags=["vip"]).outcome == "ticket"


def test_what_cannot_be_an_event_is_refused_by_its_field(s: SimpleNamespace, client: Client) -> None:
    good = {"id": "1", "event": "ended", "from": IVAN, "to": "1", "at": "2026-11-02T09:00:00+02:00", "seconds": 3}
    for field, wrong in (
        ("id", ""), ("id", None), ("id", 7), ("id", "x" * 101), ("event", "hangup"), ("event", None),
        ("event", ["missed"]),
        ("from", 79215550142), ("from", "1" * 201), ("at", "yesterday"), ("at", "2026-11-02T09:00:00"),
        ("seconds", -1), ("seconds", "12"), ("seconds", True), ("seconds", 10**9), ("recording_url", "javascript:x"),
        ("agent", {}),
    ):  # fmt: skip
        answer = hook(client, **{**good, field: wrong})
        assert answer.status_code == 422, (field, wrong)
        assert field in answer.content.decode()
    for raw in (b"", b"{", b"[]", b"null", b'"x"', b"[" * 5000, b"\xff"):
        assert hook(client, raw).status_code in (400, 422), raw[:9]
    assert hook(client, b'{"id": "' + b"x" * 70_000 + b'"}').status_code == 401
    assert not Inbound.objects.exists()


def test_a_time_ahead_of_ours_is_now_and_none_is_when_it_came(s: SimpleNamespace, client: Client) -> None:
    told(client, "ringing", at=(clock.now() + timedelta(days=400)).isoformat())
    told(client, "ringing", id="c2", at=None)
    assert not Call.objects.filter(rang_at__gt=clock.now()).exists()
    assert Call.objects.filter(rang_at=None).count() == 0


def test_calls_by_api(s: SimpleNamespace, client: Client) -> None:
    ticket, _other = cast.ticket(s), cast.ticket(s)
    spoken(client)
    told(client, "missed", STRANGER, id="c2")
    olga = Caller(s.olga)
    listed = answered(olga.get("/calls"))["items"]
    assert [one["state"] for one in listed] == ["missed", "ended"]
    assert [one["id"] for one in answered(olga.get("/calls?state=missed"))["items"]] == [listed[0]["id"]]
    said = answered(olga.post(f"/calls/{listed[1]['id']}/ticket", {"ticket": ticket.pk}))
    assert (said["ticket"], said["seconds"]) == (str(ticket.pk), 240)
    assert len(calls_on(ticket)) == 1
    assert olga.post(f"/calls/{listed[1]['id']}/ticket", {"ticket": ticket.pk}).status_code == 422


def answered(answer: Any) -> Any:
    assert answer.status_code == 200
    return json.loads(answer.content)
