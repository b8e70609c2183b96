"""Whether a contract covers a service: included, done for money, or not at all. Pure: no Django."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import Literal

Cover = Literal["included", "billable", "excluded"]


@dataclass(frozen=True)
class Coverage:
    """The services and the equipment that a version names. No included service means all that are named nowhere else,
    no equipment all that the client has.

    A service that is named twice is what is named last of: included, billable, excluded.
    """

    included: Collection[Hashable] = frozenset()
    billable: Collection[Hashable] = frozenset()
    excluded: Collection[Hashable] = frozenset()
    equipment: Collection[Hashable] = frozenset()

    def of(self, service: Hashable) -> Cover:
        if service in self.excluded:
            return "excluded"
        if service in self.billable:
            return "billable"
        return "included" if not self.included or service in self.included else "excluded"

    def takes(self, equipment: Hashable | None) -> bool:
        """Whether what is done on this thing is covered; None: nobody has said which thing it is."""
        return equipment is None or not self.equipment or equipment in self.equipment

    def fits(self, service: Hashable | None, equipment: Hashable | None) -> int | None:
        """How many of the two it covers by name, not as one of all; None where it does not cover one of them."""
        if not self.takes(equipment) or (service is not None and self.of(service) == "excluded"):
            return None
        by_name = service is not None and (service in self.included or service in self.billable)
        return by_name + (equipment is not None and equipment in self.equipment)
