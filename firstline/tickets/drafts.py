"""What somebody is typing, kept on the server: one text for each person, ticket and mode, until it is said or let go.

The newest text stands; what another window had typed and this one had not seen is kept beside it, and both are told.
A draft is nobody's event: the ticket's history knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from firstline.lib import html
from firstline.live.publish import publish
from firstline.people.models import Person
from firstline.tickets.draft_models import Draft, DraftFile, DraftMode
from firstline.tickets.models import Ticket
from firstline.tickets.opening import File, Words
from firstline.tickets.permissions import demand
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue

LONGEST = 1_000_000
MOST_OVERTAKEN, MOST_FILES = 5, 20
DEEDS = {DraftMode.REPLY: "answer", DraftMode.NOTE: "note", DraftMode.CALL: "call"}


@dataclass(frozen=True)
class Saved:
    """The draft as it is now (None: there is none), and whether another window's text was overtaken."""

    draft: Draft | None
    overtook: bool = False

    @property
    def revision(self) -> int:
        return self.draft.revision if self.draft else 0


@dataclass(frozen=True)
class Known:
    """What whoever says his words knew of the draft: the revision that he wrote on, and his window."""

    revision: int | None = None
    window: str = ""

    def covers(self, draft: Draft) -> bool:
        """Whether the draft holds nothing that he has not seen: then it is what he says now."""
        return self.revision is not None and (
            draft.revision == self.revision or bool(self.window and draft.window == self.window[:40])
        )


NOTHING = Known()  # a program that says something has not read what its person is typing


def of(person: Person, ticket: Ticket) -> list[Draft]:
    """What he is writing on this ticket, each with its files; not what is on its way already."""
    rows = Draft.objects.filter(person=person, ticket=ticket, send_at__isnull=True)
    return list(rows.prefetch_related("files__blob"))


def all_of(person: Person) -> QuerySet[Draft]:
    """Everything that he has not sent, the newest first."""
    return Draft.objects.filter(person=person, send_at__isnull=True).select_related("ticket").order_by("-saved_at")


def begun_by(person: Person) -> Exists:
    """For a list of tickets: whether he has begun to write there."""
    return Exists(Draft.objects.filter(person=person, ticket=OuterRef("pk"), send_at__isnull=True))


def save(
    person: Person,
    ticket: Ticket,
    mode: str,
    body: str,
    *,
    at: datetime,
    is_html: bool = False,
    window: str = "",
    revision: int = 0,
    seen: int | None = None,
) -> Saved:
    """Keeps what is typed now. `revision` is the one that `window` wrote on. An empty text lets the draft go, unless
    another window has written since. Raises WrongValue (too long, no such mode), NotAllowed."""
    kind = mode_of(mode)
    demand(person, DEEDS[kind], ticket)
    text = fit(body, is_html=is_html)
    try:
        with transaction.atomic():
            return _save(person, ticket, kind, text, at, is_html, window[:40], revision, seen)
    except IntegrityError:  # two windows began at once: now there is one to write on
        with transaction.atomic():
            return _save(person, ticket, kind, text, at, is_html, window[:40], revision, seen)


def discard(person: Person, ticket: Ticket, mode: str) -> None:
    """Lets go of what he was writing, with its files."""
    with transaction.atomic():
        Draft.objects.filter(person=person, ticket=ticket, mode=mode_of(mode), send_at__isnull=True).delete()
        tell(person, ticket.pk, 0)


def forget_overtaken(person: Person, ticket: Ticket, mode: str) -> None:
    """What the other windows had written is not wanted any more."""
    with transaction.atomic():
        draft = held(person, ticket, mode_of(mode))
        if draft is not None:
            draft.overtaken = []
            draft.save(update_fields=["overtaken"])


def held(person: Person, ticket: Ticket, mode: DraftMode) -> Draft | None:
    """The draft of that kind, locked until the transaction ends."""
    return locked(Draft.objects.filter(person=person, ticket=ticket, mode=mode, send_at__isnull=True))


def locked(rows: QuerySet[Draft]) -> Draft | None:
    """The first of these, held. On SQLite whoever writes is alone anyway."""
    return (rows.select_for_update(of=("self",)) if connection.vendor == "postgresql" else rows).first()


def tell(person: Person, number: int, revision: int) -> None:
    """The person's other windows ask again what he has begun on this ticket."""
    publish(f"drafts:{number}", revision, [f"person:{person.pk}"])


def mode_of(given: str) -> DraftMode:
    if given not in DraftMode.values:
        raise WrongValue("mode", f"one of {', '.join(DraftMode.values)}")
    return DraftMode(given)


def fit(body: str, *, is_html: bool) -> str:
    """The text as it may be kept and shown again. Raises WrongValue where it is too long."""
    text = body.replace("\x00", "")
    if len(text) > LONGEST:
        raise WrongValue("body", f"at most {LONGEST} characters")
    return html.sanitise(text, local=True) if is_html else text.replace("\r\n", "\n")


def is_empty(body: str, *, is_html: bool) -> bool:
    """Nothing that anybody would miss."""
    return not body.strip() or (is_html and "<img" not in body and not html.subset_text(body).strip())


def said(draft: Draft) -> Words:
    """The draft as words to be said: its pictures stand where they stood, its files are attached."""
    body, files = draft.body, []
    for file in draft.files.select_related("blob"):
        if file.inline and picture_address(file) not in body:
            continue  # taken out of the words again
        content_id = f"{file.blob_id[:24]}.{file.pk}@draft" if file.inline else ""
        if file.inline:
            body = body.replace(f'src="{picture_address(file)}"', f'src="cid:{content_id}"')
        files.append(File(file.blob, file.name, file.content_type, inline=file.inline, content_id=content_id))
    return Words(html=body, files=files) if draft.is_html else Words(text=body, files=files)


