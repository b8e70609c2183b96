"""One letter per way in which a header can be broken, made here byte by byte, and what must still be read of it."""

from __future__ import annotations

from collections.abc import Callable

from firstline.intake.reading.letters import Letter
from tests.intake.writing import FROM, REST, letter

Check = Callable[[Letter], bool]


def _from(line: bytes) -> bytes:
    return line + b"\n" + REST + b"Subject: x\n\nwords"


def _sender(email: str | None, name: str | None = None) -> Check:
    return lambda read: (read.from_email, read.from_name) == (email, name)


def _words(words: str) -> Check:
    return lambda read: read.text == words


def _with(line: bytes) -> bytes:
    return letter("words", more=line + b"\n")


def _id(value: str | None) -> Check:
    return lambda read: read.message_id == value


def _own_id(line: bytes) -> bytes:
    return FROM + line + b"\nSubject: x\n\nwords"


HEADERS: dict[str, tuple[bytes, Check]] = {
    # ---- From, To, Cc, Reply-To
    "from_without_closing_bracket": (_from(b"From: Ivan <ivan@x.example"), _sender("ivan@x.example", "Ivan")),
    "from_without_brackets": (_from(b"From: Ivan ivan@x.example"), _sender("ivan@x.example", "Ivan")),
    "from_in_comment": (_from(b"From: ivan@x.example (Ivan Petrov)"), _sender("ivan@x.example", "Ivan Petrov")),
    "from_with_only_a_comment": (_from(b"From: (c):"), _sender(None)),
    "from_empty": (_from(b"From: "), _sender(None)),
    "from_empty_brackets": (_from(b"From: Mailer <>"), _sender(None)),
    "from_quote_never_closed": (
        _from(b'From: "Ivan Petrov <ivan@x.example>'),
        _sender("ivan@x.example", "Ivan Petrov"),
    ),
    "from_with_address_as_name": (_from(b'From: "ivan@x.example" <ivan@x.example>'), _sender("ivan@x.example")),
    "from_encoded_whole": (
        _from(b"From: =?utf-8?q?Ivan_=3Civan=40x=2Eexample=3E?="),
        _sender("ivan@x.example", "Ivan"),
    ),
    "from_name_encoded_without_space": (
        _from(b"From: =?utf-8?q?Ivan?=<ivan@x.example>"),
        _sender("ivan@x.example", "Ivan"),
    ),
    "from_with_spaces_around_at": (_from(b"From: Ivan <ivan @ x.example>"), _sender("ivan@x.example", "Ivan")),
    "from_with_comments_in_address": (_from(b"From: J <j@machine(c).  example>"), _sender("j@machine.example", "J")),
    "from_name_with_bare_comma": (
        _from(b"From: Petrov, Ivan <ivan@x.example>"),
        lambda r: r.from_email == "ivan@x.example",
    ),
    "from_mailto": (_from(b"From: Ivan <mailto:ivan@x.example>"), _sender("ivan@x.example", "Ivan")),
    "from_twice": (b"From: a@x.example\n" + _from(b"From: b@x.example"), lambda r: r.from_email == "a@x.example"),
    "from_without_host": (_from(b"From: root"), _sender(None)),
    "from_missing_with_sender": (
        _from(b"Sender: s@x.example"),
        lambda r: r.from_email == "s@x.example" and "no-from" in r.defects,
    ),
    "from_name_with_control_and_direction_signs": (
        _from("From: I\u202evan\x07 <i@x.example>".encode()),
        _sender("i@x.example", "Ivan"),
    ),
    "from_name_with_line_end_in_encoded_word": (
        _from(b"From: =?utf-8?q?I=0D=0ABcc:_a=40b.c?= <i@x.example>"),
        lambda r: r.from_name == "I Bcc: a@b.c" and r.cc == (),
    ),
    "to_group_never_closed": (_with(b"To: undisclosed-recipients: a@x.example, b@x.example"), lambda r: len(r.to) == 3),
    "to_with_semicolons": (
        _with(b"To: a@x.example; b@x.example"),
        lambda r: [p.email for p in r.to][:2] == ["a@x.example", "b@x.example"],
    ),
    "cc_of_commas": (_with(b"Cc: ,,, ,a@x.example,,"), lambda r: [p.email for p in r.cc] == ["a@x.example"]),
    "reply_to_is_words": (_with(b"Reply-To: nobody at all"), lambda r: r.reply_to == ()),
    # ---- Date
    "date_is_words": (FROM + b"Date: yesterday\n\nwords", lambda r: r.date is None and "date-unreadable" in r.defects),
    "date_of_month_13": (FROM + b"Date: Fri, 20 13 2026 14:05:00 +0300\n\nwords", lambda r: r.date is None),
    "date_with_zone_beyond": (
        FROM + b"Date: Fri, 20 Nov 2026 14:05:00 +9999\n\nwords",
        lambda r: "date-unreadable" in r.defects or r.date is not None,
    ),
    "date_in_year_9999999": (FROM + b"Date: Fri, 01 Jan 9999999 00:00:00 +0000\n\nwords", lambda r: r.date is None),
    "date_of_digits": (FROM + b"Date: " + b"9" * 5000 + b"\n\nwords", lambda r: r.date is None),
    "date_iso": (FROM + b"Date: 2026-11-20T14:05:00+03:00\n\nwords", lambda r: r.date is not None),
    # ---- Message-ID, References
    "message_id_in_square_brackets": (_own_id(b"Message-ID: <[a1b2@x.example]>"), _id("<[a1b2@x.example]>")),
    "message_id_without_brackets": (_own_id(b"Message-ID: a1@x.example"), _id("<a1@x.example>")),
    "message_id_never_closed": (_own_id(b"Message-ID: <a1@x.example"), _id("<a1@x.example>")),
    "message_id_folded_inside": (_own_id(b"Message-ID:\n <a1@\n x.example>"), _id("<a1@x.example>")),
    "message_id_empty": (_own_id(b"Message-ID: "), _id(None)),
    "references_of_rubbish": (_with(b"References: <<<>>> < > <a@b> <"), lambda r: r.references == ("<a@b>",)),
    # ---- Subject and header lines
    "subject_missing": (FROM + REST + b"\nwords", lambda r: r.subject == ""),
    "subject_with_raw_8_bit": (letter("words", subject="Принтер"), lambda r: r.subject == "Принтер"),
    "subject_of_encoded_word_never_closed": (
        letter("words", subject="=?utf-8?B?0J/RgNC4"),
        lambda r: r.subject == "При",
    ),
    "subject_of_bad_base64": (letter("words", subject="=?utf-8?B?0J/!!RgNC4?="), lambda r: r.subject == "При"),
    "subject_with_nul": (letter("words", subject="a\x00b"), lambda r: r.subject == "ab"),
    "header_line_without_colon": (b"Received by us\n" + letter("words"), lambda r: r.text.endswith("words")),
    "header_folded_without_blank": (
        FROM + b"Subject: a long one\ngoes on here\n" + REST + b"\nwords",
        lambda r: r.to != () and r.text == "words",
    ),
    "header_of_a_blank_line_of_spaces": (FROM + b"X-Report: a\n \t\n" + REST + b"Subject: x\n\nwords", _words("words")),
    "header_with_space_before_colon": (
        b"From : ivan@x.example\nSubject : y\n\nwords",
        lambda r: r.subject == "y" and r.from_email == "ivan@x.example",
    ),
    "rubbish_line_first": (
        b"This is a message from the gateway\n" + letter("words"),
        lambda r: r.text == "words" and r.subject == "Printer" and r.from_email == "ivan@client.example",
    ),
    "rubbish_lines_first": (
        b"*** relay 7 ***\r\nOK 250 queued\r\n" + letter("words"),
        lambda r: r.text == "words" and r.subject == "Printer",
    ),
    "words_before_one_odd_line_are_words": (
        b"Good morning\nDate: tomorrow\nand that is all\n",
        lambda r: "Good morning" in r.text and not r.readable,
    ),
    "mbox_line_first": (
        b"From ivan@x.example Fri Nov 20 14:05:00 2026\n" + letter("words"),
        lambda r: r.text == "words" and r.subject == "Printer",
    ),
    "byte_order_mark_first": (b"\xef\xbb\xbf" + letter("words"), lambda r: r.from_email == "ivan@client.example"),
    "empty_lines_first": (b"\r\n\n" + letter("words"), lambda r: r.subject == "Printer"),
    "no_empty_line_before_body": (FROM + b"words here\nmore", lambda r: "words here" in r.text),
    "headers_only": (FROM + REST + b"Subject: x", lambda r: r.text == "" and r.readable),
    "no_header_at_all": (b"just words", lambda r: r.text == "just words" and not r.readable),
}
