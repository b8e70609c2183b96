"""`firstline check-integrity`: what must always be true of the stored data, one line a violation."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from django.db.models import Exists, F, OuterRef, Q

from firstline.blobs import store
from firstline.blobs.models import Blob
from firstline.intake.models import Inbound
from firstline.ops import search_upkeep
from firstline.post.models import Delivery
from firstline.reports import recount
from firstline.sla import replay
from firstline.tickets import merging, statuses
from firstline.tickets.models import Attachment, Event, Kind, Message, Ticket

LISTED = 50  # of each kind; more would not help anybody


def violations() -> Iterator[str]:
    """Every violation in words, by the numbers of the rows. Reads everything: minutes on a large desk."""
    for check in CHECKS:
        for number, found in enumerate(check()):
            if number == LISTED:
                yield f"{check.__name__}: more than {LISTED}, the rest is not listed"
                break
            yield found


def understood_items_have_their_ticket() -> Iterator[str]:
    """P1: what was acknowledged exists as a ticket or as a message on one."""
    outcomes = [Inbound.Outcome.TICKET, Inbound.Outcome.REPLY]
    for row in Inbound.objects.filter(outcome__in=outcomes, ticket__isnull=True).values_list("pk", flat=True):
        yield f"inbound {row}: understood, but its ticket is not named"


def bytes_are_what_was_acknowledged() -> Iterator[str]:
    """The raw bytes have the sha256 that was noted at acceptance."""
    for row in Inbound.objects.select_related("blob").iterator(chunk_size=100):
        if row.raw is not None:
            content = bytes(row.raw)
        else:
            try:
                content = store.read(row.blob_id or "")
            except store.BlobMissing:
                yield f"inbound {row.pk}: its file is missing"
                continue
        if hashlib.sha256(content).hexdigest() != row.sha256 or len(content) != row.size:
            yield f"inbound {row.pk}: its bytes are not those that were acknowledged"


def files_are_there() -> Iterator[str]:
    """Every blob's file exists, with its size."""
    for blob in Blob.objects.iterator():
        path = store.path_of(blob.sha256)
        if not path.exists():
            yield f"blob {blob.sha256}: its file is missing"
        elif path.stat().st_size != blob.size:
            yield f"blob {blob.sha256}: its file has another size"


def attachments_fit_their_files() -> Iterator[str]:
    for row in Attachment.objects.exclude(size=F("blob__size")).values_list("pk", flat=True):
        yield f"attachment {row}: another size than its file"


def every_ticket_began() -> Iterator[str]:
    """Each ticket has exactly one `created` event, and it is its first."""
    began = Event.objects.filter(ticket=OuterRef("pk"), kind=Kind.CREATED)
    for row in Ticket.objects.filter(~Exists(began)).values_list("pk", flat=True):
        yield f"ticket {row}: no event says that it was created"
    for row in Event.objects.filter(kind=Kind.CREATED).filter(
        Exists(Event.objects.filter(ticket=OuterRef("ticket"), pk__lt=OuterRef("pk")))
    ).values_list("ticket_id", flat=True):  # fmt: skip
        yield f"ticket {row}: something happened before it was created"


def versions_are_the_newest_events() -> Iterator[str]:
    newer = Event.objects.filter(ticket=OuterRef("pk"), pk__gt=OuterRef("version"))
    for row in Ticket.objects.filter(Exists(newer)).values_list("pk", flat=True):
        yield f"ticket {row}: its version is older than its newest event"


def messages_belong_together() -> Iterator[str]:
    """A message is shown on the ticket of its event, or on one to which a merge, a move or a split has brought it."""
    came = Event.objects.filter(ticket=OuterRef("ticket"), kind__in=(Kind.MERGED_HERE, Kind.MOVED_HERE))
    came |= Event.objects.filter(ticket=OuterRef("ticket"), kind=Kind.CREATED, data__has_key="split_from")
    lost = Message.objects.exclude(ticket=F("event__ticket")).filter(~Exists(came))
    for row in lost.values_list("pk", flat=True):
        yield f"message {row}: its event is of another ticket, and nothing says why"
    for row in (
        Message.objects.exclude(public=F("event__public")).exclude(event__kind=Kind.CALLED).values_list("pk", flat=True)
    ):
        yield f"message {row}: its event says otherwise who may read it"


def merged_tickets_lead_somewhere() -> Iterator[str]:
    """Each chain ends within its bound, at a ticket that is not merged."""
    for ticket in Ticket.objects.filter(merged_into__isnull=False).only("id").iterator():
        try:
            merging.final(ticket)
        except LookupError as problem:
            yield f"ticket {ticket.pk}: {problem}"


def statuses_have_their_moments() -> Iterator[str]:
    wrong = Q(status=statuses.RESOLVED, resolved_at__isnull=True) | Q(
        status__in=[statuses.CLOSED, statuses.CANCELLED], closed_at__isnull=True
    )
    for row in Ticket.objects.filter(wrong).values_list("pk", flat=True):
        yield f"ticket {row}: done, but nobody knows since when"


def sent_words_are_kept() -> Iterator[str]:
    for row in (
        Delivery.objects.filter(state=Delivery.State.SENT)
        .filter(Q(mime__isnull=True) | Q(message_id=""))
        .values_list("pk", flat=True)
    ):
        yield f"delivery {row}: sent, but its words are not kept"


def clocks_say_what_the_history_says() -> Iterator[str]:
    for _ticket, found in replay.differences_of(Ticket.objects.order_by("pk").iterator(chunk_size=replay.AT_ONCE)):
        for row in found:
            field = f"{row['metric']} has {row['field']} {row['kept']}"
            yield f"ticket {row['ticket']}: clock {field}, history says {row['computed']}"


def everything_is_found_by_its_words() -> Iterator[str]:
    """What the index has is what tickets, articles and people say now."""
    yield from search_upkeep.differences()


def the_board_is_what_the_history_says() -> Iterator[str]:
    """Line, assignee and state of each ticket, and the roll-ups, are what the events add up to."""
    yield from recount.differences()


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    understood_items_have_their_ticket,
    bytes_are_what_was_acknowledged,
    files_are_there,
    attachments_fit_their_files,
    every_ticket_began,
    versions_are_the_newest_events,
    messages_belong_together,
    merged_tickets_lead_somewhere,
    statuses_have_their_moments,
    sent_words_are_kept,
    clocks_say_what_the_history_says,
    everything_is_found_by_its_words,
    the_board_is_what_the_history_says,
)
