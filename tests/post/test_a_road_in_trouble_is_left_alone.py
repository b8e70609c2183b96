"""A server that cannot be reached is not hammered, and what waits for it loses neither attempts nor patience."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from firstline.post import roads
from firstline.post.models import Account, Outlet
from tests.post.desk_post import AT, fresh, outcomes, put, send
from tests.real.programs import free_port
from tests.real.smtp import SmtpSink

pytestmark = pytest.mark.django_db


def test_after_three_failures_in_a_row_nothing_is_tried_for_a_while(settings: Settings) -> None:
    settings.EMAIL_URL = f"smtp://127.0.0.1:{free_port()}?timeout=1"
    deliveries = [put(to=f"p{n}@north.example") for n in range(6)]
    send()
    assert [len(outcomes(one)) for one in deliveries] == [1, 1, 1, 0, 0, 0]
    assert {fresh(one).due_at for one in deliveries} == {AT + timedelta(minutes=1)}
    assert [outlet.address for outlet in roads.problems()] == [""]
    send(1)
    assert sum(len(outcomes(one)) for one in deliveries) == 4, "one feels the way, and it is closed again, for longer"
    assert Outlet.objects.get().closed_until == AT + timedelta(minutes=3)


def test_the_first_letter_that_passes_opens_the_road(sink: SmtpSink) -> None:
    sink.answers.extend(["421", "421", "421"])
    deliveries = [put(to=f"p{n}@north.example") for n in range(5)]
    send()
    assert sink.received == []
    send(1)
    assert [fresh(one).state for one in deliveries] == ["sent"] * 5
    assert roads.problems() == []


def test_refusals_of_single_letters_close_nothing(sink: SmtpSink) -> None:
    sink.answers.extend(["450", "550", "450", "550", "450"])
    for n in range(6):
        put(to=f"p{n}@north.example")
    send()
    assert len(sink.letters) == 1
    assert roads.problems() == []


def test_a_mailbox_with_its_own_server_is_not_stopped_by_the_trouble_of_another(
    sink: SmtpSink, settings: Settings
) -> None:
    own = Account.objects.create(address="sales@support.example", smtp=settings.EMAIL_URL)
    settings.EMAIL_URL = f"smtp://127.0.0.1:{free_port()}?timeout=1"
    stuck = [put(to=f"p{n}@north.example") for n in range(4)]
    passing = put(account=own)
    send()
    assert fresh(passing).state == "sent"
    assert {fresh(one).state for one in stuck} == {"waiting"}
    assert sink.letters[0]["From"].addresses[0].addr_spec == "sales@support.example"
    assert sink.received[0].sender == "sales@support.example"


@pytest.mark.parametrize(
    "url",
    ["starttls://127.0.0.1:{port}?timeout=1", "smtps://127.0.0.1:{port}?timeout=1", "smtp://u:p@127.0.0.1:{port}?timeout=1",
     "http://127.0.0.1", "smtp://"],
)  # fmt: skip
def test_a_wrong_or_untrusted_server_gets_no_letter_and_costs_none(
    sink: SmtpSink, settings: Settings, url: str
) -> None:
    settings.EMAIL_URL = url.format(port=sink.port)
    delivery = put()
    send()
    assert sink.received == []
    assert (fresh(delivery).state, outcomes(delivery)) == ("waiting", ["temporary"])
    assert Outlet.objects.get().failures == 1
