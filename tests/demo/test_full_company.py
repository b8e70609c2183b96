"""The full demo company on the database: its size, every state, what is tied together, and that it is sound."""

from __future__ import annotations

from datetime import timedelta

import pytest

from firstline.contracts.models import Contract
from firstline.demo import full_company
from firstline.knowledge.models import Article
from firstline.lib import clock
from firstline.ops import integrity
from firstline.people.models import Client, Person
from firstline.post.models import Delivery
from firstline.roster.models import Turn
from firstline.sla.models import Clock
from firstline.sla.statement_models import Statement
from firstline.tickets import statuses
from firstline.tickets.models import Attachment, Event, Kind, Link, LinkKind, Rating, Ticket
from firstline.tickets.vendor_models import VendorRequest
from firstline.worklog.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]


def test_the_company_is_all_there_and_sound() -> None:
    full_company.load(at=clock.now())
    assert Client.objects.count() == 4
    assert Contract.objects.count() == 4
    assert Person.objects.filter(role__in=("operator", "engineer", "lead")).count() == 12
    assert Ticket.objects.count() == 400
    assert Article.objects.count() >= 40
    assert set(Ticket.objects.values_list("status", flat=True)) == set(statuses.ALL)
    assert set(Ticket.objects.values_list("line", flat=True)) == {1, 2, 3}
    happened = set(Event.objects.values_list("kind", flat=True))
    assert happened >= {
        Kind.HANDED_OVER, Kind.RETURNED, Kind.REOPENED, Kind.RATED, Kind.MERGED, Kind.LINKED, Kind.VENDOR_ASKED,
        Kind.VENDOR_ANSWERED, Kind.CALLED, Kind.SLA_BREACH, Kind.WORKED,
    }  # fmt: skip
    assert Ticket.objects.filter(merged_into__isnull=False).exists()
    assert Link.objects.filter(kind=LinkKind.CHILD).count() >= 5
    for kind in (Attachment, Rating, VendorRequest):
        assert kind._default_manager.exists()
    assert Clock.objects.filter(state="breached").exists()
    assert Turn.objects.filter(kind=Turn.Kind.SHIFT).exists()
    assert any(row.total for row in Statement.objects.all()), "a month with penalties"
    assert not Delivery.objects.exists(), "nobody is told of the past"
    assert list(integrity.violations()) == []
    week = Entry.objects.filter(at__gte=clock.now() - timedelta(days=7))
    assert week.values("person").distinct().count() >= 8
    before = Ticket.objects.count(), Event.objects.count()
    full_company.load(at=clock.now())
    assert (Ticket.objects.count(), Event.objects.count()) == before, "made once"
