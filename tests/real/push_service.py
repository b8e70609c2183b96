"""A push service as RFC 8030 describes one, with browsers of its own: it takes what is posted, and a browser reads it
with its private key (RFC 8291). It knows no code of the product but base64."""

from __future__ import annotations

import base64
import json
import os
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Pushed:
    """One message as it arrived: its headers, its bytes, and what the VAPID token claims (its signature was tried)."""

    headers: dict[str, str]
    body: bytes
    claims: dict[str, Any]


@dataclass
class Browser:
    """It has subscribed: a private key, a secret, an endpoint of its own."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def says(self) -> dict[str, str]:
        """What its script sends to the product."""
        return {
            "endpoint": self.endpoint, "key": letters(self.public), "secret": letters(self.secret), "label": "Firefox",
        }  # fmt: skip

    def read(self, body: bytes) -> Any:
        """RFC 8188 §2.1, RFC 8291 §3.4, step by step."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = self.private.exchange(ec.ECDH(), point)
        material = derived(shared, self.secret, b"WebPush: info\x00" + self.public + theirs, 32)
        key = derived(material, salt, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = derived(material, salt, b"Content-Encoding: nonce\x00", 12)
        plain = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\x00")
        assert plain[-1:] == b"\x02", "not the last record"
        return json.loads(plain[:-1])


def derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


class PushService:
    """`answers`: statuses to give, one a message, then 201."""

    def __init__(self) -> None:
        self.pushed: list[Pushed] = []
        self.answers: list[int] = []
        self.refused: list[str] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = service.answers.pop(0) if service.answers else 201
                try:
                    service.take(dict(self.headers.items()), body)
                except Exception as wrong:  # noqa: BLE001 - a token that cannot be read is what a service refuses
                    service.refused.append(repr(wrong))
                    status = 403
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *given: Any) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def browser(self) -> Browser:
        return Browser(f"{self.origin}/wpush/{letters(os.urandom(12))}")

    def take(self, headers: dict[str, str], body: bytes) -> None:
        kind, _, said = headers["Authorization"].partition(" ")
        parts = dict(one.strip().split("=", 1) for one in said.split(","))
        head, claims, signature = parts["t"].split(".")
        numbers = (int.from_bytes(raw(signature)[:32], "big"), int.from_bytes(raw(signature)[32:], "big"))
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(parts["k"]))
        point.verify(encode_dss_signature(*numbers), f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
        told = json.loads(raw(claims))
        assert (kind, json.loads(raw(head))["alg"], told["aud"]) == ("vapid", "ES256", self.origin)
        assert headers["Content-Encoding"] == "aes128gcm"
        assert int(headers["TTL"]) > 0
        self.pushed.append(Pushed(headers, body, told))

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Dripping:
    """A service that takes what is posted and then lets go one byte of its answer at a time, without end."""

    LASTS = 6.0

    def __init__(self, begins: bytes) -> None:
        self.begins, self.over = begins, threading.Event()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        asked, _address = self.server.accept()
        with asked:
            asked.recv(65536)
            asked.sendall(self.begins)
            for _drop in range(int(self.LASTS / 0.05)):
                if self.over.wait(0.05):
                    return
                try:
                    asked.sendall(b"x")
                except OSError:  # somebody hung up
                    return

    def stop(self) -> None:
        self.over.set()
        self.server.close()
