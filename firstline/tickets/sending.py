"""Undo send: an answer that was sent is a draft with a send time. Until then its writer takes it back; then the worker
says it, and the draft goes in the same transaction: once, whatever dies in between.

Whatever happened to the ticket meanwhile counts: where others added something, or the verb fits no more, nothing goes
out, and the words are a draft again that says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from firstline.lib import log
from firstline.lib.alone import alone
from firstline.lib.resting import Resting
from firstline.live.publish import publish
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.tickets import checklist, conversation, drafts, gates, queries, statuses
from firstline.tickets.draft_models import Draft, DraftFile, DraftMode
from firstline.tickets.history import locked
from firstline.tickets.models import Ticket
from firstline.tickets.opening import File
from firstline.tickets.permissions import demand
from firstline.tickets.refusals import AlreadyMerged, ChangedSince, WrongStatus, WrongValue

BATCH = 50
LONGEST_WAIT = timedelta(seconds=60)
VERBS = {"wait": "wait", "resolve": "resolution"}  # what goes with the answer as one deed
DEEDS = {"wait": "wait", "resolve": "resolve"}
# How a refusal is called on the draft that was not sent.
STOPPED: dict[type[Exception], str] = {
    ChangedSince: "changed", WrongStatus: "status", AlreadyMerged: "merged", NotAllowed: "not allowed",
    WrongValue: "wrong", queries.NotThere: "not allowed",
}  # fmt: skip

Way = Callable[..., Ticket]
_log = log.get(__name__)
_resting = Resting()


class Gone(Exception):
    """It has been said already, or taken back: there is nothing on its way any more (409)."""


def on_their_way(person: Person) -> QuerySet[Draft]:
    """What he has sent and what can still be taken back, the newest first."""
    rows = Draft.objects.filter(person=person, send_at__isnull=False).select_related("ticket__requester")
    return rows.order_by("-send_at", "-id")


def put_off(
    person: Person,
    ticket: Ticket,
    body: str,
    *,
    how: str,
    wait: timedelta,
    at: datetime,
    is_html: bool = False,
    files: Sequence[File] = (),
    seen: int | None = None,
    known: drafts.Known = drafts.NOTHING,
) -> Draft:
    """Sent, to go out after `wait`. The draft that it was goes with it; one that is not `known` stays a draft, beside
    it. Refuses at once whatever saying it at once would refuse."""
    text = drafts.fit(body, is_html=is_html)
    with transaction.atomic():
        held = locked(ticket, deed="answer", by=person, seen=seen)
        begun = drafts.held(person, held, DraftMode.REPLY)
        is_this = begun is not None and known.covers(begun)
        draft = begun if begun and is_this else Draft(person=person, ticket=held, mode=DraftMode.REPLY)
        kept = draft.files.exists() if draft.pk else False
        _demand_sayable(held, person, text, how, is_html=is_html, has_files=bool(files) or kept)
        draft.body, draft.is_html, draft.how, draft.seen = text, is_html, how, held.version
        draft.saved_at, draft.send_at, draft.stopped = at, at + min(wait, LONGEST_WAIT), ""
        others, draft.overtaken = draft.overtaken, []
        draft.save()
        drafts.leave_others(draft, others)
        if begun and not is_this:
            drafts.move_pictures(begun, draft)
        DraftFile.objects.bulk_create(
            DraftFile(draft=draft, blob=file.blob, name=file.name[:255], content_type=file.content_type[:120])
            for file in files
        )
        _tell(draft)
        return draft


def take_back(person: Person, number: int) -> Draft:
    """Not sent after all: a draft again. What he has begun to write there since is kept beside it. Raises Gone."""
    with transaction.atomic():
        draft = _held(Draft.objects.filter(person=person, pk=number))
        _stop(draft, "")
        return draft


def send_now(person: Person, number: int, *, at: datetime, ways: Mapping[str, Way]) -> Ticket:
    """Without waiting for the end. Raises Gone, and whatever the verb raises: then it is a draft again."""
    draft = on_their_way(person).filter(pk=number).first()
    if draft is None:
        raise Gone(number)
    try:
        with transaction.atomic():
            return _say(_held(Draft.objects.filter(pk=draft.pk)), at, at, ways)
    except tuple(STOPPED) as refusal:
        _stopped(draft.pk, refusal)
        raise


def send_due(*, at: datetime, ways: Mapping[str, Way]) -> int:
    """Says everything whose time has come. One that cannot be said is a draft again, and holds up no other."""
    done = 0
    due = Draft.objects.filter(send_at__lte=at).exclude(pk__in=_resting.now()).order_by("send_at", "id")
    for number in due.values_list("pk", flat=True)[:BATCH]:
        with alone(_log, "an answer could not be sent", draft=number) as tried:
            done += _said_now(number, at, ways)
        if tried.problem is not None:  # it stays on its way
            _resting.add(number)
    return done


def _said_now(number: int, at: datetime, ways: Mapping[str, Way]) -> bool:
    try:
        with transaction.atomic():
            draft = _held(Draft.objects.filter(pk=number, send_at__lte=at))
            _say(draft, draft.send_at or at, at, ways)
    except Gone:
        return False
    except tuple(STOPPED) as refusal:
        _stopped(number, refusal)
        return False
    return True


def _say(draft: Draft, at: datetime, learnt_at: datetime, ways: Mapping[str, Way]) -> Ticket:
    """The verb, and the end of the draft, in the caller's transaction."""
    person = draft.person
    if not queries.sees(person, draft.ticket):
        raise NotAllowed("answer")
    said = drafts.said(draft)
    ticket = ways[draft.how](draft.ticket, said, by=person, at=at, learnt_at=learnt_at, seen=draft.seen)
    _tell(draft)
    draft.delete()
    return ticket


