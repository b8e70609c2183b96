"""Who is at the door: password by login or e-mail, with limits on guessing, and the letters that help who forgot it.

What is answered never tells whether there is such a login: the same words, and the same work for the processor.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import BigIntegerField
from django.http import HttpRequest

from firstline.audit import trail
from firstline.lib.asked_often import Given, Question
from firstline.people import letters, limits, links
from firstline.people.models import Person


class WrongPassword(Exception):
    """Login and password do not belong together; `left` more may be tried from here."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} left")
        self.left = left


_ACTIVE = Question(
    lambda: (
        Person.objects.select_related("client", "team")
        .filter(pk=Given("number", BigIntegerField()), is_active=True)
        .exclude(client__closed_at__isnull=False)
    )
)


class Door:
    """Django's authentication backend: it finds the person of a session. Passwords are checked by `enter`."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Person | None:
        """Nobody gets in past `enter`, which counts the attempts."""
        return None

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session with what every page shows of him, or None if he is not active any more."""
        return _ACTIVE.first(number=user_id)


def find(name: str) -> Person | None:
    """The active person with this login or, where there is no such login, this e-mail address; case does not count."""
    name = name.replace("\x00", "").strip()
    if not name or len(name) > 254:
        return None
    people = Person.objects.select_related("client", "team").filter(is_active=True)
    people = people.exclude(client__closed_at__isnull=False)
    found = people.filter(login__iexact=name).first()
    return found or people.filter(email__iexact=name).first()


def enter(name: str, password: str, *, source: str, at: datetime) -> Person:
    """The person who may come in. `source` is the address he comes from. Raises WrongPassword and limits.TooOften."""
    here = f"{name}@{source}"
    limits.check(limits.SIGN_IN_HERE, here, at)
    limits.check(limits.SIGN_IN_LOGIN, name, at)
    limits.check(limits.SIGN_IN_ADDRESS, source, at)
    person = find(name)
    if person is None or not person.has_usable_password():
        make_password(password)  # as much work as for somebody whom we know
        fits = False
    else:
        fits = check_password(password, person.password)
    if person is None or not fits:
        limits.spend(limits.SIGN_IN_ADDRESS, source, at)
        limits.spend(limits.SIGN_IN_LOGIN, name, at)
        raise WrongPassword(limits.spend(limits.SIGN_IN_HERE, here, at))
    limits.forgive(limits.SIGN_IN_HERE, here)
    trail.note(at=at, actor=person.actor, action="signed_in", target=f"person:{person.pk}", how="password")
    return person


def forgot(name: str, *, source: str, at: datetime) -> None:
    """Mails a link for a new password, if there is such a person with an address; says nothing either way.

    Raises TooOften by the address that asks only: a limit on the letters to one person is silent, or it would tell.
    """
    limits.spend(limits.MAIL_ADDRESS, source, at)
    _mail_link(name, links.RESET, "password_reset", at)


def mail_me_a_link(name: str, *, source: str, at: datetime) -> None:
    """Mails a link that signs in once, with the same silence."""
    limits.spend(limits.MAIL_ADDRESS, source, at)
    _mail_link(name, links.LOGIN, "login_link", at)


def set_password(person: Person, password: str, *, by: Person, at: datetime) -> None:
    """The new password; every open link and every other session of the person is over. Raises ValidationError."""
    validate_password(password, person)
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        links.void(person, at)
        trail.note(at=at, actor=by.actor, action="password_set", target=f"person:{person.pk}")


def set_password_by_link(token: str, purpose: str, password: str, at: datetime) -> Person:
    """Uses an invitation or a reset link up. Raises LinkRefused, or ValidationError (the link is still good then)."""
    with transaction.atomic():
        person = links.peek(token, purpose, at)
        validate_password(password, person)
        person = links.use(token, purpose, at)
        set_password(person, password, by=person, at=at)
    return person


def forget_old_sessions(at: datetime) -> int:
    """Deletes sessions that are over; returns how many. A job runs it."""
    return Session.objects.filter(expire_date__lt=at).delete()[0]


def _mail_link(name: str, purpose: str, kind: str, at: datetime) -> None:
    person = find(name)
    if person is None or not person.email:
        return
    try:
        limits.spend(limits.MAIL_TO, f"{kind}:{person.pk}", at)
    except limits.TooOften:
        return
    with transaction.atomic():
        letters.with_link(person, purpose, kind, at)
