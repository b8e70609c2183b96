"""Two tickets that are one: the source points to the target and its words are shown there, each with its origin.

Nothing is rewritten: events stay with the ticket on which they happened, and `unmerge` undoes it all. A merged ticket
is cancelled; what is said to it goes to the end of the chain (`final`). No cycle can come about: both rows are held,
the lower number first, and neither may be merged already.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.people.models import Person
from firstline.tickets import lifecycle, statuses
from firstline.tickets.history import locked, record
from firstline.tickets.models import Event, Kind, Link, LinkKind, Message, Participant, Status, Ticket
from firstline.tickets.permissions import demand
from firstline.tickets.refusals import AlreadyMerged, WrongStatus, WrongValue

LONGEST_CHAIN = 20


def final(ticket: Ticket) -> Ticket:
    """Where the words of a ticket are shown, as things stand now: the ticket itself, or the end of its chain."""
    number = ticket.pk
    for _step in range(LONGEST_CHAIN + 1):
        into = Ticket.objects.filter(pk=number).values_list("merged_into", flat=True).get()
        if into is None:
            known = Ticket.objects.select_related("client", "requester", "team")
            return ticket if number == ticket.pk else known.get(pk=number)
        number = into
    raise LookupError(f"#{number} is merged further than is possible")


def merge(ticket: Ticket, into: Ticket, *, by: Person | None, at: datetime, seen: int | None = None) -> Ticket:
    """`ticket` becomes a part of `into`: its words are shown there, its people take part there, its clocks end.

    The target keeps its clocks, or takes the older start where the source began earlier (product.md, Conventions).
    `by` None is the program (an original came after its answer). The caller got both through the door. Raises
    NotAllowed, WrongStatus, AlreadyMerged, WrongValue (another client: nobody's words may come before people of another
    company).
    """
    with transaction.atomic():
        source, target = _both(ticket, into, seen=(by, seen))
        for one in (source, target):
            demand(by, "merge", one)
            if one.merged_into_id is not None:
                raise AlreadyMerged(one.pk, one.merged_into_id)
            if not statuses.allows("merge", one.status):
                raise WrongStatus("merge", one.status)
        if source.client_id not in (None, target.client_id):
            raise WrongValue("into", "another client")
        if _height(source) >= LONGEST_CHAIN:
            raise WrongValue("into", "merged too often")
        was = {"status": source.status, "hold_until": source.hold_until.isoformat() if source.hold_until else None}
        joined = _bring_people(source, target, at)
        linked = Link.objects.get_or_create(source=source, target=target, kind=LinkKind.DUPLICATE)[1]
        words = list(Message.objects.filter(ticket=source).values_list("pk", flat=True))
        Message.objects.filter(pk__in=words).update(ticket=target)
        source.status, source.closed_at, source.hold_until = Status.CANCELLED, at, None
        source.merged_into = target
        record(
            source, Kind.MERGED, by=by, at=at, public=True,
            into=target.pk, was=was, messages=words, joined=joined, linked=linked,
        )  # fmt: skip
        earlier = began_at(source) if began_at(source) < began_at(target) else None
        record(
            target, Kind.MERGED_HERE, by=by, at=at, public=True,
            source=source.pk, began_at=earlier.isoformat() if earlier else None,
        )  # fmt: skip
        return source


def unmerge(ticket: Ticket, *, by: Person, at: datetime) -> Ticket:
    """What `merge` did is undone: words, people and clocks are again as if they had never been together.

    What was said since then was said on the target and stays there. Raises WrongStatus where it is not merged.
    """
    with transaction.atomic():
        demand(by, "merge", ticket)
        if ticket.merged_into_id is None:
            ticket.refresh_from_db(fields=["merged_into"])
        if ticket.merged_into_id is None:
            raise WrongStatus("unmerge", ticket.status)
        source, target = _both(ticket, Ticket(pk=ticket.merged_into_id))
        for one in (source, target):
            demand(by, "merge", one)
        if source.merged_into_id != target.pk:
            raise WrongStatus("unmerge", source.status)
        if target.merged_into_id is not None:
            raise AlreadyMerged(target.pk, target.merged_into_id)  # the outer one first: its words are further on
        merged = source.events.filter(kind=Kind.MERGED).order_by("-id")[0]
        Message.objects.filter(pk__in=merged.data["messages"], ticket=target).update(ticket=source)
        _give_back_people(merged, target)
        if merged.data["linked"]:
            Link.objects.filter(source=source, target=target, kind=LinkKind.DUPLICATE).delete()
        was = merged.data["was"]
        source.status, source.merged_into, source.closed_at = Status(was["status"]), None, None
        source.hold_until = datetime.fromisoformat(was["hold_until"]) if was["hold_until"] else None
        record(source, Kind.UNMERGED, by=by, at=at, public=True, out_of=target.pk)
        record(target, Kind.UNMERGED_HERE, by=by, at=at, public=True, source=source.pk)
        return source


def add_claimed(ticket: Ticket, into: Ticket, *, by: Person, at: datetime, seen: int | None = None) -> Ticket:
    """Somebody who takes no part in `into` wrote about it, and an agent says that he belongs there: his words go there,
    he takes part from now on, and a ticket that waits for an answer has got one. Undone by `unmerge`."""
    with transaction.atomic():
        source = merge(ticket, into, by=by, at=at, seen=seen)
        target = locked(into)
        wake(target, by=source.requester, at=at)
        return source


def keep_apart(ticket: Ticket, *, by: Person, at: datetime) -> Ticket:
    """It names another ticket but is its own: the question is answered and not asked again."""
    with transaction.atomic():
        held = locked(ticket, deed="merge", by=by)
        asked = [message for message in Message.objects.filter(ticket=held) if claimed_by(message) is not None]
        if not asked:
            raise WrongStatus("keep apart", held.status)
        claimed = sorted({claimed_by(message) or 0 for message in asked})
        for message in asked:
            message.flags = [flag.replace("claims #", "named #") for flag in message.flags]
            message.save(update_fields=["flags"])
        record(held, Kind.KEPT_APART, by=by, at=at, claimed=claimed)
        return held


def claimed_by(message: Message) -> int | None:
    """The ticket that a message names though its sender takes no part in it, as long as nobody has decided."""
    numbers = [flag.removeprefix("claims #") for flag in message.flags if flag.startswith("claims #")]
    return int(numbers[0]) if numbers and numbers[0].isascii() and numbers[0].isdigit() else None


def claim_on(ticket: Ticket) -> int:
    """The ticket that the words of this one claim. Raises WrongStatus where there is nothing to decide."""
    for message in Message.objects.filter(ticket=ticket).order_by("id"):
        if (claimed := claimed_by(message)) is not None:
            return claimed
    raise WrongStatus("claim", ticket.status)


def began_at(ticket: Ticket) -> datetime:
    """When its clocks start: its own beginning, or that of what is merged into it."""
    starts = [ticket.created_at]
    undone: dict[int, int] = {}
    events = ticket.events.filter(kind__in=(Kind.MERGED_HERE, Kind.UNMERGED_HERE)).order_by("-id")
    for event in events:
        source = event.data["source"]
        if event.kind == Kind.UNMERGED_HERE:
            undone[source] = undone.get(source, 0) + 1
        elif undone.get(source):
            undone[source] -= 1
        elif event.data["began_at"]:
            starts.append(datetime.fromisoformat(event.data["began_at"]))
    return min(starts)


def wake(held: Ticket, *, by: Person, at: datetime) -> None:
    """Words of the client's side came to a held ticket by an agent's decision: they move it as an answer does."""
    if held.status == statuses.RESOLVED or (held.status == statuses.CLOSED and lifecycle.in_window(held, at)):
        lifecycle.reopen_by_answer(held, by=by, at=at, learnt_at=None)
    elif held.status in statuses.ANSWER_MOVES - statuses.DONE:
        lifecycle.resume_by_answer(held, by=by, at=at, learnt_at=None)


def _both(
    ticket: Ticket, other: Ticket, *, seen: tuple[Person | None, int | None] | None = None
) -> tuple[Ticket, Ticket]:
    """Both as they are now, held until the end: the lower number first, so that two people never wait for each
    other."""
    if ticket.pk == other.pk:
        raise WrongValue("into", "the ticket itself")
    held: dict[int, Ticket] = {}
    for one in sorted((ticket, other), key=lambda each: each.pk):
        looked_at = seen if seen and one.pk == ticket.pk else (None, None)
        held[one.pk] = locked(one, by=looked_at[0], seen=looked_at[1])
    return held[ticket.pk], held[other.pk]


def _height(ticket: Ticket) -> int:
    """How long the longest chain is that ends in this ticket."""
    level, height = [ticket.pk], 0
    while level and height <= LONGEST_CHAIN:
        level = list(Ticket.objects.filter(merged_into__in=level).values_list("pk", flat=True))
        height += bool(level)
    return height


def _bring_people(source: Ticket, target: Ticket, at: datetime) -> list[int]:
    """The source's people take part in the target; those who did not before."""
    people = {source.requester_id: source.requester}
    people |= {part.person_id: part.person for part in source.participants.select_related("person")}
    people.pop(target.requester_id, None)
    known = set(target.participants.values_list("person_id", flat=True))
    fresh = [
        pk for pk, person in people.items()
        if pk not in known and not person.is_agent and person.client_id in (None, target.client_id)
    ]  # fmt: skip
    Participant.objects.bulk_create(Participant(ticket=target, person_id=pk, since=at) for pk in sorted(fresh))
    return sorted(fresh)


def _give_back_people(merged: Event, target: Ticket) -> None:
    """Who came with the source goes with it, but for those who said something on the target itself."""
    spoke = Message.objects.filter(event__ticket=target, author__in=merged.data["joined"]).values_list("author_id")
    target.participants.filter(person__in=merged.data["joined"]).exclude(person__in=spoke).delete()
