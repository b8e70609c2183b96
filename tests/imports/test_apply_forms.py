"""A service's form in an apply file: the same file twice is one version."""

from __future__ import annotations

import pytest

from firstline.contracts import forms
from firstline.contracts.models import Service
from firstline.imports import stage
from firstline.imports.apply_file import WrongFile
from firstline.lib import clock
from tests import cast

pytestmark = pytest.mark.django_db


def test_a_service_asks_what_the_file_says_and_the_same_again_is_no_new_version() -> None:
    cast.stage()
    file = """
    [[service]]
    slug = "new-employee"
    name = { ru = "Новый сотрудник", bg = "Нов служител" }
    [[service.fields]]
    key = "place"
    kind = "choice"
    name = { ru = "Где", bg = "Къде" }
    options = [{ key = "office", name = { ru = "Офис", bg = "Офис" } }, { key = "home", name = "Дом" }]
    [[service.fields]]
    key = "address"
    kind = "text"
    name = "Адрес"
    required = true
    shown_when = { field = "place", is = ["home"] }
    """
    at = clock.now()
    results = [stage.apply(file.encode(), at=at, actor="test")[-1].result for _ in range(2)]
    assert results == ["created", "unchanged"]
    form = forms.of(Service.objects.get(slug="new-employee"))
    assert form is not None
    assert (form.number, [one.key for one in form.asked]) == (1, ["place", "address"])
    with pytest.raises(WrongFile) as refused:
        stage.apply(file.replace('"home"]', '"moon"]').encode(), at=at, actor="test")
    assert refused.value.problems == ["service[0].fields[1].shown_when: values that the field can have"]
