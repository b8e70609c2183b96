"""Pictures in an answer: within the letter, as what they are; read back by our own reader where they stood."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from firstline.blobs import store
from firstline.intake.reading import letters
from firstline.notices import alarms, enclosures, wording
from firstline.post import outbox
from firstline.post.models import Delivery
from firstline.tickets import conversation
from firstline.tickets.models import Attachment
from firstline.tickets.opening import File, Words
from tests import cast
from tests.notices.told import later
from tests.real.smtp import SmtpSink

pytestmark = pytest.mark.django_db
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC"
)


@pytest.fixture
def s() -> SimpleNamespace:
    stage = cast.stage()
    stage.ticket = cast.ticket(stage)
    return stage


def kept(content: bytes, name: str, content_type: str, content_id: str = "") -> File:
    return File(store.keep(content), name, content_type, inline=bool(content_id), content_id=content_id)


def answered(s: SimpleNamespace, sink: SmtpSink, markup: str, *files: File) -> EmailMessage:
    """The letter with that answer, as a server got it."""
    conversation.answer(s.ticket, Words(html=markup, files=files), by=s.olga, at=later(5))
    Delivery.objects.exclude(kind="answer").delete()
    while outbox.send_due(wording.render, later(6), alarm=alarms.undelivered, paused=alarms.paused):
        pass
    return sink.letters[-1]


def test_a_picture_is_a_part_of_the_words_and_no_attachment(s: SimpleNamespace, sink: SmtpSink) -> None:
    markup = '<p>Нажмите сюда:</p><p><img src="cid:screen.1@draft" alt="screen.png"></p><p>и ждите</p>'
    letter = answered(s, sink, markup, kept(PNG, "screen.png", "image/png", "screen.1@draft"))
    assert letter.get_content_type() == "multipart/alternative"
    text, related = letter.iter_parts()
    assert "Нажмите сюда:" in text.get_content()
    assert related.get_content_type() == "multipart/related"
    assert related.get_param("type") == "text/html"  # RFC 2387: what the root is
    page, picture = related.iter_parts()
    assert 'src="cid:screen.1@draft"' in page.get_content()
    assert picture["Content-ID"] == "<screen.1@draft>"
    assert picture.get_content_type() == "image/png"
    assert picture.get_content_disposition() == "inline"
    assert picture.get_content() == PNG
    assert not list(letter.iter_attachments())


def test_a_file_beside_the_words_stays_an_attachment(s: SimpleNamespace, sink: SmtpSink) -> None:
    markup = '<p><img src="cid:screen.1@draft" alt="">вот</p>'
    files = kept(PNG, "screen.png", "image/png", "screen.1@draft"), kept(b"%PDF-1.7", "Акт.pdf", "application/pdf")
    letter = answered(s, sink, markup, *files)
    assert letter.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["multipart/alternative", "application/pdf"]
    assert [part.get_filename() for part in letter.iter_attachments()] == ["Акт.pdf"]


def test_our_own_reader_finds_the_picture_where_it_stood(s: SimpleNamespace, sink: SmtpSink) -> None:
    markup = '<p>до <img src="cid:screen.1@draft" alt="screen.png"> после</p>'
    answered(s, sink, markup, kept(PNG, "screen.png", "image/png", "screen.1@draft"))
    read = letters.read(sink.received[-1].raw)
    assert [(part.name, part.content_type, part.inline, part.content_id) for part in read.attachments] == [
        ("screen.png", "image/png", True, "screen.1@draft")
    ]
    assert 'src="cid:screen.1@draft"' in (read.html or "")


def test_what_only_says_that_it_is_a_picture_goes_beside_the_words(s: SimpleNamespace, sink: SmtpSink) -> None:
    markup = '<p>вот <img src="cid:screen.1@draft" alt="схема"></p>'
    letter = answered(s, sink, markup, kept(b"<svg onload=alert(1)>", "screen.png", "image/png", "screen.1@draft"))
    assert [part.get_content_disposition() for part in letter.iter_attachments()] == ["attachment"]
    body = letter.get_body(("html",))
    assert body is not None
    assert "<img" not in body.get_content()
    assert "[схема]" in body.get_content()


def test_no_letter_shows_a_picture_of_another_host_or_of_our_own_server(s: SimpleNamespace, sink: SmtpSink) -> None:
    markup = '<p><img src="https://spy.example/1.png" alt="логотип"><img src="/desk/files/1/picture"> привет</p>'
    body = answered(s, sink, markup).get_body(("html",))
    assert body is not None
    assert "<img" not in body.get_content()
    assert "[логотип]" in body.get_content()


def test_a_picture_that_is_too_large_waits_on_the_portal(s: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enclosures, "MOST_BYTES", 10)
    files = [kept(PNG, "screen.png", "image/png", "screen.1@draft")]
    markup = '<p>вот <img src="cid:screen.1@draft" alt="screen.png"></p>'
    conversation.answer(s.ticket, Words(html=markup, files=files), by=s.olga, at=later(5))
    enclosed, left_out = enclosures.files_of(Attachment.objects.get().message)
    assert enclosed == []
    assert "screen.png" in left_out[0]
    assert enclosures.with_pictures(markup, enclosed) == "<p>вот <em>[screen.png]</em></p>"
