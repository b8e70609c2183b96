"""When things happen at the demo company: busy mornings, thin nights and weekends. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Moscow")
# How many ask at which hour of a working day, and on which day of the week.
HOURS = {8: 5, 9: 14, 10: 15, 11: 12, 12: 9, 13: 6, 14: 9, 15: 10, 16: 9, 17: 7, 18: 3, 20: 1, 22: 1, 23: 1, 3: 1, 6: 1}
DAYS = (30, 22, 19, 19, 17, 4, 3)
OPENS, CLOSES = 8, 20


def arrivals(rng: Random, count: int, *, first: date, last: date) -> list[datetime]:
    """So many moments, the earliest first."""
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    weights = [DAYS[day.weekday()] for day in days]
    return sorted(_moment(rng, day) for day in rng.choices(days, weights, k=count))


def _moment(rng: Random, day: date) -> datetime:
    hour = rng.choices(list(HOURS), list(HOURS.values()))[0]
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), ZONE)


def awake(moment: datetime) -> datetime:
    """The moment itself where somebody works then; else a little after the desk opens."""
    here = moment.astimezone(ZONE)
    if here.weekday() < 5 and OPENS <= here.hour < CLOSES:
        return moment
    day = here.date() + timedelta(days=1 if here.hour >= CLOSES or here.weekday() >= 5 else 0)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    # The same minutes past the hour, so that a night's letters are not all answered at once.
    return datetime.combine(day, time(OPENS, here.minute, here.second), ZONE) + timedelta(minutes=here.hour % 5)


def is_night(moment: datetime) -> bool:
    """Whether only those on duty are there."""
    here = moment.astimezone(ZONE)
    return here.weekday() >= 5 or not OPENS <= here.hour < CLOSES


def last_month(now: datetime, day: int, hour: int) -> datetime:
    """The first working day of last month from this one on."""
    found = (now.astimezone(ZONE).date().replace(day=1) - timedelta(days=1)).replace(day=day)
    while found.weekday() >= 5:
        found += timedelta(days=1)
    return datetime.combine(found, time(hour, 12), ZONE)
