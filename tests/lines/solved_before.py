"""A desk that has solved enough tickets to learn from: printing and network, each in the words of its people."""

from __future__ import annotations

from types import SimpleNamespace

from firstline.contracts.models import Category
from firstline.lines import learning, proposals
from firstline.tickets import history
from firstline.tickets.models import Ticket
from firstline.tickets.opening import Words
from tests import cast

PRINTING = ("Принтер зажевал бумагу", "Не печатает принтер в бухгалтерии", "Полосы на печати, тонер")
NETWORK = ("Нет интернета в переговорной", "Не подключается VPN из дома", "Пропадает вайфай на складе")


def desk(tickets: int = 210) -> SimpleNamespace:
    s = cast.stage()
    s.wifi = Category.objects.create(slug="wifi", name="Вайфай", service=s.network)
    with history.quietly():
        for number in range(tickets):
            words = (PRINTING, NETWORK)[number % 2][number // 2 % 3]
            category = s.wifi if number % 2 else s.jam
            cast.ticket(s, subject=words, words=Words(text=f"{words}, этаж {number}"), category=category)
    Ticket.objects.update(status="closed", is_open=False)
    proposals.forget()
    return s


def learn() -> None:
    for field in learning.FIELDS:
        learning.learn(field, at=cast.MONDAY_NINE)
    proposals.forget()
