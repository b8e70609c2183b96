"""Sender, subject, words and files of letters whose programs label wrongly, cut in the middle or forget to say."""

from __future__ import annotations

import base64

import pytest

from firstline.intake.reading import letters

RUSSIAN = "Здравствуйте, принтер не печатает, помогите пожалуйста. Кабинет двести четырнадцать, второй этаж."
UKRAINIAN = "Доброго дня, принтер не друкує, допоможіть, будь ласка. Є термінова робота, їдемо до клієнта."
BULGARIAN = "Здравейте, принтерът не печата, моля помогнете. Стая двеста и четиринайсет, вторият етаж."
SUBJECT = "Принтер не печатает"
REPORT = "Отчёт за ноябрь 2026.xlsx"


def word(text: str, charset: str = "utf-8") -> bytes:
    return b"=?" + charset.encode() + b"?B?" + base64.b64encode(text.encode(charset)) + b"?="


def percent(text: str, charset: str = "utf-8") -> bytes:
    return b"".join(b"%%%02X" % byte for byte in text.encode(charset))


def letter(body: bytes, sender: bytes = b"ivan@client.example", subject: bytes = b"x", head: bytes = b"") -> bytes:
    top = b"From: %s\r\nTo: help@firstline.example\r\nSubject: %s\r\nMessage-ID: <a@b.example>\r\n" % (sender, subject)
    return top + b"Date: Fri, 20 Nov 2026 14:05:11 +0300\r\nMIME-Version: 1.0\r\n" + head + b"\r\n" + body + b"\r\n"


def plain(text: str, written: str, declared: str, subject: bytes = b"x") -> letters.Letter:
    kind = b"Content-Type: text/plain" + (b"; charset=" + declared.encode() if declared else b"") + b"\r\n"
    return letters.read(letter(text.encode(written), subject=subject, head=kind))


CYRILLIC = ("koi8-r", "windows-1251", "cp866", "mac-cyrillic", "iso-8859-5", "utf-8")


@pytest.mark.parametrize("written", CYRILLIC)
@pytest.mark.parametrize("declared", ["", "us-ascii", "utf-8", "iso-8859-1", "unknown-8bit", "x-user-defined"])
def test_russian_is_read_whatever_the_label_says(written: str, declared: str) -> None:
    assert plain(RUSSIAN, written, declared).text.strip() == RUSSIAN


@pytest.mark.parametrize(
    ("text", "written", "declared"),
    [
        (RUSSIAN, "koi8-r", "windows-1251"),
        (RUSSIAN, "windows-1251", "koi8-r"),
        (RUSSIAN, "utf-8", "windows-1251"),
        (RUSSIAN, "utf-8", "koi8-r"),
        (RUSSIAN, "windows-1251", "win-1251"),
        (UKRAINIAN, "koi8-u", "koi8-r"),
        (UKRAINIAN, "windows-1251", ""),
        (UKRAINIAN, "koi8-u", ""),
        (BULGARIAN, "windows-1251", ""),
        (BULGARIAN, "windows-1251", "iso-8859-1"),
        ("打印機壞了，请帮忙", "gb18030", "gb2312"),
        ("프린터 고장", "cp949", "ks_c_5601-1987"),
        ("“Quote” – €5", "cp1252", "iso-8859-1"),
    ],
)
def test_a_wrong_label_is_seen_through(text: str, written: str, declared: str) -> None:
    assert plain(text, written, declared).text.strip() == text


SPLIT = "Заявка: не работает касса в магазине №5"
SUBJECTS = {
    "raw windows-1251": (SUBJECT.encode("windows-1251"), SUBJECT),
    "raw utf-8": (SUBJECT.encode(), SUBJECT),
    "a letter cut between two words": (
        b"=?utf-8?B?%s?=\r\n =?utf-8?B?%s?="
        % (base64.b64encode(SPLIT.encode()[:25]), base64.b64encode(SPLIT.encode()[25:])),
        SPLIT,
    ),
    "no padding": (b"=?utf-8?B?" + base64.b64encode("Касса".encode()).rstrip(b"=") + b"?=", "Касса"),
    "blanks within a word": (b"=?utf-8?Q?=D0=9A=D0=B0 =D1=81=D1=81=D0=B0?=", "Ка сса"),
    "no blank between words": (word("Кас") + word("са"), "Касса"),
    "with a language": (b"=?utf-8*ru?B?" + base64.b64encode("Касса".encode()) + b"?=", "Касса"),
    "two sets": (word("Касса", "koi8-r") + b" " + word(" не работает", "windows-1251"), "Касса не работает"),
    "raw and encoded": ("Касса ".encode() + word("не работает"), "Касса не работает"),
    "windows-1251 called latin": (
        b"=?iso-8859-1?B?" + base64.b64encode("Не работает касса в магазине".encode("cp1251")) + b"?=",
        "Не работает касса в магазине",
    ),
    "gb18030": (word("打印机坏了", "gb18030"), "打印机坏了"),
    "iso-2022-jp": (word("日本語テスト", "iso-2022-jp"), "日本語テスト"),
    "an emblem": (word("🔥 Срочно"), "🔥 Срочно"),
}


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_subject_is_read(name: str) -> None:
    written, subject = SUBJECTS[name]
    assert plain(RUSSIAN, "utf-8", "utf-8", subject=written).subject == subject