def _held(rows: QuerySet[Draft]) -> Draft:
    draft = drafts.locked(rows.filter(send_at__isnull=False).select_related("person", "ticket"))
    if draft is None:
        raise Gone()
    return draft


def _stopped(number: int, refusal: Exception) -> None:
    with transaction.atomic():
        draft = drafts.locked(Draft.objects.filter(pk=number, send_at__isnull=False))
        if draft is not None:
            _stop(draft, next(word for kind, word in STOPPED.items() if isinstance(refusal, kind)))


def _stop(draft: Draft, why: str) -> None:
    """A draft again: the one of its kind, with whatever was begun there since beside it. No window has it before its
    eyes: each takes it over, and what is typed there unseen is kept beside it."""
    begun = drafts.held(draft.person, draft.ticket, DraftMode(draft.mode))
    if begun is not None:
        if not drafts.is_empty(begun.body, is_html=begun.is_html):
            draft.overtaken = drafts.kept_beside(begun.overtaken, begun, draft.window)
        draft.revision = begun.revision
        begun.files.update(draft=draft)
        begun.delete()
    draft.window = f"sent {draft.pk}"
    draft.send_at, draft.stopped, draft.revision = None, why, draft.revision + 1
    draft.save()
    _tell(draft)


def _tell(draft: Draft) -> None:
    drafts.tell(draft.person, draft.ticket_id, draft.revision)
    publish("outgoing", draft.revision, [f"person:{draft.person_id}"])


def _demand_sayable(held: Ticket, by: Person, body: str, how: str, *, is_html: bool, has_files: bool) -> None:
    conversation.demand_sayable(held, is_empty=drafts.is_empty(body, is_html=is_html) and not has_files)
    if how == "resolve" and drafts.is_empty(body, is_html=is_html):
        raise WrongValue("body", "empty")
    if how in VERBS:
        demand(by, DEEDS[how], held)
    if how == "resolve":
        gates.demand_open(held)
        checklist.demand_ticked(held)
    waits_already = how == "wait" and held.status == statuses.WAITING_FOR_CLIENT
    if how in VERBS and not waits_already and not statuses.allows(VERBS[how], held.status):
        raise WrongStatus(VERBS[how], held.status)
