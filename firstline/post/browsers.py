"""The browsers that get pushes: taken in, listed, forgotten; and the key of this house.

A delivery to one is addressed `17@push.example.com`: the number of the browser, at the service that carries it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from firstline.lib import outside, web_push
from firstline.post.push_models import Browser, PushKey

PUSH = "push"  # a delivery's channel
MOST = 10  # browsers of one person; the one that came first makes room
LONGEST_LABEL = 100


class WrongBrowser(Exception):
    """What a browser said of itself cannot be used; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def take_in(person: int, *, endpoint: str, key: str, secret: str, label: str, at: datetime) -> Browser:
    """The browser of a person (an id). Somebody else's that signs in here is his from now on. Raises WrongBrowser."""
    try:
        place = outside.read(endpoint, loopback=settings.FIRSTLINE_TESTING)
    except outside.NotOutside as wrong:
        raise WrongBrowser("endpoint") from wrong
    try:
        web_push.check(key, secret)
    except web_push.NotAKey as wrong:
        raise WrongBrowser("keys") from wrong
    said = " ".join(label.replace("\x00", "").split())[:LONGEST_LABEL]
    with transaction.atomic():
        # Under a new number: what still waits for the one who had it is not shown to the one who has it now.
        Browser.objects.filter(mark=_mark(endpoint)).exclude(person=person).delete()
        made, _new = Browser.objects.update_or_create(
            mark=_mark(endpoint),
            defaults={"person": person, "host": place.host, "endpoint": endpoint, "key": key, "secret": secret,
                      "label": said, "created_at": at, "sent_at": None},
        )  # fmt: skip
        kept = of(person).values_list("pk", flat=True)[:MOST]
        of(person).exclude(pk__in=[made.pk, *list(kept)]).delete()
    return made


def of(person: int) -> QuerySet[Browser]:
    """His browsers, the newest first."""
    return Browser.objects.filter(person=person).order_by("-pk")


def of_all(people: Iterable[int]) -> dict[int, list[str]]:
    """Of each of them (ids) who has any, to which addresses a delivery goes; one statement for all, none for nobody."""
    asked, found = list(people), defaultdict[int, list[str]](list)
    if asked:
        for one in Browser.objects.filter(person__in=asked).only("person", "host").order_by("-pk"):
            found[one.person].append(str(one))
    return found


def forget(person: int, number: int) -> bool:
    """One of his own; whether there was one."""
    return bool(Browser.objects.filter(person=person, pk=number).delete()[0])


def gone(to: str) -> None:
    """The push service says that this browser is no more."""
    Browser.objects.filter(pk=number_of(to)).delete()


def find(to: str) -> Browser | None:
    return Browser.objects.filter(pk=number_of(to)).first()


def number_of(to: str) -> int:
    """Of a delivery's address."""
    given = to.partition("@")[0]
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0


def public_key() -> str:
    """What a browser subscribes with."""
    return web_push.in_letters(web_push.public_bytes(web_push.private(private_key())))


def private_key() -> str:
    """Made at the first question; two processes that ask at once get the same."""
    kept = PushKey.objects.first()
    if kept is None:
        try:
            with transaction.atomic():
                kept = PushKey.objects.create(private=web_push.new_key())
        except IntegrityError:
            kept = PushKey.objects.get()
    private: str = kept.private
    return private


def _mark(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()
