"""A small HTTP server for the tests of our page scripts: static files, a page under the strict policy, events."""

from __future__ import annotations

import http.server
import queue
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_htmx

HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
STATIC = Path(__file__).resolve().parents[2] / "firstline" / "web" / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


class Stand:
    """`page` is what `/` answers; `fragments` answers other paths; `say(…)` reaches every open event stream."""

    def __init__(self) -> None:
        self.page = ""
        self.fragments: dict[str, tuple[int, str]] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.streams: list[queue.Queue[str | None]] = []
        self.lock = threading.Lock()
        stand = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet: what was asked is in `requests`."""

            def do_GET(self) -> None:
                stand.answer(self)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                stand.answer(self)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def answer(self, request: http.server.BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        path = urlsplit(request.path).path
        with self.lock:
            self.requests.append((request.command, path, dict(request.headers)))
        if path == "/events":
            self.stream(request)
        elif path == "/htmx.js":
            self.send(request, 200, HTMX.read_bytes(), TYPES[".js"])
        elif path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            if file.is_file():
                self.send(request, 200, file.read_bytes(), TYPES.get(file.suffix, "text/plain"))
            else:
                self.send(request, 404, b"", "text/plain")
        else:
            status, text = self.fragments.get(path, (200, self.page))
            self.send(request, status, text.encode(), "text/html; charset=utf-8")

    def send(self, request: http.server.BaseHTTPRequestHandler, status: int, body: bytes, kind: str) -> None:
        """Write one whole answer."""
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Security-Policy", POLICY)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def stream(self, request: http.server.BaseHTTPRequestHandler) -> None:
        """Keep one event stream open until the page goes or `hang_up` is called."""
        words: queue.Queue[str | None] = queue.Queue()
        request.send_response(200)
        request.send_header("Content-Type", "text/event-stream")
        request.end_headers()
        request.wfile.write(b"retry: 300\n\n")
        with self.lock:
            self.streams.append(words)
        try:
            while (said := words.get(timeout=60)) is not None:
                request.wfile.write(said.encode())
        except (OSError, queue.Empty):
            pass  # the page is gone
        finally:
            request.close_connection = True
            with self.lock:
                self.streams.remove(words)

    def say(self, topic: str, number: int = 1) -> int:
        """Send one event to every open stream; returns how many there were. A comment finds out who is gone."""
        with self.lock:
            for words in self.streams:
                words.put(f'id: {number}\ndata: {{"t": "{topic}", "v": {number}}}\n\n')
            return len(self.streams)

    def hang_up(self) -> None:
        """Close every stream, as a restarted server does."""
        with self.lock:
            for words in self.streams:
                words.put(None)

    def asked(self, path: str) -> int:
        """How often that path was asked for."""
        return sum(asked == path for _, asked, _ in self.requests)

    def stop(self) -> None:
        """Close the streams and the port."""
        self.hang_up()
        self.server.shutdown()
        self.server.server_close()
