"""Watching the mailboxes for silence: what is usual is learnt once a day, and each minute is held against it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models.functions import TruncMinute

from firstline.intake import holidays, mailbox_health, silence
from firstline.intake.models import Inbound
from firstline.post.models import Account

NEWEST = 200  # of a mailbox are looked at for one that somebody sent, and not we


def learn(at: datetime) -> None:
    """What is usual for each mailbox, from its last weeks."""
    zone = ZoneInfo(settings.TIME_ZONE)
    for account in mailbox_health.mailboxes().filter(is_active=True):
        letters = Inbound.objects.filter(account=account, received_at__gt=at - silence.WEEKS * silence.WEEK)
        minutes = (
            letters.exclude(outcome=Inbound.Outcome.IGNORED)
            .order_by()
            .values_list(TruncMinute("received_at"), flat=True)
            .distinct()
        )
        usual = silence.learnt(minutes.iterator(2000), until=at, zone=zone)
        Account.objects.filter(pk=account.pk).update(usual=usual.kept())


def watch(at: datetime) -> None:
    """When each mailbox had its last letter, and whether that is too long ago for it."""
    zone = ZoneInfo(settings.TIME_ZONE)
    for account in mailbox_health.mailboxes().filter(is_active=True):
        last = _last_letter(account) or account.last_letter_at
        # Where we do not fetch, or cannot, the silence is ours and said as what it is.
        ours = account.paused_at is not None or bool(account.imap and account.problem)
        unusual = not ours and _is_unusual(account, last, at, zone)
        since = (account.silent_since or at) if unusual else None
        if (last, since) != (account.last_letter_at, account.silent_since):
            Account.objects.filter(pk=account.pk).update(last_letter_at=last, silent_since=since)


def _is_unusual(account: Account, last: datetime | None, at: datetime, zone: ZoneInfo) -> bool:
    """The calendar is asked only where there would be an alarm."""
    usual = silence.from_kept(account.usual)
    if not silence.is_unusual(usual, last, at, zone):
        return False
    return silence.is_unusual(usual, last, at, zone, holidays.of(account, at))


def _last_letter(account: Account) -> datetime | None:
    """Letters of our own (a probe, a copy that came back) do not break a silence."""
    newest = Inbound.objects.filter(account=account).order_by("-received_at").values_list("received_at", "outcome")
    return next((moment for moment, outcome in newest[:NEWEST] if outcome != Inbound.Outcome.IGNORED), None)
