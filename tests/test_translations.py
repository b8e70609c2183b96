"""Every string of the screens and letters exists in Russian and Bulgarian, whole, with its placeholders and plurals.

The strings are collected afresh by gettext's own tools (script/messages does the same); script/test installs them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent / "firstline"
LANGUAGES = {"ru": 3, "bg": 2}  # and how many forms a number has
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, polib.POFile]:
    """The catalogues as they become when the strings of today are merged into them."""
    assert shutil.which("xgettext"), "apt-get install gettext"
    copy = tmp_path_factory.mktemp("messages") / "firstline"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("static", "__pycache__", "*.mo"))
    command = [sys.executable, "-m", "django", "makemessages", "--no-location", "--no-obsolete", "-v", "0"]
    subprocess.run([*command, "-l", "ru", "-l", "bg"], cwd=copy, check=True, timeout=100)
    return {one: polib.pofile(str(copy / "locale" / one / "LC_MESSAGES" / "django.po")) for one in LANGUAGES}


def key(entry: polib.POEntry) -> tuple[str, str, str]:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated_and_none_is_fuzzy(language: str, collected: dict[str, polib.POFile]) -> None:
    wanting = [entry.msgid for entry in collected[language] if entry.fuzzy or not entry.translated()]
    assert wanting == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_string_is_kept_that_nobody_says_any_more(language: str, collected: dict[str, polib.POFile]) -> None:
    said = {key(entry) for entry in collected[language]}
    assert [entry.msgid for entry in catalogue(language) if key(entry) not in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_has_all_its_forms(language: str) -> None:
    for entry in catalogue(language):
        if entry.msgid_plural:
            assert len([form for form in entry.msgstr_plural.values() if form]) == LANGUAGES[language], entry.msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same_in_every_language(language: str) -> None:
    for entry in catalogue(language):
        if not entry.msgid_plural:
            assert sorted(PLACEHOLDER.findall(entry.msgstr)) == sorted(PLACEHOLDER.findall(entry.msgid)), entry.msgid
        else:
            wanted = set(PLACEHOLDER.findall(entry.msgid_plural))
            for form in entry.msgstr_plural.values():
                assert set(PLACEHOLDER.findall(form)) <= wanted, entry.msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_ends_as_the_original_does_and_has_no_latin_look_alikes(language: str) -> None:
    mixed = re.compile(r"[А-Яа-яЁёЪъ][A-Za-z]|[A-Za-z][А-Яа-яЁё]")
    for entry in catalogue(language):
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            bare = PLACEHOLDER.sub(" ", re.sub(r"<[^>]*>|&\w+;", " ", text))
            assert not mixed.search(bare), f"{entry.msgid!r}: {text!r}"
            assert text.endswith("\n") == entry.msgid.endswith("\n"), entry.msgid
            assert "!" not in text, f"no exclamation marks: {text!r}"


# One word for one thing (the glossary): words that were said otherwise before, and crept back once.
OTHERWISE = {"ru": re.compile(r"(?i)\bвендор|\bуспешно"), "bg": re.compile(r"(?i)\bвендор|\bуспешно")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_thing_has_one_word(language: str) -> None:
    for entry in catalogue(language):
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            assert not OTHERWISE[language].search(text), f"{entry.msgid!r}: {text!r}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_number_of_a_ticket_is_written_as_it_is_typed_and_copied(language: str) -> None:
    """#1042 in lists, subjects and the palette: so in sentences, too."""
    for entry in catalogue(language):
        for number in re.findall(r"#(?:%\(\w+\)s|\{\w+\})", entry.msgid):
            assert number in entry.msgstr, f"{entry.msgid!r}: {entry.msgstr!r}"
