"""The classifier: it learns, says how sure it is, is packed and read again the same, and refuses other bytes."""

from __future__ import annotations

import csv
import gzip
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstline.lines import classify
from firstline.lines.classify import Example
from tests.conftest import CORPORA

CORPUS = CORPORA / "tickets" / "it-47k" / "train.csv.gz"
TALK = {
    "printing": ["принтер не печатает", "замятие бумаги в принтере", "тонер закончился, печать бледная"],
    "network": ["нет интернета", "не подключается VPN", "вайфай пропадает в переговорной"],
    "mail": ["не приходит почта", "письмо не отправляется", "почтовый ящик переполнен"],
}


def examples(copies: int = 20) -> list[Example]:
    chance = random.Random(3)
    return [
        Example(classify.features_of(f"Добрый день, {chance.choice(('', 'срочно'))} {words} на {number} этаже"), label)
        for number in range(copies)
        for label, said in TALK.items()
        for words in said
    ]


def test_similar_words_get_the_label_of_what_was_solved() -> None:
    content, measured = classify.learn(examples())
    model = classify.Model(content)
    best = model.guesses(classify.features_of("У бухгалтера принтер зажевал бумагу"))[0]
    assert best.label == "printing"
    assert best.confidence > 0.6
    assert measured.first > 0.95
    assert model.said["measured"][1] == measured.first


def test_all_confidences_add_up_and_unknown_words_are_nobody_s() -> None:
    model = classify.Model(classify.learn(examples())[0])
    sure = [guess.confidence for guess in model.guesses(classify.features_of("zzz qqq"))]
    assert sum(sure) == pytest.approx(1.0)
    assert max(sure) < 0.6


def test_the_same_examples_give_the_same_bytes() -> None:
    assert classify.learn(examples(5))[0] == classify.learn(examples(5))[0]


def test_what_is_beside_the_words_counts() -> None:
    made = [
        Example(classify.features_of("не работает", [f"client={name}"]), name) for name in ("a", "b") for _ in range(30)
    ]
    model = classify.Model(classify.learn(made)[0])
    assert model.guesses(classify.features_of("не работает", ["client=b"]))[0].label == "b"


@given(st.binary(max_size=200))
def test_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(classify.Unreadable):
        classify.Model(content)


def test_a_model_cut_short_is_refused() -> None:
    content = classify.learn(examples(5))[0]
    with pytest.raises(classify.Unreadable):
        classify.Model(content[:-1])


def _corpus() -> list[Example]:
    with gzip.open(CORPUS, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    random.Random(7).shuffle(rows)
    return [Example(classify.features_of(row["Document"]), row["Topic_group"]) for row in rows]


@pytest.mark.corpora
@pytest.mark.timeout(600)
def test_five_hundred_labels_are_enough_for_two_of_three() -> None:
    rows = _corpus()
    test, right = rows[-3_000:], []
    for start in range(0, 1_500, 500):
        model = classify.Model(classify.learn(rows[start : start + 500])[0])
        right.append(classify.measure(model, test).first)
    assert sum(right) / len(right) >= 0.65


@pytest.mark.corpora
@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_many_labels_are_guessed_as_well_as_promised() -> None:
    rows = _corpus()
    cut = len(rows) * 9 // 10
    model = classify.Model(classify.learn(rows[:cut])[0])
    measured = classify.measure(model, rows[cut:])
    assert measured.first >= 0.84
    assert measured.first_three >= 0.97
