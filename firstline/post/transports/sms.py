"""A text message by HTTP, to any provider who takes a POST.

What an answer means: 2xx is taken, with the provider's own id; 4xx is a refusal for good, but for those that are about
us or about too much at once (401, 403, 404, 405, 408, 425, 429), which are mended or pass; 5xx is tried again, but for
502 and 504, where one machine speaks for another that may have taken it. Silence after the whole request was sent means
that nobody knows.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from firstline.lib import clock
from firstline.post.transports.failures import Permanent, Temporary, Uncertain

USUAL_FIELDS = {"id": "{id}", "from": "{from}", "to": "{to}", "text": "{text}"}
SIGNATURE = "X-Firstline-Signature"
SECONDS = httpx.Timeout(30.0, connect=10.0)
LONGEST_ANSWER, LONGEST_SECONDS = 64 * 1024, 60.0
ABOUT_US = frozenset({401, 402, 403, 404, 405})
PASSES = frozenset({408, 425, 429})
NOBODY_KNOWS = frozenset({502, 504})
# Before the request was on its way: the provider has seen nothing of it.
NOT_BEGUN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
_MARK = re.compile(r"\{(id|from|to|text)\}")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Provider:
    """How one is asked."""

    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    authorization: str = field(default="", repr=False)
    is_json: bool = True
    fields: Mapping[str, str] = field(default_factory=lambda: dict(USUAL_FIELDS))
    answer_id: str = "id"
    answer_error: str = "error"


@dataclass(frozen=True)
class Said:
    """What the provider answered: in words, and the id by which he will speak of it again."""

    answer: str
    id: str = ""


def signed(secret: str, body: bytes) -> str:
    """The value of the signature's header."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


class HttpLine:
    """A provider who is asked again and again; one connection, opened at the first message."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.last_id = ""
        self._web: httpx.Client | None = None

    def send(self, sender: str, to: str, raw: bytes) -> str:
        """`raw` is what `packed` made. Raises Temporary, Permanent, Uncertain."""
        self.last_id = ""
        number, text = unpacked(raw)
        headers, body = request_of(self.provider, {"id": number, "from": sender, "to": to, "text": text})
        said = self._asked(headers | {"Idempotency-Key": number}, body)
        self.last_id = said.id
        return said.answer

    def close(self) -> None:
        """Never fails."""
        web, self._web = self._web, None
        if web is not None:
            web.close()

    def _asked(self, headers: Mapping[str, str], body: bytes) -> Said:
        host = urlsplit(self.provider.url).hostname or ""
        if self._web is None:
            self._web = httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False)
        try:
            with self._web.stream("POST", self.provider.url, content=body, headers=dict(headers)) as answer:
                return judged(answer.status_code, _read(answer), self.provider)
        except NOT_BEGUN as away:
            raise Temporary(f"no connection to {host}: {type(away).__name__}", of_the_road=True) from away
        except httpx.InvalidURL as wrong:
            raise Temporary(f"the address of the gateway is wrong: {wrong}", of_the_road=True) from wrong
        except httpx.HTTPError as silence:
            raise Uncertain(f"no answer of {host} after the whole message: {type(silence).__name__}") from silence


def packed(number: str, text: str) -> bytes:
    """What is kept of a message, and offered each time the same."""
    return f"{number}\n{text}".encode()


def unpacked(raw: bytes) -> tuple[str, str]:
    number, _newline, text = raw.decode().partition("\n")
    return number, text


def request_of(provider: Provider, values: Mapping[str, str]) -> tuple[dict[str, str], bytes]:
    """Headers and body. What a person wrote is put in once and never read for marks again."""
    filled = {
        name: _MARK.sub(lambda found: values[found[1]], pattern) for name, pattern in provider.fields.items()
    }  # fmt: skip
    if provider.is_json:
        kind, body = "application/json", json.dumps(filled, ensure_ascii=False).encode()
    else:
        kind, body = "application/x-www-form-urlencoded", str(httpx.QueryParams(filled)).encode()
    headers = {"Content-Type": kind, "Accept": "application/json"}
    if provider.secret:
        headers[SIGNATURE] = signed(provider.secret, body)
    if provider.authorization:
        headers["Authorization"] = provider.authorization
    return headers, body


def judged(status: int, body: bytes, provider: Provider) -> Said:
    """What an answer says. Raises Temporary, Permanent, Uncertain."""
    told = _SPACES.sub(" ", body.decode("utf-8", "replace")).strip()[:200]
    said = f"{status} {told}".strip()
    if 200 <= status < 300:
        found = _json(body)
        if refusal := _at(found, provider.answer_error):
            raise Permanent(f"{status} {refusal}"[:300])
        number = _at(found, provider.answer_id) if found is not None else told[:100]
        return Said(f"{status} {number}".strip(), number[:100])
    if status in ABOUT_US or 300 <= status < 400:
        raise Temporary(said, of_the_road=True)
    if status in PASSES:
        raise Temporary(said)
    if status in NOBODY_KNOWS or status < 200:
        raise Uncertain(said)
    if status >= 500:
        raise Temporary(said, of_the_road=True)
    raise Permanent(said)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _at(found: Any, path: str) -> str:
    """`messages.0.id` in an answer; "" where there is nothing of the kind."""
    for step in path.split("."):
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            return ""
    if found is None or found is False or found == 0:
        return ""
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def _read(answer: httpx.Response) -> bytes:
    body, begun = b"", clock.elapsed()
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > LONGEST_ANSWER:
            break
        if clock.elapsed() - begun > LONGEST_SECONDS:
            raise Uncertain(f"{answer.status_code}, and an answer without end")
    return body[:LONGEST_ANSWER]
