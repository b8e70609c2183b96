"""TLS: a certificate that nobody vouches for gets no letter, unless the setting takes it."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.post.desk_post import answers, fresh, put, send
from tests.real.programs import find_program
from tests.real.smtp import SmtpSink

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody but itself has signed, in one file."""
    both = tmp_path_factory.mktemp("tls") / "both.pem"
    openssl = find_program("openssl", package="openssl")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=sink.example",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", both, "-out", both.with_suffix(".crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    both.write_text(both.read_text() + both.with_suffix(".crt").read_text())
    return both


@pytest.fixture
def tls_port(sink: SmtpSink, certificate: Path) -> Iterator[int]:
    """A port that speaks TLS from the start and hands everything on to the scripted server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_serve, args=(listening, context, sink.port), daemon=True).start()
        yield int(listening.getsockname()[1])
        listening.shutdown(socket.SHUT_RDWR)


def _serve(listening: socket.socket, context: ssl.SSLContext, to: int) -> None:
    with contextlib.suppress(OSError):
        while True:
            plain, _ = listening.accept()
            with (
                contextlib.suppress(OSError),
                context.wrap_socket(plain, server_side=True) as client,
                socket.create_connection(("127.0.0.1", to)) as server,
            ):
                threading.Thread(target=_carry, args=(server, client), daemon=True).start()
                _carry(client, server)


def _carry(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)


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
