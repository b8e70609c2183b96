"""Web Push on the wire: the example of RFC 8291 to the byte, and who signs."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from firstline.lib import web_push

# RFC 8291, appendix A.
WORDS = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
BROWSER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SALT, SECRET = "DGv6ra1nlYgDCS1FRnbzlw", "BTBZMqHH6r4Tts7J_aSIgg"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_rfc_comes_out_to_the_byte() -> None:
    salt, sender = web_push.from_letters(SALT), web_push.private(SENDER)
    made = web_push.encrypted(WORDS, key=BROWSER, secret=SECRET, salt=salt, sender=sender)
    assert web_push.in_letters(made) == BODY


def test_no_two_messages_are_alike() -> None:
    first, second = (web_push.encrypted(WORDS, key=BROWSER, secret=SECRET) for _ in range(2))
    assert first[:16] != second[:16]
    assert first[21:86] != second[21:86]


@pytest.mark.parametrize(
    ("key", "secret"), [("", SECRET), (BROWSER[:-4], SECRET), ("A" * 87, SECRET), (BROWSER, "AAAA"), ("*", SECRET)]
)
def test_what_is_no_key_is_refused(key: str, secret: str) -> None:
    with pytest.raises(web_push.NotAKey):
        web_push.check(key, secret)


def test_a_message_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        web_push.encrypted(b"x" * (web_push.LONGEST + 1), key=BROWSER, secret=SECRET)


def test_the_signature_is_of_the_key_that_is_said() -> None:
    kept = web_push.new_key()
    header = web_push.authorization(kept, audience="https://push.example", subject="mailto:a@b.example", expires=99)
    said = dict(part.split("=", 1) for part in header.removeprefix("vapid ").split(", "))
    head, claims, signature = said["t"].split(".")
    raw = web_push.from_letters(signature)
    numbers = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), web_push.from_letters(said["k"]))
    public.verify(encode_dss_signature(*numbers), f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    assert json.loads(web_push.from_letters(claims)) == {
        "aud": "https://push.example", "exp": 99, "sub": "mailto:a@b.example",
    }  # fmt: skip
