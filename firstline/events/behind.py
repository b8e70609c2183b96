"""The web process behind the front: who asked is who the front says, and nobody else may say it."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
PIECE = 65_536


def behind_front(application: Application, key: str) -> Application:
    """Wraps a WSGI application. With an empty key nothing is believed.

    A body that the application did not care for (no token, a wrong media type) is read to its end: a server that finds
    one left over hangs up, and the answer, or the next question on that connection, is lost.
    """

    def wrapped(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        said = environ.pop("HTTP_X_FIRSTLINE_FRONT", "")
        if key and hmac.compare_digest(said.encode("latin-1", "replace"), key.encode()):
            environ["REMOTE_ADDR"] = environ.get("HTTP_X_FORWARDED_FOR", "")
        answer = application(environ, start_response)
        body = environ.get("wsgi.input")
        while key and body is not None and body.read(PIECE):
            pass
        return answer

    return wrapped
