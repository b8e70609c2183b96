"""A glance at the head of a letter: quick, never wrong enough to matter, whatever the bytes are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstline.intake.reading import glance
from tests.bounded import linear

IVAN = glance.at(b"From: ivan@north.example\n\n", source="pipe")


@pytest.mark.parametrize(
    "head",
    [
        b'From: "Petrov, Ivan" <Ivan@North.example>\r\n',
        b"Received: from a by b;\r\n\tMon\r\nfrom:\r\n =?utf-8?B?0JjQstCw0L0=?=\r\n <ivan@north.example>\r\n",
        b"FROM: fake@x.example <ivan@north.example>\n",
        b"From: ivan@north.example\nFrom: other@north.example\n",
    ],
)
def test_the_sender_is_seen_however_he_is_written(head: bytes) -> None:
    assert glance.at(head + b"\nFrom: body@x.example\n", source="pipe").lane == IVAN.lane


@pytest.mark.parametrize(
    "head", [b"", b"Subject: x\n", b"From: nobody\n", b"\nFrom: ivan@north.example\n", b"\xff\x00"]
)
def test_where_nobody_is_named_the_road_stands_for_him(head: bytes) -> None:
    assert glance.at(head, source="imap:desk@firm.example").lane == glance.lane_of("imap:desk@firm.example")


def test_a_letter_and_its_answers_have_one_conversation() -> None:
    first = glance.at(b"Message-ID: <one@x>\n\n", source="")
    for answer in (
        b"Message-ID: <two@x>\nIn-Reply-To: <one@x>\n\n",
        b"Message-ID: <three@x>\nReferences: <one@x>\n\t<two@x>\nIn-Reply-To: <two@x>\n\n",
    ):
        assert glance.at(answer, source="").thread == first.thread
    assert glance.at(b"Subject: x\n\n", source="").thread == ""


def test_answers_to_letters_of_ours_meet_at_their_ticket() -> None:
    ours = b"<fl." + b"0" * 32 + b".1042." + b"1" * 32 + b"@firm.example>"
    answer = glance.at(b"References: <one@x> " + ours + b"\n\n", source="")
    assert answer.thread == "ticket:1042"


@given(st.binary(max_size=2_000))
def test_it_fits_its_columns_whatever_the_bytes_are(raw: bytes) -> None:
    seen = glance.at(b"From:" + raw + b"\nReferences: " + raw, source="pipe")
    assert len(seen.lane) == 16
    assert len(seen.thread) <= 24


@pytest.mark.parametrize(
    "raw", [b"From: " + b"a" * 10**6, b"From:" + b"\n " * 10**6, b"References: " + b"<" * 10**6, b"from:x\n" * 10**6]
)
def test_it_is_quick_whatever_the_bytes_are(raw: bytes) -> None:
    with linear():
        for _ in range(10):
            glance.at(raw, source="pipe")
