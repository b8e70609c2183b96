"""E5: whoever writes in a stranger's name cannot make us carry a word of his to the stranger."""

from __future__ import annotations

import pytest

from firstline.post.models import Delivery
from firstline.tickets.models import Channel
from firstline.tickets.opening import Words
from tests import cast
from tests.notices.told import deliver, html_of, letter, text_of

pytestmark = pytest.mark.django_db

LURE = "WIN a prize http://evil.example/"


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.WEB, Channel.SMS])
def test_e5_an_acknowledgement_of_an_open_road_repeats_nothing_that_was_submitted(channel: Channel) -> None:
    s = cast.stage()
    victim = cast.person("victim", LURE, "requester", email="victim@elsewhere.example")
    ticket = cast.ticket(
        s, requester=victim, subject=LURE, channel=channel, words=Words(text=LURE, html=f"<p>{LURE}</p>")
    )
    deliver()
    acknowledgement = letter(Delivery.objects.get(kind="received"))
    everything = str(acknowledgement) + text_of(acknowledgement) + html_of(acknowledgement) + acknowledgement["Subject"]
    assert "evil" not in everything
    assert "WIN" not in everything
    assert f"#{ticket.pk}" in text_of(acknowledgement)
    assert f"/s/{ticket.pk}." in text_of(acknowledgement)


def test_who_is_signed_in_reads_his_subject() -> None:
    s = cast.stage()
    cast.ticket(s, channel=Channel.PORTAL)
    deliver()
    assert "Не печатает принтер" in text_of(letter(Delivery.objects.get(kind="received")))


def test_the_acknowledgement_promises_the_times_of_the_contract() -> None:
    s = cast.stage()
    cast.ticket(s)
    Delivery.objects.update(language="en")
    deliver()
    text = text_of(letter(Delivery.objects.get(kind="received")))
    assert "We will answer by: 2 March 2026, 10:00 MSK" in text
    assert "We promise to solve it by: 3 March 2026, 16:00 MSK" in text
