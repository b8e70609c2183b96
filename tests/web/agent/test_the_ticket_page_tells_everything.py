"""The ticket's page: thread, deliveries, originals, and the same statements at 5 and 500 events."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstline.blobs import store
from firstline.people.models import Person
from firstline.post.models import Attempt, Delivery
from firstline.tickets import conversation, handover, lifecycle, properties, relations
from firstline.tickets.models import Event, Kind, LinkKind, Message, Ticket
from firstline.tickets.opening import File, Words
from firstline.tickets.queries import get_for
from firstline.web.agent import thread
from firstline.web.agent.ticket import _TICKET, beside
from firstline.worklog import entries
from tests import cast
from tests.web.conftest import MONDAY_TEN

MOST_STATEMENTS = 15


def dangers(html: str) -> list[str]:
    """Scripts of strangers and handlers, as a browser would find them."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            found.extend(f"{tag} {name}" for name in given if name.startswith("on"))
            if tag == "script" and not (given.get("src") or "").startswith("/static/"):
                found.append("script")
            if tag == "img" and not (given.get("src") or "").startswith("/"):
                found.append(f"img {given.get('src')}")

    Reader().feed(html)
    return found


def shown(browser: Client, ticket: Ticket, query: str = "") -> str:
    answer = browser.get(f"/desk/tickets/{ticket.pk}/{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_messages_stand_in_the_order_in_which_they_were_said_and_a_note_says_that_it_is_internal(
    olga: Client, stage: SimpleNamespace
) -> None:
    ticket = cast.ticket(stage, words=Words(text="первое"))
    conversation.answer(ticket, Words(text="второе"), by=stage.olga, at=MONDAY_TEN)
    conversation.note(ticket, Words(text="третье"), by=stage.olga, at=MONDAY_TEN)

    html = shown(olga, ticket)

    places = [html.index(word) for word in ("первое", "второе", "третье")]
    assert places == sorted(places)
    assert html[places[1] : places[2]].count("Internal note") >= 1
    assert "answer to the client" in html[places[0] : places[1]]


def test_quotation_is_folded_and_never_cut(olga: Client, stage: SimpleNamespace) -> None:
    words = Words(text="Не помогло.\n\n> Перезагрузите", reply_text="Не помогло.")
    html = shown(olga, cast.ticket(stage, words=words))

    assert "Whole letter with quotation" in html
    assert html.index("Не помогло.") < html.index("Whole letter") < html.index("Перезагрузите")


def test_words_of_strangers_never_become_markup(olga: Client, stage: SimpleNamespace) -> None:
    evil = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    ticket = cast.ticket(
        stage, subject=evil, words=Words(text=evil, html=f'<p onclick="x()">{evil}</p>', reply_text=evil)
    )
    conversation.note(ticket, Words(text=evil), by=stage.olga, at=MONDAY_TEN)
    properties.change(ticket, by=stage.olga, at=MONDAY_TEN, tags=[evil])

    html = shown(olga, ticket)

    assert dangers(html) == []


def test_pictures_of_other_hosts_are_words_and_the_letters_own_come_from_here(
    olga: Client, stage: SimpleNamespace
) -> None:
    own = File(store.keep(b"\x89PNG\r\n\x1a\nx"), "p.png", "image/png", inline=True, content_id="pic@1")
    markup = '<p>a <img src="cid:pic@1" alt="мой"> <img src="https://evil.example/t.gif" alt="чужой"></p>'
    ticket = cast.ticket(stage, words=Words(text="a", html=markup, reply_text="a", files=[own]))

    html = shown(olga, ticket)
    attachment = Message.objects.get(ticket=ticket).attachments.get()

    assert "evil.example" not in re.sub(r'href="[^"]*"', "", html)
    assert f'<img src="/desk/files/{attachment.pk}/picture"' in html
    assert "[чужой]" in html


def test_a_run_of_more_than_three_lines_folds(olga: Client, stage: SimpleNamespace) -> None:
    ticket = lifecycle.take(cast.ticket(stage), by=stage.olga, at=MONDAY_TEN)
    for n in range(4):
        properties.change(ticket, by=stage.olga, at=MONDAY_TEN, subject=f"тема {n}")

    assert "4 more events" in shown(olga, ticket)


