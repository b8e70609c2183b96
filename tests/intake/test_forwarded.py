"""Who wrote a letter that was passed on, in the forms of the mail programs of our people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstline.intake.reading import forwarded
from tests.bounded import linear

IVAN = ("ivan@north.example", "Иван Петров")
FORMS = {
    "gmail ru": ("Fwd: Принтер", "Олег, посмотри\n\n---------- Forwarded message ---------\n"
                 "От: Иван Петров <ivan@north.example>\nDate: пт, 27 нояб. 2026 г. в 10:15\nSubject: Принтер\n"
                 "To: <oleg@desk.example>\n\n\nНе печатает.\n"),
    "gmail bg": ("Fwd: Принтер", "---------- Препратено съобщение ---------\nОт: Иван Петров <ivan@north.example>\n"
                 "Дата: пт, 27.11.2026 г. в 10:15 ч.\nОтносно: Принтер\nДо: Oleg <oleg@desk.example>\n\nНе печатает."),
    "apple ru": ("Fwd: Принтер", "Смотри\n\n> Начало переадресованного сообщения:\n> \n"
                 "> От: Иван Петров <ivan@north.example>\n> Тема: Принтер\n> Дата: 27 ноября 2026 г. в 10:15:00 GMT+3\n"
                 "> Кому: oleg@desk.example\n> \n> Не печатает.\n"),
    "apple en": ("Fwd: Printer", "Begin forwarded message:\n\nFrom: Иван Петров <ivan@north.example>\n"
                 "Subject: Принтер\nDate: 27 November 2026 at 10:15\nTo: oleg@desk.example\n\nНе печатает."),
    "thunderbird ru": ("Fwd: Принтер", "-------- Пересылаемое сообщение --------\nТема: \tПринтер\n"
                       "Дата: \tFri, 27 Nov 2026 10:15:00 +0300\nОт: \tИван Петров <ivan@north.example>\n"
                       "Кому: \toleg@desk.example\n\n\n\nНе печатает."),
    "outlook ru": ("FW: Принтер", "Глянь, пожалуйста.\n\n________________________________\n"
                   "От: Иван Петров [mailto:ivan@north.example]\nОтправлено: 27 ноября 2026 г. 10:15\n"
                   "Кому: Олег\nТема: Принтер\n\nНе печатает."),
    "outlook bg": ("FW: Принтер", "От: Иван Петров <ivan@north.example>\nИзпратено: петък, 27 ноември 2026 г. 10:15\n"
                   "До: Oleg\nОтносно: Принтер\n\nНе печатает."),
    "outlook de, bold": ("WG: Принтер", "Bitte\n\n*Von:* Иван Петров <ivan@north.example>\n"
                         "*Gesendet:* 27. November 2026 10:15\n*An:* Oleg\n*Betreff:* Принтер\n\nНе печатает."),
    "yandex": ("Fwd: Принтер", "-------- Пересылаемое сообщение --------\n"
               "27.11.2026, 10:15, \"Иван Петров\" <ivan@north.example>:\n\nНе печатает."),
    "mail.ru": ("Fwd: Принтер", "-------- Пересылаемое сообщение --------\nОт кого: Иван Петров <ivan@north.example>\n"
                "Кому: oleg@desk.example\nДата: Пятница, 27 ноября 2026, 10:15 +03:00\nТема: Принтер\n\nНе печатает."),
    "fr": ("TR: Принтер", "De : Иван Петров <ivan@north.example>\nEnvoyé : vendredi 27 novembre 2026 10:15\n"
           "À : Oleg\nObjet : Принтер\n\nНе печатает."),
}  # fmt: skip


LONG = (
    "Коллеги, договорились с поставщиком о замене картриджей во вторник. Привезут двенадцать штук, счёт на оплату "
    "придёт отдельно. Нужно заказать пропуск на машину и предупредить склад. Для справки их подтверждение во вложении."
)


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("", ""),
        ("Принтер", "Посмотрите, пожалуйста."),
        ("Fwd: Принтер", LONG),
        ("Пер: Принтер", LONG),
        ("Препр.: Принтер", LONG),
        ("WG: Drucker", LONG),
        ("Принтер", f"{LONG} Пересылаю письмо Ивана."),
        ("Принтер", f"{LONG} Заведите, пожалуйста, заявку."),
        ("Принтер", f"{LONG} Моля, създайте заявка."),
        ("Printer", f"{LONG} Please open a ticket for him."),
    ],
)
def test_a_letter_with_a_letter_as_its_file_plainly_passes_it_on(subject: str, said: str) -> None:
    assert forwarded.is_passed_on(subject, said)


@pytest.mark.parametrize("subject", ["Картриджи", "Re: Картриджи", "Информация", "Перенос на вторник", ""])
def test_a_letter_with_much_of_its_own_to_say_only_brings_the_other_along(subject: str) -> None:
    assert not forwarded.is_passed_on(subject, LONG)


@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_first_writer_and_his_words_are_found(form: str) -> None:
    subject, text = FORMS[form]
    found = forwarded.find(subject, text)
    assert found is not None
    assert (found.email, found.name) == IVAN
    assert found.text == "Не печатает."
    assert found.subject in ("Принтер", "")


def test_what_was_said_above_it_is_told_from_it() -> None:
    found = forwarded.find(*FORMS["gmail ru"])
    assert found is not None
    assert found.comment == "Олег, посмотри"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Re: Принтер",
            "Сделал\n\nОт: Иван <ivan@north.example>\nОтправлено: 27.11.2026\nТема: Принтер\n\nНе печатает",
        ),
        ("Принтер", "Не печатает. Forwarded message выглядит странно."),
        ("Fwd: Принтер", "Посмотри"),
        ("Fwd: Принтер", "---------- Forwarded message ---------\nFrom: Иван Петров\nDate: вчера\n\nНе печатает"),
        ("", ""),
    ],
)
def test_an_answer_or_a_letter_that_only_speaks_of_it_is_no_forward(subject: str, text: str) -> None:
    assert forwarded.find(subject, text) is None


def test_the_subject_loses_its_prefixes() -> None:
    assert forwarded.subject_without_prefix("Fwd: FW: Принтер") == "Принтер"
    assert forwarded.subject_without_prefix("Принтер: FW: нет") == "Принтер: FW: нет"


@given(st.text(max_size=300), st.text(max_size=2_000))
def test_it_never_raises_and_what_it_finds_has_a_writer(subject: str, text: str) -> None:
    found = forwarded.find(subject, text)
    assert found is None or "@" in found.email


def test_a_megabyte_is_read_in_linear_time() -> None:
    with linear():
        for text in ("> " * 500_000, "From: x\n" * 100_000, "a@b.c, " * 100_000, "-" * 1_000_000):
            forwarded.find("Fwd: x", text)
