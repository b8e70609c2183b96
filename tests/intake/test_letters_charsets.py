"""Words come out right whatever the letter says about its character set."""

from __future__ import annotations

from itertools import product

import pytest

from firstline.intake.reading import charsets, letters
from tests.intake.writing import FROM, REST, letter, typed

RUSSIAN = "Здравствуйте! Не работает почта, прошу помочь."
BULGARIAN = "Здравейте, принтерът в счетоводството не печата."
UKRAINIAN = "Доброго дня, не працює принтер у бухгалтерії."
SETS = ["koi8-r", "cp1251", "cp866", "iso8859-5", "utf-8"]
DECLARED = [
    "",
    "; charset=us-ascii",
    "; charset=iso-8859-1",
    "; charset=utf-8",
    "; charset=koi8-r",
    "; charset=windows-1251",
    "; charset=unknown-8bit",
    '; charset="windows-12510"',
]


@pytest.mark.parametrize(("real", "declared"), list(product(SETS, DECLARED)))
def test_cyrillic_words_are_right_under_any_declaration(real: str, declared: str) -> None:
    for words in (RUSSIAN, BULGARIAN):
        read = letters.read(typed(words.encode(real), f"text/plain{declared}"))
        assert read.text == words


@pytest.mark.parametrize("declared", DECLARED)
def test_ukrainian_words_are_right_under_any_declaration(declared: str) -> None:
    for real in ("cp1251", "utf-8", "koi8-u"):
        assert letters.read(typed(UKRAINIAN.encode(real), f"text/plain{declared}")).text == UKRAINIAN


@pytest.mark.parametrize("declared", ["cp866", "ibm866", "cp866u", "cp1125", "us-ascii", "windows-1251", "koi8-r"])
@pytest.mark.parametrize("words", [UKRAINIAN, "Є помилка, з'їдає папір і її не видно.", "Ґанок і ґрунт поїхали"])
def test_the_ukrainian_letters_of_dos_are_right(words: str, declared: str) -> None:
    assert letters.read(typed(words.encode("cp1125"), f"text/plain; charset={declared}")).text == words


@pytest.mark.parametrize("words", ["Ён быў на ўроку, прыйшоў дадому.", "Съел ёжика, на улице 10°", RUSSIAN, BULGARIAN])
def test_other_words_of_dos_stay_what_they_are(words: str) -> None:
    assert letters.read(typed(words.encode("cp866"), "text/plain; charset=cp866")).text == words


@pytest.mark.parametrize("real", SETS)
@pytest.mark.parametrize("subject", ["Принтер", "тест тест", "Не включается компьютер", "Грешка при вход", "СРОЧНО"])
def test_a_raw_subject_without_any_declaration_is_right(subject: str, real: str) -> None:
    raw = FROM + REST + b"Subject: " + subject.encode(real) + b"\n\n" + subject.encode(real)
    assert letters.read(raw).subject == subject


@pytest.mark.parametrize("real", ["koi8-r", "cp1251", "utf-8"])
def test_a_raw_name_of_the_sender_is_right(real: str) -> None:
    raw = b"From: " + "Иван Петров <ivan@client.example>".encode(real) + b"\n" + REST + b"\n" + RUSSIAN.encode(real)
    assert letters.read(raw).from_name == "Иван Петров"


@pytest.mark.parametrize(
    ("words", "charset"),
    [
        ("Grüße aus Köln, schöne Woche", "iso-8859-1"),
        ("déjà vu à l'école", "cp1252"),
        ("Zażółć gęślą jaźń", "iso-8859-2"),
        ("ご注文商品を本日お届けします", "iso-2022-jp"),
        ("テストです", "shift_jis"),
        ("고맙습니다.", "ks_c_5601-1987"),
        ("您好,请查收附件通知", "gb2312"),
        ("測試郵件", "big5"),
        ("Καλημέρα σας", "iso-8859-7"),
        ("שלום עולם", "windows-1255"),
        ("Привет", "utf-16"),
        ("Привет", "utf-7"),
        ("Привет", "x-mac-cyrillic"),
    ],
)
def test_what_is_declared_rightly_is_believed(words: str, charset: str) -> None:
    codec = charsets.known(charset) or charset
    assert letters.read(typed(words.encode(codec), f"text/plain; charset={charset}")).text == words


@pytest.mark.parametrize("words", ["Grüße aus Köln", "déjà vu", "señor Núñez", "Ærøskøbing"])
@pytest.mark.parametrize("declared", ["", "; charset=us-ascii", "; charset=utf-8"])
def test_west_european_words_are_not_taken_for_cyrillic(words: str, declared: str) -> None:
    assert letters.read(typed(words.encode("cp1252"), f"text/plain{declared}")).text == words


def test_header_and_body_may_come_in_different_sets() -> None:
    head = FROM + REST + b"Subject: " + "Не работает принтер".encode("koi8-r") + b"\n"
    read = letters.read(head + b"Content-Type: text/plain; charset=windows-1251\n\n" + RUSSIAN.encode("cp1251"))
    assert (read.subject, read.text) == ("Не работает принтер", RUSSIAN)


def test_a_short_header_is_read_as_the_body_is() -> None:
    raw = FROM + REST + b"Subject: " + "ЩУКА".encode("koi8-r") + b"\n\n" + RUSSIAN.encode("koi8-r")
    assert letters.read(raw).subject == "ЩУКА"


