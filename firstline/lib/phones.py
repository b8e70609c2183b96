"""Telephone numbers in one form (E.164), however they were typed."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

_SCHEME = re.compile(r"(?i)^\s*(?:sips?|tel):")
_LETTERS = re.compile(r"[^\W\d_]")
_FEWEST_DIGITS, _FEWEST_WITH_COUNTRY = 2, 8
REGIONS = ("RU", "BG")  # tried in order for a number without its country


def normalised(typed: str, regions: tuple[str, ...] = REGIONS) -> str:
    """`+79215550142` for any way of writing it; the digits alone where it is no number of a known plan."""
    for region in regions:
        try:
            number = phonenumbers.parse(typed, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return "".join(character for character in typed if character.isascii() and character.isdigit())[:20]


def is_country(letters: str) -> bool:
    """Whether there is a numbering plan of it."""
    return letters in phonenumbers.SUPPORTED_REGIONS


def told_by_exchange(said: str, country: str = "") -> str:
    """What an exchange says of a number, in one form: `sip:` and `tel:` are taken off, numbers without their country
    are of `country` first, and digits that begin with one are whole although the + is missing. "" for who hides his."""
    typed = _SCHEME.sub("", said.strip()).partition("@")[0].partition(";")[0]
    if _LETTERS.search(typed):
        return ""
    number = normalised(typed, tuple(dict.fromkeys([country, *REGIONS] if country else REGIONS)))
    if number.startswith("+") or len(number) < _FEWEST_WITH_COUNTRY:
        return number if sum(one.isdigit() for one in number) >= _FEWEST_DIGITS else ""
    whole = normalised(f"+{number.removeprefix('00')}")
    return whole if whole.startswith("+") else number


@lru_cache(maxsize=8192)
def readable(number: str) -> str:
    """As people write it: `+7 921 555-01-42`; unchanged where the plan is unknown. The same few are shown all day."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def takes_texts(number: str) -> bool:
    """Whether a text message may reach it: a number in E.164 that is no fixed line's, as far as its plan says."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    mobile = phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE
    return phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) in mobile
