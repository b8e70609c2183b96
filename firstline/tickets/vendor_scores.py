"""What vendors are like: how many were asked, how many answered and solved in time, how long it took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from firstline.calendars.timetables import timetable_of
from firstline.calendars.working_time import Timetable
from firstline.contracts.models import Vendor
from firstline.tickets.vendor_models import VendorRequest, VendorState

YEAR = timedelta(days=365)
NEWEST = 5000


@dataclass
class Score:
    """`in_time` of `promised` answers and solutions due by now; lengths in working minutes of his calendar."""

    vendor: Vendor
    asked: int = 0
    open: int = 0
    withdrawn: int = 0
    answers_promised: int = 0
    answers_in_time: int = 0
    solutions_promised: int = 0
    solutions_in_time: int = 0
    answer_minutes: list[float] = field(default_factory=list)

    @property
    def typical_answer(self) -> float | None:
        """Half of his answers came sooner."""
        return median(self.answer_minutes) if self.answer_minutes else None


def of_last_year(at: datetime) -> list[Score]:
    """Every vendor, who was asked most first; of very many requests the newest."""
    scores = {vendor.pk: Score(vendor) for vendor in Vendor.objects.select_related("calendar").order_by("name")}
    rows = VendorRequest.objects.filter(asked_at__gte=at - YEAR).order_by("-asked_at", "-id")[:NEWEST]
    hours: dict[int, Timetable] = {}
    for request in rows:
        _count(scores[request.vendor_id], request, at, hours)
    return sorted(scores.values(), key=lambda one: -one.asked)


def _count(score: Score, request: VendorRequest, at: datetime, hours: dict[int, Timetable]) -> None:
    score.asked += 1
    score.open += request.is_open
    if request.state == VendorState.WITHDRAWN:
        score.withdrawn += 1
        return
    if request.answered_at is not None:
        if request.vendor_id not in hours:
            hours[request.vendor_id] = timetable_of(score.vendor.calendar)
        score.answer_minutes.append(
            hours[request.vendor_id].between(request.asked_at, request.answered_at).total_seconds() / 60
        )
    judged = _judged(request.response_due_at, [request.answered_at, request.closed_at], at)
    score.answers_promised += judged is not None
    score.answers_in_time += judged is True
    judged = _judged(request.solution_due_at, [request.closed_at], at)
    score.solutions_promised += judged is not None
    score.solutions_in_time += judged is True


def _judged(due: datetime | None, done: Iterable[datetime | None], at: datetime) -> bool | None:
    """Kept or not; None where nothing was promised, or there still is time."""
    first = min((moment for moment in done if moment is not None), default=None)
    if due is None or (first is None and at <= due):
        return None
    return first is not None and first <= due
