"""Files, deliveries, articles and letters through the API."""

from __future__ import annotations

import hashlib

import pytest

from firstline.blobs import store
from firstline.intake.models import Inbound
from firstline.knowledge.models import Article, Revision
from firstline.lib import clock
from firstline.post.models import Account
from firstline.tickets import conversation
from firstline.tickets.models import Attachment
from firstline.tickets.opening import File, Words
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db
LETTER = b"From: Ivan <ivan@north.example>\r\nTo: desk@firstline.example\r\nSubject: hello\r\n\r\nHello\r\n"


def test_a_file_is_only_ever_a_download():
    s = cast.stage()
    blob = store.keep(b"<script>alert(1)</script>")
    words = Words(text="файл", files=[File(blob, 'стра"шно\r\n.html', "text/html")])
    ticket = cast.ticket(s, words=words)
    file = Attachment.objects.get()
    answer = Caller(s.ivan).get(f"/files/{file.pk}")
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    entry = Caller(s.ivan).get(f"/tickets/{ticket.number}/timeline").json()["items"][0]
    assert [each["size"] for each in entry["attachments"]] == [25]
    assert entry["attachments"][0]["url"].endswith(f"/api/v1/files/{file.pk}")


def test_a_foreign_file_and_one_of_an_internal_note_are_not_there():
    s = cast.stage()
    ticket = cast.ticket(s)
    conversation.note(
        ticket, Words(text="x", files=[File(store.keep(b"x"), "a.txt", "text/plain")]), by=s.olga, at=clock.now()
    )
    number = Attachment.objects.get().pk
    assert Caller(s.olga).get(f"/files/{number}").status_code == 200
    for person in (s.ivan, s.stoyan, s.petra):
        assert Caller(person).get(f"/files/{number}").status_code == 404


def test_deliveries_are_for_those_who_see_the_outbox():
    s = cast.stage()
    number = cast.ticket(s).number
    answer = Caller(s.olga).get(f"/tickets/{number}/deliveries")
    assert answer.status_code == 200
    for delivery in answer.json()["items"]:
        assert {"id", "ticket", "channel", "to", "message_id", "state", "attempts"} <= set(delivery)
    for person in (s.ivan, s.kira, s.anna):  # the account manager has no outbox: product.md, "Who may do what"
        assert Caller(person).get(f"/tickets/{number}/deliveries").status_code == 403


def test_articles_are_read_by_who_may():
    s = cast.stage()
    for slug, state, audience in (("open", "validated", "all"), ("desk", "validated", "desk"), ("draft", "wip", "all")):
        article = Article.objects.create(slug=slug, state=state, audience=audience)
        for language in ("ru", "en"):
            Revision.objects.create(
                article=article, language=language, number=1, title=f"{slug} {language}", body="# x"
            )
    desk, client = Caller(s.olga), Caller(s.ivan)
    assert [item["slug"] for item in desk.get("/articles").json()["items"]] == ["draft", "desk", "open"]
    assert [item["slug"] for item in client.get("/articles").json()["items"]] == ["open"]
    page = desk.get("/articles?limit=2").json()
    assert [item["slug"] for item in desk.get(f"/articles?cursor={page['next_cursor']}").json()["items"]] == ["open"]
    said = client.get("/articles/open?language=en").json()
    assert (said["title"], said["language"], said["languages"], said["body"]) == ("open en", "en", ["en", "ru"], "# x")
    assert client.get("/articles/desk").status_code == 404


def test_a_letter_is_acknowledged_when_it_is_stored():
    s = cast.stage()
    answer = Caller(s.olga).raw("POST", "/intake/email", LETTER, "message/rfc822")
    assert answer.status_code == 202, answer.content
    said = answer.json()
    assert set(said) == {"intake", "state", "outcome", "ticket", "message", "reason", "sha256"}
    assert (said["state"], said["outcome"], said["ticket"]) == ("new", "pending", None)
    assert said["sha256"] == hashlib.sha256(LETTER).hexdigest()
    assert bytes(Inbound.objects.get().raw) == LETTER


def test_a_letter_sent_again_under_its_key_is_the_same_one():
    s = cast.stage()
    olga = Caller(s.olga)
    first = olga.raw("POST", "/intake/email", LETTER, "message/rfc822", Idempotency_Key="1")
    again = olga.raw("POST", "/intake/email", LETTER, "message/rfc822", Idempotency_Key="1")
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert olga.raw("POST", "/intake/email", LETTER + b"x", "message/rfc822", Idempotency_Key="1").status_code == 409
    assert Inbound.objects.count() == 1


def test_letters_are_taken_from_the_desk_at_known_mailboxes_and_never_empty():
    s = cast.stage()
    Account.objects.create(address="help@desk.example")
    assert Caller(s.ivan).raw("POST", "/intake/email", LETTER).status_code == 403
    assert Caller(s.olga, "read").raw("POST", "/intake/email", LETTER).status_code == 403
    answer = Caller(s.olga).raw("POST", "/intake/email?mailbox=other@desk.example", LETTER)
    assert (answer.status_code, fields(answer)) == (422, ["mailbox"])
    answer = Caller(s.olga).raw("POST", "/intake/email", b"")
    assert (answer.status_code, fields(answer)) == (422, ["body"])
    assert Caller(s.olga).raw("POST", "/intake/email?mailbox=HELP@desk.example", LETTER).status_code == 202


def test_a_letter_that_could_not_be_stored_is_503(settings):
    s = cast.stage()
    settings.FIRSTLINE_DISK_FLOOR_MB = 10**12
    answer = Caller(s.olga).raw("POST", "/intake/email", LETTER)
    assert answer.status_code == 503
    fields(answer)
    assert not Inbound.objects.exists()


def test_an_internal_note_changes_nothing_that_the_clients_side_reads():
    s = cast.stage()
    ticket = cast.ticket(s)
    ivan, olga = Caller(s.ivan), Caller(s.olga)
    addresses = (f"/tickets/{ticket.number}", "/tickets", f"/tickets/{ticket.number}/timeline")

    def read(who: Caller) -> list[tuple[object, str | None]]:
        answers = [who.get(address) for address in addresses]
        return [(without_minutes(answer.json()), answer.headers.get("ETag")) for answer in answers]

    def without_minutes(said: object) -> object:
        """Clocks run on between two questions."""
        if isinstance(said, dict):
            return {name: without_minutes(value) for name, value in said.items() if name != "consumed_minutes"}
        return [without_minutes(one) for one in said] if isinstance(said, list) else said

    before, at_desk = read(ivan), read(olga)
    conversation.note(ticket, Words(text="знакомая беда"), by=s.olga, at=clock.now())
    assert read(ivan) == before
    assert read(olga) != at_desk
    seen = before[0][1]
    assert (
        ivan.post(f"/tickets/{ticket.number}/messages", {"body": "Ну что?", "public": True}, If_Match=seen).status_code
        == 200
    )
