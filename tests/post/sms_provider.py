"""A provider of text messages as they are: it takes a POST, checks the signature, answers, is slow, hangs up. What it
has taken under one id it does not send twice, as providers that know an idempotency key do."""

from __future__ import annotations

import json
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from firstline.post.transports import sms

SECRET = "sixteen-letters-and-more"


class Provider:
    """`script` says how the next requests are answered: a status, (status, words), "hang up", "silence"."""

    def __init__(self) -> None:
        self.script: deque[int | tuple[int, str] | str] = deque()
        self.requests: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.sent: dict[str, dict[str, str]] = {}
        self._let_go = threading.Event()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                provider.take(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing is printed."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/send"

    def take(self, asked: BaseHTTPRequestHandler) -> None:
        body = asked.rfile.read(int(asked.headers["Content-Length"]))
        said = self.script.popleft() if self.script else 200
        is_json = asked.headers["Content-Type"] == "application/json"
        fields = json.loads(body) if is_json else dict(parse_qsl(body.decode()))
        self.requests.append(fields)
        self.headers.append(dict(asked.headers))
        if asked.headers[sms.SIGNATURE] != sms.signed(SECRET, body):
            said = (401, "a wrong signature")
        if said == "silence":
            self._let_go.wait(5)
        if isinstance(said, str):
            asked.close_connection = True
            return
        status, words = said if isinstance(said, tuple) else (said, "")
        if 200 <= status < 300:
            number = asked.headers["Idempotency-Key"]
            self.sent.setdefault(number, fields)
            words = words or json.dumps({"id": f"p-{list(self.sent).index(number) + 1}"})
        answer = words.encode()
        asked.send_response(status)
        asked.send_header("Content-Length", str(len(answer)))
        asked.end_headers()
        asked.wfile.write(answer)

    def stop(self) -> None:
        self._let_go.set()
        self.server.shutdown()
        self.server.server_close()
