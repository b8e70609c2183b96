"""Which of a contract's targets holds for a ticket: the most specific one. Pure: no Django.

A target names a metric and may name a priority, a type and a service; it fits a ticket that has all it names. Of
several that fit, in this order:

1. the one that names more of the three;
2. naming as many: the one that names the service, then the one that names the type, then the priority;
3. naming the very same: the shorter one. `doubles` finds these for whoever writes a contract; a ticket that arrives
   must get its clock all the same, so here the stricter promise is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """So many minutes of working time for a metric; None = whatever it is. `calendar` None = the contract's own.
    `warnings`: at which shares of the time who is told; none = as the contract says."""

    metric: str
    minutes: int
    priority: int | None = None
    type: str | None = None
    service: str | None = None
    calendar: str | None = None
    warnings: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def names(self) -> tuple[str, int | None, str | None, str | None]:
        """What it is for; no two targets of a contract should be for the same."""
        return self.metric, self.priority, self.type, self.service

    def fits(self, *, metric: str, priority: int | None, type: str | None, service: str | None) -> bool:
        """Say whether a ticket of these properties has all that the target names."""
        return (
            self.metric == metric
            and self.priority in (None, priority)
            and self.type in (None, type)
            and self.service in (None, service)
        )


def most_specific(
    targets: Iterable[Target],
    *,
    metric: str,
    priority: int | None = None,
    type: str | None = None,
    service: str | None = None,
) -> Target | None:
    """Return the target that holds for a ticket of these properties; None where nothing was promised."""
    fitting = [t for t in targets if t.fits(metric=metric, priority=priority, type=type, service=service)]
    return min(fitting, key=_order, default=None)


def doubles(targets: Iterable[Target]) -> list[Target]:
    """Return the targets that are for the very same as an earlier one, in the order given."""
    seen: set[tuple[str, int | None, str | None, str | None]] = set()
    found = []
    for target in targets:
        if target.names in seen:
            found.append(target)
        seen.add(target.names)
    return found


def _order(target: Target) -> tuple[int, bool, bool, bool, int]:
    unnamed = (target.service is None, target.type is None, target.priority is None)
    return sum(unnamed), *unnamed, target.minutes
