"""The digest: what somebody wanted to read together, or was kept from him outside his shift, in one letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstline.notices import matrix, notice_words
from firstline.notices.letter import Letter, Link
from firstline.notices.models import Notice
from firstline.notices.occasion import Occasion
from firstline.people.models import Person
from firstline.post import outbox
from firstline.post.limits import TO_THE_DESK
from firstline.roster import duty
from firstline.tickets import queries

KIND = "digest"
MOST_NAMED = 60


def send_due(at: datetime) -> int:
    """Puts a digest into the outbox for everybody whose time it is; returns how many. What was held back outside
    somebody's shift comes when he is here, everything else at eight."""
    held, other = Q(held=True), Q(held=False)
    waits = {"since": Min("at", filter=other), "other": Max("pk", filter=other), "held_back": Max("pk", filter=held)}
    rows = list(Notice.objects.filter(awaits=True).order_by().values("person").annotate(**waits))
    if not rows:
        return 0
    here = duty.on_duty(at) - duty.absent(at).keys() if duty.is_kept() else None
    people = {person.pk: person for person in Person.objects.filter(pk__in=[row["person"] for row in rows])}
    sent = 0
    for row in rows:
        person = people[row["person"]]
        newest = {}
        if row["since"] is not None and matrix.digest_is_due(row["since"], at, _zone(person)):
            newest[False] = row["other"]
        if row["held_back"] is not None and (here is None or person.pk in here):
            newest[True] = row["held_back"]
        if newest:
            sent += _send(person, newest, at)
    return sent


def _send(person: Person, newest: Mapping[bool, int], at: datetime) -> int:
    """`newest`: up to which notice, of those that were held back (True) and of the others."""
    last = max(newest.values())
    with transaction.atomic():
        waiting = Notice.objects.filter(person=person, awaits=True, held__in=list(newest), pk__lte=last)
        made = None
        if waiting.filter(read_at__isnull=True).exists() and person.is_active and person.email:
            made = outbox.put(
                kind=KIND, to=person.email, language=person.language, data={TO_THE_DESK: True}, at=at,
                person=person.pk, unique_key=f"{KIND}:{person.pk}:{last}", at_most_once=True,
            )  # fmt: skip
        waiting.update(awaits=False, digest=made.pk if made else None)
    return int(made is not None)


def _zone(person: Person) -> ZoneInfo:
    try:
        return ZoneInfo(person.time_zone or settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def letter(about: Occasion) -> Letter:
    """Ticket by ticket what happened and is not read by now; only of those that he may still see."""
    if about.person is None:
        raise LookupError("a digest for nobody")
    mine = Notice.objects.filter(digest=about.delivery.pk, read_at__isnull=True)
    rows = mine.filter(queries.on_visible(about.person))
    rows = rows.select_related("ticket", "event__by", "event__message").order_by("ticket_id", "pk")
    found = list(rows[: MOST_NAMED + 1])
    facts = [
        (f"#{one.ticket_id} · {about.moment(one.at)}", f"{one.ticket.subject}: {notice_words.headline(one)}")
        for one in found[:MOST_NAMED]
    ]
    count = len(facts)
    paragraphs = [_("There are more: the inbox shows them all.")] if len(found) > MOST_NAMED else []
    if not found:
        paragraphs = [_("You have read it all by now.")]
    return Letter(
        subject=ngettext("Digest: %(n)d notice", "Digest: %(n)d notices", count) % {"n": count},
        headline=_("What happened since"),
        paragraphs=paragraphs,
        facts=facts,
        button=Link(_("Open the inbox"), f"{settings.FIRSTLINE_BASE_URL}/desk/inbox/"),
        afterword=[_("What comes at once, what comes together and what not at all is chosen in your profile.")],
    )


LETTERS = {KIND: letter}
