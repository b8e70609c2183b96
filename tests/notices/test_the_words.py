"""Every kind in every language: whole, in both parts, in the reader's zone, and with nothing of the inside."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from firstline.contracts import following
from firstline.contracts.models import Vendor, VendorTarget
from firstline.lib.language import CODES
from firstline.lines import dealing
from firstline.notices import (
    as_sms,
    digests,
    ladder_letters,
    missing_alarms,
    of_lines,
    preferences,
    to_accounts,
    to_administrators,
    to_agents,
    to_clients,
    to_dispatchers,
    to_followers,
    to_reserve,
    to_vendors,
    wording,
)
from firstline.people.models import Person
from firstline.post import outbox
from firstline.post.models import Delivery
from firstline.tickets import (
    assignment,
    call_wishes,
    conversation,
    handover,
    history,
    lifecycle,
    merging,
    progress,
    swarm,
    vendor_requests,
)
from firstline.tickets.models import Channel, Event, Kind, Ticket
from firstline.tickets.opening import Words
from tests import cast
from tests.lines.rules_made import asks, sends
from tests.notices.told import deliver, html_of, later, letter, text_of

pytestmark = pytest.mark.django_db

ACCOUNT_KINDS = ("password_reset", "invitation", "login_link")
MAILBOX_KINDS = ("mailbox_trouble", "mailbox_well")


def whole_life(s: SimpleNamespace) -> Ticket:
    """A ticket to which everything happens that anybody is told of."""
    ticket = cast.ticket(s, service=s.printing, channel=Channel.PORTAL)
    ticket = lifecycle.take(ticket, by=s.olga, at=later(2))
    ticket = conversation.answer(ticket, Words(text="Смотрим"), by=s.olga, at=later(3))
    ticket = lifecycle.wait(ticket, on="client", reason="Какая модель?", by=s.olga, at=later(4))
    ticket = conversation.reply(ticket, Words(text="HP 4250"), by=s.ivan, at=later(5), channel=Channel.EMAIL)
    ticket = call_wishes.want(ticket, phone="+7 900 111-22-33", wished_at=later(90), by=s.ivan, at=later(5))
    ticket = lifecycle.hold(ticket, until=later(600), reason="Ждём деталь", by=s.olga, at=later(6))
    ticket = handover.hand_over(
        ticket, to_line=2, symptom="Лампочка", tried="Перезапуск", impact="low", reason="too_long", by=s.olga,
        at=later(7), articles=["paper-jam"],
    )  # fmt: skip
    ticket = progress.give_workaround(ticket, how="Печатайте на втором", by=s.emil, at=later(7))
    ticket = assignment.assign(ticket, assignee=s.emil, by=s.maria, at=later(8))
    ticket = conversation.note(ticket, Words(text="@olga, глянь"), by=s.emil, at=later(8))
    ticket = conversation.answer(ticket, Words(text="Еду"), by=s.emil, at=later(9))
    for kind in (Kind.SLA_WARNING, Kind.SLA_BREACH):
        for metric in ("first_response", "resolution", "update"):
            history.record(ticket, kind, by=None, at=later(10), metric=metric, due_at=later(60).isoformat())
    ticket, _ = lifecycle.resolve(ticket, how="Заменил вал", remote=False, by=s.emil, at=later(11))
    ticket = lifecycle.reopen(ticket, why="Опять", by=s.ivan, at=later(12))
    ticket, _ = lifecycle.resolve(ticket, how="Заменил принтер", remote=False, by=s.emil, at=later(13))
    ticket = lifecycle.close(ticket, at=later(14))
    history.record(
        ticket, Kind.BOUNCED, by=None, at=later(15), recipient="ivan@north.example", reason="нет такого", hard=True
    )
    other = lifecycle.take(cast.ticket(s), by=s.olga, at=later(2))
    lifecycle.cancel(other, why="Дубль", by=s.nadia, at=later(3))
    mine = lifecycle.take(cast.ticket(s), by=s.olga, at=later(2))
    lifecycle.cancel(mine, why="Не надо", by=s.ivan, at=later(3))
    solved, _ = lifecycle.resolve(cast.ticket(s), how="Готово", remote=True, by=s.olga, at=later(3))
    lifecycle.confirm(solved, by=s.kira, at=later(4))
    merging.merge(cast.ticket(s), cast.ticket(s), by=s.olga, at=later(4))
    cast.ticket(s, requester=s.stoyan)  # of a client without a contract
    for stage in ("intake", "line1", "line2", "line3"):
        history.record(ticket, Kind.INNER_TERM, by=None, at=later(16), stage=stage, metric="resolution")
    late = {"metric": "resolution", "due_at": later(1).isoformat(), "late": True}
    history.record(ticket, Kind.SLA_BREACH, by=None, at=later(1), learnt_at=later(17), **late)
    silent = lifecycle.take(cast.ticket(s), by=s.olga, at=later(2))
    silent = lifecycle.wait(silent, on="client", reason="Какая модель?", by=s.olga, at=later(3))
    for deed, closes in (("remind", None), ("warn", later(60).isoformat())):
        history.record(silent, Kind.REMINDED, by=None, at=later(4), deed=deed, reason="Модель?", closes_at=closes)
    lifecycle.close_unanswered(silent, at=later(5))
    _of_vendors(s)
    _of_rules(s)
    _of_lines(s)
    return ticket


def _of_rules(s: SimpleNamespace) -> None:
    sends("all of East", asks("client", "east"), person="emil")
    sends("the rest", team="line3", strategy="round_robin")
    s.emil.scope.add(s.east)
    given = cast.ticket(s, requester=s.eve)
    s.lev.scope.add(s.east)
    dealing.give_back(given, person=s.emil.pk, at=later(20), why="leaves", back=later(600))
    Person.objects.filter(pk=s.lev.pk).update(team=s.line2)
    cast.ticket(s)  # nobody on line 3


def _of_lines(s: SimpleNamespace) -> None:
    """Returned, handed over again, and worked on by two."""
    card = {"symptom": "Лампочка", "tried": "Перезапуск", "impact": "low", "reason": "too_long"}
    ticket = lifecycle.take(cast.ticket(s), by=s.olga, at=later(1))
    history.record(ticket, Kind.BOX_OVER, by=None, at=later(2), line=1, policy="remind")
    ticket = handover.hand_over(ticket, to_line=2, by=s.olga, at=later(3), **card)
    ticket = handover.send_back(ticket, why="Статья есть", by=s.emil, at=later(4))
    swarm.invite(ticket, s.emil, by=s.olga, at=later(5), why="Посмотри журнал")
    conversation.answer(ticket, Words(text="Смотрим вдвоём"), by=s.olga, at=later(6))
    lifecycle.resolve(ticket, how="Готово", remote=True, by=s.olga, at=later(7))


def _of_vendors(s: SimpleNamespace) -> None:
    vendor = Vendor.objects.create(
        slug="kkt", name="КассаСервис", email="help@kkt.example", calendar=s.calendar, language=s.olga.language
    )
    VendorTarget.objects.create(vendor=vendor, metric="first_response", minutes=60)
    asking = lifecycle.take(cast.ticket(s), by=s.olga, at=later(1))
    asked = vendor_requests.ask(
        asking, vendor=vendor, subject="Касса", words=Words(text="Ошибка E15"), wait=True, by=s.olga, at=later(1)
    )
    vendor_requests.record_late(later(300))
    vendor_requests.answered(asked, Words(text="Замените ленту"), by=None, at=later(301))


@pytest.mark.parametrize("language", CODES)
def test_every_kind_of_notice_has_words_in_every_language(language: str) -> None:
    s = cast.stage()
    Person.objects.update(language=language)
    for name, person in vars(s).items():
        if isinstance(person, Person):
            person.refresh_from_db()
            setattr(s, name, person)
    preferences.choose(s.maria, {"closing": {"mail": "now"}}, quiet=False)
    preferences.choose(s.nadia, {"answer": {"mail": "digest", "whose": "all"}}, quiet=False)
    whole_life(s)
    digests.send_due(later(1440))
    for kind in ACCOUNT_KINDS:
        outbox.put(kind=kind, to="ivan@north.example", language=language, data={"url": "http://desk.example/x/"},
                   at=later(1), person=s.ivan.pk)  # fmt: skip
    for kind in MAILBOX_KINDS:
        moments = {"since": later(0).isoformat(), "over": later(9).isoformat()}
        outbox.put(kind=kind, to="adam@desk.example", language=language, at=later(1), person=s.adam.pk,
                   data={"mailbox": 1, "address": "a@b.example", "trouble": "silent", **moments})  # fmt: skip
    outbox.put(kind=missing_alarms.KIND, to="adam@desk.example", language=language, at=later(1), person=s.adam.pk,
               data={"count": 1, "named": [["a@b.example", "Касса", "desk@b.example"]]})  # fmt: skip
    asked = {"name": "Пётр Ильин", "email": "petr@north.example", "accepted": True}
    for kind in ("account_wanted", "account_decided"):
        outbox.put(kind=kind, to="ivan@north.example", language=language, data=asked, at=later(1), person=s.ivan.pk)
    outbox.put(kind=following.OVER, to="ivan@north.example", language=language, at=later(1), person=s.ivan.pk,
               data={"outage": 1, "words": "Почта", "ended": later(1).isoformat()})  # fmt: skip
    deliver(later(1441))
    desk = {digests.KIND, *to_agents.LETTERS, *of_lines.LETTERS, *to_dispatchers.LETTERS, *to_administrators.LETTERS}
    kinds = {*to_clients.LETTERS, *desk, *to_vendors.LETTERS, *to_accounts.LETTERS, *to_followers.LETTERS}
    elsewhere = {*to_reserve.LETTERS, *ladder_letters.LETTERS, *as_sms.LETTERS}
    assert kinds | elsewhere == set(wording.LETTERS), "of the reserve: tests/roster; of the ladder: tests/lines; of SMS"
    assert set(Delivery.objects.values_list("kind", flat=True)) == kinds
    assert not Event.objects.filter(kind=Kind.TROUBLE).exists()
    for delivery in Delivery.objects.exclude(tries__outcome="held back"):
        parsed = letter(delivery)
        text, markup = text_of(parsed), html_of(parsed)
        assert f'<html lang="{language}">' in markup
        assert "%(" not in text + markup + parsed["Subject"]
        assert "{{" not in text + markup
        assert len(text.strip().splitlines()) >= 3
        if delivery.kind in to_vendors.LETTERS:
            assert parsed["Subject"].startswith(f"[#{delivery.ticket}-1] ")
        elif delivery.ticket:
            assert parsed["Subject"].startswith(f"[#{delivery.ticket}] ")
            assert f"/{delivery.ticket}/" in text or f"/s/{delivery.ticket}." in text
        elif delivery.kind not in {"account_decided", following.OVER}:
            assert "http://desk.example/x/" in text or "/desk/" in text or "/portal/colleagues/" in text


def test_text_and_html_say_the_same() -> None:
    s = cast.stage()
    whole_life(s)
    deliver(later(700))
    for delivery in Delivery.objects.exclude(tries__outcome="held back"):
        text, markup = text_of(letter(delivery)), html_of(letter(delivery))
        for line in text.splitlines():
            for part in line.split(": "):
                assert part in ("", "-- ", "--") or _escaped(part.removesuffix(":")) in markup, (delivery.kind, line)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_moments_are_said_in_the_zone_of_the_reader() -> None:
    s = cast.stage()
    ticket = lifecycle.take(cast.ticket(s), by=s.olga, at=later(1))
    lifecycle.hold(ticket, until=later(600), reason="Ждём", by=s.olga, at=later(2))
    sofia = lifecycle.take(cast.ticket(s, requester=s.stoyan), by=s.olga, at=later(1))
    lifecycle.hold(sofia, until=later(600), reason="Чакаме", by=s.olga, at=later(2))
    Person.objects.filter(pk=s.ivan.pk).update(language="en")
    Delivery.objects.filter(person=s.ivan.pk).update(language="en")
    Delivery.objects.filter(person=s.stoyan.pk).update(language="en")
    deliver(later(3))
    assert "2 March 2026, 19:00 MSK" in text_of(letter(Delivery.objects.get(kind="scheduled", person=s.ivan.pk)))
    assert "2 March 2026, 18:00 EET" in text_of(letter(Delivery.objects.get(kind="scheduled", person=s.stoyan.pk)))


def test_a_letter_about_a_deadline_names_no_other_deadline() -> None:
    s = cast.stage()
    ticket = cast.ticket(s)
    Ticket.objects.filter(pk=ticket.pk).update(due_at=later(300))
    history.record(ticket, Kind.SLA_BREACH, by=None, at=later(10), metric="resolution", due_at=later(9).isoformat())
    Delivery.objects.update(language="en")
    deliver(later(11))
    told = text_of(letter(Delivery.objects.filter(kind="sla_breach").order_by("pk")[0]))
    assert "The solution was due on 2 March 2026, 9:09 MSK" in told.replace("09:09", "9:09")
    assert "Due date" not in told


def test_the_requester_reads_nothing_of_the_inside_of_the_desk() -> None:
    s = cast.stage()
    ticket = whole_life(s)
    conversation.note(ticket, Words(text="СЕКРЕТ между нами"), by=s.olga, at=later(16))
    deliver(later(700))
    client_side = Delivery.objects.filter(person__in=[s.ivan.pk, s.irina.pk]).exclude(tries__outcome="held back")
    assert client_side.count() > 5
    for delivery in client_side:
        words = text_of(letter(delivery)) + html_of(letter(delivery))
        for inside in ("СЕКРЕТ", "Перезапуск", s.line1.name, s.line2.name, "/desk/", "too_long", "line 2"):
            assert inside not in words, (delivery.kind, inside)


EVIL = (
    "{{ settings.SECRET_KEY }}",
    "{% debug %}",
    "{{7*7}}",
    "{0.__class__}",
    "%(name)s %s %d",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</div></body>",
)


@pytest.mark.parametrize("evil", EVIL)
def test_c7_what_people_type_comes_out_as_they_typed_it(evil: str) -> None:
    s = cast.stage()
    Person.objects.filter(pk=s.olga.pk).update(name=evil)
    s.olga.refresh_from_db()
    ticket = cast.ticket(s, subject=evil, channel=Channel.PORTAL, words=Words(text=evil))
    ticket = conversation.answer(ticket, Words(text=evil, html=f"<p>{evil}</p>"), by=s.olga, at=later(1))
    ticket = lifecycle.wait(ticket, on="client", reason=evil, by=s.olga, at=later(2))
    conversation.reply(ticket, Words(text=evil), by=s.ivan, at=later(3), channel=Channel.PORTAL)
    deliver(later(4))
    assert not Event.objects.filter(kind=Kind.TROUBLE).exists()
    for delivery in Delivery.objects.all():
        text, markup = text_of(letter(delivery)), html_of(letter(delivery))
        assert "SECRET_KEY }}" in text or "SECRET_KEY" not in evil
        assert evil in text
        for sign in ("<script", "onerror=alert(1)>", "<img"):
            assert sign not in markup
        assert markup.count("</body>") == 1


def test_a_subject_as_long_as_a_page_and_a_body_of_a_megabyte_are_sent() -> None:
    s = cast.stage()
    ticket = cast.ticket(s, subject="Очень " * 200)
    conversation.answer(ticket, Words(text="Долго. " * 150_000), by=s.olga, at=later(1))
    deliver(later(2))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
