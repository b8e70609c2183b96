"""TLS: a certificate that nobody vouches for gets no letter, unless the setting takes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.post.desk_post import answers, fresh, put, send
from tests.real.smtp import SmtpSink
from tests.real.tls import TlsFront, make_certificates

pytestmark = pytest.mark.django_db


@pytest.fixture
def tls_port(sink: SmtpSink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A port that speaks TLS from the start and hands everything on to the scripted server."""
    front = TlsFront(sink.port, make_certificates(tmp_path_factory.mktemp("tls")))
    yield front.port
    front.stop()


def test_a_certificate_that_nobody_vouches_for_gets_no_letter(
    sink: SmtpSink, settings: Settings, tls_port: int
) -> None:
    settings.EMAIL_URL = f"smtps://127.0.0.1:{tls_port}?timeout=3"
    delivery = put()
    send()
    assert sink.received == []
    assert fresh(delivery).state == "waiting"
    assert "certificate" in answers(delivery)[0].lower()


def test_a_certificate_of_ones_own_is_taken_where_the_setting_says_so(
    sink: SmtpSink, settings: Settings, tls_port: int
) -> None:
    settings.EMAIL_URL = f"smtps://127.0.0.1:{tls_port}?timeout=3&verify=no"
    delivery = put()
    send()
    assert fresh(delivery).state == "sent"
    assert len(sink.letters) == 1
