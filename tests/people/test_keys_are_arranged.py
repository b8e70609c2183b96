"""A key can be moved or switched off; what would leave two deeds of a page on one key is refused by name."""

from __future__ import annotations

import pytest

from firstline.people import keyboard
from firstline.people.keyboard import KEYS, WrongKey, arranged, movable
from firstline.web.agent.key_words import PLACES, WORDS


def test_the_usual_keys_are_at_peace_and_have_words() -> None:
    assert arranged({}) == {}
    assert arranged({key: key for key in movable()}) == {}
    assert set(PLACES) == set(KEYS)
    assert {place: set(keys) for place, keys in KEYS.items()} == {place: set(words) for place, words in WORDS.items()}


@pytest.mark.parametrize(
    ("wishes", "kept"),
    [
        ({"a": "shift+t"}, {"a": "shift+t"}),
        ({"a": ""}, {"a": ""}),
        ({"a": " B "}, {"a": "b"}),
        ({"g q": "h q"}, {"g q": "h q"}),
        ({"r": "n", "n": "r"}, {"r": "n", "n": "r"}),  # two change places
        ({"alt+t": "alt+y"}, {"alt+t": "alt+y"}),
        ({"t": "i"}, None),  # the quarantine's I
        ({"f": "i"}, {"f": "i"}),  # lists have no I of their own
    ],
)
def test_what_is_kept_differs_from_the_usual(wishes: dict[str, str], kept: dict[str, str] | None) -> None:
    if kept is None:
        with pytest.raises(WrongKey):
            arranged(wishes)
    else:
        assert arranged(wishes) == kept


@pytest.mark.parametrize(
    ("wishes", "key", "problem", "by"),
    [
        ({"a": "e"}, "a", "taken", "e"),
        ({"n": "c"}, "n", "taken", "c"),  # C is everywhere
        ({"a": "g"}, "a", "taken", "g q"),  # G begins two keys
        ({"g q": "a q"}, "g q", "taken", "a"),
        ({"a": "y", "e": "y"}, "a", "taken", "e"),
        ({"a": "ф"}, "a", "no key", ""),
        ({"a": "mod+t"}, "a", "no key", ""),
        ({"a": "a b c"}, "a", "no key", ""),
        ({"mod+k": "a"}, "mod+k", "unknown", ""),
        ({"enter": "o"}, "enter", "unknown", ""),
        ({"1": "9"}, "1", "unknown", ""),
    ],
)
def test_what_cannot_be_is_refused_by_name(wishes: dict[str, str], key: str, problem: str, by: str) -> None:
    with pytest.raises(WrongKey) as refused:
        arranged(wishes)
    assert refused.value.problem == problem
    assert {refused.value.key, refused.value.by} >= {key}
    assert by in {refused.value.by, refused.value.key}


def test_every_movable_key_can_be_switched_off_at_once() -> None:
    assert set(arranged(dict.fromkeys(movable(), ""))) == set(movable())
    assert all(keyboard.may_move(key) for key in movable())