def finish(person: Person, ticket: Ticket, mode: str, words: Words, known: Known) -> Words:
    """What is said now is a draft no more: the words with the files that the draft had. A draft that another window
    wrote, unseen, stays; only the pictures that stand in the words are taken. In the caller's transaction."""
    draft = held(person, ticket, mode_of(mode))
    if draft is None:
        return words
    is_said = known.covers(draft)
    draft.is_html, draft.body = bool(words.html), words.html or words.text
    made = said(draft)
    if is_said:
        draft.delete()
        leave_others(draft, draft.overtaken)
        tell(person, ticket.pk, 0)
    files = [file for file in made.files if is_said or file.inline]
    return replace(made, files=[*files, *words.files])


def leave_others(said_now: Draft, overtaken: list[dict[str, Any]]) -> None:
    """What other windows had written beside the words that are said now is a draft still, until he lets it go."""
    if not overtaken:
        return
    *older, newest = overtaken
    Draft.objects.create(
        person=said_now.person, ticket=said_now.ticket, mode=said_now.mode, body=newest["body"],
        is_html=newest["is_html"], window=newest["window"], overtaken=older, seen=said_now.seen,
        revision=said_now.revision + 1, saved_at=datetime.fromisoformat(newest["at"]),
    )  # fmt: skip


def move_pictures(begun: Draft, to: Draft) -> None:
    """The pictures that stand in the words of `to` go with them."""
    for file in begun.files.filter(inline=True):
        if picture_address(file) in to.body:
            file.draft = to
            file.save(update_fields=["draft"])


def add_file(person: Person, ticket: Ticket, mode: str, file: File, *, at: datetime, window: str = "") -> DraftFile:
    """A file for what he is writing; the draft begins with it where there is none. Raises WrongValue (too many, or a
    call, of which only the words are kept)."""
    kind = mode_of(mode)
    demand(person, DEEDS[kind], ticket)
    if kind == DraftMode.CALL:
        raise WrongValue("files", "a call has no files")
    try:
        with transaction.atomic():
            return _add_file(person, ticket, kind, file, at, window[:40])
    except IntegrityError:  # two files began the draft at once: now there is one to add it to
        with transaction.atomic():
            return _add_file(person, ticket, kind, file, at, window[:40])


def file_for(person: Person, number: int) -> DraftFile:
    """A file of one's own draft. Raises NotThere."""
    file = DraftFile.objects.select_related("draft", "blob").filter(pk=number, draft__person=person).first()
    if file is None:
        raise NotThere(str(number))
    return file


def remove_file(person: Person, number: int) -> None:
    """Not to be sent after all. The bytes stay where they are kept."""
    with transaction.atomic():
        file_for(person, number).delete()


def picture_address(file: DraftFile) -> str:
    """Where its writer sees a picture that is not sent yet: it stands so in his text."""
    return f"/desk/drafts/files/{file.pk}/picture"


def kept_beside(before: Iterable[dict[str, Any]], draft: Draft, window: str) -> list[dict[str, Any]]:
    """What the others had written, when `window` writes over the draft: the newest text of each window, once."""
    entry = {
        "window": draft.window, "body": draft.body, "is_html": draft.is_html, "at": draft.saved_at.isoformat(),
    }  # fmt: skip
    others = [one for one in before if one["window"] not in (window, draft.window)]
    return [*others, entry][-MOST_OVERTAKEN:]


def _add_file(person: Person, ticket: Ticket, mode: DraftMode, file: File, at: datetime, window: str) -> DraftFile:
    draft = held(person, ticket, mode) or Draft.objects.create(
        person=person, ticket=ticket, mode=mode, saved_at=at, revision=1, window=window
    )
    if draft.files.count() >= MOST_FILES:
        raise WrongValue("files", f"at most {MOST_FILES} files")
    return draft.files.create(
        blob=file.blob, name=file.name[:255], content_type=file.content_type[:120], inline=file.inline
    )


def _save(
    person: Person,
    ticket: Ticket,
    mode: DraftMode,
    body: str,
    at: datetime,
    is_html: bool,
    window: str,
    revision: int,
    seen: int | None,
) -> Saved:
    draft = held(person, ticket, mode)
    is_stale = draft is not None and draft.window != window and draft.revision != revision
    if is_empty(body, is_html=is_html) and (draft is None or not (is_stale or draft.files.exists() or draft.overtaken)):
        if draft is not None:
            draft.delete()
            tell(person, ticket.pk, 0)
        return Saved(None)
    if draft is None:
        draft = Draft(person=person, ticket=ticket, mode=mode, revision=revision)
    overtook = is_stale and draft.body != body and not is_empty(draft.body, is_html=draft.is_html)
    if overtook:
        if is_empty(body, is_html=is_html):
            return Saved(draft)  # nothing is typed here: what the other window has stands
        draft.overtaken = kept_beside(draft.overtaken, draft, window)
    begins = draft.pk is None
    draft.body, draft.is_html, draft.window, draft.seen, draft.saved_at = body, is_html, window, seen, at
    draft.revision, draft.stopped = max(draft.revision, revision) + 1, ""
    draft.save()
    if begins or overtook:
        tell(person, ticket.pk, draft.revision)
    return Saved(draft, overtook)
