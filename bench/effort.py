"""What work costs: processor time of a process and all it started; middles that one slow second cannot move."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

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


def middle(values: Sequence[float]) -> float:
    return statistics.median(values) if values else float("nan")


def high(values: Sequence[float], share: float) -> float:
    """The value that `share` of all are not above."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
