"""Whether a contract covers a service: included, done for money, or not at all. Pure: no Django."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import Literal

Cover = Literal["included", "billable", "excluded"]


@dataclass(frozen=True)
class Coverage:
    """The services that a version names. No included one means all that are named nowhere else.

    A service that is named twice is what is named last of: included, billable, excluded.
    """

    included: Collection[Hashable] = frozenset()
    billable: Collection[Hashable] = frozenset()
    excluded: Collection[Hashable] = frozenset()

    def of(self, service: Hashable) -> Cover:
        if service in self.excluded:
            return "excluded"
        if service in self.billable:
            return "billable"
        return "included" if not self.included or service in self.included else "excluded"

    def names(self, service: Hashable) -> bool:
        """Whether it is covered by its name, not as one of all."""
        return self.of(service) != "excluded" and (service in self.included or service in self.billable)
