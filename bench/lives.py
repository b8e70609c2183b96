"""The lives of the benchmark's tickets, as plain steps: when they came, what was said, how they ended. No database."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")
OPEN_SHARE = 0.05
SUBJECTS = (
    "Не печатает принтер в бухгалтерии", "Не приходит почта", "Нет доступа к общей папке", "1С закрывается с ошибкой",
    "Новый сотрудник, нужна учётная запись", "Медленно работает сеть на складе", "Не подключается VPN из дома",
    "Забыл пароль от компьютера", "Касса не видит терминал", "Нужна программа для чертежей",
)  # fmt: skip
COMPLAINT = (
    "Добрый день! Сегодня с утра не получается работать, как обычно. Проверили провода и перезагрузили компьютер. "
)
ANSWER = "Здравствуйте! Посмотрел журнал: ошибка началась после обновления. Подключусь удалённо и исправлю. "
THANKS = "Спасибо, буду ждать. Если нужно, я на месте до шести вечера. "


@dataclass(frozen=True)
class Step:
    """One event: who (`requester`, `agent`, `system`), what was said, and which columns of the ticket it sets.

    In `sets` the value "agent" stands for the person who works on it.
    """

    kind: str
    at: datetime
    by: str
    public: bool = True
    words: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    sets: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Life:
    number: int
    subject: str
    channel: str
    priority: int
    began: datetime
    steps: tuple[Step, ...]


def lives(count: int, now: datetime, chance: random.Random, open_share: float = OPEN_SHARE) -> Iterator[Life]:
    """`count` lives over two years, oldest first; the open ones are those of the last days."""
    still_open = round(count * open_share)
    done = count - still_open
    for number in range(done):
        yield _done(_morning(now - timedelta(days=730 - 716 * number / done), chance), number, chance)
    for number in range(still_open):
        yield _open(now - timedelta(hours=36.5 - 36 * number / still_open), number, chance)


def _morning(around: datetime, chance: random.Random) -> datetime:
    """A moment of a working morning, so that a promise of an hour is kept within the same day."""
    day = around.astimezone(MOSCOW).date()
    while day.weekday() > 3:
        day -= timedelta(days=1)
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=MOSCOW) + timedelta(seconds=chance.randrange(3 * 3600))


def _done(began: datetime, number: int, chance: random.Random) -> Life:
    steps = _begun(began, number, chance)
    solved = steps[-1].at + timedelta(minutes=chance.randrange(5, 45))
    closed = solved + timedelta(minutes=chance.randrange(10, 60))
    steps.append(
        Step("resolved", solved, "agent",
             data={"how": ANSWER, "remote": True, "article": None, "line": 1, "by_line": 1},
             sets={"status": "resolved", "resolved_at": solved, "window_ends_at": solved + timedelta(days=7)})
    )  # fmt: skip
    steps.append(Step("confirmed", closed, "requester", sets={"status": "closed", "closed_at": closed}))
    return _life(began, number, steps)


def _open(began: datetime, number: int, chance: random.Random) -> Life:
    """New, worked on, waiting: a queue in the middle of its day. Nothing happened later than now."""
    steps = _begun(began, number, chance)
    last = steps[-1].at
    fate = number % 10
    if fate >= 8:
        steps = steps[:1]  # nobody has looked at it
        steps.append(Step("message", began + timedelta(seconds=20), "requester", words=THANKS, data=_by(agent=False)))
        steps.append(Step("message", began + timedelta(seconds=40), "requester", words=THANKS, data=_by(agent=False)))
    elif fate >= 6:
        client = fate == 7
        steps.append(
            Step("waiting", last + timedelta(seconds=30), "agent", public=client,
                 data={"for": "client" if client else "vendor", "reason": ANSWER},
                 sets={"status": "waiting_for_client" if client else "waiting_for_vendor"})
        )  # fmt: skip
    return _life(began, number, steps)


def _begun(began: datetime, number: int, chance: random.Random) -> list[Step]:
    """Asked, taken, answered, thanked for: three messages."""
    quick = timedelta(seconds=chance.randrange(60, 240))
    answered = began + quick * 2
    return [
        Step("created", began, "requester", words=_said(COMPLAINT, number)),
        Step("taken", began + quick, "agent", data={"assignee": "", "before": None, "line": 1},
             sets={"status": "in_progress", "assignee": "agent"}),
        Step("message", answered, "agent", words=_said(ANSWER, number), data=_by(agent=True)),
        Step("message", answered + quick, "requester", words=_said(THANKS, number), data=_by(agent=False)),
    ]  # fmt: skip


def _said(words: str, number: int) -> str:
    return words * (1 + number % 5)


def _by(*, agent: bool) -> dict[str, Any]:
    return {"by_agent": agent, "channel": "portal" if agent else "email"}


def _life(began: datetime, number: int, steps: list[Step]) -> Life:
    channel = ("email", "email", "portal", "api")[number % 4]
    priority = (3, 3, 3, 4, 2, 3, 4, 3, 2, 1)[number % 10]
    return Life(number, SUBJECTS[number % len(SUBJECTS)], channel, priority, began, tuple(steps))
