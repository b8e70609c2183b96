"""What programs wrap is opened: winmail.dat, rich text, invitations, files written into the text. Nothing gets lost."""

from __future__ import annotations

import base64
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstline.intake.reading import appointments, letters, plain_forms, rtf, text_files, tnef
from tests.bounded import linear
from tests.intake import winmail
from tests.intake.writing import letter, mixed, text, typed

WORDS = "Принтер не печатает"
RICH = (
    r"{\rtf1\ansi\ansicpg1251\deff0{\fonttbl{\f0 Arial;}}\uc1\f0 "
    + "".join(f"\\u{ord(sign)}?" for sign in WORDS)
    + r"\par \b Ok\b0  \'cf\'f0\'e8\{\}}"
)
FILE = bytes(range(256)) * 3


def wrapped(data: bytes, more: bytes = b"") -> bytes:
    head = b'Content-Type: application/ms-tnef; name="winmail.dat"\nContent-Transfer-Encoding: base64\n\n'
    part = head + base64.encodebytes(data)
    return mixed(more, part) if more else mixed(part)


def test_files_of_a_winmail_stand_beside_it() -> None:
    read = letters.read(wrapped(winmail.pack(("Счёт №1.pdf", FILE), ("план.pdf", b"x")), text(WORDS)))
    assert [(part.name, part.size) for part in read.attachments[:2]] == [("Счёт №1.pdf", 768), ("план.pdf", 1)]
    assert read.attachments[0].content == FILE
    assert read.attachments[-1].name == "winmail.dat"
    assert read.text.strip() == WORDS


@pytest.mark.parametrize(
    "words",
    [
        {"plain": WORDS},
        {"page": f"<p>{WORDS}</p>".encode("cp1251")},
        {"rich": RICH.replace(r"\par \b Ok\b0  \'cf\'f0\'e8\{\}", "")},
        {
            "rich": r"{\rtf1\ansi\ansicpg1251\fromhtml1 {\*\htmltag64 <p>}\htmlrtf \par \htmlrtf0 "
            + "".join(f"\\'{byte:02x}" for byte in WORDS.encode("cp1251"))
            + r"{\*\htmltag72 </p>}}"
        },
    ],
    ids=["plain", "page", "rich", "page within rich"],
)
def test_a_letter_of_nothing_but_a_winmail_shows_what_it_says(words: dict[str, bytes | str]) -> None:
    read = letters.read(wrapped(winmail.pack(**words)))
    assert read.text.strip() == WORDS
    assert read.readable


def test_a_winmail_that_is_none_stays_a_file() -> None:
    read = letters.read(wrapped(b"\x78\x9f\x3e\x22" + b"\xff" * 40, text(WORDS)))
    assert [part.name for part in read.attachments] == ["winmail.dat"]


def test_the_words_of_rich_text_come_out() -> None:
    assert rtf.words(RICH.encode()) == (f"{WORDS}\nOk При{{}}", False)
    read = letters.read(typed(RICH.encode(), "text/rtf", "7bit"))
    assert read.text.startswith(WORDS)


def test_repeated_words_of_compressed_rich_text_come_back() -> None:
    # "{\rtf1 WXYZWXYZWXYZWXYZWXYZ}", the worked example of the specification's second kind: a window that overlaps.
    packed = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert rtf.decompressed(packed) == rb"{\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


INVITATION = """BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:FLE Standard Time
BEGIN:STANDARD
DTSTART:16010101T040000
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
ORGANIZER;CN="Иван Петров":mailto:ivan@client.example
ATTENDEE;ROLE=REQ-PARTICIPANT;CN=desk@firstline.example:mailto:desk@firstline.example
SUMMARY;LANGUAGE=ru:Замена принтера\\, склад
DTSTART;TZID=FLE Standard Time:20261120T140500
DTEND;TZID=FLE Standard Time:20261120T150000
LOCATION:Кабинет 214
DESCRIPTION:Первая строка\\nвторая
  строка
BEGIN:VALARM
DESCRIPTION:REMINDER
END:VALARM
END:VEVENT
END:VCALENDAR
"""


def test_an_invitation_is_read() -> None:
    (event,) = appointments.read(INVITATION)
    assert event == appointments.Appointment(
        method="REQUEST",
        summary="Замена принтера, склад",
        place="Кабинет 214",
        organiser="Иван Петров <ivan@client.example>",
        begins=datetime(2026, 11, 20, 14, 5),  # noqa: DTZ001 - its zone stands beside it
        ends=datetime(2026, 11, 20, 15, 0),  # noqa: DTZ001
        zone="FLE Standard Time",
        ends_zone="FLE Standard Time",
        invited=("desk@firstline.example",),
        description="Первая строка\nвторая строка",
    )


