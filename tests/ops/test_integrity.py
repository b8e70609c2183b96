"""`check-integrity` is silent on a sound desk, and finds each kind of damage that it promises to find."""

from __future__ import annotations

import pytest

from firstline.blobs import store
from firstline.blobs.models import Blob
from firstline.demo import company
from firstline.intake import acceptance
from firstline.intake.models import Inbound
from firstline.lib import clock
from firstline.ops import integrity
from firstline.post.models import Delivery
from firstline.sla.models import Clock
from firstline.tickets import opening
from firstline.tickets.models import Attachment, Ticket
from tests import cast

pytestmark = pytest.mark.django_db


def test_the_demo_company_is_sound() -> None:
    company.load(at=clock.now())
    assert list(integrity.violations()) == []


def test_changed_bytes_are_found() -> None:
    item = acceptance.accept_email(b"Subject: x\r\n\r\n", source="pipe:", source_key="1", at=clock.now())
    Inbound.objects.filter(pk=item.pk).update(raw=b"Subject: y\r\n\r\n")
    assert list(integrity.violations()) == [f"inbound {item.pk}: its bytes are not those that were acknowledged"]


def test_a_missing_file_is_found() -> None:
    blob = store.keep(b"x" * 1000)
    store.path_of(blob.sha256).unlink()
    assert list(integrity.violations()) == [f"blob {blob.sha256}: its file is missing"]


def test_a_changed_clock_is_found() -> None:
    ticket = cast.ticket(cast.stage())
    Clock.objects.filter(ticket=ticket, metric="resolution").update(target_minutes=1)
    assert any("target_minutes" in words for words in integrity.violations())


def test_a_ticket_without_its_beginning_is_found() -> None:
    stage = cast.stage()
    Ticket.objects.create(
        subject="x",
        requester=stage.ivan,
        channel="email",
        queue_at=clock.now(),
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    assert any("no event says that it was created" in words for words in integrity.violations())


def test_an_understood_item_without_its_ticket_is_found() -> None:
    item = acceptance.accept_email(b"Subject: x\r\n\r\n", source="pipe:", source_key="1", at=clock.now())
    Inbound.objects.filter(pk=item.pk).update(state="done", outcome="ticket")
    assert any("its ticket is not named" in words for words in integrity.violations())


def test_a_sent_delivery_without_its_words_is_found() -> None:
    row = Delivery.objects.create(kind="answer", to="a@b.example", language="ru", state=Delivery.State.SENT)
    assert list(integrity.violations()) == [f"delivery {row.pk}: sent, but its words are not kept"]


def test_an_attachment_of_another_size_is_found() -> None:
    stage = cast.stage()
    file = opening.File(store.keep(b"0123456789"), "a.txt", "text/plain")
    cast.ticket(stage, words=opening.Words(text="x", files=[file]))
    Attachment.objects.update(size=9)
    assert any("another size than its file" in words for words in integrity.violations())
    assert Blob.objects.count() == 1
