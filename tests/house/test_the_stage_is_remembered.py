"""What `cast.stage()` puts back is what it makes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Model

from firstline.lib import clock
from firstline.people.models import Client
from tests import cast

pytestmark = pytest.mark.django_db


def rows() -> dict[str, list[dict[str, Any]]]:
    """All that is in the database, but for chance (unusable passwords) and the moments of making."""
    said = {}
    for model in apps.get_models(include_auto_created=True):
        left_out = ("password", "created_at", "id" if model._meta.auto_created else "")
        fields = [one.attname for one in model._meta.concrete_fields if one.name not in left_out]
        said[model._meta.label] = list(model._base_manager.order_by("pk").values(*fields))
    return said


def built() -> Iterator[tuple[SimpleNamespace, dict[str, list[dict[str, Any]]]]]:
    """As the function makes it, three times as it is remembered."""
    for make in (cast.stage.__wrapped__, cast.stage, cast.stage, cast.stage):  # type: ignore[attr-defined]
        point = transaction.savepoint()
        yield make(), rows()
        transaction.savepoint_rollback(point)


def with_numbers_of_their_own(said: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Numbers counted from the first of their table: PostgreSQL never gives one twice."""
    first = {name: min(row["id"] for row in found) for name, found in said.items() if found and "id" in found[0]}

    def own(model: type[Model], row: dict[str, Any]) -> dict[str, Any]:
        of = {"id": model} | {f.attname: f.related_model for f in model._meta.concrete_fields if f.related_model}
        return {
            name: value - first[of[name]._meta.label] if name in of and isinstance(value, int) else value
            for name, value in row.items()
        }

    told = {name: [own(apps.get_model(name), row) for row in found] for name, found in said.items()}
    told["people.Person_scope"] = sorted(told["people.Person_scope"], key=repr)  # `set()` takes them as they come
    return told


def test_the_rows_are_the_same_in_every_table() -> None:
    first, *later = [with_numbers_of_their_own(said) for _, said in built()]
    assert first["people.Person"]
    for again in later:
        assert again == first


def test_the_objects_say_what_their_rows_say() -> None:
    for stage, _ in built():
        for one in (one for one in vars(stage).values() if isinstance(one, Model)):
            kept = type(one)._base_manager.get(pk=one.pk)
            said = [field.attname for field in kept._meta.concrete_fields]
            assert [getattr(one, name) for name in said] == [getattr(kept, name) for name in said]
        assert stage.olga.team is stage.line1
        assert set(stage.petra.scope.all()) == {stage.south}


def test_it_was_made_just_now() -> None:
    for before, (stage, _) in ((clock.now(), made) for made in built()):
        kept = type(stage.olga).objects.get(pk=stage.olga.pk)
        moments: list[datetime] = [stage.olga.created_at, kept.created_at, stage.version.created_at]
        assert all((clock.now() - moment).total_seconds() < 20 for moment in moments), before
        assert kept.created_at == stage.olga.created_at


def test_one_test_does_not_change_the_people_of_the_next() -> None:
    for stage, _ in built():
        assert stage.olga.name == "Ольга Смирнова"
        stage.olga.name = "Somebody else"


def test_beside_others_it_is_made_and_takes_no_number_of_theirs() -> None:
    for _ in built():
        pass
    other = Client.objects.create(slug="other", name="Other", language="en", time_zone="Europe/Moscow")
    stage = cast.stage()
    assert other.pk not in {stage.north.pk, stage.south.pk, stage.east.pk}
    assert Client.objects.count() == 4


def test_who_comes_after_it_has_a_new_number() -> None:
    for stage, _ in built():
        assert cast.person("zoe", "Zoe", "operator").pk > stage.eve.pk
