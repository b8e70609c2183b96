"""From which mailbox a notice leaves, and into which thread of the reader's mail program it falls."""

from __future__ import annotations

from django.db.models import BigIntegerField, CharField, F
from django.db.models.functions import Lower

from firstline.intake.models import Desk, Inbound
from firstline.lib.asked_often import Given, Question
from firstline.post.mime import is_message_id
from firstline.post.models import Account, Delivery
from firstline.tickets.models import Ticket

LONGEST_THREAD = 12  # Message-IDs in References: the first and the newest


def mailbox_of(ticket: Ticket | None) -> Account | None:
    """The mailbox the ticket came to; else the one that stands for its client, its team, or nobody in particular.

    Never one that stands for another client. None: the desk's general sender (FIRSTLINE_MAIL_FROM).
    """
    if ticket is not None:
        account = _CAME_BY.first(ticket=ticket.pk)
        if account is not None:
            return account
    best: tuple[int, int] | None = None
    for desk in _DESKS.all():
        account_id, client_id, team_id = desk["account_id"], desk["client_id"], desk["team_id"]
        if client_id is not None and (ticket is None or client_id != ticket.client_id):
            continue
        of_the_team = ticket is not None and team_id is not None and team_id == ticket.team_id
        fits = 2 * (client_id is not None) + of_the_team
        if best is None or fits > best[0]:
            best = (fits, account_id)
    return _MAILBOX.first(number=best[1]) if best else None


def thread_headers(delivery: Delivery) -> dict[str, str]:
    """In-Reply-To and References: what this person wrote to us about the ticket, and what we wrote to him, in order."""
    if delivery.ticket is None:
        return {}
    theirs = _THEIRS.all(ticket=delivery.ticket, sender=delivery.to.lower())
    ours = _OURS.all(ticket=delivery.ticket, to=delivery.to, before=delivery.pk)
    known = sorted([*theirs, *ours], key=lambda one: one["at"])
    ids = [one["named"] for one in known if is_message_id(one["named"])]
    if not ids:
        return {}
    return {"In-Reply-To": ids[-1], "References": " ".join([*ids[:1], *ids[1:][1 - LONGEST_THREAD :]])}


_TICKET = Given("ticket", BigIntegerField())
# By ids, and not by rows: a letter's bytes lie in its row.
_CAME_BY = Question(
    lambda: Account.objects.filter(
        pk__in=Inbound.objects.filter(ticket=_TICKET, account__is_active=True).order_by("id").values("account_id")[:1]
    )
)
_MAILBOX = Question(lambda: Account.objects.filter(pk=Given("number", BigIntegerField())))
_DESKS = Question(
    lambda: Desk.objects.filter(account__is_active=True).order_by("id").values("account_id", "client_id", "team_id")
)
_THEIRS = Question(
    lambda: (
        Inbound.objects.alias(written=Lower("sender"))
        .filter(ticket=_TICKET, kind="email", written=Given("sender", CharField()))
        .exclude(mail_id="")
        .order_by("-id")
        .values(at=F("received_at"), named=F("mail_id"))[:LONGEST_THREAD]
    )
)
_OURS = Question(
    lambda: (
        Delivery.objects.filter(ticket=_TICKET, to=Given("to", CharField()), pk__lt=Given("before", BigIntegerField()))
        .exclude(message_id="")
        .order_by("-id")
        .values(at=F("created_at"), named=F("message_id"))[:LONGEST_THREAD]
    )
)
