"""Administrators are told of a mailbox in trouble once, and once more when it is over.

A failure of a moment alarms nobody: a trouble must last. What was told is remembered on the mailbox, in the transaction
in which the letters are put into the outbox.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from firstline.intake import mailbox_health
from firstline.intake.mailbox_health import Health, Trouble
from firstline.people.models import Person
from firstline.people.roles import Role
from firstline.post import outbox
from firstline.post.limits import TO_THE_DESK
from firstline.post.models import Account

LASTS = timedelta(minutes=5)


def tell(at: datetime) -> None:
    """Asked every minute: whatever began long enough ago and was not told, and whatever was told and is over."""
    healths = mailbox_health.of_all(at)
    for health in healths:
        if health.wrong or health.account.told:
            _tell_of(health, _passable(healths, but=health.account), at)


def _tell_of(health: Health, through: Account | None, at: datetime) -> None:
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=health.account.pk)
        told = dict(account.told)
        # Of the desk's general road, which has no mailbox of its own, /readyz says what is to be said.
        lasting = {one.trouble.value: one for one in health.wrong if one.trouble != Trouble.SENDING or account.smtp}
        for trouble, one in lasting.items():
            since = one.since or at
            if trouble not in told and at - since >= LASTS:
                told[trouble] = since.isoformat()
                _put("mailbox_trouble", account, through, at, trouble, since=told[trouble], detail=one.detail)
        for trouble in [known for known in told if known not in lasting]:
            since_then = told.pop(trouble)
            if account.is_active and account.paused_at is None:  # else somebody took it out of use: nothing was mended
                _put("mailbox_well", account, through, at, trouble, since=since_then, over=at.isoformat())
        if told != account.told:
            Account.objects.filter(pk=account.pk).update(told=told)


def _put(
    kind: str, account: Account, through: Account | None, at: datetime, trouble: str, since: str, **data: str
) -> None:
    about = {"mailbox": account.pk, "address": account.address, "trouble": trouble, "since": since}
    for person in Person.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(email=""):
        outbox.put(
            kind=kind,
            to=person.email,
            language=person.language,
            at=at,
            person=person.pk,
            account=through,
            data={**about, **data, TO_THE_DESK: True},
        )


def _passable(healths: list[Health], *, but: Account) -> Account | None:
    """Through which mailbox the alarm leaves: not the one in trouble. None: the desk's general sender."""
    if settings.EMAIL_URL:
        return None
    well = (
        one.account
        for one in healths
        if one.account.pk != but.pk
        and one.account.is_active
        and one.account.smtp
        and not any(wrong.trouble == Trouble.SENDING for wrong in one.wrong)
    )
    return next(well, None)
