"""One normaliser for what is indexed and what is asked: pure, the same for every process."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstline.search import asking, layouts, snippets
from firstline.search.words import all_terms, pieces


@pytest.mark.parametrize(
    "forms",
    [
        "принтер принтера принтеры принтерах принтерът принтерите",
        "печатает печатают печатат",
        "компютър компютърът компютри компютрите",
        "тонер тонерът тонера тонерите тонером",
        "заявка заявки заявок заявката заявките",
        "пароль пароли паролей парола паролата",
        "сброс сбросить сбросил",
        "счёт счет счёта счета",
        "printer printers",
        "print printing printed prints",
        "box boxes",
    ],
)
def test_every_form_of_a_word_finds_every_other(forms: str) -> None:
    first, *others = forms.split()
    for other in others:
        assert all_terms(first) & all_terms(other), other


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Ошибка 0x80070005 при входе", "0x80070005"),
        ("Пишет ivan@north.example", "ivan@north.example"),
        ("сервер SRV-01 недоступен", "srv-01"),
        ("нет Wi-Fi", "wifi"),
        ("адрес 10.20.30.40", "10.20.30.40"),
        ("+7 (921) 555-01-42", "tel215550142"),
        ("8 921 555 01 42", "tel215550142"),
        ("+359 88 123 4567", "tel881234567"),
        ("088 123-45-67", "tel881234567"),
        ("код Е15", "e15"),  # typed with a Cyrillic letter
        ("1С", "1c"),
    ],
)
def test_codes_addresses_and_numbers_are_kept_whole(text: str, term: str) -> None:
    assert term in all_terms(text)


@given(st.text(max_size=200))
def test_any_text_is_read_and_its_pieces_are_where_they_say(text: str) -> None:
    for piece in pieces(text):
        assert 0 <= piece.start < piece.end <= len(text)
        assert piece.terms
        assert all(" " not in term and term for term in piece.terms)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_question(text: str) -> None:
    asked = asking.read(text, growing=True)
    assert len(asked.words) <= asking.MOST_WORDS


def test_filters_are_read_in_three_languages_and_other_colons_are_words() -> None:
    asked = asking.read('принтер status:open клиент:north изпълнител:"me" -скан http://x.example')
    assert asked.filters == {"status": "open", "client": "north", "assignee": "me"}
    assert asked.text == "принтер http://x.example"
    assert [word.text for word in asked.unwanted] == ["скан"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ghbynth", "принтер"),  # Russian words with Latin keys
        ("щгедщщл", "outlook"),  # Latin words with Russian keys
        ("printer", "принтер"),  # Bulgarian, phonetic
        ("rialde", "сигнал"),  # Bulgarian, БДС (BDS)
    ],
)
def test_the_same_keys_are_read_with_other_layouts(typed: str, meant: str) -> None:
    if meant == "сигнал":
        typed = "".join(layouts._LATIN[layouts._BDS.index(letter)] for letter in meant)
    assert meant in list(layouts.retyped(typed))


def test_a_snippet_shows_the_words_around_and_marks_every_form() -> None:
    text = "Добрый день. " * 20 + "Принтеры на складе не печатают, <b>помогите</b>. " + "Спасибо. " * 40
    parts = snippets.around(
        ["Другое", text], all_terms("печатает принтер") and frozenset(all_terms("печатает принтер"))
    )
    assert [part.text for part in parts if part.marked] == ["Принтеры", "печатают"]
    assert parts[0].text == "… "
    assert parts[-1].text == " …"
    assert sum(len(part.text) for part in parts) < 300


@given(st.text(max_size=300), st.text(max_size=20))
def test_a_snippet_is_a_piece_of_its_text(text: str, asked: str) -> None:
    parts = snippets.marked(text, frozenset(all_terms(asked)))
    assert "".join(part.text for part in parts) == snippets.composed(text)
