"""The first administrator of a new desk. He comes in by a link that stands only where the desk was started: it is
signed with the desk's key, kept nowhere, and good as long as nobody administers the desk.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.db import transaction

from firstline.lib import turns
from firstline.people import sign_in, upkeep
from firstline.people.links import LinkRefused
from firstline.people.models import Person
from firstline.people.roles import Role

SALT = "firstline.people.first"
LIFETIME = timedelta(days=7)


def is_missing() -> bool:
    """Whether nobody administers the desk."""
    return not Person.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exists()


def url() -> str:
    """The address at which the first administrator says who he is."""
    token = signing.dumps("first administrator", salt=SALT)
    return f"{settings.FIRSTLINE_BASE_URL}/account/first/{token}/"


def check(token: str) -> None:
    """Raises LinkRefused where the link is not ours, too old, or somebody came in already."""
    try:
        signing.loads(token, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature as wrong:
        raise LinkRefused from wrong
    if not is_missing():
        raise LinkRefused


@transaction.atomic
def come_in(token: str, known: upkeep.Known, password: str, at: datetime) -> Person:
    """The first administrator, with his password. Raises LinkRefused, WrongPerson, ValidationError of the password."""
    turns.wait_for_turn("first administrator")
    check(token)
    validate_password(password, Person(login=known.login, name=known.name, email=known.email))
    person = upkeep.keep(known, found=None, by=None, at=at, actor="first administrator").person
    sign_in.set_password(person, password, by=person, at=at)
    return person
