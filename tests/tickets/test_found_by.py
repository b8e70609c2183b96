"""A new ticket is written into every index of its tables: none of them is the beginning of another."""

from __future__ import annotations

import pytest
from django.db import models

from firstline.audit.models import Row
from firstline.intake.models import Inbound
from firstline.live.models import Signal
from firstline.post.models import Attempt, Delivery
from firstline.sla.models import Clock
from firstline.tickets.models import Event, Message, Participant, Ticket

WRITTEN = (Ticket, Event, Message, Participant, Clock, Delivery, Attempt, Inbound, Row, Signal)


def of_all_rows(model: type[models.Model]) -> list[tuple[str, ...]]:
    """The columns of each index that holds every row."""
    fields = [field for field in model._meta.local_concrete_fields if field.db_index or field.unique]
    several = [[name.lstrip("-") for name in index.fields] for index in model._meta.indexes if index.condition is None]
    unique = [
        list(one.fields)
        for one in model._meta.constraints
        if isinstance(one, models.UniqueConstraint) and one.condition is None
    ]
    return [(field.name,) for field in fields] + [tuple(names) for names in several + unique]


@pytest.mark.parametrize("model", WRITTEN)
def test_no_index_is_the_beginning_of_another(model: type[models.Model]) -> None:
    found = of_all_rows(model)
    assert len(found) == len(set(found))
    shorter = [(one, other) for one in found for other in found if one != other and other[: len(one)] == one]
    assert shorter == []
