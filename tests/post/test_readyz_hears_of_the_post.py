"""What is wrong with words going out is named on /readyz; none of it stops the desk from taking requests."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from firstline.ops import health
from firstline.post.models import Outlet
from tests.post.desk_post import AT, put, send
from tests.real.programs import free_port
from tests.real.smtp import SmtpSink

pytestmark = pytest.mark.django_db


def named(minutes: float) -> set[str]:
    return {problem.name for problem in health.problems(AT + timedelta(minutes=minutes)) if not problem.stops}


def test_a_failed_letter_is_named_for_a_day(sink: SmtpSink) -> None:
    sink.answers.append("550")
    put()
    send()
    assert "dead letters" in named(1)
    assert "dead letters" not in named(24 * 60 + 1)


def test_a_server_that_cannot_be_reached_is_named_until_it_can(sink: SmtpSink, settings: Settings) -> None:
    good = settings.EMAIL_URL
    settings.EMAIL_URL = f"smtp://127.0.0.1:{free_port()}?timeout=1"
    for n in range(3):
        put(to=f"p{n}@north.example")
    send()
    assert any(name.startswith("outgoing mail") for name in named(1))
    settings.EMAIL_URL = good
    send(1)
    assert not any(name.startswith("outgoing mail") for name in named(1))


def test_a_delivery_that_nobody_sends_is_named_after_a_quarter_of_an_hour() -> None:
    put()
    assert "outbox slow" not in named(15)
    assert "outbox slow" in named(16)


def test_a_push_service_that_somebody_made_up_is_not_named() -> None:
    Outlet.objects.create(address="push:nowhere.example", failures=9, problem="no address", problem_since=AT)
    assert not any(name.startswith("outgoing mail") for name in named(1))
