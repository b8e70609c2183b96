"""Pages in tests: the cast of the desk, signed in, and a clock that stands on Monday at ten. Static files are named
plainly: the manifest is made by `collectstatic`, which only a served desk needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from firstline.lib import clock
from firstline.people.models import Person
from tests import cast

MONDAY_TEN = cast.MONDAY_NINE + timedelta(hours=1)


@pytest.fixture
def stage(db: None) -> SimpleNamespace:
    return cast.stage()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Now: Monday ten o'clock in Moscow."""
    monkeypatch.setattr(clock, "now", lambda: MONDAY_TEN)
    return MONDAY_TEN


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    """A browser without JavaScript in which this person is signed in."""

    def sign_in(person: Person) -> Client:
        person.language = "en"
        person.save()
        browser = Client()
        browser.force_login(person)
        return browser

    return sign_in


@pytest.fixture
def olga(stage: SimpleNamespace, signed_in: Callable[[Person], Client], at: datetime) -> Client:
    return signed_in(stage.olga)


@pytest.fixture(autouse=True)
def _plain_static_names(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
