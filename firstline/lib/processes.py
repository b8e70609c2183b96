"""Children that never outlive their parent, and a parent that restarts them.

A part that says how it runs is forked on Linux: what its parent has loaded is in memory once for all of them, and a
part that died is back at once (docs/decisions/0053-loaded-once.md). Elsewhere it is started by its command line.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Never

from firstline.lib import clock, log

logger = log.get(__name__)
PR_SET_PDEATHSIG = 1
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
CALM_AFTER_SECONDS = 30.0  # a part that ran for so long starts again at once
LOOK_SECONDS = 0.2
WAIT_SECONDS = 0.02
AUTOGROUP = Path("/proc/self/autogroup")
AUTOGROUP_TRIES, AUTOGROUP_PAUSE = 20, 0.11


def die_with_parent() -> None:
    """Asks the kernel to end this process when its parent ends, however that happens. Linux only; elsewhere nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def give_way(steps: int) -> None:
    """Puts this process behind the others of the machine by so many steps of `nice`; it keeps a share.

    Linux may weigh sessions against each other first (autogroups) and processes within a session only: a part leads a
    session of its own, and its own step alone would move nothing. Best effort where the kernel refuses that.
    """
    os.nice(steps)
    if sys.platform != "linux" or os.getsid(0) != os.getpid():
        return
    for _try in range(AUTOGROUP_TRIES):
        try:
            AUTOGROUP.write_text(str(os.getpriority(os.PRIO_PROCESS, 0)))
        except BlockingIOError:  # the kernel takes one such change of the whole machine in a tenth of a second
            time.sleep(AUTOGROUP_PAUSE)
        except OSError:  # a kernel without sessions of their own weight
            return
        else:
            return


class Forked:
    """A child that begins with all that this process has loaded: as much of Popen as a Supervisor uses.

    Only for a process with one thread and no open database connection. `run` returns the exit code.
    """

    def __init__(self, run: Callable[[], int]) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            _live(run)

    def poll(self) -> int | None:
        """The exit code (negative: killed by that signal), or None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The same, as soon as it ends. Raises subprocess.TimeoutExpired."""
        until = None if timeout is None else clock.elapsed() + timeout
        while (code := self.poll()) is None:
            if until is not None and clock.elapsed() >= until:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
            time.sleep(WAIT_SECONDS)
        return code

    def terminate(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)


def _live(run: Callable[[], int]) -> Never:
    """The child's whole life. Nothing that the parent wanted done at its own end is done at the child's."""
    code: object = 1
    try:
        os.setsid()
        die_with_parent()
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        _close_all_but_the_three()
        code = run()
    except SystemExit as ended:
        code = ended.code or 0
    except Exception:  # noqa: BLE001 - said in full, as an interpreter does at its end
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


def _close_all_but_the_three() -> None:
    """By the list of those that are open: where a container allows a thousand million, counting would take minutes."""
    for number in map(int, os.listdir("/proc/self/fd")):
        if number > 2:
            with contextlib.suppress(OSError):  # the list's own
                os.close(number)


@dataclass
class Part:
    """One process of the program: its name in the log, its command line, and how it runs where it can be forked."""

    name: str
    command: Sequence[str]
    run: Callable[[], int] | None = None
    process: subprocess.Popen[bytes] | Forked | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = field(default=0.0)

    def start(self, environment: Mapping[str, str]) -> None:
        """A session of its own: Ctrl-C reaches the parent alone, and what a killed part leaves ends as a group."""
        if self.run is not None and sys.platform == "linux":
            self.process = Forked(self.run)
        else:
            self.process = subprocess.Popen(
                self.command, env=dict(environment), stdin=subprocess.DEVNULL, start_new_session=True,
                preexec_fn=die_with_parent,
            )  # fmt: skip
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
