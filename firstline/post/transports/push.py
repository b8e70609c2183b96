"""A push to one browser, by the service that its maker runs (RFC 8030)."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass

from firstline.lib import outside, web_push
from firstline.post.transports.failures import Gone, Permanent, Temporary, Uncertain

SILENCE_SECONDS = 5.0  # the longest wait for one piece
SECONDS = 10.0  # the longest time with one service, however slowly it drips: the next in line wait for it
LASTS = 24 * 3600  # how long a service keeps it for a browser that is away
TOKEN_LASTS = 12 * 3600
LONGEST_ANSWER = 200


@dataclass(frozen=True)
class Target:
    """The browser, and who writes: `subject` is where a push service can complain to."""

    endpoint: str
    key: str
    secret: str
    private: str
    subject: str
    topic: str = ""
    urgent: bool = False
    loopback: bool = False


class PushLine:
    """A connection for each message. `target_of`: the browser behind a delivery's address, None where it is
    forgotten."""

    def __init__(self, target_of: Callable[[str, bytes], Target | None], *, now: int) -> None:
        self.target_of, self.now = target_of, now

    def send(self, sender: str, to: str, raw: bytes) -> str:
        """Encrypts and posts. Raises Temporary, Permanent, Gone, Uncertain."""
        try:
            target = self.target_of(to, raw)
            if target is None:
                raise Permanent("this browser is no longer told")
            place = outside.read(target.endpoint, loopback=target.loopback)
            address = outside.address_of(place, loopback=target.loopback)
            body = web_push.encrypted(raw, key=target.key, secret=target.secret)
            signed = web_push.authorization(
                target.private, audience=place.origin, subject=target.subject, expires=self.now + TOKEN_LASTS
            )
        except outside.NotOutside as wrong:
            raise Permanent(f"the push service is not called: {wrong}") from wrong
        except outside.NotFound as unknown:
            raise Temporary(str(unknown), of_the_road=True) from unknown
        except ValueError as wrong:  # words that are none of ours, a key that cannot be read
            raise Permanent(str(wrong)) from wrong
        headers = {
            "TTL": str(LASTS), "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream",
            "Urgency": "high" if target.urgent else "normal",
            "Authorization": signed,
        }  # fmt: skip
        if target.topic:
            headers["Topic"] = target.topic
        return _judged(*_posted(place, address, body, headers))

    def close(self) -> None:
        """Nothing is open."""


class _To(http.client.HTTPConnection):
    """A connection to the address that was looked at, under the name that was asked for."""

    def __init__(self, place: outside.Place, address: str) -> None:
        super().__init__(place.host, place.port, timeout=SILENCE_SECONDS)
        self._place, self._address = place, address
        self._line: socket.socket | None = None  # `sock` is let go of before the answer is read
        self.hung_up = False

    def connect(self) -> None:
        self.sock = self._line = socket.create_connection((self._address, self._place.port), SILENCE_SECONDS)
        if self._place.secure:
            context = ssl.create_default_context()
            secured = context.wrap_socket(self.sock, server_hostname=self._place.host, do_handshake_on_connect=False)
            self.sock = self._line = secured
            secured.do_handshake()

    def hang_up(self) -> None:
        """Ends what takes too long: whoever waits in it gets an error, or an end, at once."""
        self.hung_up = True
        if self._line is not None:
            try:
                socket.socket.shutdown(self._line, socket.SHUT_RDWR)  # TLS stays as it is under whoever reads now
            except OSError:
                return  # it ended by itself a moment ago


def _posted(place: outside.Place, address: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    connection = _To(place, address)
    watch = threading.Timer(SECONDS, connection.hang_up)
    watch.daemon = True
    watch.start()
    try:
        try:
            connection.connect()
            connection.request("POST", place.path, body, headers)
        except (OSError, http.client.HTTPException) as trouble:
            raise Temporary(f"no connection to {place.host}: {trouble}", of_the_road=True) from trouble
        try:
            answer = connection.getresponse()
            said = answer.read(LONGEST_ANSWER).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as silence:
            raise Uncertain(f"no answer from {place.host}: {silence}", of_the_road=True) from silence
        if connection.hung_up:
            raise Uncertain(f"no whole answer from {place.host} in {SECONDS:g} seconds", of_the_road=True)
        return answer.status, f"{answer.status} {answer.reason} {said}".strip()
    finally:
        watch.cancel()
        connection.close()


def _judged(status: int, said: str) -> str:
    if 200 <= status < 300:
        return said
    if status in (404, 410):
        raise Gone(said)
    if status == 429 or status >= 500:
        raise Temporary(said, of_the_road=status >= 500)
    raise Permanent(said)
