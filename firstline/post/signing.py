"""DKIM (RFC 6376, RFC 8463): our signature on what leaves, so that others can prove that it is ours.

A key is PEM as `openssl genpkey` writes it (RSA or Ed25519), in a file or sealed with its mailbox. Where it cannot be
read the letter waits: unsigned it would be refused, or worse, fall among the spam without a word.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import dkim
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from firstline.lib.sealed import is_sealed

LEAST_BITS = 1024
LARGEST_FILE = 65_536
NEW_BITS = 2048
PEM = "-----BEGIN"
SIGNED = (
    "from", "sender", "reply-to", "to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version",
    "content-type", "auto-submitted",
)  # fmt: skip
# Signed once more than they are there: whoever adds another one breaks the signature.
SEALED = ("from", "to", "subject", "date", "reply-to")


class CannotSign(Exception):
    """The key is not there, or is none. The text names the file, never what is in it."""


@dataclass(frozen=True)
class Key:
    """`material` is what the library takes: PKCS#1 PEM for RSA, the seed in base64 for Ed25519."""

    selector: str
    algorithm: str
    material: bytes

    @property
    def record(self) -> str:
        """What is published at `SELECTOR._domainkey.DOMAIN`."""
        if self.algorithm == "ed25519-sha256":
            private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(self.material))
            public = private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            return f"v=DKIM1; k=ed25519; p={base64.b64encode(public).decode()}"
        loaded = serialization.load_pem_private_key(self.material, None)
        public = loaded.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def keys(selectors: str, given: str, home: Path) -> list[Key]:
    """The keys of a mailbox: names and files, with commas between several, or one key itself. Raises CannotSign."""
    names = _parts(selectors)
    if is_sealed(given):
        raise CannotSign("the key was sealed with another secret key: enter it again")
    if PEM in given:
        if len(names) != 1:
            raise CannotSign("one selector is needed")
        return [_loaded(names[0], given.encode()[:LARGEST_FILE], "the key")]
    paths = _parts(given)
    if len(names) != len(paths):
        raise CannotSign("as many selectors as key files are needed")
    return [read_key(name, home / path) for name, path in zip(names, paths, strict=True)]


def read_key(selector: str, file: Path) -> Key:
    """The key in a file. Raises CannotSign."""
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE)
    except OSError as problem:
        raise CannotSign(f"the key {file} cannot be read: {problem.strerror}") from problem
    return _loaded(selector, content, str(file))


def new_key() -> str:
    """A private key as PEM: RSA, which every receiver knows."""
    made = rsa.generate_private_key(public_exponent=65_537, key_size=NEW_BITS)
    return made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")


def _loaded(selector: str, content: bytes, named: str) -> Key:
    try:
        loaded = serialization.load_pem_private_key(content, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as wrong:
        raise CannotSign(f"{named} is no private key that can be read (PEM, without a password)") from wrong
    if isinstance(loaded, Ed25519PrivateKey):
        seed = loaded.private_bytes(
            serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
        )
        return Key(selector, "ed25519-sha256", base64.b64encode(seed))
    if isinstance(loaded, RSAPrivateKey) and loaded.key_size >= LEAST_BITS:
        pem = loaded.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        return Key(selector, "rsa-sha256", pem)
    raise CannotSign(f"{named} is neither RSA of {LEAST_BITS} bits or more nor Ed25519")


def sign(raw: bytes, domain: str, with_keys: Sequence[Key]) -> bytes:
    """The letter with a signature of each key above it. Raises CannotSign."""
    signatures = b""
    for key in with_keys:
        letter = dkim.DKIM(raw, signature_algorithm=key.algorithm.encode())
        there = [name.decode("ascii").lower() for name, _value in letter.headers]
        wanted = [name for name in there if name in SIGNED] + list(SEALED)
        try:
            signatures += letter.sign(
                key.selector.encode(), domain.encode(), key.material, canonicalize=(b"relaxed", b"relaxed"),
                include_headers=[name.encode() for name in wanted],
            )  # fmt: skip
        except (dkim.DKIMException, UnicodeError) as wrong:
            raise CannotSign(f"not signed for {domain}: {type(wrong).__name__}") from wrong
    return signatures + raw


def _parts(given: str) -> list[str]:
    return [part.strip() for part in given.split(",") if part.strip()]
