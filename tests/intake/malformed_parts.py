"""One letter per way in which a MIME part can be broken, made here byte by byte, and what must still be read of it."""

from __future__ import annotations

import base64
from collections.abc import Callable

from firstline.intake.reading.letters import Letter
from tests.intake.writing import attachment, letter, mixed, text

Check = Callable[[Letter], bool]


def _words(words: str) -> Check:
    return lambda read: read.text == words


def _file(name: str, content: bytes | None = None) -> Check:
    def check(read: Letter) -> bool:
        return any(part.name == name and content in (None, part.content) for part in read.attachments)

    return check


def _with(line: bytes) -> bytes:
    return letter("words", more=line + b"\n")


def _named(disposition: bytes, kind: str = "application/pdf") -> bytes:
    return mixed(text("words"), attachment(b"123", disposition, kind))


PARTS: dict[str, tuple[bytes, Check]] = {
    # ---- Content-Type and transfer encodings
    "content_type_without_subtype": (_with(b"Content-Type: text"), _words("words")),
    "content_type_rubbish": (_with(b'Content-Type: ;;;=;"\\'), _words("words")),
    "content_type_charset_of_a_codec_that_is_no_charset": (
        _with(b"Content-Type: text/plain; charset=rot13"),
        _words("words"),
    ),
    "content_type_charset_with_nul": (_with(b"Content-Type: text/plain; charset=\x00utf-8"), _words("words")),
    "content_type_twice": (
        _with(b"Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=b"),
        _words("words"),
    ),
    "transfer_encoding_unknown": (_with(b"Content-Transfer-Encoding: x-magic"), _words("words")),
    "transfer_encoding_base64_but_plain": (_with(b"Content-Transfer-Encoding: base64"), lambda r: r.readable),
    "base64_with_rubbish": (
        _with(b"Content-Transfer-Encoding: base64").replace(b"words", b"d29*y\nZH!M="),
        lambda r: "word" in r.text,
    ),
    "base64_of_one_sign": (_with(b"Content-Transfer-Encoding: base64").replace(b"words", b"Q"), lambda r: r.readable),
    "base64_padded_in_the_middle": (
        _with(b"Content-Transfer-Encoding: base64").replace(b"words", b"d28=\ncmRz\n"),
        _words("words"),
    ),
    "quoted_printable_with_bad_escapes": (
        _with(b"Content-Transfer-Encoding: quoted-printable").replace(b"words", b"wo=ZZrds=\n=3D="),
        lambda r: "rds" in r.text,
    ),
    "uuencode_never_ended": (letter(b"words\n\nbegin 644 a.bin\n#0V%T\n"), _file("a.bin", b"Cat")),
    "html_never_closed": (
        _with(b"Content-Type: text/html").replace(b"words", b"<p>words<b><i><table><tr><td>cell"),
        lambda r: "words" in r.text and "cell" in r.text,
    ),
    # ---- multipart
    "multipart_without_boundary": (
        letter(b"--q\nContent-Type: text/plain\n\nwords\n--q--\n", more="Content-Type: multipart/mixed\n"),
        _words("words"),
    ),
    "multipart_with_wrong_boundary": (
        letter(
            b"--q\nContent-Type: text/plain\n\nwords\n--q--\n", more="Content-Type: multipart/mixed; boundary=other\n"
        ),
        _words("words"),
    ),
    "multipart_never_ended": (mixed(text("words"), end=False), _words("words")),
    "multipart_without_parts": (
        letter(b"words only", more="Content-Type: multipart/mixed; boundary=b1\n"),
        _words("words only"),
    ),
    "multipart_closed_too_early": (
        mixed(text("words")) + b"--b1\nContent-Disposition: attachment; filename=late.txt\n\nlate",
        _file("late.txt", b"late"),
    ),
    "multipart_part_without_headers": (mixed(b"\nwords"), _words("words")),
    "multipart_part_cut_in_its_headers": (mixed(text("words")) + b"--b1\nContent-Type: appli", _words("words")),
    "multipart_in_itself": (
        mixed(b'Content-Type: multipart/mixed; boundary="b1"\n\n', text("words")),
        lambda r: "words" in r.text,
    ),
    "multipart_base64_encoded_whole": (
        letter(
            base64.encodebytes(b"--b1\n\nwords\n--b1--\n"),
            more="Content-Type: multipart/mixed; boundary=b1\nContent-Transfer-Encoding: base64\n",
        ),
        lambda r: r.readable,
    ),
    "multipart_boundary_with_trailing_blanks": (
        mixed(text("words")).replace(b"--b1\n", b"--b1 \t\r\n"),
        _words("words"),
    ),
    "rfc822_part_of_nothing": (mixed(text("words"), b"Content-Type: message/rfc822\n\n"), _words("words")),
    "rfc822_part_encoded_in_base64": (
        mixed(
            text("words"),
            b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
            + base64.encodebytes(b"Subject: in\n\nx"),
        ),
        _file("in.eml", b"Subject: in\n\nx"),
    ),
    # ---- names of files
    "name_of_path": (_named(b'attachment; filename="C:\\\\temp\\\\..\\\\a.pdf"'), _file("a.pdf", b"123")),
    "name_of_unix_path": (_named(b"attachment; filename=../../etc/passwd"), _file("passwd")),
    "name_rfc2047": (_named(b'attachment; filename="=?utf-8?B?0YfQtdC6LnBkZg==?="'), _file("чек.pdf")),
    "name_rfc2231": (_named(b"attachment; filename*=utf-8''%D1%87%D0%B5%D0%BA.pdf"), _file("чек.pdf")),
    "name_rfc2231_in_pieces_out_of_order": (
        _named(b"attachment; filename*1*=%D0%B5%D0%BA.pdf; filename*0*=utf-8''%D1%87"),
        _file("чек.pdf"),
    ),
    "name_rfc2231_without_charset": (_named(b"attachment; filename*=%D1%87%D0%B5%D0%BA.pdf"), _file("чек.pdf")),
    "name_rfc2231_bare_star": (
        _named(b"attachment; filename*; name*"),
        lambda r: len(r.attachments) == 1 and bool(r.attachments[0].name),
    ),
    "name_raw_koi8": (
        _named("attachment; filename=Отчет по работе.pdf".encode("koi8-r")),
        _file("Отчет по работе.pdf"),
    ),
    "name_per_cent_encoded": (_named(b'attachment; filename="%D1%87%D0%B5%D0%BA.pdf"'), _file("чек.pdf")),
    "name_of_dots": (_named(b'attachment; filename=".."'), lambda r: r.attachments[0].name not in ("..", ".", "")),
    "name_with_direction_override": (
        _named('attachment; filename="photo\u202egpj.exe"'.encode()),
        _file("photogpj.exe"),
    ),
    "name_with_line_end_and_nul": (_named(b"attachment; filename*=utf-8''a%0D%0Ab%00c.pdf"), _file("a bc.pdf")),
    "name_of_markup": (
        _named(b'attachment; filename="\\"><svg onload=x>.jpg"'),
        lambda r: "/" not in r.attachments[0].name and r.attachments[0].name.endswith(".jpg"),
    ),
    "name_of_3000_signs": (
        _named(b"attachment; filename=" + b"a" * 3000 + b".pdf"),
        lambda r: len(r.attachments[0].name) <= 200 and r.attachments[0].name.endswith(".pdf"),
    ),
    "name_quote_never_closed": (_named(b'attachment; filename="a.pdf'), _file("a.pdf")),
    "name_missing": (_named(b"attachment"), lambda r: r.attachments[0].name == "attachment-1.pdf"),
    "content_id_of_rubbish": (
        mixed(text("words"), b"Content-Type: image/png\nContent-ID: <<<\x00>\n\nx"),
        lambda r: len(r.attachments) == 1,
    ),
}
