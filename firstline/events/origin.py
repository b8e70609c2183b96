"""Where a request comes from, as the front says it to the web processes."""

from __future__ import annotations

from firstline.events import http1
from firstline.events.http1 import HOP_BY_HOP, Headers

# Only the front says these; WSGI would also take a header with "_" for one with "-".
OURS = (b"x-forwarded-", b"x-firstline-")
# A provider signs what he tells (X-Firstline-Signature): that is his to say.
NOT_OURS = b"x-firstline-signature"
OURS_TOO = frozenset({b"forwarded", b"x-real-ip"})


def for_upstream(headers: Headers, peer: str, trusted: frozenset[str], key: str) -> Headers:
    """What a web process is told: nothing that a client says of its own way here, and what the front knows instead."""
    client, scheme = came_from(headers, peer, trusted)
    passed = [
        (name, value)
        for name, value in headers
        if name == NOT_OURS
        or (name not in HOP_BY_HOP and name not in OURS_TOO and not name.startswith(OURS) and b"_" not in name)
    ]
    passed += [(b"x-forwarded-for", client.encode("latin-1", "replace")), (b"x-forwarded-proto", scheme)]
    if key:
        passed.append((b"x-firstline-front", key.encode()))
    return passed


def for_client(headers: Headers) -> Headers:
    """What a client is told: nothing that is about our own connections."""
    return [(name, value) for name, value in headers if name not in HOP_BY_HOP and name != b"server"]


def came_from(headers: Headers, peer: str, trusted: frozenset[str]) -> tuple[str, bytes]:
    """The client's address and scheme: what a request says of itself counts only from a trusted proxy (G10)."""
    if peer not in trusted:
        return peer, b"http"
    named = b",".join(http1.values(headers, b"x-forwarded-for")).decode("latin-1")
    hops = [hop.strip() for hop in named.split(",") if hop.strip()]
    strangers = [hop for hop in hops if hop not in trusted]
    said = b"".join(http1.values(headers, b"x-forwarded-proto")[:1]).lower()
    return (strangers[-1] if strangers else peer), (said if said in {b"http", b"https"} else b"http")