def test_days_and_cancelled_series_are_read() -> None:
    raw = "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261120\r\nRRULE:FREQ=WEEKLY\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\n"
    (event,) = appointments.read(raw)
    assert (event.begins, event.repeats, event.cancelled) == (date(2026, 11, 20), True, True)
    assert appointments.as_text([event]) == "2026-11-20"


def test_a_letter_of_nothing_but_an_invitation_says_what_and_when() -> None:
    read = letters.read(typed(INVITATION.encode(), "text/calendar; charset=utf-8; method=REQUEST"))
    assert read.text.split("\n")[:3] == [
        "Замена принтера, склад", "2026-11-20 14:05 – 15:00 FLE Standard Time", "Кабинет 214"
    ]  # fmt: skip
    assert [part.content_type for part in read.attachments] == ["text/calendar"]
    assert read.attachments[0].content.startswith(b"BEGIN:VCALENDAR")


def test_own_words_beside_an_invitation_are_the_text() -> None:
    part = b"Content-Type: text/calendar; charset=utf-8\n\n" + INVITATION.encode()
    read = letters.read(mixed(text(WORDS), part, kind="alternative"))
    assert read.text.strip() == WORDS
    assert len(read.attachments) == 1


def yenc(name: str, content: bytes) -> bytes:
    out = bytearray()
    for byte in content:
        shifted = (byte + 42) % 256
        out += bytes([61, (shifted + 64) % 256]) if shifted in (0, 10, 13, 61) else bytes([shifted])
    body = b"\n".join(bytes(out[at : at + 128]) for at in range(0, len(out), 128))
    return f"=ybegin line=128 size={len(content)} name={name}\n".encode() + body + b"\n=yend size=1\n"


@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_a_file_written_as_yenc_is_an_attachment(end: bytes) -> None:
    content = FILE.replace(b"\x00", b"")
    raw = b"Hello\n" + yenc("photo.jpg", content) + b"Bye\n"
    found = text_files.found_in(raw.replace(b"\n", end))
    # An escape may be cut by the line length; then the file is whole all the same.
    assert [(each.name, each.content) for each in found] == [(b"photo.jpg", content)]
    read = letters.read(typed(raw, "text/plain; charset=utf-8", "binary"))
    assert [part.name for part in read.attachments] == ["photo.jpg"]
    assert read.text.split() == ["Hello", "Bye"]


def test_a_text_about_yenc_stays() -> None:
    words = "What is this?\n=ybegin line=128 size=1 name=x\nabc\n"
    assert letters.read(letter(words)).text.strip() == words.strip()


def test_the_delimiter_of_a_signature_ends_a_flowed_paragraph() -> None:
    assert plain_forms.of_flowed("one \ntwo \n-- \nIvan", False) == "one two \n-- \nIvan"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_opening(data: bytes) -> None:
    tnef.opened(b"\x78\x9f\x3e\x22\x01\x00" + data)
    tnef.opened(winmail.pack(("a.pdf", b"x"), plain="y") + data)
    rtf.words(b"{\\rtf1" + data)
    rtf.decompressed(b"\xff\xff\x00\x00\xff\xff\x00\x00LZFu0000" + data)
    text_files.found_in(b"=ybegin line=1 size=1 name=x\n" + data + b"\n=yend size=1")
    appointments.read("BEGIN:VEVENT\n" + data.decode("latin-1"))


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0, max_value=700), st.binary(min_size=1, max_size=4))
def test_no_damage_in_the_middle_breaks_it(place: int, damage: bytes) -> None:
    whole = winmail.pack(("a.pdf", FILE), plain="y", rich=RICH)
    tnef.opened(whole[:place] + damage + whole[place + len(damage) :])
    tnef.opened(whole[:place])


def test_bombs_of_rich_text_are_bounded() -> None:
    bomb = b"\xff\xff\xff\x7f\xff\xff\xff\x7fLZFu0000" + b"\x00{\\rtf1 a" + b"\xff\x0d\x6f" * 200_000
    with linear():
        assert len(rtf.decompressed(bomb)) <= 1_500_020
        rtf.words(b"{\\rtf1 " + b"{" * 100_000 + b"\\u1234?" * 100_000)
