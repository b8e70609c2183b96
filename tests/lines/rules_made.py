"""Routing rules for tests, made as the page makes them."""

from __future__ import annotations

from typing import Any

from firstline.lines import routing_rules
from firstline.lines.routing_models import RoutingRule
from firstline.lines.rules import Condition
from tests import cast


def sends(name: str, *conditions: Condition, **then: Any) -> RoutingRule:
    wanted = routing_rules.Wanted(name, conditions, then)
    return routing_rules.keep(wanted, by="test", at=cast.MONDAY_NINE)


def asks(field: str, *values: str, negated: bool = False) -> Condition:
    return Condition(field, values, negated)
