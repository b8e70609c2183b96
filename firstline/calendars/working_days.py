"""Counting working days, for windows that are promised in days."""

from __future__ import annotations

from datetime import datetime
from firstline.calendars.models import Calendar


def after(at: datetime, *, days: int, calendar: Calendar | None) -> datetime: ...
