"""Keys, signed letters and the DNS of the tests' domains."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from firstline.post import signing
from firstline.post.signing import Key


@cache
def pem(kind: str = "rsa", bits: int = 2048) -> bytes:
    """A private key as openssl writes it."""
    made = Ed25519PrivateKey.generate() if kind == "ed25519" else rsa.generate_private_key(65537, bits)
    return made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def key(folder: Path, kind: str = "rsa", selector: str = "s1") -> Key:
    """The same key, read from a file."""
    file = folder / f"{kind}.pem"
    file.write_bytes(pem(kind))
    return signing.read_key(selector, file)


def by(signer: Key, raw: bytes, domain: str, **how: object) -> bytes:
    """The letter signed as other programs sign: the library's own defaults, and what is said here."""
    letter = dkim.DKIM(raw, signature_algorithm=signer.algorithm.encode())
    head = letter.sign(signer.selector.encode(), domain.encode(), signer.material, **how)
    return bytes(head) + raw


class Zone:
    """A DNS of a few names: {"TXT north.example": [...], "A x": [...]}; ["!"] is silence."""

    def __init__(self, records: Mapping[str, list[str]]) -> None:
        self.records = {name.lower(): answers for name, answers in records.items()}

    def _found(self, kind: str, name: str) -> list[str]:
        found = self.records.get(f"{kind} {name}".lower(), [])
        if found == ["!"]:
            raise TimeoutError(name)
        return found

    def txt(self, name: str) -> list[str]:
        return self._found("TXT", name)

    def addresses(self, name: str, version: int) -> list[str]:
        return self._found("A" if version == 4 else "AAAA", name)

    def mx(self, name: str) -> list[str]:
        return self._found("MX", name)

    def ptr(self, address: str) -> list[str]:
        return self._found("PTR", address)
