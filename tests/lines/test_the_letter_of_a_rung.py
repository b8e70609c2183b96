"""The letter of a rung says what has come to pass; its link acknowledges by one tap, and opening it does nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from firstline.lines import ladder_deeds
from firstline.lines.ladder_models import Escalation
from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.tickets import lifecycle, merging
from tests import cast
from tests.lines.ladders_made import clock, ladder, looks, said
from tests.notices.told import deliver, letter, text_of

pytestmark = pytest.mark.django_db
WORDS = {
    "ru": ("Эскалация", "Израсходовано 50 % времени на решение", "Беру под контроль"),
    "bg": ("Ескалация", "Изразходвани са 50 % от времето за решаване", "Поемам грижата"),
    "en": ("Escalation", "50 % of the time for the solution is used up", "I see to it"),
}


def link_of(text: str) -> str:
    found = re.search(r"https?://[^/]+(/told/\S+/)", text)
    assert found is not None, text
    return found[1]


@pytest.mark.parametrize("language", WORDS)
def test_it_says_what_has_come_to_pass_in_the_readers_language(language: str) -> None:
    s = cast.stage()
    Person.objects.filter(pk=s.maria.pk).update(language=language)
    ladder(clock(50))
    cast.ticket(s, priority=1)
    looks(120)
    deliver(cast.MONDAY_NINE + timedelta(minutes=121))
    mail = letter(Delivery.objects.get(kind="escalated"))
    subject, headline, button = WORDS[language]
    assert f"{subject}: Не печатает принтер" in str(mail["Subject"])
    assert headline in text_of(mail)
    assert button in text_of(mail)
    assert link_of(text_of(mail))


def test_opening_does_nothing_and_one_tap_acknowledges(client: Client) -> None:
    s = cast.stage()
    ladder(clock(50), clock(75))
    ticket = cast.ticket(s, priority=1)
    looks(120)
    deliver(cast.MONDAY_NINE + timedelta(minutes=121))
    path = link_of(text_of(letter(Delivery.objects.get(kind="escalated"))))
    page = client.get(path)
    assert "Беру под контроль" in page.content.decode()
    assert Escalation.objects.get().acknowledged_at is None
    assert "Вы взяли это под контроль" in client.post(path, follow=True).content.decode()
    row = Escalation.objects.get()
    assert (row.acknowledged_by, row.through) == (s.maria, "letter")
    looks(181)
    assert len(said(ticket)) == 1


def test_a_forged_link_and_one_of_somebody_who_left_are_not_there(client: Client) -> None:
    s = cast.stage()
    ladder(clock(50))
    cast.ticket(s, priority=1)
    looks(120)
    row = Escalation.objects.get()
    path = f"/told/{ladder_deeds.token_of(row, s.maria)}/"
    assert client.post(path[:-3] + "00/").status_code == 404
    assert client.get(f"/told/{ladder_deeds.token_of(row, s.lev)}/").status_code == 404, "he was not told"
    Person.objects.filter(pk=s.maria.pk).update(is_active=False)
    assert client.post(path).status_code == 404


@pytest.mark.parametrize("end", ["solved", "closed", "cancelled", "merged"])
def test_the_page_says_how_it_ended(client: Client, end: str) -> None:
    s = cast.stage()
    ladder(clock(50))
    ticket, at = cast.ticket(s, priority=1), cast.MONDAY_NINE + timedelta(minutes=121)
    looks(120)
    deliver(at)
    path = link_of(text_of(letter(Delivery.objects.get(kind="escalated"))))
    ticket.refresh_from_db()
    other = cast.ticket(s, at=at)
    if end == "cancelled":
        lifecycle.cancel(ticket, why="Дубль", by=s.olga, at=at)
    elif end == "merged":
        merging.merge(ticket, other, by=s.olga, at=at)
    else:
        solved, _ = lifecycle.resolve(ticket, how="Готово", remote=True, by=s.olga, at=at)
        if end == "closed":
            lifecycle.close(solved, at=at)
    words = {
        "solved": "Заявка решена.", "closed": "Заявка закрыта.", "cancelled": "Заявка отменена.",
        "merged": f"Работа продолжается в заявке #{other.pk}.",
    }  # fmt: skip
    page = client.get(path).content.decode()
    assert [name for name, said in words.items() if said in page] == [end]
