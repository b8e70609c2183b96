"""Running what is periodic: once a period over all machines, without a leader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import InterfaceError, OperationalError

from firstline.jobs.models import Schedule
from firstline.lib import log

logger = log.get(__name__)


class Periodic(NamedTuple):
    """A job that takes the moment and may take as long as a request; longer ones cut themselves into pieces."""

    name: str
    every: timedelta
    run: Callable[[datetime], object]


def run_due(jobs: Sequence[Periodic], *, at: datetime) -> int:
    """Runs each job whose time has come and that nobody else took; a new job's time has come. Returns how many ran.

    A job that fails is logged, named in its row and tried again after its period: one broken job never stops the rest.
    """
    known = dict(Schedule.objects.values_list("name", "next_run_at"))
    ran = 0
    for job in jobs:
        if job.name not in known:
            Schedule.objects.get_or_create(name=job.name, defaults={"next_run_at": at})
            known[job.name] = at
        if known[job.name] > at or not _mine(job, known[job.name], at):
            continue
        ran += 1
        error = ""
        try:
            job.run(at)
        except (OperationalError, InterfaceError):
            raise
        except Exception as failure:
            logger.exception("periodic job failed", job=job.name)
            error = repr(failure)[:2000]
        Schedule.objects.filter(name=job.name).update(last_run_at=at, last_error=error)
    return ran


def _mine(job: Periodic, seen: datetime, at: datetime) -> bool:
    return bool(Schedule.objects.filter(name=job.name, next_run_at=seen).update(next_run_at=at + job.every))
