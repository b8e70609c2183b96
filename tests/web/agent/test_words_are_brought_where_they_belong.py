"""Merging, moving, splitting and claims on the ticket's page, as plain forms."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.people.models import Person
from firstline.post import undeliverable
from firstline.tickets import conversation, history, opening, status_link
from firstline.tickets.models import Channel, Kind, Message, Ticket
from firstline.tickets.opening import Words
from tests import cast


@pytest.fixture
def two(stage: SimpleNamespace, at: object) -> tuple[Ticket, Ticket]:
    one, other = cast.ticket(stage), cast.ticket(stage, requester=stage.irina, words=Words(text="Снова то же"))
    said = Words(text="И про сканер")
    moment = cast.MONDAY_NINE + timedelta(minutes=5)
    conversation.reply(one, said, by=stage.ivan, at=moment, channel=Channel.EMAIL)
    return one, other


def page(browser: Client, ticket: Ticket, **asked: str) -> str:
    answer = browser.get(f"/desk/tickets/{ticket.pk}/", asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_merge_leads_to_the_target_and_the_source_says_where_it_went(
    olga: Client, two: tuple[Ticket, Ticket]
) -> None:
    one, other = two
    offered = olga.get(f"/desk/tickets/{other.pk}/merge/").content.decode()
    assert f'name="into" value="{one.pk}"' in offered
    answer = olga.post(f"/desk/tickets/{other.pk}/merge/", {"into": f"#{one.pk}"})
    assert answer["Location"] == f"/desk/tickets/{one.pk}/"
    target = page(olga, one)
    assert "Снова то же" in target
    assert f"from #{other.pk}" in target
    source = page(olga, other)
    assert "Снова то же" not in source
    assert "is merged into" in source
    assert 'name="body"' not in source  # nothing is written where nobody reads it
    olga.post(f"/desk/tickets/{other.pk}/separation/")
    assert "Снова то же" in page(olga, other)
    assert "Снова то же" not in page(olga, one)


def test_a_message_is_moved_and_moved_back_by_one_press_each(olga: Client, two: tuple[Ticket, Ticket]) -> None:
    one, other = two
    message = Message.objects.get(text="И про сканер")
    form = olga.get(f"/desk/messages/{message.pk}/move/").content.decode()
    assert f'name="to" value="{other.pk}"' in form
    olga.post(f"/desk/messages/{message.pk}/move/", {"to": str(other.pk)})
    there = page(olga, other)
    assert "И про сканер" in there
    assert f"Move back to #{one.pk}" in there
    olga.post(f"/desk/messages/{message.pk}/move/", {"to": str(one.pk)})
    assert "И про сканер" in page(olga, one)


def test_a_message_becomes_a_ticket_of_its_own(olga: Client, two: tuple[Ticket, Ticket]) -> None:
    message = Message.objects.get(text="И про сканер")
    answer = olga.post(f"/desk/messages/{message.pk}/split/", {"subject": "Сканер"})
    made = Ticket.objects.latest("pk")
    assert answer["Location"] == f"/desk/tickets/{made.pk}/"
    assert "split it off from" in page(olga, made)


def test_a_letter_that_names_a_ticket_is_added_or_kept_apart(
    olga: Client, stage: SimpleNamespace, two: tuple[Ticket, Ticket]
) -> None:
    one, _other = two
    claims = {"words": Words(text="Про ту заявку", flags=[f"claims #{one.pk}"]), "requester": stage.irina}
    flagged, own = cast.ticket(stage, **claims), cast.ticket(stage, **claims)
    assert f"Add to #{one.pk}" in page(olga, flagged)
    answer = olga.post(f"/desk/tickets/{flagged.pk}/claim/", {"belongs": "yes"})
    assert answer["Location"] == f"/desk/tickets/{one.pk}/"
    assert one.participants.filter(person=stage.irina).exists()
    olga.post(f"/desk/tickets/{own.pk}/claim/", {"belongs": "no"})
    kept = page(olga, own)
    assert "Add to #" not in kept
    assert "does not belong to" in kept


def test_another_clients_ticket_is_refused_in_words(
    olga: Client, stage: SimpleNamespace, two: tuple[Ticket, Ticket]
) -> None:
    south = cast.ticket(stage, requester=stage.stoyan)
    answer = olga.post(f"/desk/tickets/{two[0].pk}/merge/", {"into": str(south.pk)})
    assert answer.status_code == 422
    assert "another client" in answer.content.decode()


def test_the_portal_and_the_link_lead_on(
    olga: Client, stage: SimpleNamespace, two: tuple[Ticket, Ticket], client: Client
) -> None:
    one, other = two
    olga.post(f"/desk/tickets/{other.pk}/merge/", {"into": str(one.pk)})
    irina: Person = stage.irina
    irina.language = "en"
    irina.save()
    client.force_login(irina)
    shown = client.get(f"/portal/requests/{other.pk}/").content.decode()
    assert f'href="/portal/requests/{one.pk}/"' in shown
    assert 'name="body"' not in shown
    assert "Снова то же" in client.get(f"/portal/requests/{one.pk}/").content.decode()
    link = client.get(f"/s/{status_link.token_of(other.pk)}/")
    assert link["Location"] == f"/s/{status_link.token_of(one.pk)}/"


def test_who_is_in_copy_is_offered_and_added_once(olga: Client, stage: SimpleNamespace, at: object) -> None:
    ticket = cast.ticket(stage, facts={"in_copy": ["vendor@supplier.example"]})
    assert "Add vendor@supplier.example" in page(olga, ticket)
    olga.post(f"/desk/tickets/{ticket.pk}/participants/", {"email": "vendor@supplier.example"})
    assert ticket.participants.get().person.email == "vendor@supplier.example"
    shown = page(olga, ticket)
    assert "Add vendor@" not in shown
    assert "to the ticket" in shown


def test_who_is_in_copy_is_offered_with_whether_mail_comes_back_from_him(
    olga: Client, stage: SimpleNamespace, at: datetime
) -> None:
    ticket = cast.ticket(stage, facts={"in_copy": ["Gone@supplier.example", "slow@supplier.example"]})
    undeliverable.came_back("gone@supplier.example", hard=True, status="5.1.1", reason="userunknown", at=at)
    undeliverable.came_back("slow@supplier.example", hard=False, status="4.2.2", reason="mailboxfull", at=at)
    shown = page(olga, ticket)
    assert "there is no such address" in shown.partition("Add Gone@supplier.example")[2].partition("Add slow@")[0]
    assert "the mailbox is full" not in shown


def test_an_address_from_which_mail_comes_back_is_named_beside_the_composer(
    olga: Client, stage: SimpleNamespace, at: datetime
) -> None:
    ticket = cast.ticket(stage)
    undeliverable.came_back("ivan@north.example", hard=True, status="5.1.1", reason="userunknown", at=at)
    shown = page(olga, ticket)
    assert "Mails to ivan@north.example come back since" in shown
    assert "there is no such address (5.1.1)" in shown
    olga.post(f"/desk/tickets/{ticket.pk}/mail-again/")
    assert "come back since" not in page(olga, ticket)


def test_everybody_on_the_ticket_is_named_with_whether_mail_comes_through(
    olga: Client, stage: SimpleNamespace, at: datetime
) -> None:
    ticket = cast.ticket(stage, facts={"in_copy": ["boss@elsewhere.example"]})
    olga.post(f"/desk/tickets/{ticket.pk}/participants/", {"email": "irina@north.example"})
    for address in ("irina@north.example", "boss@elsewhere.example"):
        undeliverable.came_back(address, hard=True, status="5.1.1", reason="userunknown", at=at)
    path = f"/desk/tickets/{ticket.pk}/participants/"
    whole = olga.get(path).content.decode()
    for words in ("ivan@north.example", "irina@north.example", "boss@elsewhere.example", "only in copy"):
        assert words in whole
    assert whole.count("Mail comes back since") == 2
    line = olga.get(f"{path}?as=line", headers={"HX-Request": "true"}).content.decode()
    assert "irina@north.example" in line
    assert "Mail comes back:" in line
    assert "boss@" not in line  # an answer does not go there
    # The form around it swaps the whole ticket: what is fetched into it must not.
    assert 'participants/?as=line" hx-trigger="load" hx-target="this"' in page(olga, ticket)
    olga.post(f"/desk/tickets/{ticket.pk}/mail-again/", {"email": "irina@north.example"})
    assert olga.get(path).content.decode().count("Mail comes back since") == 1
    refused = olga.post(f"/desk/tickets/{ticket.pk}/mail-again/", {"email": "stoyan@south.example"})
    assert refused.status_code == 422


def test_a_machines_word_is_folded_and_a_paused_answer_says_why(
    olga: Client, stage: SimpleNamespace, at: datetime
) -> None:
    paused = {"answers_paused": {"address": "robot@north.example", "letters": 5, "minutes": 10}}
    ticket = cast.ticket(stage, facts=paused, quiet=True)
    words = Words(text="Я в отпуске", flags=("automatic", "auto-reply"))
    history.record(
        ticket, Kind.AUTOMATIC, by=None, at=at, auto="auto-reply",
        then=lambda event: opening.keep_words(event, words, author=stage.ivan, by_agent=False, channel=Channel.EMAIL),
    )  # fmt: skip
    shown = page(olga, ticket)
    assert "Automatic answers to robot@north.example are paused: 5 letters in 10 min." in shown
    assert "<summary>Written by a machine" in shown
    assert "An automatic answer" in shown
    assert "not everything could be read" not in shown
