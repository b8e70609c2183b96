"""What is worded once for all who are alike gives each of them what he may see, and nothing of another's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import BigIntegerField, QuerySet

from firstline.lib import clock, counting
from firstline.lib.asked_often import Given
from firstline.people import asking
from firstline.people.asking import OfSomebody
from firstline.people.models import Grant, Person
from firstline.tickets import lists, queries
from firstline.tickets.models import Ticket
from firstline.web.agent import sidebar
from tests import cast

pytestmark = pytest.mark.django_db
BY_NUMBER = OfSomebody(lambda person: queries.visible_to(person).filter(pk=Given("number", BigIntegerField())))


def _everybody() -> list[Person]:
    return list(Person.objects.select_related("client", "team").order_by("pk"))


def test_everybody_sees_the_tickets_that_are_visible_to_him() -> None:
    """Petra and Olga are alike but for their scope: they are asked in the same words, and see other tickets."""
    s = cast.stage()
    made = [cast.ticket(s, requester=who, client=who.client) for who in (s.ivan, s.irina, s.stoyan, s.eve)]
    for person in _everybody() * 2:
        seen = {ticket.pk for ticket in made if BY_NUMBER.first(person, number=ticket.pk)}
        assert seen == set(queries.visible_to(person).values_list("pk", flat=True)), person.login
    assert asking.kind_of(s.olga) == asking.kind_of(s.petra)


def test_the_sidebar_counts_for_everybody_what_it_would_count_for_him_alone() -> None:
    s = cast.stage()
    for number, who in enumerate((s.ivan, s.irina, s.stoyan, s.eve, s.eve)):
        cast.ticket(s, requester=who, client=who.client)
        Ticket.objects.filter(requester=who).update(
            assignee=(s.olga, s.petra, None, s.lev)[number % 4], created_at=clock.now() - timedelta(hours=1)
        )
    for person in (one for one in _everybody() * 2 if one.is_agent):
        open_now = lists.in_order(person).filter(lists.OPEN)
        alone = counting.up_to_99(
            {
                "open": open_now,
                "free": open_now.filter(assignee__isnull=True),
                "free_late": open_now.filter(assignee__isnull=True, created_at__lt=clock.now() - sidebar.NOBODYS_FOR),
                **({"mine": open_now.filter(assignee=person)} if person.solves else {}),
            }
        )
        counted = sidebar.counted(person)
        assert {name: counted[name] for name in alone} == alone, person.login


def test_who_is_alike_is_worded_once() -> None:
    s, worded = cast.stage(), []

    def wording(person: Person) -> QuerySet[Ticket]:
        worded.append(person)
        return queries.visible_to(person)

    question = OfSomebody(wording)
    for person in (s.olga, s.petra, s.nadia, s.emil, s.olga):
        question.all(person)
    assert len(worded) == 3  # of line 1 with a scope, of line 1 without, of line 2
    assert not {person.pk for person in worded} & {s.olga.pk, s.petra.pk, s.nadia.pk, s.emil.pk}


def test_who_is_called_in_is_asked_in_his_own_words_each_time() -> None:
    """What he sees changes by the hour: nothing of it may stay in words that are kept."""
    s = cast.stage()
    ticket, now = cast.ticket(s, requester=s.eve, client=s.east), clock.now()
    Person.objects.filter(pk=s.petra.pk).update(in_reserve=True)
    grant = Grant.objects.create(
        person=s.petra, role="operator", lines="123", all_clients=True,
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1),
    )  # fmt: skip
    petra = Person.objects.get(pk=s.petra.pk)
    assert asking.kind_of(petra) is None
    assert BY_NUMBER.first(petra, number=ticket.pk) == ticket
    Grant.objects.filter(pk=grant.pk).update(ends_at=now)
    assert BY_NUMBER.first(Person.objects.get(pk=s.petra.pk), number=ticket.pk) is None
