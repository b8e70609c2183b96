"""From which mailbox a notice leaves, and into which thread of the reader's mail program it falls."""

from __future__ import annotations

from firstline.intake.models import Desk, Inbound
from firstline.post.mime import is_message_id
from firstline.post.models import Account, Delivery
from firstline.tickets.models import Ticket

LONGEST_THREAD = 12  # Message-IDs in References: the first and the newest


def mailbox_of(ticket: Ticket | None) -> Account | None:
    """The mailbox the ticket came to; else the one that stands for its client, its team, or nobody in particular.

    Never one that stands for another client. None: the desk's general sender (FIRSTLINE_MAIL_FROM).
    """
    if ticket is not None:
        # By ids, and not by rows: a letter's bytes lie in its row.
        came_by = Inbound.objects.filter(ticket=ticket, account__is_active=True).order_by("id").values("account_id")
        account = Account.objects.filter(pk__in=came_by[:1]).first()
        if account is not None:
            return account
    best: tuple[int, int] | None = None
    desks = Desk.objects.filter(account__is_active=True).order_by("id")
    for account_id, client_id, team_id in desks.values_list("account_id", "client_id", "team_id"):
        if client_id is not None and (ticket is None or client_id != ticket.client_id):
            continue
        of_the_team = ticket is not None and team_id is not None and team_id == ticket.team_id
        fits = 2 * (client_id is not None) + of_the_team
        if best is None or fits > best[0]:
            best = (fits, account_id)
    return Account.objects.get(pk=best[1]) if best else None


def thread_headers(delivery: Delivery) -> dict[str, str]:
    """In-Reply-To and References: what this person wrote to us about the ticket, and what we wrote to him, in order."""
    if delivery.ticket is None:
        return {}
    theirs = Inbound.objects.filter(ticket=delivery.ticket, kind="email", sender__iexact=delivery.to).exclude(
        mail_id=""
    )
    ours = Delivery.objects.filter(ticket=delivery.ticket, to=delivery.to, pk__lt=delivery.pk).exclude(message_id="")
    known = [
        *theirs.order_by("-id").values_list("received_at", "mail_id")[:LONGEST_THREAD],
        *ours.order_by("-id").values_list("created_at", "message_id")[:LONGEST_THREAD],
    ]
    ids = [one for _, one in sorted(known, key=lambda pair: pair[0]) if is_message_id(one)]
    if not ids:
        return {}
    return {"In-Reply-To": ids[-1], "References": " ".join([*ids[:1], *ids[1:][1 - LONGEST_THREAD :]])}