@pytest.mark.parametrize("inner", ["utf-8", "cp1251", "koi8-r"])
def test_cyrillic_that_a_gateway_encoded_twice_is_repaired(inner: str) -> None:
    mangled = RUSSIAN.encode(inner).decode("latin-1").encode("utf-8")
    read = letters.read(
        FROM + REST + b"Subject: " + mangled + b"\nContent-Type: text/plain; charset=utf-8\n\n" + mangled
    )
    assert (read.subject, read.text) == (RUSSIAN, RUSSIAN)


@pytest.mark.parametrize(
    "words", ["Grüße aus Köln", "ÀÉÈÊËÎÏÔ ÛÜŸ", "Příliš žluťoučký kůň", "ÄÖÜ äöü ß", "a letter like Ã¸", "ÞÆÐÖ þæðö"]
)
def test_accents_and_talk_of_garbled_letters_are_left_alone(words: str) -> None:
    assert letters.read(typed(words.encode(), "text/plain; charset=utf-8")).text == words


def test_html_may_declare_its_own_set() -> None:
    markup = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"></head><body>ж</body>'
    )
    assert letters.read(typed(markup.encode("cp1251"), "text/html")).text == "ж"


def test_nul_and_control_characters_never_leave() -> None:
    raw = letter(b"a\x00b\x07c\x1bd", more=b"Cc: x\x00y <z@w.example>\nX-Odd: \x00\n")
    read = letters.read(raw)
    assert read.text == "abcd"
    assert "\x00" not in repr(letters.to_plain(read, as_text=True)).replace("\\\\x00", "")
    assert "\x00" not in read.headers_text


def test_a_cut_character_does_not_change_the_set() -> None:
    broken = RUSSIAN.encode("utf-8")[:-1] + b"\xd0"
    read = letters.read(typed(broken, "text/plain; charset=utf-8"))
    assert read.text.startswith("Здравствуйте! Не работает почта")
    assert "undecodable-characters" in read.defects


@pytest.mark.parametrize(
    ("written", "subject"),
    [
        ("=?utf-8?B?0J/RgNC40L3RgtC10YA=?=", "Принтер"),
        ("=?utf-8?B?0J/RgNC40L3RgtC10YA?=", "Принтер"),
        ("=?UTF-8?Q?=D0=9F=D1=80?= =?UTF-8?Q?=D0=B8?=", "При"),
        ("=?UTF-8?B?0J/RgNC40L3Rgg==?=\n =?UTF-8?B?0LXRgA==?=", "Принтер"),
        ("=?utf-8?B?0J/R?= =?utf-8?B?gNC4?=", "При"),
        ("=?koi8-r?B?8NLJztTF0g==?=", "Принтер"),
        ("=?us-ascii?B?8NLJztTF0g==?=", "Принтер"),
        ("=?windows-1251?B?0J/RgNC40L3RgtC10YA=?=", "Принтер"),
        ("=?utf-8?B?z/Do7fLl8A==?=", "Принтер"),
        ("Re: =?utf-8?Q?=D0=9F?=!", "Re: П!"),
        ("=?utf-8?Q?a b_c?=", "a b c"),
        ("=?utf-8*ru?B?0J8=?=", "П"),
        ("=?utf-8?Q?really??=", "really?"),
        ("=?utf-8?B?0J/RgNC40L3RgtC10YA=", "Принтер"),
        ("=?unknown?B?0J/RgNC40L3RgtC10YA=?=", "Принтер"),
        ('"=?utf-8?B?0J8=?="', '"П"'),
        ("=?utf-8?Q?one=0D=0ABcc:_x?=", "one Bcc: x"),
        ("=?iso-8859-1?Q?=50?= =?utf-8?Q?=D0=9F?=", "PП"),
        ("=?", "=?"),
        ("1 =? 2 ?= 3", "1 =? 2 ?= 3"),
    ],
)
def test_encoded_words_of_real_programs_are_decoded(written: str, subject: str) -> None:
    assert letters.read(letter(subject=written)).subject == subject


def test_lines_that_end_with_cr_or_crlf_read_alike() -> None:
    raw = letter(f"{RUSSIAN}\n\nвторая строка")
    expected = letters.read(raw)
    for end in (b"\r\n", b"\r"):
        read = letters.read(raw.replace(b"\n", end))
        assert (read.text, read.subject, read.from_email) == (expected.text, expected.subject, expected.from_email)


MAC = [
    "Прошу Вас подключить сканер, новая сотрудница не видит его.",
    "Машина стоит, оператор ждёт инженера.",
    "Моя почта пропала.",
]


@pytest.mark.parametrize("declared", ["; charset=windows-1251", "", "; charset=iso-8859-1", "; charset=koi8-r"])
@pytest.mark.parametrize("words", MAC)
def test_a_letter_of_a_mac_is_right_though_its_small_letters_are_those_of_windows(words: str, declared: str) -> None:
    assert letters.read(typed(words.encode("mac_cyrillic"), f"text/plain{declared}")).text == words


@pytest.mark.parametrize(
    "words",
    [
        "Ждём „Ромашку“… Цена 100 € за штуку ‰ — и не больше №5.",
        "Њујорк и Љубљана су далеко, принтер не ради.",
        "КомпаниЯ «НоваЯ» просит помочь: Принтер молчит, Сканер тоже.",
        "“Привет” – сказал робот",
    ],
)
def test_what_windows_wrote_is_never_taken_for_a_mac(words: str) -> None:
    assert letters.read(typed(words.encode("cp1251"), "text/plain; charset=windows-1251")).text == words
