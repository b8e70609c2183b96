"""Lists and the one door agree, for everyone."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from firstline.people.models import Person
from firstline.tickets import lists, queries
from firstline.tickets.models import Ticket
from tests import cast


@pytest.mark.django_db
def test_lists_show_exactly_the_tickets_that_the_door_opens() -> None:
    stage: SimpleNamespace = cast.stage()
    for requester in (stage.ivan, stage.kira, stage.stoyan, stage.eve):
        cast.ticket(stage, requester=requester)
    nobodys = cast.ticket(stage, requester=cast.person("stranger", "Незнакомец", "requester"))
    assert nobodys.client is None
    everyone = list(Person.objects.all())

    for person in everyone:
        listed = set(lists.in_order(person).values_list("pk", flat=True))
        assert listed == set(queries.visible_to(person).values_list("pk", flat=True)), person.login
        for ticket in Ticket.objects.all():
            assert (ticket.pk in listed) == queries.sees(person, ticket)

    stage.olga.is_active = False
    assert not lists.in_order(stage.olga).exists()
