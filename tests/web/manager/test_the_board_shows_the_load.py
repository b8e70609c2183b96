"""The live board as a page: every number leads to its list, acts stand where they are needed, a wall has none."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.lib import clock
from firstline.reports import board, rollups
from firstline.tickets import assignment, conversation, handover, lifecycle
from firstline.tickets.opening import Words
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.MONDAY_NINE + timedelta(minutes=20)


@pytest.fixture
def s(client: Client, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    stage = cast.stage()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    stage.free = cast.ticket(stage, subject="Ничья")
    stage.mine = cast.ticket(stage, subject="Олина")
    lifecycle.take(stage.mine, by=stage.olga, at=NOW)
    stage.answered = cast.ticket(stage, subject="Отвечено", priority=1)
    conversation.answer(stage.answered, Words(text="Смотрим."), by=stage.olga, at=NOW)
    assignment.assign(stage.answered, assignee=stage.olga, by=stage.maria, at=NOW)
    stage.over = handover.hand_over(
        cast.ticket(stage, subject="Передана"), to_line=2, symptom="а", tried="б", impact="", reason="access",
        by=stage.olga, at=NOW,
    )  # fmt: skip
    while rollups.is_behind():  # on PostgreSQL until every transaction beside us has ended
        rollups.follow(NOW)
    client.force_login(stage.maria)
    return stage


def plain(client: Client, path: str = "/desk/board/", **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode()).replace("\u00a0", " ")


def test_every_number_leads_to_a_list_of_that_length(client: Client, s: SimpleNamespace) -> None:
    page = plain(client)
    links = re.findall(r'<a [^>]*href="(/desk/queue/[^"]*)"[^>]*>\s*(\d+)', page)
    sidebar = plain(client, "/desk/sidebar/")
    numbers = [(path, int(count)) for path, count in links if f'href="{path}"' not in sidebar]

    assert len(numbers) >= 15
    for path, count in numbers:
        rows = re.findall(r'<tr class="t"', plain(client, path))
        assert len(rows) == count, path


def test_each_breach_to_come_has_the_act_that_it_needs_and_the_others_behind_it(
    client: Client, s: SimpleNamespace
) -> None:
    rows = dict(re.findall(r'<li id="risk-(\d+)">(.*?)(?=<li id="risk-|</section>)', plain(client), re.DOTALL))
    free, mine, answered = (rows[str(one.pk)] for one in (s.free, s.mine, s.answered))

    assert f'action="/desk/tickets/{s.free.pk}/assignment/"' in free
    assert f'action="/desk/tickets/{s.mine.pk}/messages/"' in mine, "a word to the client is owed"
    assert f'class="btn btn-sm" href="/desk/tickets/{s.answered.pk}/hand-over/' in answered, "the solution is owed"
    for row, ticket in ((free, s.free), (mine, s.mine), (answered, s.answered)):
        assert f'href="/desk/tickets/{ticket.pk}/invitations/?next=/desk/board/"' in row


@pytest.mark.parametrize(
    ("deed", "given"),
    [
        ("assignment", {"assignee": "nadia"}),
        ("invitations", {"person": "nadia", "why": "касса"}),
        ("hand-over", {"to_line": "3", "symptom": "а", "tried": "б", "reason": "access"}),
    ],
)
def test_a_deed_that_begins_on_the_board_ends_there(
    client: Client, s: SimpleNamespace, deed: str, given: dict[str, str]
) -> None:
    page = f"/desk/tickets/{s.over.pk}/{deed}/"
    form = plain(client, f"{page}?next=/desk/board/")
    assert '<input type="hidden" name="next" value="/desk/board/">' in form
    assert '<a class="btn" href="/desk/board/" data-close-dialog>' in form
    assert 'name="next"' not in plain(client, page), "on the ticket it goes back to the ticket"
    assert client.post(page, given | {"next": "/desk/board/"})["Location"] == "/desk/board/"


def test_a_word_to_the_client_is_written_on_the_spot(client: Client, s: SimpleNamespace) -> None:
    sent = client.post(
        f"/desk/tickets/{s.mine.pk}/messages/", {"body": "Сделаем до обеда.", "as": "public", "next": "/desk/board/"}
    )

    assert sent["Location"] == "/desk/board/"
    assert s.mine.messages.get(by_agent=True).text == "Сделаем до обеда."


def test_a_ticket_is_assigned_on_the_spot(client: Client, s: SimpleNamespace) -> None:
    form = {"assignee": "nadia", "seen": s.free.version, "next": "/desk/board/"}

    sent = client.post(f"/desk/tickets/{s.free.pk}/assignment/", form)

    assert sent["Location"] == "/desk/board/"
    s.free.refresh_from_db()
    assert s.free.assignee == s.nadia


def test_hand_overs_say_why_and_who_does_what(client: Client, s: SimpleNamespace) -> None:
    page = plain(client)

    assert "Нужны права доступа" in page
    assert re.search(rf'#{s.answered.pk}</a> <span class="up-good">в работе', page), "Olga's timer"


def test_what_is_swapped_in_is_what_the_page_has(client: Client, s: SimpleNamespace) -> None:
    whole, part = plain(client), plain(client, HX_Request="true")

    def without_token(page: str) -> str:
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)

    assert part.startswith('<div class="board" id="board"')
    assert without_token(part).strip() in without_token(whole)


def test_a_wall_is_dark_and_has_nothing_to_press(client: Client, s: SimpleNamespace) -> None:
    s.maria.theme = "light"
    s.maria.save()

    page = plain(client, "/desk/board/?tv=1")
    body = page[page.index('id="main"') : page.index('id="toasts"')]

    assert 'data-theme="dark"' in page
    assert 'hx-get="/desk/board/?tv=1"' in body
    assert not re.search(r"<(a|button|form|select|summary|nav)\b", body)
    assert "Ничья" in body


def test_an_operator_has_no_board_and_no_entry(client: Client, s: SimpleNamespace) -> None:
    assert 'href="/desk/board/"' in plain(client, "/desk/queue/")
    client.force_login(s.olga)

    assert client.get("/desk/board/").status_code == 403
    assert "/desk/board/" not in plain(client, "/desk/queue/")


def test_a_lead_without_a_line_is_told_so(client: Client, s: SimpleNamespace) -> None:
    s.lev.team = None
    s.lev.save()
    client.force_login(s.lev)

    assert "Вы не закреплены ни за одной линией" in plain(client)


def test_a_drawing_has_its_table(client: Client, s: SimpleNamespace) -> None:
    page = plain(client)

    assert page.count('<svg class="board-chart') == 2
    assert page.count('<details class="board-twin">') == 2
    assert board.of(s.maria, NOW).hours[-1][1:] == (4, 0)


def test_people_are_called_in_from_the_board(client: Client, s: SimpleNamespace) -> None:
    assert 'href="/desk/reinforcement/"' in plain(client)[plain(client).index('id="main"') :]
    assert client.get("/desk/reinforcement/").status_code == 200


def test_the_numbers_beside_the_breaches_say_what_they_count(client: Client) -> None:
    s = cast.stage()
    client.force_login(s.maria)
    heading = re.search(r'<h2 class="board-h">.*?Нарушения(.*?)</h2>', client.get("/desk/board/").content.decode())
    assert heading is not None
    assert re.findall(r">(\d+ [^<]+)<", heading[1]) == ["0 уже есть", "0 в ближайшие четыре часа"]
