"""People: added, edited, invited, parted with, merged; the last administrator stays; nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client as Browser

from firstline.audit.models import Row
from firstline.intake import senders
from firstline.lib import clock
from firstline.people import companies, sign_in, tokens, upkeep
from firstline.people.models import ApiToken, OtherAddress, Person
from firstline.people.upkeep import Known, WrongPerson
from firstline.post.models import Delivery
from firstline.tickets import assignment, participants, same_person
from firstline.tickets.models import Event, Kind, Ticket
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Browser]
ROOT = "/desk/people/"
NEW = {"name": "Пётр Ильин", "role": "requester", "client": "north", "email": "Petr@North.example", "language": ""}


def test_somebody_is_added_with_an_invitation_and_found(stage: SimpleNamespace, signed_in: SignIn) -> None:
    anna = signed_in(stage.anna)
    sent = {**NEW, "phone": "8 921 555-77-88", "further_emails": "petr@home.example\nilin@home.example", "invite": "1"}
    answer = anna.post(f"{ROOT}new/", sent)
    made = Person.objects.get(login="petr@north.example")
    assert answer.headers["Location"] == f"{ROOT}{made.pk}/"
    assert (made.email, made.phone_e164, made.language) == ("petr@north.example", "+79215557788", "ru")
    assert not made.has_usable_password()
    assert Delivery.objects.get(kind="invitation").to == "petr@north.example"
    for words in ("пётр", "ИЛЬИН", "ilin@home", "5557788"):
        assert "Пётр Ильин" in anna.get(ROOT, {"q": words}).content.decode(), words
    assert "Пётр Ильин" not in anna.get(ROOT, {"q": "пётр", "client": "south"}).content.decode()
    assert senders.find("Ilin@home.example") == made
    assert senders.find_all(["ilin@home.example", "nobody@x.example"]) == {"ilin@home.example": made}
    said = Row.objects.get(action="person added")
    assert (said.actor, said.data["changed"]["email"]) == (f"person:{stage.anna.pk}", "petr@north.example")


def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_kept(stage: SimpleNamespace, signed_in: SignIn) -> None:
    anna = signed_in(stage.anna)
    for sent, words in (
        ({**NEW, "email": "ivan@north.example"}, "Somebody else has this already."),
        ({**NEW, "email": "no address"}, "This is not a mail address."),
        ({**NEW, "client": ""}, "Whoever asks belongs to a client: choose it."),
        ({**NEW, "name": " "}, "Something has to stand here."),
        ({**NEW, "time_zone": "Mars/Base"}, "Choose one from the list."),
    ):
        answer = anna.post(f"{ROOT}new/", sent)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), words
    assert not Person.objects.filter(name="Пётр Ильин").exists()


def test_only_an_administrator_gives_roles_of_the_desk(stage: SimpleNamespace, signed_in: SignIn) -> None:
    maria, adam = signed_in(stage.maria), signed_in(stage.adam)
    agent = {"name": "Новый", "role": "operator", "email": "new@desk.example", "scope": ["north"], "team": "line1"}
    assert maria.post(f"{ROOT}new/", agent).status_code == 403
    assert maria.post(f"{ROOT}{stage.olga.pk}/", {**NEW, "role": "requester"}).status_code == 403
    assert maria.post(f"{ROOT}{stage.ivan.pk}/", {**NEW, "role": "administrator"}).status_code == 403
    assert adam.post(f"{ROOT}new/", agent).status_code == 302
    made = Person.objects.get(email="new@desk.example")
    assert (made.role, made.team, [one.slug for one in made.scope.all()]) == ("operator", stage.line1, ["north"])
    assert "operator" not in maria.get(f"{ROOT}new/").content.decode().split('name="role"')[1].split("</select>")[0]


def test_the_last_administrator_stays_one(stage: SimpleNamespace) -> None:
    at = clock.now()
    other = cast.person("second", "Второй", "administrator")
    as_is = Known(login="adam", name="Adam", role="manager", email="adam@desk.example")
    upkeep.deactivate(other, by=stage.adam, at=at)
    with pytest.raises(WrongPerson, match="last administrator"):
        upkeep.keep(as_is, found=stage.adam, by=stage.adam, at=at)
    with pytest.raises(WrongPerson, match="yourself"):
        upkeep.deactivate(stage.adam, by=stage.adam, at=at)
    with pytest.raises(WrongPerson, match="last administrator"):
        upkeep.deactivate_quietly(stage.adam, actor="apply", at=at)
    upkeep.bring_back(other, by=stage.adam, at=at)
    assert upkeep.keep(as_is, found=stage.adam, by=stage.adam, at=at).person.role == "manager"


def test_whoever_leaves_comes_in_no_more_and_his_tickets_are_named_and_given_back(
    stage: SimpleNamespace, signed_in: SignIn
) -> None:
    ticket = cast.ticket(stage)
    assignment.assign(ticket, by=stage.maria, at=clock.now(), assignee=stage.olga)
    _token, secret = tokens.create(stage.olga, at=clock.now(), by=None)
    olga, adam = signed_in(stage.olga), signed_in(stage.adam)
    assert olga.get("/desk/queue/").status_code == 200
    page = adam.get(f"{ROOT}{stage.olga.pk}/leaving/").content.decode()
    assert f"#{ticket.pk} Не печатает принтер" in page
    assert (
        "1 ticket went back into the queue."
        in adam.post(f"{ROOT}{stage.olga.pk}/leaving/", follow=True).content.decode()
    )
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (ticket.assignee, ticket.line) == (None, 1)
    assert Event.objects.filter(ticket=ticket, kind=Kind.GIVEN_BACK, data__why="left", by=stage.adam).count() == 1
    assert olga.get("/desk/queue/").status_code == 302
    assert tokens.find(secret, at=clock.now()) is None
    assert ApiToken.objects.get(person=stage.olga).revoked_at is not None
    adam.post(f"{ROOT}{stage.olga.pk}/return/")
    assert olga.get("/desk/queue/").status_code == 302, "an old session does not come alive again"
    assert "works here no more" in adam.get(f"/desk/tickets/{ticket.pk}/").content.decode()


def test_two_records_of_one_person_become_one_and_nothing_is_lost(stage: SimpleNamespace, signed_in: SignIn) -> None:
    at = clock.now()
    twin = cast.person("twin", "Иван Петров", "requester", client=stage.north, email="ivan@home.example",
                       phone="+7 921 555-00-00", phone_e164="+79215550000")  # fmt: skip
    asked, shared = cast.ticket(stage, requester=twin), cast.ticket(stage, requester=stage.irina)
    participants.add(shared, twin, by=stage.maria, at=at)
    anna = signed_in(stage.anna)
    assert str(stage.ivan.email) in anna.get(f"{ROOT}{twin.pk}/merging/").content.decode()
    answer = anna.post(f"{ROOT}{twin.pk}/merging/", {"into": stage.ivan.pk}, follow=True).content.decode()
    assert "1 request is his now." in answer
    assert Ticket.objects.get(pk=asked.pk).requester == stage.ivan
    assert [one.person for one in shared.participants.all()] == [stage.ivan]
    assert senders.find("ivan@home.example") == stage.ivan
    assert senders.find("", "+7 921 555-00-00") == stage.ivan
    twin.refresh_from_db()
    assert (twin.is_active, twin.merged_into, twin.email) == (False, stage.ivan, "")
    assert asked.messages.get().author == twin, "what was written stays written under the old name"
    with pytest.raises(WrongPerson, match="itself"):
        same_person.merge(twin, stage.ivan, by=stage.anna, at=at)
    with pytest.raises(WrongPerson, match="merged"):
        upkeep.bring_back(twin, by=stage.anna, at=at)


def test_what_a_merging_left_behind_is_brought_by_the_job(stage: SimpleNamespace) -> None:
    twin = cast.person("twin", "Иван", "requester", client=stage.north, email="i@home.example")
    ticket = cast.ticket(stage, requester=twin)
    same_person._join(twin, stage.ivan, by=stage.anna, at=clock.now())
    assert same_person.go_on(clock.now()) == 1
    assert Ticket.objects.get(pk=ticket.pk).requester == stage.ivan
    assert same_person.go_on(clock.now()) == 0


def test_people_of_two_clients_or_of_the_desk_are_never_merged(stage: SimpleNamespace) -> None:
    for source, into, problem in (
        (stage.ivan, stage.stoyan, "another client"), (stage.ivan, stage.ivan, "itself"),
    ):  # fmt: skip
        with pytest.raises(WrongPerson, match=problem):
            same_person.merge(source, into, by=stage.adam, at=clock.now())
    with pytest.raises(WrongPerson, match="of the desk"):
        same_person.merge(stage.olga, stage.nadia, by=stage.adam, at=clock.now())
    assert not OtherAddress.objects.exists()


def test_a_client_that_is_none_any_more_signs_nobody_in_and_loses_nothing(
    stage: SimpleNamespace, signed_in: SignIn
) -> None:
    ivan, anna = signed_in(stage.ivan), signed_in(stage.anna)
    _token, secret = tokens.create(stage.ivan, at=clock.now(), by=None)
    assert anna.post("/desk/clients/north/closing/", {"closed": "yes"}).status_code == 302
    assert ivan.get("/portal/").status_code == 302
    assert sign_in.find("ivan") is None
    assert tokens.find(secret, at=clock.now()) is None
    with pytest.raises(WrongPerson, match="not active"):
        upkeep.invite(stage.ivan, by=stage.anna, at=clock.now())
    assert cast.ticket(stage).client == stage.north, "his letters still become tickets"
    assert "Север-Логистик" not in anna.get("/desk/clients/").content.decode()
    assert "Север-Логистик" in anna.get("/desk/clients/?closed=1").content.decode()
    anna.post("/desk/clients/north/closing/", {"closed": "no"})
    assert ivan.get("/portal/").status_code == 200


def test_a_client_is_kept_with_card_and_domains(stage: SimpleNamespace, signed_in: SignIn) -> None:
    anna = signed_in(stage.anna)
    sent = {"slug": "west", "names-ru": "Запад", "names-en": "West", "language": "ru", "time_zone": "Europe/Moscow",
            "domains": "West.example\n@west2.example", "phone": "+7 495 1", "note": "Звонить"}  # fmt: skip
    assert anna.post("/desk/clients/new/", sent).headers["Location"] == "/desk/clients/west/"
    made = companies.Client.objects.get(slug="west")
    assert sorted(one.domain for one in made.email_domains.all()) == ["west.example", "west2.example"]
    answer = anna.post("/desk/clients/west/", {**sent, "domains": "north.example"})
    assert answer.status_code == 422
    assert "is another client’s: Север-Логистик" in answer.content.decode()
    assert Row.objects.filter(action="client added", target="client:west").count() == 1
    anna.post("/desk/clients/west/", sent)
    assert not Row.objects.filter(action="client edited", target="client:west").exists(), (
        "nothing changed, nothing said"
    )


def test_teams_are_kept_and_a_person_is_in_one(stage: SimpleNamespace, signed_in: SignIn) -> None:
    adam = signed_in(stage.adam)
    adam.post("/desk/teams/new/", {"slug": "night", "names-ru": "Ночная", "line": "1"})
    adam.post("/desk/teams/night/members/", {"member": ["olga", "ivan"]})
    assert sorted(Person.objects.filter(team__slug="night").values_list("login", flat=True)) == ["olga"]
    assert Row.objects.get(action="team members").data == {"came": ["olga"], "left": []}
    assert "Ночная" in adam.get("/desk/teams/").content.decode()


def test_the_list_costs_the_same_statements_and_goes_on_page_by_page(
    stage: SimpleNamespace, signed_in: SignIn, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    Person.objects.bulk_create(
        Person(login=f"p{n}", name=f"Яков {n:03}", role="requester", client=stage.north) for n in range(120)
    )
    anna = signed_in(stage.anna)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        first = anna.get(ROOT, {"q": "яков"}).content.decode()
    assert ("Яков 000" in first, "Яков 050" in first) == (True, False)
    after = Person.objects.get(name="Яков 049").pk
    assert "Яков 050" in anna.get(ROOT, {"q": "яков", "after": after}).content.decode()


def test_the_api_keeps_people_by_the_same_verbs(stage: SimpleNamespace) -> None:
    adam, maria = Caller(stage.adam), Caller(stage.maria)
    made = adam.post("/people", {"name": "Нина", "role": "operator", "email": "nina@desk.example", "scope": "all"})
    assert (made.status_code, made.headers["Location"]) == (201, "/api/v1/people/nina@desk.example")
    changed = adam.patch("/people/nina@desk.example", {"further_phones": ["+359 2 9876543"], "team": "line1"})
    said = json.loads(changed.content)
    assert (said["scope"], said["team"], said["further_phones"]) == ("all", "line1", ["+359 2 9876543"])
    assert maria.patch("/people/nina@desk.example", {"name": "X"}).status_code == 403
    assert fields(adam.patch("/people/adam", {"role": "manager"})) == ["role"]
    assert json.loads(adam.post("/people/nina@desk.example/deactivation").content)["given_back"] == 0
    found = json.loads(adam.get("/people?q=нина&state=away").content)["items"]
    assert [one["active"] for one in found] == [False]
    assert clock.now() - Person.objects.get(login="nina@desk.example").created_at < timedelta(minutes=5)
