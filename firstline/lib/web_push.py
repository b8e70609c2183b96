"""Web Push on the wire: a message that only one browser can read (RFC 8291 over RFC 8188), and the signed word by which
a push service knows who sends it (VAPID, RFC 8292)."""

from __future__ import annotations

import base64
import json
import os
from binascii import Error as NotBase64

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_SIZE = 4096
LONGEST = 3993  # what fits into the one record that every push service must carry (RFC 8291 §4)
SECRET_BYTES, SALT_BYTES, KEY_BYTES = 16, 16, 65
_CURVE = ec.SECP256R1()


class NotAKey(ValueError):
    """It cannot be the key or the secret of a browser."""


def in_letters(raw: bytes) -> str:
    """Base64 as it stands in addresses, without padding."""
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def from_letters(text: str) -> bytes:
    """Raises NotAKey."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (NotBase64, ValueError) as wrong:
        raise NotAKey("not base64url") from wrong


def check(key: str, secret: str) -> None:
    """Whether a browser's public key (`p256dh`) and secret (`auth`) can be used. Raises NotAKey."""
    _public(from_letters(key))
    if len(from_letters(secret)) != SECRET_BYTES:
        raise NotAKey("the secret has another length")


def encrypted(
    words: bytes, *, key: str, secret: str, salt: bytes = b"", sender: ec.EllipticCurvePrivateKey | None = None
) -> bytes:
    """The body of the push (`aes128gcm`). `salt` and `sender` are new for each message; tests give those of the RFC."""
    if len(words) > LONGEST:
        raise ValueError("too long for one push message")
    salt, sender = salt or os.urandom(SALT_BYTES), sender or ec.generate_private_key(_CURVE)
    browser, ours = from_letters(key), public_bytes(sender)
    shared = sender.exchange(ec.ECDH(), _public(browser))
    material = _derived(shared, from_letters(secret), b"WebPush: info\0" + browser + ours, 32)
    content_key, nonce = keys_of(material, salt)
    header = salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(ours)]) + ours
    # 2: the last record, and no padding behind it.
    return header + AESGCM(content_key).encrypt(nonce, words + b"\x02", b"")


def keys_of(material: bytes, salt: bytes) -> tuple[bytes, bytes]:
    """Content key and nonce (RFC 8188 §2.2, 2.3)."""
    content_key = _derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    return content_key, _derived(material, salt, b"Content-Encoding: nonce\0", 12)


def new_key() -> str:
    """A private key of this house, as it is kept."""
    number = ec.generate_private_key(_CURVE).private_numbers().private_value
    return in_letters(number.to_bytes(32, "big"))


def private(kept: str) -> ec.EllipticCurvePrivateKey:
    """Raises NotAKey."""
    try:
        return ec.derive_private_key(int.from_bytes(from_letters(kept), "big"), _CURVE)
    except ValueError as wrong:
        raise NotAKey("not a private key of P-256") from wrong


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def authorization(kept: str, *, audience: str, subject: str, expires: int) -> str:
    """The header of one push service (`audience`: its origin), good until `expires` (seconds of the epoch)."""
    key = private(kept)
    claims: dict[str, str | int] = {"aud": audience, "exp": expires, "sub": subject}
    signed = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(claims)}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256())))
    signature = in_letters(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={in_letters(public_bytes(key))}"


def _part(said: dict[str, str | int]) -> str:
    return in_letters(json.dumps(said, separators=(",", ":")).encode())


def _public(raw: bytes) -> ec.EllipticCurvePublicKey:
    if len(raw) != KEY_BYTES:
        raise NotAKey("the key has another length")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, raw)
    except ValueError as wrong:
        raise NotAKey("not a point of P-256") from wrong


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
