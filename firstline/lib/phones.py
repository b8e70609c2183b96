"""Telephone numbers in one form (E.164), however they were typed."""

from __future__ import annotations

import phonenumbers

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


def readable(number: str) -> str:
    """As people write it: `+7 921 555-01-42`; unchanged where the plan is unknown."""
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
