"""Prometheus figures, counted when asked: they are the same whichever process answers."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from firstline.intake import mailbox_health
from firstline.intake.mailbox_health import Trouble
from firstline.intake.models import Inbound
from firstline.lib import clock
from firstline.ops.health import free_disk_mb, problems
from firstline.ops.models import Heartbeat
from firstline.post.models import Delivery
from firstline.sla.models import Clock
from firstline.tickets.models import Ticket


def text(at: datetime) -> str:
    """The whole page."""
    registry = CollectorRegistry()
    open_tickets = Gauge("firstline_tickets_open", "Open tickets", ["line"], registry=registry)
    for line, count in Ticket.objects.filter(is_open=True).values_list("line").annotate(Count("pk")):
        open_tickets.labels(line).set(count)
    waiting = Gauge("firstline_inbound_waiting", "Items acknowledged and not yet understood", registry=registry)
    waiting.set(Inbound.objects.filter(state=Inbound.State.NEW).count())
    oldest = (
        Inbound.objects.filter(state=Inbound.State.NEW).order_by("received_at").values_list("received_at", flat=True)
    )
    age = Gauge("firstline_inbound_oldest_seconds", "Age of the oldest of them", registry=registry)
    age.set(max(0.0, (at - oldest[0]).total_seconds()) if oldest[:1] else 0)
    quarantine = Gauge("firstline_quarantine", "Items in quarantine", registry=registry)
    quarantine.set(Inbound.objects.filter(state=Inbound.State.QUARANTINE).count())
    deliveries = Gauge("firstline_deliveries", "Deliveries that are not sent", ["state"], registry=registry)
    unsent = Delivery.objects.exclude(state=Delivery.State.SENT)
    for state, count in unsent.values_list("state").annotate(Count("pk")):
        deliveries.labels(state).set(count)
    clocks = Gauge("firstline_clocks_due", "Clocks that are due to be looked at", registry=registry)
    clocks.set(Clock.objects.filter(check_at__lt=at).count())
    beats = Gauge("firstline_heartbeat_age_seconds", "Since a part's last sign of life", ["part"], registry=registry)
    newest: dict[str, datetime] = {}
    for name, moment in Heartbeat.objects.values_list("name", "at"):
        newest[name] = max(moment, newest.get(name, moment))
    for name, moment in newest.items():
        beats.labels(name).set((clock.real_now() - moment).total_seconds())
    _mailboxes(registry, at)
    Gauge("firstline_disk_free_bytes", "Free disk where the data lies", registry=registry).set(
        free_disk_mb() * 1024 * 1024
    )
    Gauge("firstline_problems", "Named problems on /readyz", registry=registry).set(len(problems(at)))
    return generate_latest(registry).decode()


def _mailboxes(registry: CollectorRegistry, at: datetime) -> None:
    """By number, never by address: figures are read by more people than mailboxes are."""
    label = ["mailbox"]
    trouble = Gauge("firstline_mailbox_trouble", "1 where it is so", [*label, "trouble"], registry=registry)
    waiting = Gauge("firstline_mailbox_waiting", "Letters that wait on the server", label, registry=registry)
    closed = Gauge("firstline_mailbox_left_alone", "1 while its server is left alone", label, registry=registry)
    checked = Gauge("firstline_mailbox_checked_age_seconds", "Since it was looked into", label, registry=registry)
    letter = Gauge("firstline_mailbox_letter_age_seconds", "Since its last letter", label, registry=registry)
    token = Gauge("firstline_mailbox_token_seconds", "Until its token is over", label, registry=registry)
    for health in mailbox_health.of_all(at):
        account = health.account
        if not account.is_active:
            continue
        for one in Trouble:
            trouble.labels(account.pk, one.value).set(any(wrong.trouble == one for wrong in health.wrong))
        waiting.labels(account.pk).set(account.waiting)
        closed.labels(account.pk).set(health.tries_again_at is not None)
        if health.consent is not None and health.consent.expires_at is not None:
            token.labels(account.pk).set((health.consent.expires_at - at).total_seconds())
        for gauge, moment in ((checked, account.checked_at), (letter, account.last_letter_at)):
            if moment is not None:
                gauge.labels(account.pk).set(max(0.0, (at - moment).total_seconds()))
