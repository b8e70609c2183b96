"""A link that signs in lies in the outbox no longer than its letter needs it."""

from __future__ import annotations

import pytest

from firstline.notices import sent_links
from firstline.people import sign_in
from firstline.post.models import Delivery
from tests import cast
from tests.notices.told import deliver, later

pytestmark = pytest.mark.django_db


def test_when_the_letter_has_gone_its_link_is_nowhere_in_the_outbox() -> None:
    s = cast.stage()
    sign_in.mail_me_a_link(s.ivan.email, source="192.0.2.1", at=later(0))
    waiting = Delivery.objects.get()
    link = waiting.data["url"]
    assert sent_links.forget(later(0)) == 0, "it must still be sent"
    assert Delivery.objects.get().data["url"] == link
    deliver(later(1))
    sent = Delivery.objects.get()
    assert (sent.state, len(bytes(sent.mime)) > 0) == ("sent", True)
    assert sent_links.forget(later(2)) == 1
    kept = Delivery.objects.get()
    assert (bytes(kept.mime), "url" in kept.data, kept.to) == (b"", False, s.ivan.email)
    assert sent_links.forget(later(3)) == 0
