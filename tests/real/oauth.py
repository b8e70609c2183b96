"""A token server of our own, as faithful to Microsoft's and Google's as their documents let one be: consent with PKCE,
refresh tokens that are replaced when used, client credentials, withdrawal, introspection for a mail server.

`server.lifetime = 300` · `server.trouble = 503` · `server.withdraw()` · `server.asked` is what it was asked, in order.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT_ID, CLIENT_SECRET = "desk-application", "a secret of the application"


@dataclass
class Memory:
    """What the server knows. `codes`: code → (challenge, redirect_uri, user)."""

    codes: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)
    access: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    lifetime: int = 3600
    trouble: int = 0
    secret: str = CLIENT_SECRET
    replaces: bool = True
    user: str = ""


class Conversation(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what it was asked is in `asked`."""

    def do_GET(self) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if self.path.startswith("/introspect"):
            token = asked.get("access_token", "")
            user = self.server.memory.access.get(token)
            return self.say(200 if user else 401, {"email": user, "active": bool(user)})
        if self.path.startswith("/authorize"):
            return self.agree(asked)
        return self.say(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        memory = self.server.memory
        memory.asked.append(asked)
        if memory.trouble:
            return self.say(memory.trouble, None)
        if asked.get("client_id") != CLIENT_ID or asked.get("client_secret") != memory.secret:
            return self.say(401, {"error": "invalid_client", "error_description": "AADSTS7000215: wrong secret"})
        how = {"authorization_code": self.of_code, "refresh_token": self.of_refresh, "client_credentials": self.of_self}
        found = how.get(asked.get("grant_type", ""))
        return found(asked) if found else self.say(400, {"error": "unsupported_grant_type"})

    def agree(self, asked: dict[str, str]) -> None:
        """The person's page: he agrees at once, or not, as `agree=no` says in the hint."""
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        back = {"state": asked["state"]}
        if asked.get("login_hint", "").startswith("no@"):
            back["error"] = "access_denied"
        else:
            code = secrets.token_urlsafe(16)
            self.server.memory.codes[code] = (asked["code_challenge"], asked["redirect_uri"], asked["login_hint"])
            back["code"] = code
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(back)}")
        self.end_headers()

    def of_code(self, asked: dict[str, str]) -> None:
        challenge, redirect, user = self.server.memory.codes.pop(asked.get("code", ""), ("", "", ""))
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        if not challenge or redirect != asked.get("redirect_uri"):
            return self.say(400, {"error": "invalid_grant", "error_description": "the code is unknown or used"})
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != challenge:
            return self.say(400, {"error": "invalid_grant", "error_description": "code_verifier does not fit"})
        return self.give(user, with_refresh=True)

    def of_refresh(self, asked: dict[str, str]) -> None:
        memory = self.server.memory
        given = asked.get("refresh_token", "")
        user = memory.refresh.get(given)
        if user is None:
            return self.say(400, {"error": "invalid_grant", "error_description": "AADSTS50173: it was revoked"})
        if memory.replaces:
            del memory.refresh[given]
        return self.give(user, with_refresh=memory.replaces)

    def of_self(self, asked: dict[str, str]) -> None:
        if not asked.get("scope", "").endswith("/.default"):
            return self.say(400, {"error": "invalid_scope"})
        return self.give(self.server.memory.user, with_refresh=False)

    def give(self, user: str, *, with_refresh: bool) -> None:
        memory = self.server.memory
        access = secrets.token_urlsafe(24)
        memory.access[access] = user
        said: dict[str, Any] = {"token_type": "Bearer", "access_token": access, "expires_in": memory.lifetime}
        if with_refresh:
            said["refresh_token"] = secrets.token_urlsafe(24)
            memory.refresh[said["refresh_token"]] = user
        self.say(200, said)

    def say(self, status: int, said: dict[str, Any] | None) -> None:
        body = json.dumps(said).encode() if said is not None else b"<html>Service unavailable</html>"
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if said is not None else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    memory: Memory


class TokenServer:
    """The running server."""

    def __init__(self) -> None:
        self.memory = Memory()
        self._server = _Server(("127.0.0.1", 0), Conversation)
        self._server.memory = self.memory
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True).start()

    def knows(self, user: str, token: str) -> bool:
        """What a mail server asks."""
        return self.memory.access.get(token) == user

    def withdraw(self) -> None:
        """Whoever agreed takes it back: no token is worth anything any more."""
        self.memory.refresh.clear()
        self.memory.access.clear()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
