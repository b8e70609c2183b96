"""One letter per way in which a header or a MIME part can be broken, each made here, byte by byte.

`MALFORMED` maps a name to (bytes, what must still be true of the reading). The names say the breakage.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

from firstline.intake.letters import Letter
from tests.intake.writing import FROM, REST, attachment, letter, mixed, text

Check = Callable[[Letter], bool]


def _from(line: bytes) -> bytes:
    return line + b"\n" + REST + b"Subject: x\n\nwords"


def _sender(email: str | None, name: str | None = None) -> Check:
    return lambda read: (read.from_email, read.from_name) == (email, name)


def _words(words: str) -> Check:
    return lambda read: read.text == words


def _file(name: str, content: bytes | None = None) -> Check:
    def check(read: Letter) -> bool:
        return any(part.name == name and content in (None, part.content) for part in read.attachments)

    return check


def _with(line: bytes) -> bytes:
    return letter("words", more=line + b"\n")


def _id(value: str | None) -> Check:
    return lambda read: read.message_id == value


def _own_id(line: bytes) -> bytes:
    return FROM + line + b"\nSubject: x\n\nwords"


def _named(disposition: bytes, kind: str = "application/pdf") -> bytes:
    return mixed(text("words"), attachment(b"123", disposition, kind))


MALFORMED: dict[str, tuple[bytes, Check]] = {
    # ---- From, To, Cc, Reply-To
    "from_without_closing_bracket": (_from(b"From: Ivan <ivan@x.example"), _sender("ivan@x.example", "Ivan")),
    "from_without_brackets": (_from(b"From: Ivan ivan@x.example"), _sender("ivan@x.example", "Ivan")),
    "from_in_comment": (_from(b"From: ivan@x.example (Ivan Petrov)"), _sender("ivan@x.example", "Ivan Petrov")),
    "from_with_only_a_comment": (_from(b"From: (c):"), _sender(None)),
    "from_empty": (_from(b"From: "), _sender(None)),
    "from_empty_brackets": (_from(b"From: Mailer <>"), _sender(None)),
    "from_quote_never_closed": (_from(b'From: "Ivan Petrov <ivan@x.example>'), _sender("ivan@x.example", "Ivan Petrov")),
    "from_with_address_as_name": (_from(b'From: "ivan@x.example" <ivan@x.example>'), _sender("ivan@x.example")),
    "from_encoded_whole": (_from(b"From: =?utf-8?q?Ivan_=3Civan=40x=2Eexample=3E?="), _sender("ivan@x.example", "Ivan")),
    "from_name_encoded_without_space": (_from(b"From: =?utf-8?q?Ivan?=<ivan@x.example>"), _sender("ivan@x.example", "Ivan")),
    "from_with_spaces_around_at": (_from(b"From: Ivan <ivan @ x.example>"), _sender("ivan@x.example", "Ivan")),
    "from_with_comments_in_address": (_from(b"From: J <j@machine(c).  example>"), _sender("j@machine.example", "J")),
    "from_name_with_bare_comma": (_from(b"From: Petrov, Ivan <ivan@x.example>"), lambda r: r.from_email == "ivan@x.example"),
    "from_mailto": (_from(b"From: Ivan <mailto:ivan@x.example>"), _sender("ivan@x.example", "Ivan")),
    "from_twice": (b"From: a@x.example\n" + _from(b"From: b@x.example"), lambda r: r.from_email == "a@x.example"),
    "from_without_host": (_from(b"From: root"), _sender(None)),
    "from_missing_with_sender": (_from(b"Sender: s@x.example"), lambda r: r.from_email == "s@x.example" and "no-from" in r.defects),
    "from_name_with_control_and_direction_signs": (_from("From: I\u202evan\x07 <i@x.example>".encode()), _sender("i@x.example", "Ivan")),
    "from_name_with_line_end_in_encoded_word": (_from(b"From: =?utf-8?q?I=0D=0ABcc:_a=40b.c?= <i@x.example>"), lambda r: r.from_name == "I Bcc: a@b.c" and r.cc == ()),
    "to_group_never_closed": (_with(b"To: undisclosed-recipients: a@x.example, b@x.example"), lambda r: len(r.to) == 3),
    "to_with_semicolons": (_with(b"To: a@x.example; b@x.example"), lambda r: [p.email for p in r.to][:2] == ["a@x.example", "b@x.example"]),
    "cc_of_commas": (_with(b"Cc: ,,, ,a@x.example,,"), lambda r: [p.email for p in r.cc] == ["a@x.example"]),
    "reply_to_is_words": (_with(b"Reply-To: nobody at all"), lambda r: r.reply_to == ()),
    # ---- Date
    "date_is_words": (FROM + b"Date: yesterday\n\nwords", lambda r: r.date is None and "date-unreadable" in r.defects),
    "date_of_month_13": (FROM + b"Date: Fri, 20 13 2026 14:05:00 +0300\n\nwords", lambda r: r.date is None),
    "date_with_zone_beyond": (FROM + b"Date: Fri, 20 Nov 2026 14:05:00 +9999\n\nwords", lambda r: "date-unreadable" in r.defects or r.date is not None),
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
    "subject_of_encoded_word_never_closed": (letter("words", subject="=?utf-8?B?0J/RgNC4"), lambda r: r.subject == "При"),
    "subject_of_bad_base64": (letter("words", subject="=?utf-8?B?0J/!!RgNC4?="), lambda r: r.subject == "При"),
    "subject_with_nul": (letter("words", subject="a\x00b"), lambda r: r.subject == "ab"),
    "header_line_without_colon": (b"Received by us\n" + letter("words"), lambda r: r.text.endswith("words")),
    "header_folded_without_blank": (FROM + b"Subject: a long one\ngoes on here\n" + REST + b"\nwords", lambda r: r.to != () and r.text == "words"),
    "header_of_a_blank_line_of_spaces": (FROM + b"X-Report: a\n \t\n" + REST + b"Subject: x\n\nwords", _words("words")),
    "header_with_space_before_colon": (b"From : ivan@x.example\nSubject : y\n\nwords", lambda r: r.subject == "y" and r.from_email == "ivan@x.example"),
    "mbox_line_first": (b"From ivan@x.example Fri Nov 20 14:05:00 2026\n" + letter("words"), lambda r: r.text == "words" and r.subject == "Printer"),
    "byte_order_mark_first": (b"\xef\xbb\xbf" + letter("words"), lambda r: r.from_email == "ivan@client.example"),
    "empty_lines_first": (b"\r\n\n" + letter("words"), lambda r: r.subject == "Printer"),
    "no_empty_line_before_body": (FROM + b"words here\nmore", lambda r: "words here" in r.text),
    "headers_only": (FROM + REST + b"Subject: x", lambda r: r.text == "" and r.readable),
    "no_header_at_all": (b"just words", lambda r: r.text == "just words" and not r.readable),
    # ---- Content-Type and transfer encodings
    "content_type_without_subtype": (_with(b"Content-Type: text"), _words("words")),
    "content_type_rubbish": (_with(b"Content-Type: ;;;=;\"\\"), _words("words")),
    "content_type_charset_of_a_codec_that_is_no_charset": (_with(b"Content-Type: text/plain; charset=rot13"), _words("words")),
    "content_type_charset_with_nul": (_with(b"Content-Type: text/plain; charset=\x00utf-8"), _words("words")),
    "content_type_twice": (_with(b"Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=b"), _words("words")),
    "transfer_encoding_unknown": (_with(b"Content-Transfer-Encoding: x-magic"), _words("words")),
    "transfer_encoding_base64_but_plain": (_with(b"Content-Transfer-Encoding: base64"), lambda r: r.readable),
    "base64_with_rubbish": (_with(b"Content-Transfer-Encoding: base64").replace(b"words", b"d29*y\nZH!M="), lambda r: "word" in r.text),
    "base64_of_one_sign": (_with(b"Content-Transfer-Encoding: base64").replace(b"words", b"Q"), lambda r: r.readable),
    "base64_padded_in_the_middle": (_with(b"Content-Transfer-Encoding: base64").replace(b"words", b"d28=\ncmRz\n"), _words("words")),
    "quoted_printable_with_bad_escapes": (_with(b"Content-Transfer-Encoding: quoted-printable").replace(b"words", b"wo=ZZrds=\n=3D="), lambda r: "rds" in r.text),
    "uuencode_never_ended": (letter(b"words\n\nbegin 644 a.bin\n#0V%T\n"), _file("a.bin", b"Cat")),
    "html_never_closed": (_with(b"Content-Type: text/html").replace(b"words", b"<p>words<b><i><table><tr><td>cell"), lambda r: "words" in r.text and "cell" in r.text),
    # ---- multipart
    "multipart_without_boundary": (letter(b"--q\nContent-Type: text/plain\n\nwords\n--q--\n", more="Content-Type: multipart/mixed\n"), _words("words")),
    "multipart_with_wrong_boundary": (letter(b"--q\nContent-Type: text/plain\n\nwords\n--q--\n", more="Content-Type: multipart/mixed; boundary=other\n"), _words("words")),
    "multipart_never_ended": (mixed(text("words"), end=False), _words("words")),
    "multipart_without_parts": (letter(b"words only", more="Content-Type: multipart/mixed; boundary=b1\n"), _words("words only")),
    "multipart_closed_too_early": (mixed(text("words")) + b"--b1\nContent-Disposition: attachment; filename=late.txt\n\nlate", _file("late.txt", b"late")),
    "multipart_part_without_headers": (mixed(b"\nwords"), _words("words")),
    "multipart_part_cut_in_its_headers": (mixed(text("words")) + b"--b1\nContent-Type: appli", _words("words")),
    "multipart_in_itself": (mixed(b'Content-Type: multipart/mixed; boundary="b1"\n\n', text("words")), lambda r: "words" in r.text),
    "multipart_base64_encoded_whole": (
        letter(base64.encodebytes(b"--b1\n\nwords\n--b1--\n"), more="Content-Type: multipart/mixed; boundary=b1\nContent-Transfer-Encoding: base64\n"), lambda r: r.readable),
    "multipart_boundary_with_trailing_blanks": (mixed(text("words")).replace(b"--b1\n", b"--b1 \t\r\n"), _words("words")),
    "rfc822_part_of_nothing": (mixed(text("words"), b"Content-Type: message/rfc822\n\n"), _words("words")),
    "rfc822_part_encoded_in_base64": (mixed(text("words"), b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(b"Subject: in\n\nx")), _file("in.eml", b"Subject: in\n\nx")),
    # ---- names of files
    "name_of_path": (_named(b'attachment; filename="C:\\\\temp\\\\..\\\\a.pdf"'), _file("a.pdf", b"123")),
    "name_of_unix_path": (_named(b"attachment; filename=../../etc/passwd"), _file("passwd")),
    "name_rfc2047": (_named(b'attachment; filename="=?utf-8?B?0YfQtdC6LnBkZg==?="'), _file("чек.pdf")),
    "name_rfc2231": (_named(b"attachment; filename*=utf-8''%D1%87%D0%B5%D0%BA.pdf"), _file("чек.pdf")),
    "name_rfc2231_in_pieces_out_of_order": (_named(b"attachment; filename*1*=%D0%B5%D0%BA.pdf; filename*0*=utf-8''%D1%87"), _file("чек.pdf")),
    "name_rfc2231_without_charset": (_named(b"attachment; filename*=%D1%87%D0%B5%D0%BA.pdf"), _file("чек.pdf")),
    "name_rfc2231_bare_star": (_named(b"attachment; filename*; name*"), lambda r: len(r.attachments) == 1 and bool(r.attachments[0].name)),
    "name_raw_koi8": (_named("attachment; filename=Отчет по работе.pdf".encode("koi8-r")), _file("Отчет по работе.pdf")),
    "name_per_cent_encoded": (_named(b'attachment; filename="%D1%87%D0%B5%D0%BA.pdf"'), _file("чек.pdf")),
    "name_of_dots": (_named(b'attachment; filename=".."'), lambda r: r.attachments[0].name not in ("..", ".", "")),
    "name_with_direction_override": (_named("attachment; filename=\"photo\u202egpj.exe\"".encode()), _file("photogpj.exe")),
    "name_with_line_end_and_nul": (_named(b"attachment; filename*=utf-8''a%0D%0Ab%00c.pdf"), _file("a bc.pdf")),
    "name_of_markup": (_named(b'attachment; filename="\\"><svg onload=x>.jpg"'), lambda r: "/" not in r.attachments[0].name and r.attachments[0].name.endswith(".jpg")),
    "name_of_3000_signs": (_named(b"attachment; filename=" + b"a" * 3000 + b".pdf"), lambda r: len(r.attachments[0].name) <= 200 and r.attachments[0].name.endswith(".pdf")),
    "name_quote_never_closed": (_named(b'attachment; filename="a.pdf'), _file("a.pdf")),
    "name_missing": (_named(b"attachment"), lambda r: r.attachments[0].name == "attachment-1.pdf"),
    "content_id_of_rubbish": (mixed(text("words"), b"Content-Type: image/png\nContent-ID: <<<\x00>\n\nx"), lambda r: len(r.attachments) == 1),
}  # fmt: skip