SENDERS = {
    "a comma in quotes": (b'"Petrov, Ivan (IT)" <ivan@client.example>', "Petrov, Ivan (IT)"),
    "a comma without quotes": ("Петров, Иван <ivan@client.example>".encode(), "Петров, Иван"),
    "a comma in an encoded word": (word("Петров, Иван") + b" <ivan@client.example>", "Петров, Иван"),
    "an encoded word in quotes": (b'"' + word("Иван Петров") + b'" <ivan@client.example>', "Иван Петров"),
    "the old form": (b"ivan@client.example (Ivan Petrov)", "Ivan Petrov"),
    "mailto": (b"Ivan <mailto:ivan@client.example>", "Ivan"),
    "two brackets": (b"Ivan <<ivan@client.example>>", "Ivan"),
    "quotes in quotes": (b'"Ivan \\"Boss\\" Petrov" <ivan@client.example>', 'Ivan "Boss" Petrov'),
    "quotes at the end": ('ООО "Ромашка" <ivan@client.example>'.encode(), 'ООО "Ромашка"'),
    "raw koi8-r": ("Иван Петров <ivan@client.example>".encode("koi8-r"), "Иван Петров"),
    "folded": (b"Ivan Petrov\r\n <ivan@client.example>", "Ivan Petrov"),
    "another one's address as a name": (b'"boss@firstline.example" <ivan@client.example>', "boss@firstline.example"),
}


@pytest.mark.parametrize("name", SENDERS)
def test_a_sender_is_read(name: str) -> None:
    written, shown = SENDERS[name]
    read = letters.read(letter(b"hello", sender=written))
    assert (read.from_email, read.from_name) == ("ivan@client.example", shown)


DISPOSITION = b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; "
NAMES = {
    "rfc 2231": (DISPOSITION + b"filename*=utf-8''" + percent(REPORT), REPORT),
    "continued": (
        DISPOSITION + b"\r\n filename*0*=utf-8''" + percent(REPORT[:9]) + b";\r\n filename*1*=" + percent(REPORT[9:]),
        REPORT,
    ),
    "continued in the middle of a byte": (
        DISPOSITION + b"\r\n filename*0*=utf-8''" + percent(REPORT)[:14] + b";\r\n filename*1*=" + percent(REPORT)[14:],
        REPORT,
    ),
    "in the wrong order": (
        DISPOSITION + b"\r\n filename*1*=" + percent(REPORT[9:]) + b";\r\n filename*0*=utf-8''" + percent(REPORT[:9]),
        REPORT,
    ),
    "a plain piece with a per cent sign": (
        DISPOSITION + b'\r\n filename*0="100% of ";\r\n filename*1="plan.txt"',
        "100% of plan.txt",
    ),
    "rfc 2047": (DISPOSITION + b'filename="' + word(REPORT) + b'"', REPORT),
    "raw windows-1251": (DISPOSITION + b'filename="' + REPORT.encode("cp1251") + b'"', REPORT),
    "raw koi8-r": (DISPOSITION + b'filename="' + REPORT.encode("koi8-r") + b'"', REPORT),
    "per cent, not declared": (DISPOSITION + b'filename="' + percent(REPORT) + b'"', REPORT),
    "both forms": (DISPOSITION + b"filename=\"Otchet.xlsx\"; filename*=UTF-8''" + percent(REPORT), REPORT),
    "koi8-r in rfc 2231": (DISPOSITION + b"filename*=koi8-r''" + percent(REPORT, "koi8-r"), REPORT),
    "no quotes": (DISPOSITION + b"filename=my report final.doc", "my report final.doc"),
    "a folder": (DISPOSITION + b'filename="C:\\\\Users\\\\ivan\\\\report.doc"', "report.doc"),
    "a place": (b"Content-Type: image/png\r\nContent-Location: images/plan.png", "plan.png"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_keeps_its_name(name: str) -> None:
    head, wanted = NAMES[name]
    words = b"--bb\r\nContent-Type: text/plain\r\n\r\nhello\r\n--bb\r\n"
    body = words + head + b"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--bb--"
    read = letters.read(letter(body, head=b'Content-Type: multipart/mixed; boundary="bb"\r\n'))
    assert ([part.name for part in read.attachments], read.text.strip()) == ([wanted], "hello")


def both(text: str, page: str) -> letters.Letter:
    body = (
        f"--bb\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        f"--bb\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}\r\n--bb--"
    )
    return letters.read(letter(body.encode(), head=b'Content-Type: multipart/alternative; boundary="bb"\r\n'))


@pytest.mark.parametrize(
    "excuse",
    [
        "Your mail client does not support HTML",
        "This is an HTML email. Please view it in an HTML capable client.",
        "Ваш почтовый клиент не поддерживает HTML.",
        "Вашият пощенски клиент не поддържа HTML.",
        "Ihr E-Mail-Programm unterstützt kein HTML.",
    ],
)
def test_an_excuse_for_having_no_plain_form_is_no_text(excuse: str) -> None:
    read = both(excuse, "<p>Принтер не печатает с утра, второй этаж</p>")
    assert read.text.strip() == "Принтер не печатает с утра, второй этаж"


def test_who_writes_about_html_is_not_excusing_himself() -> None:
    words = "Почему программа не поддерживает HTML?"
    assert both(words, f"<p>{words}</p>").text.strip() == words


def test_what_a_page_hides_is_not_read_and_what_it_writes_of_signs_stays() -> None:
    page = (
        '<div style="display:none;max-height:0;overflow:hidden">secret one</div><span style="font-size:0px">two</span>'
        '<td style="font-size:0"><div style="font-size:14px">A &lt;b&gt; tag and &amp;lt;</div></td>'
    )
    assert both("", page).text.strip() == "A <b> tag and &lt;"
