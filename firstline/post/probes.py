"""The probe: a mailbox writes to itself, and we look whether the letter goes out and comes back, and how soon.

It carries a mark with an HMAC, in its Message-ID and in its subject (some servers write Message-IDs of their own). The
intake knows it by the mark and makes no ticket of it. A worker sends it: no page waits for a mail server.
"""

from __future__ import annotations

import re
from contextlib import closing
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from firstline.audit import trail
from firstline.lib import claims, clock, tokens
from firstline.post import identity, mime, roads, setting_out
from firstline.post.models import Account, Probe
from firstline.post.signing import CannotSign
from firstline.post.transports.failures import Failure, Permanent, Temporary, Uncertain
from firstline.post.words import Words

State, Failed = Probe.State, Probe.Failed
UNDER_WAY = (State.WAITING, State.SENDING, State.SENT)
PATIENCE = timedelta(minutes=5)  # from being taken by the server to being here again
LEASE = timedelta(seconds=180)
NOWHERE = "no outgoing server is set: letters are written to the folder outgoing/"
ENDED = "the process ended while it was sending"
_MARK = re.compile(r"flprobe\.([0-9a-f]{32})\.([0-9a-f]{32})")


class NotNow(Exception):
    """The mailbox is switched off or paused: the probe could not come back."""


def ask(account: Account, *, at: datetime, by: int | None = None) -> Probe:
    """A probe that a worker sends at once; the one that is under way, where there is one. Raises NotNow."""
    if not account.is_active or account.paused_at is not None:
        raise NotNow(account.address)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        running = Probe.objects.filter(account=account, state__in=UNDER_WAY).first()
        if running is not None:
            return running
        made = Probe.objects.create(account=account, by=by, asked_at=at, due_at=at)
        if by is not None:
            trail.note(at=at, actor=f"person:{by}", action="mailbox probed", target=f"mailbox:{account.pk}")
    return made


def ask_regularly(at: datetime) -> None:
    """A probe for each mailbox whose time has come."""
    wanted = Account.objects.filter(kind=Account.Kind.EMAIL, is_active=True, paused_at=None, probe_every__gt=0)
    for account in wanted:
        last = Probe.objects.filter(account=account).order_by("-id").first()
        if last is None or at - last.asked_at >= timedelta(hours=account.probe_every):
            ask(account, at=at)


def newest(account: Account, count: int) -> list[Probe]:
    return list(Probe.objects.filter(account=account).order_by("-id")[:count])


def deal_with_due(at: datetime, only: QuerySet[Probe] | None = None) -> int:
    """Sends what is to be sent, gives up what did not come back. Returns how many were dealt with."""
    due = (Probe.objects.all() if only is None else only).filter(due_at__lte=at).select_related("account")
    taken = claims.claim(due.order_by("due_at", "id"), lease=LEASE)
    for probe in taken:
        if probe.state == State.WAITING:
            _send(probe, at)
        elif probe.state == State.SENDING:
            _fail(probe, at, Failed.SENDING, ENDED)
        else:
            _fail(probe, at, Failed.LOST, probe.answer)
    return len(taken)


def mark_of(probe: Probe) -> str:
    return f"flprobe.{probe.uuid.hex}.{tokens.signature(settings.SECRET_KEY, 'probe', probe.uuid.hex)}"


def marked(*texts: str) -> Probe | None:
    """The probe whose mark stands in one of the texts; forged ones are none."""
    for text in texts:
        for name, signed in _MARK.findall(text):
            if tokens.is_signature(settings.SECRET_KEY, signed, "probe", name):
                return Probe.objects.select_related("account").filter(uuid=name).first()
    return None


def arrived(probe: Probe, received_at: datetime) -> None:
    """It is here again, however late. Call it in the transaction that registers the letter."""
    Probe.objects.filter(pk=probe.pk).exclude(state=State.ARRIVED).update(
        state=State.ARRIVED, arrived_at=received_at, failed="", due_at=None
    )
    Account.objects.filter(pk=probe.account_id, probe_failed_at__isnull=False).update(probe_failed_at=None)


def returned(probe: Probe, why: str, at: datetime) -> None:
    """A server says that it could not deliver it."""
    if Probe.objects.filter(pk=probe.pk, state__in=UNDER_WAY).update(
        state=State.FAILED, failed=Failed.RETURNED, answer=mime.plain_line(why), due_at=None
    ):
        _remember_failure(probe, at)


def _send(probe: Probe, at: datetime) -> None:
    with transaction.atomic():
        claims.hold_on(probe, lease=LEASE)
        Probe.objects.filter(pk=probe.pk).update(state=State.SENDING)
    road = roads.road_from(probe.account)
    if not road.url:
        _fail(probe, at, Failed.SENDING, NOWHERE)
        return
    begun = clock.elapsed()
    outcome = _offered(probe, road, at)
    took = clock.elapsed() - begun
    setting_out.remember(road, outcome, at)
    if isinstance(outcome, Failure) and not isinstance(outcome, Uncertain):
        _fail(probe, at, Failed.SENDING, outcome.answer)
        return
    answer = mime.plain_line(outcome.answer if isinstance(outcome, Failure) else outcome)
    # It may be back already: the fetcher is quicker than this line on a server next door.
    with transaction.atomic():
        claims.finish(probe, sent_at=at, sent_seconds=took, answer=answer)
        Probe.objects.filter(pk=probe.pk, state=State.SENDING).update(state=State.SENT, due_at=at + PATIENCE)


def _offered(probe: Probe, road: roads.Road, at: datetime) -> str | Failure:
    address = probe.account.address
    folder = settings.FIRSTLINE_HOME / "outgoing"
    try:
        with closing(setting_out.opened(road, hello=address.rpartition("@")[2], folder=folder)) as line:
            return line.send(address, address, _letter(probe, at))
    except CannotSign as broken:
        return Permanent(str(broken))
    except (Temporary, Permanent, Uncertain) as failure:
        return failure


def _letter(probe: Probe, at: datetime) -> bytes:
    address, mark = probe.account.address, mark_of(probe)
    sender = identity.of_mailbox(probe.account)
    raw = mime.build(
        Words(
            subject=f"Firstline probe {mark}",
            text="Firstline sends this letter to itself, to see that it comes back. It becomes no ticket.\n",
            sender="Firstline",
        ),
        mailbox=address,
        sent_as=sender.sent_as,
        reply_to=address,
        to=address,
        message_id=f"<{mark}@{address.rpartition('@')[2]}>",
        at=at,
        automatic=True,
        acknowledges=False,
    )
    return sender.signed(raw)


def _fail(probe: Probe, at: datetime, where: Probe.Failed, answer: str) -> None:
    with transaction.atomic():
        claims.finish(probe, answer=mime.plain_line(answer), due_at=None)
        open_still = Q(state__in=UNDER_WAY)
        if Probe.objects.filter(open_still, pk=probe.pk).update(state=State.FAILED, failed=where):
            _remember_failure(probe, at)


def _remember_failure(probe: Probe, at: datetime) -> None:
    """Of a probe that was sent by itself: nobody looks at its page."""
    if probe.by is None:
        Account.objects.filter(pk=probe.account_id, probe_failed_at__isnull=True).update(probe_failed_at=at)
