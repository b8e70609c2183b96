"""A test that commits leaves nothing to the next."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType

from firstline.lib import clock
from firstline.tickets import conversation
from firstline.tickets.models import Channel, Ticket
from firstline.tickets.opening import Words
from tests import cast
from tests.real.emptied import KEPT, empty_what_was_written


def rows() -> int:
    """Rows of the desk in all tables, its own and those of sessions and of links between tables."""
    models = [one for one in apps.get_models(include_auto_created=True) if one._meta.app_label not in KEPT]
    return sum(one._base_manager.count() for one in models)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_the_desk_is_empty_before_it_and_full_after_it(time: str) -> None:
    assert rows() == 0 or time == "first"
    s = cast.stage()
    ticket = cast.ticket(s)
    conversation.reply(ticket, Words(text="…"), by=s.ivan, at=clock.now(), channel=Channel.PORTAL)
    assert Ticket.objects.count() == 1
    assert rows() > 50


@pytest.mark.django_db
def test_every_table_is_emptied_and_what_the_migrations_made_for_django_stays() -> None:
    cast.ticket(cast.stage())
    kinds = ContentType.objects.count()
    empty_what_was_written()
    assert rows() == 0
    assert ContentType.objects.count() == kinds > 50
