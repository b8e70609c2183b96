"""TLS before a plain server, whole or broken, as outgoing mail meets it.

`TlsFront(port, certificate)` speaks TLS on `.port` and hands on what it hears. `front.how` breaks it: "cut" hangs up in
the middle of the handshake, "silent" says nothing, "noise" answers in another language, "old" speaks a TLS that nobody
should, "stranger" shows a certificate for another name.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path

from tests.real.programs import find_program

BROKEN = ("cut", "silent", "noise", "old", "stranger")
SILENCE_SECONDS = 30.0


@dataclass(frozen=True)
class Certificates:
    """Files with key and certificate in one: `good` for 127.0.0.1, `stranger` for another name. Nobody but themselves
    has signed them: who is to trust them is given the file."""

    good: Path
    stranger: Path


def make_certificates(folder: Path) -> Certificates:
    """Fresh ones."""
    return Certificates(_signed(folder / "good.pem", "IP:127.0.0.1"), _signed(folder / "other.pem", "DNS:elsewhere"))


def _signed(both: Path, name: str) -> Path:
    openssl = find_program("openssl", package="openssl")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=sink.example",
         "-addext", f"subjectAltName={name}", "-keyout", both, "-out", both.with_suffix(".crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    both.write_text(both.read_text() + both.with_suffix(".crt").read_text())
    return both


class TlsFront:
    """The running port."""

    def __init__(self, behind: int, certificates: Certificates) -> None:
        self.behind, self.certificates, self.how = behind, certificates, ""
        self.connections = 0
        self._ending = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        """Close the port, and every silence."""
        self._ending.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                plain, _ = self._listening.accept()
                self.connections += 1
                threading.Thread(target=self._attend, args=(plain,), daemon=True).start()

    def _attend(self, plain: socket.socket) -> None:
        with plain, contextlib.suppress(OSError):
            if self.how == "silent":
                self._ending.wait(SILENCE_SECONDS)
            elif self.how == "cut":
                plain.recv(200)
            elif self.how == "noise":
                plain.sendall(b"220 sink.example speaks no TLS here\r\n")
                plain.recv(2000)
            else:
                with (
                    self._context().wrap_socket(plain, server_side=True) as client,
                    socket.create_connection(("127.0.0.1", self.behind)) as server,
                ):
                    threading.Thread(target=_carry, args=(server, client), daemon=True).start()
                    _carry(client, server)

    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificates.stranger if self.how == "stranger" else self.certificates.good)
        if self.how == "old":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1
            context.set_ciphers("ALL:@SECLEVEL=0")
        return context


def _carry(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