def test_every_kind_of_event_has_words(olga: Client, stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    for kind in Kind:
        if kind is not Kind.CREATED:
            Event.objects.create(ticket=ticket, kind=kind, happened_at=MONDAY_TEN, learnt_at=MONDAY_TEN, by=stage.olga)

    html = shown(olga, ticket)

    for kind in Kind:
        assert f'<span class="grow">{kind.value}<' not in html, kind


def test_history_says_names_where_it_keeps_logins_and_slugs(olga: Client, stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    properties.change(ticket, by=stage.olga, at=MONDAY_TEN, service=stage.printing, requester=stage.irina)

    html = shown(olga, ticket)

    assert "Service: – → Печать" in html
    assert "Requester: Иван Петров → Ирина Лебедева" in html


def test_a_hand_over_shows_its_card_and_who_stays_in_charge(olga: Client, stage: SimpleNamespace) -> None:
    ticket = handover.hand_over(
        cast.ticket(stage), to_line=2, symptom="Не печатает", tried="Перезагрузил", impact="high", reason="access",
        by=stage.olga, at=MONDAY_TEN,
    )  # fmt: skip

    html = shown(olga, ticket)

    for words in ("Symptom: Не печатает", "Tried: Перезагрузил", "Access rights needed", "In charge of the contact:"):
        assert words in html


def test_each_delivery_says_its_state_and_its_attempts(olga: Client, stage: SimpleNamespace) -> None:
    ticket = conversation.answer(cast.ticket(stage), Words(text="ответ"), by=stage.olga, at=MONDAY_TEN)
    said = Event.objects.get(ticket=ticket, kind=Kind.MESSAGE)
    Delivery.objects.filter(ticket=ticket.pk).delete()
    for state in ("sent", "failed", "uncertain", "dead"):
        made = Delivery.objects.create(
            kind="answer", to=f"{state}@north.example", language="ru", ticket=ticket.pk, event=said.pk, state=state
        )
        Attempt.objects.create(delivery=made, answer=f"250 of {state}", outcome=state)

    html = shown(olga, ticket)

    for state in ("sent", "failed", "uncertain", "dead"):
        assert f"sent-{state}" in html
        assert f"250 of {state}" in html


def test_links_show_only_tickets_that_the_person_may_see(
    stage: SimpleNamespace, olga: Client, signed_in: Callable[[Person], Client]
) -> None:
    ticket, own = cast.ticket(stage), cast.ticket(stage, subject="Вторая")
    foreign = cast.ticket(stage, subject="Тайна Востока", requester=stage.eve)
    for other in (own, foreign):
        relations.link(ticket, other, LinkKind.RELATED, by=None, at=MONDAY_TEN)

    assert "Вторая" in shown(olga, ticket)
    assert "Тайна Востока" not in shown(olga, ticket)
    assert "Тайна Востока" in shown(signed_in(stage.maria), ticket)


def test_links_of_one_are_not_those_of_another_who_is_like_him(
    stage: SimpleNamespace, olga: Client, signed_in: Callable[[Person], Client]
) -> None:
    """Both are operators of line 1, and share the words of the question: North is Olga's alone."""
    ticket, north = cast.ticket(stage, requester=stage.stoyan), cast.ticket(stage, subject="Тайна Севера")
    relations.link(ticket, north, LinkKind.RELATED, by=None, at=MONDAY_TEN)
    petra = signed_in(stage.petra)

    assert "Тайна Севера" in shown(olga, ticket)
    assert "Тайна Севера" not in shown(petra, ticket)
    assert "Тайна Севера" in shown(olga, ticket)


def test_other_open_tickets_of_the_client_and_of_a_requester_without_one_stand_beside(
    stage: SimpleNamespace, olga: Client
) -> None:
    one, _other = cast.ticket(stage), cast.ticket(stage, subject="Рядом у клиента")
    assert "Рядом у клиента" in shown(olga, one)
    Ticket.objects.update(client=None)
    assert "Рядом у клиента" in shown(olga, one)
    Ticket.objects.exclude(pk=one.pk).update(requester=stage.eve)
    assert "Рядом у клиента" not in shown(olga, one)


def test_thread_and_what_stands_beside_are_put_into_words_once(
    stage: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To word their statements took a third of what the page costs."""
    person = Person.objects.get(pk=stage.olga.pk)
    first, second = (get_for(person, cast.ticket(stage).pk, _TICKET) for _ in range(2))
    worded: list[object] = []
    as_sql = SQLCompiler.as_sql

    def counted(compiler: SQLCompiler, *how: Any, **more: Any) -> Any:
        worded.append(compiler.query)
        return as_sql(compiler, *how, **more)

    monkeypatch.setattr(SQLCompiler, "as_sql", counted)
    for ticket, before in ((first, ""), (first, "999999"), (second, ""), (second, "999999")):
        if (ticket, before) == (second, ""):
            worded.clear()
        assert thread.of(person, ticket, before).parts
        beside(person, ticket)
    assert worded == []


def test_a_foreign_ticket_is_not_there(olga: Client, stage: SimpleNamespace) -> None:
    foreign = cast.ticket(stage, requester=stage.eve)

    assert olga.get(f"/desk/tickets/{foreign.pk}/").status_code == 404
    assert olga.get("/desk/tickets/999999/").status_code == 404
    assert olga.get("/desk/tickets/abc/").status_code == 404


def test_a_visitor_signs_in_first_and_the_clients_side_has_no_desk(
    stage: SimpleNamespace, signed_in: Callable[[Person], Client]
) -> None:
    ticket = cast.ticket(stage)

    visitor = Client().get(f"/desk/tickets/{ticket.pk}/")
    assert (visitor.status_code, visitor["Location"]) == (302, f"/account/login/?next=/desk/tickets/{ticket.pk}/")
    assert signed_in(stage.ivan).get(f"/desk/tickets/{ticket.pk}/").status_code == 403


def test_the_page_costs_the_same_statements_at_5_and_500_events(
    olga: Client, stage: SimpleNamespace, django_capture_on_commit_callbacks: Any
) -> None:
    def statements(ticket: Ticket) -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(olga, ticket)
        return len(captured)

    kept = store.keep(b"a")

    def busy(count: int) -> Ticket:
        ticket = cast.ticket(stage)
        fields = {"ticket": ticket, "by": stage.olga, "happened_at": MONDAY_TEN, "learnt_at": MONDAY_TEN}
        work = {"minutes": 1, "kind": "phone", "note": "", "changed": {"client": {"from": "north", "to": "south"}}}
        events = Event.objects.bulk_create(
            Event(kind=Kind.MESSAGE if n % 2 else Kind.WORKED, data=work, **fields) for n in range(count)
        )
        Message.objects.bulk_create(
            Message(event=event, ticket=ticket, author=stage.olga, by_agent=True, public=False, text="заметка")
            for event in events
            if event.kind == Kind.MESSAGE
        )
        relations.link(ticket, cast.ticket(stage), LinkKind.RELATED, by=None, at=MONDAY_TEN)
        answered = conversation.answer(
            ticket, Words(text="ответ", files=[File(kept, "a.txt", "text/plain")]), by=stage.olga, at=MONDAY_TEN
        )
        for delivery in Delivery.objects.filter(ticket=ticket.pk):
            Attempt.objects.create(delivery=delivery, answer="250 ok", outcome="sent")
        Ticket.objects.filter(pk=ticket.pk).update(service=stage.printing)
        return answered

    with django_capture_on_commit_callbacks(execute=True):  # terms of contracts are remembered after a commit
        statements(busy(4))
    few = statements(busy(4))

    assert statements(busy(500)) == few <= MOST_STATEMENTS


def test_older_events_are_behind_a_link(olga: Client, stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage, words=Words(text="самое первое"))
    for n in range(100):
        entries.log_time(ticket, minutes=1, kind="phone", note=f"работа {n}", by=stage.olga, at=MONDAY_TEN)

    newest = shown(olga, ticket)
    assert "самое первое" not in newest
    older = re.search(r"\?before=\d+", newest)
    assert older is not None
    assert "самое первое" in shown(olga, ticket, older[0])


def test_each_fragment_is_the_part_of_the_page(olga: Client, stage: SimpleNamespace) -> None:
    ticket = conversation.answer(cast.ticket(stage), Words(text="ответ"), by=stage.olga, at=MONDAY_TEN)
    page = shown(olga, ticket)

    for part in ("tk-head", "thread"):
        got = olga.get(f"/desk/tickets/{ticket.pk}/", headers={"HX-Request": "true", "HX-Target": part})
        assert got.content.decode().strip() in page

    whole = olga.get(f"/desk/tickets/{ticket.pk}/", headers={"HX-Request": "true", "HX-Target": "ticket"})
    without_token = re.compile(r'value="[A-Za-z0-9]{64}"')
    assert without_token.sub("", whole.content.decode().strip()) in without_token.sub("", page)


def test_clocks_are_shown_with_their_due_time(olga: Client, stage: SimpleNamespace) -> None:
    html = shown(olga, cast.ticket(stage))

    assert "Response" in html
    assert "Resolution" in html
    assert f'due="{(cast.MONDAY_NINE + timedelta(minutes=60)).strftime("%Y-%m-%dT")}' in html


def test_a_ticket_without_a_contract_says_what_to_do(olga: Client, stage: SimpleNamespace) -> None:
    assert "No SLA: no contract covers it" in shown(olga, cast.ticket(stage, requester=stage.stoyan))


def test_nobody_is_offered_to_wait_where_the_status_does_not_allow_it(olga: Client, stage: SimpleNamespace) -> None:
    ticket = lifecycle.take(cast.ticket(stage), by=stage.olga, at=MONDAY_TEN)
    assert "Send and wait for client" in shown(olga, ticket)
    lifecycle.resolve(ticket, how="Готово", remote=True, by=stage.olga, at=MONDAY_TEN)
    html = shown(olga, ticket)
    assert "Send and wait for client" not in html
    assert 'value="public"' in html


def test_the_contract_is_known_by_its_number_and_opens_for_who_may_see_contracts(
    olga: Client, stage: SimpleNamespace
) -> None:
    type(stage.contract).objects.filter(pk=stage.contract.pk).update(number="118/24")
    ticket = cast.ticket(stage)
    stage.maria.language = "en"
    stage.maria.save()
    manager = Client()
    manager.force_login(stage.maria)

    said, opened = shown(olga, ticket), shown(manager, ticket)

    assert "Contract 118/24 v1" in said
    assert "/desk/contracts/" not in said
    assert 'href="/desk/contracts/118-24/1/">Contract 118/24 v1</a>' in opened
