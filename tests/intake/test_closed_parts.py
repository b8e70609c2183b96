"""What nobody at the desk can open is kept as a file and said in words: an empty letter would look like nothing."""

from __future__ import annotations

import base64

import pytest

from firstline.intake.reading import letters
from tests.intake.writing import attachment, mixed, text, typed

ENVELOPED = bytes.fromhex("30820400 06092a864886f70d010703 a0820300") + b"\x00" * 200
AUTHENTICATED = bytes.fromhex("3080 060b2a864886f70d0109100117 a080") + b"\x00" * 200
PGP = b"-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"


@pytest.mark.parametrize("content", [ENVELOPED, AUTHENTICATED])
@pytest.mark.parametrize("kind", ["application/pkcs7-mime", "application/x-pkcs7-mime"])
def test_an_encrypted_letter_says_so(kind: str, content: bytes) -> None:
    read = letters.read(
        typed(base64.encodebytes(content), f"{kind}; smime-type=enveloped-data; name=smime.p7m", "base64")
    )
    assert "encrypted-smime" in read.defects
    assert [part.name for part in read.attachments] == ["smime.p7m"]
    assert read.attachments[0].content == content


def test_an_encrypted_letter_of_pgp_says_so_once() -> None:
    version = attachment(b"Version: 1\n", "attachment", "application/pgp-encrypted")
    read = letters.read(mixed(version, attachment(PGP, "inline; filename=encrypted.asc")))
    assert [defect for defect in read.defects if "encrypted" in defect] == ["encrypted-pgp"]
    assert read.attachments[-1].content == PGP


def test_one_piece_of_a_letter_in_several_says_so() -> None:
    read = letters.read(typed(b"the rest of it\n", 'message/partial; id="abc@x.example"; number=2; total=3'))
    assert "one-piece-of-several" in read.defects
    assert read.attachments


def test_a_signature_is_nothing_to_complain_of() -> None:
    signature = attachment(b"-----BEGIN PGP SIGNATURE-----", "attachment", "application/pgp-signature; name=s.asc")
    detached = attachment(b"0\x80", "attachment; filename=smime.p7s", "application/pkcs7-signature")
    read = letters.read(mixed(text("words"), signature, detached))
    assert read.defects == ()
    assert [part.name for part in read.attachments] == ["s.asc", "smime.p7s"]
