"""Run inside a test desk's environment: `python -m tests.faults.outgoing VERB`. What a fault test does to its outbox.

make N    N tickets by mail, each acknowledged and answered (two deliveries each)
expire    the leases of killed processes are over at once, instead of after three minutes
forget    what a careless program would do after a crash: what was being sent counts as never sent (negative control)
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstline.settings")
django.setup()

from firstline.lib import clock  # noqa: E402 - models exist only after setup
from firstline.people.models import Client, Person, Team  # noqa: E402
from firstline.post.models import Delivery  # noqa: E402
from firstline.tickets import conversation  # noqa: E402
from firstline.tickets.models import Channel  # noqa: E402
from firstline.tickets.opening import Words, open_ticket  # noqa: E402


def make(count: int) -> None:
    client, _ = Client.objects.get_or_create(slug="north", defaults={"name": "North"})
    team, _ = Team.objects.get_or_create(slug="line1", defaults={"name": "Line 1", "line": 1})
    olga, _ = Person.objects.get_or_create(
        login="olga", defaults={"name": "Olga", "role": "operator", "team": team, "scope_all": True}
    )
    known = Person.objects.count()
    for n in range(known, known + count):
        # Everybody writes once: the cap on acknowledgements to one address is another test's business.
        asks = Person.objects.create(login=f"p{n}", name=f"P {n}", email=f"p{n}@north.example", client=client)
        ticket = open_ticket(
            subject="Printer",
            words=Words(text="It does not print"),
            requester=asks,
            channel=Channel.EMAIL,
            at=clock.now(),
            by=None,
        )
        conversation.answer(ticket, Words(text="Is it on?"), by=olga, at=clock.now())


def expire() -> None:
    Delivery.objects.filter(lease_until__isnull=False).update(lease_until=clock.real_now() - timedelta(seconds=1))


def forget() -> None:
    Delivery.objects.filter(state="sending").update(state="waiting", due_at=clock.now())


def do(verb: str, *numbers: str) -> None:
    """One of them."""
    verbs: dict[str, Callable[..., None]] = {"make": make, "expire": expire, "forget": forget}
    verbs[verb](*map(int, numbers))


if __name__ == "__main__":
    do(*sys.argv[1:])
