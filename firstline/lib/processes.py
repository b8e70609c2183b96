"""Children that never outlive their parent, and a parent that restarts them."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from firstline.lib import clock, log

logger = log.get(__name__)
PR_SET_PDEATHSIG = 1
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
CALM_AFTER_SECONDS = 30.0  # a part that ran for so long starts again at once
LOOK_SECONDS = 0.2


def die_with_parent() -> None:
    """Asks the kernel to end this process when its parent ends, however that happens. Linux only; elsewhere nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass
class Part:
    """One process of the program: its name in the log and its command line."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = field(default=0.0)

    def start(self, environment: Mapping[str, str]) -> None:
        """A session of its own: Ctrl-C reaches the parent alone, and what a killed part leaves ends as a group."""
        self.process = subprocess.Popen(
            self.command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        self.started = clock.elapsed()

    def end(self, by: signal.Signals) -> None:
        """The signal to the whole group; a group that is gone is fine."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, by)
            except ProcessLookupError:
                pass


class Supervisor:
    """Starts the parts in order, restarts what dies, ends all of them on `stop`."""

    def __init__(self, parts: Sequence[Part], *, environment: Mapping[str, str], patience: float = 20.0) -> None:
        self.parts, self.environment, self.patience = parts, environment, patience
        self.stopping = threading.Event()

    def run(self) -> int:
        """Until `stopping` is set, by a signal; returns 0. Every child is gone when it returns."""
        for part in self.parts:
            part.start(self.environment)
        while not self.stopping.is_set():
            for part in self.parts:
                self._watch(part)
            self.stopping.wait(LOOK_SECONDS)
        self._end_all()
        return 0

    def stop(self, *_: object) -> None:
        """A signal handler."""
        self.stopping.set()

    def _watch(self, part: Part) -> None:
        if part.process is None:
            if clock.elapsed() >= part.due:
                part.start(self.environment)
            return
        code = part.process.poll()
        if code is None:
            return
        part.end(signal.SIGKILL)  # what it may have left behind would hold its port
        calm = clock.elapsed() - part.started > CALM_AFTER_SECONDS
        part.pause = FIRST_PAUSE if calm else min(part.pause * 2, LONGEST_PAUSE)
        logger.warning("part ended, starting it again", part=part.name, code=code, seconds=round(part.pause, 1))
        part.process, part.due = None, clock.elapsed() + part.pause

    def _end_all(self) -> None:
        for part in self.parts:
            if part.process is not None:
                part.process.terminate()
        until = clock.elapsed() + self.patience
        for part in self.parts:
            if part.process is None:
                continue
            try:
                part.process.wait(timeout=max(0.1, until - clock.elapsed()))
            except subprocess.TimeoutExpired:
                logger.warning("part did not end in time", part=part.name)
            part.end(signal.SIGKILL)
            part.process.wait()
