"""The worker: asks each job on the list, sleeps when nothing is due, outlives every failure."""

from __future__ import annotations

import threading
import time

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connection

from firstline.intake import processing
from firstline.jobs.schedule import run_due
from firstline.lib import clock, log
from firstline.ops.heartbeats import Pulse
from firstline.worker.jobs import CONTINUAL, PERIODIC

logger = log.get(__name__)
IDLE_SECONDS = 0.25
TROUBLE_SECONDS = 1.0


def step() -> int:
    """Everything that is due, a batch of each; returns how much was done. One failing job never stops the others.

    A database that is away is nobody's failure: OperationalError and InterfaceError pass. Any other answer of it (a
    constraint, a wrong value) is the job's own.
    """
    done = 0
    for job in CONTINUAL:
        try:
            done += job(clock.now())
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("job failed", job=job.__name__)
    return done + run_due(PERIODIC, at=clock.now())


def drain(seconds: float | None = None) -> bool:
    """Until nothing is due any more (True), or the seconds are over (False)."""
    until = None if seconds is None else clock.elapsed() + seconds
    patience = processing.PATIENCE
    while True:
        if step():
            patience = processing.PATIENCE
        elif patience and processing.is_postponed():
            patience -= 1
            time.sleep(IDLE_SECONDS)
        else:
            return True
        if until is not None and clock.elapsed() > until:
            return False


def run_forever(stop: threading.Event) -> None:
    """Until `stop` is set; finishes the batch it is at. A database that is away is waited for."""
    pulse = Pulse("worker")
    while not stop.is_set():
        try:
            pulse.beat()
            done = step()
        except DatabaseError:
            logger.warning("database away", exc_info=True)
            connection.close()
            stop.wait(TROUBLE_SECONDS)
            continue
        close_old_connections()
        if not done:
            stop.wait(IDLE_SECONDS)
