"""What work costs: processor time of a process and all it started; middles that one slow second cannot move."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

import psutil


def seconds_of(pids: Iterable[int]) -> dict[int, float]:
    """Processor seconds (user and system) of each process in the trees below `pids`, by process number."""
    spent: dict[int, float] = {}
    for pid in pids:
        try:
            root = psutil.Process(pid)
            tree = [root, *root.children(recursive=True)]
        except psutil.NoSuchProcess:
            continue
        for process in tree:
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            spent[process.pid] = times.user + times.system
    return spent


class Effort:
    """Processor seconds of some process trees since it was made; what ended in between is lost, what began counts."""

    def __init__(self, *pids: int | None) -> None:
        self._pids = [pid for pid in pids if pid is not None]
        self._before = seconds_of(self._pids)

    def seconds(self) -> float:
        now = seconds_of(self._pids)
        return sum(spent - self._before.get(pid, 0.0) for pid, spent in now.items())


def queued_of(pids: Iterable[int]) -> float:
    """Seconds that the threads of these process trees were ready and had no processor: what others had of it."""
    waited = 0
    for pid in seconds_of(pids):
        for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            try:
                waited += int(thread.read_text().split()[1])
            except (OSError, IndexError, ValueError):
                continue
    return waited / 1e9


class Waiting:
    """Where the time of somebody who waits for an answer goes: the answer's own processor time, the processor that
    others had, and the rest (locks, disk, the net). Of a shared machine only the first and the last tell anything of
    the program.
    """

    def __init__(self, *pids: int) -> None:
        self._pids, self._effort, self._queued = pids, Effort(*pids), queued_of(pids)

    def parts(self, took: Sequence[float]) -> dict[str, float]:
        """Milliseconds of each answer among these, which came one after another."""
        return parts_of(took, self._effort.seconds(), queued_of(self._pids) - self._queued)


def parts_of(took: Sequence[float], worked: float, queued: float) -> dict[str, float]:
    """What each of these answers consisted of in the middle, in milliseconds. All else that a process does in the
    meantime counts as its answers' work, so the rest is never too large.
    """
    whole, own, others = (1000 * seconds / max(1, len(took)) for seconds in (sum(took), worked, queued))
    return {"own_ms": own, "no_processor_ms": others, "locks_and_disk_ms": max(0.0, whole - own - others)}


def middle(values: Sequence[float]) -> float:
    return statistics.median(values) if values else float("nan")


def high(values: Sequence[float], share: float) -> float:
    """The value that `share` of all are not above."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
