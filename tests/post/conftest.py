"""Mails of these tests go to one scripted server, emptied for each test, which is waited for one second only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.real.smtp import SmtpSink


@pytest.fixture(scope="session")
def one_sink() -> Iterator[SmtpSink]:
    sink = SmtpSink()
    yield sink
    sink.stop()


@pytest.fixture
def sink(one_sink: SmtpSink, settings: Settings) -> SmtpSink:
    one_sink.clear()
    one_sink.script.transactions = 0
    settings.EMAIL_URL = f"{one_sink.url}?timeout=1"
    settings.FIRSTLINE_MAIL_FROM = "desk@support.example"
    return one_sink
