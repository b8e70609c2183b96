"""The form of a new request: nothing typed is lost, nothing is sent twice, answers come while typing."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firstline.knowledge import articles, helped
from firstline.lib import clock
from firstline.tickets.models import Ticket
from tests import cast

pytestmark = pytest.mark.django_db
TYPED = {
    "subject": "Не печатает принтер",
    "text": "Горит лампочка",
    "urgency": "high",
    "service": "printing",
    "key": "k1",
}


@pytest.fixture
def s(client: Client) -> SimpleNamespace:
    stage = cast.stage()
    client.force_login(stage.ivan)
    return stage


def test_sent_it_has_a_number_and_the_promised_times(client: Client, s: SimpleNamespace) -> None:
    response = client.post("/portal/new/", TYPED)
    ticket = Ticket.objects.get()
    assert response["Location"] == f"/portal/requests/{ticket.pk}/?sent=1"
    assert (ticket.requester, ticket.client, ticket.channel, ticket.urgency) == (s.ivan, s.north, "portal", "high")
    assert (ticket.service, ticket.team) == (s.printing, s.line1)
    page = client.get(response["Location"]).content.decode()
    assert "p-sent" in page
    assert page.count("<sla-clock") == 2


def test_sent_twice_it_is_one_request(client: Client, s: SimpleNamespace) -> None:
    assert client.post("/portal/new/", TYPED)["Location"] == client.post("/portal/new/", TYPED)["Location"]
    assert Ticket.objects.count() == 1


def test_each_form_has_a_key_of_its_own(client: Client, s: SimpleNamespace) -> None:
    keys = {client.get("/portal/new/").context["typed"]["key"] for _ in range(2)}
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("field", "value"), [("subject", " "), ("text", ""), ("urgency", "at once"), ("service", "no-such-service")]
)
def test_a_wrong_field_says_what_is_wrong_and_the_rest_stays(
    client: Client, s: SimpleNamespace, field: str, value: str
) -> None:
    response = client.post("/portal/new/", {**TYPED, field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert f'id="{field}-problem"' in page
    for name, typed in TYPED.items():
        if name != field:
            assert typed in page
    assert not Ticket.objects.exists()


def test_files_come_along_and_are_served_as_downloads_to_who_may_read_them(client: Client, s: SimpleNamespace) -> None:
    file = SimpleUploadedFile("экран <b>.html", b"<script>alert(1)</script>", content_type="text/html")
    client.post("/portal/new/", {**TYPED, "files": [file]})
    ticket = Ticket.objects.get()
    attachment = ticket.messages.get().attachments.get()
    path = f"/portal/requests/{ticket.pk}/files/{attachment.pk}/"
    assert path in client.get(f"/portal/requests/{ticket.pk}/").content.decode()
    response = client.get(path)
    assert response.content == b"<script>alert(1)</script>"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in response["Content-Security-Policy"]
    for stranger in (s.irina, s.stoyan):
        client.force_login(stranger)
        assert client.get(path).status_code == 404


def test_a_file_too_large_is_refused_by_name_of_the_field(client: Client, s: SimpleNamespace) -> None:
    large = SimpleUploadedFile("big.bin", b"0" * (25 * 1024 * 1024 + 1))
    response = client.post("/portal/new/", {**TYPED, "files": [large]})
    assert response.status_code == 422
    assert 'id="files-problem"' in response.content.decode()
    assert not Ticket.objects.exists()


def test_articles_are_proposed_while_typing(client: Client, s: SimpleNamespace) -> None:
    for title, audience in (("Принтер печатает пустые листы", "all"), ("Принтер: пароль инженера", "desk")):
        article = articles.write(title=title, body="…", language="ru", audience=audience, by=s.lev, at=clock.now())
        articles.publish(article, by=s.lev, at=clock.now())
    page = client.get("/portal/new/answers/", {"subject": "принтера"}).content.decode()
    assert "пустые листы" in page
    assert "пароль" not in page
    assert client.get("/portal/new/answers/", {"subject": "вижу"}).content.decode().strip() == ""


def test_a_tile_chooses_the_service_and_the_contract_promises(client: Client, s: SimpleNamespace) -> None:
    page = client.get("/portal/new/", {"service": "printing"}).content.decode()
    assert 'value="printing" checked' in page
    assert "118-24" in client.get("/portal/").content.decode()


def test_an_article_that_helped_spares_the_request_and_is_noted_once(client: Client, s: SimpleNamespace) -> None:
    made = {}
    for title, audience in (("Принтер печатает пустые листы", "all"), ("Принтер: пароль инженера", "desk")):
        made[audience] = articles.write(
            title=title, body="…", language="ru", audience=audience, by=s.lev, at=clock.now()
        )
        articles.publish(made[audience], by=s.lev, at=clock.now())
    page = client.get("/portal/new/answers/", {"subject": "принтера"}).content.decode()
    assert f'form="helped" name="article" value="{made["all"].slug}"' in page
    for _ in range(2):
        answer = client.post("/portal/new/helped/", {"article": made["all"].slug, "subject": "принтера"})
        assert answer["Location"] == "/portal/"
    assert helped.times(made["all"]) == 1
    assert made["all"].helped.get().question == "принтера"
    assert client.post("/portal/new/helped/", {"article": made["desk"].slug}).status_code == 404
    client.logout()
    assert 'form="helped"' not in client.get("/portal/new/answers/", {"subject": "принтера"}).content.decode()
