"""What a person of a client may change about himself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.audit import trail
from firstline.lib import phones
from firstline.people import findable, preferences
from firstline.people.models import Person


class WrongProfile(Exception):
    """A field cannot be what was given."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def change(
    person: Person, *, phone: str, language: str, theme: str, at: datetime, channel: str | None = None
) -> Person:
    """Phone (empty is none), language, theme, and by which way he is written to. Raises WrongProfile (phone, language,
    theme, channel)."""
    typed = " ".join(phone.replace("\x00", "").split())
    number = phones.normalised(typed) if typed else ""
    if typed and (len(typed) > 30 or not number.startswith("+")):
        raise WrongProfile("phone")
    with transaction.atomic():
        try:
            preferences.prefer(
                person, language=language, theme=theme, channel=person.channel if channel is None else channel
            )
        except preferences.WrongPreference as wrong:
            raise WrongProfile(wrong.field) from wrong
        person.phone, person.phone_e164 = typed, number
        person.save(update_fields=["phone", "phone_e164"])
        findable.changed(person)
        trail.note(at=at, actor=person.actor, action="profile_changed", target=f"person:{person.pk}")
    return person
