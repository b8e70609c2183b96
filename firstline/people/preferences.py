"""How a person wants to see the program: language, theme, density, time zone, single keys."""

from __future__ import annotations

from typing import Any

from firstline.lib.language import CODES
from firstline.lib.zones import is_zone
from firstline.people import keyboard, queue_columns
from firstline.people.models import Person

THEMES = ("", "light", "dark")
DENSITIES = ("", "compact")
ORDERS = ("", "due", "cost", "priority", "created", "activity", "number", "client")
CHANNELS = ("", "email", "sms", "push")
GROUPS = ("", "due", "priority", "status", "assignee", "client", "line", "service", "none")


class WrongPreference(Exception):
    """A preference has a value that does not exist; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def prefer(person: Person, **wishes: Any) -> Person:
    """Keeps the given wishes (`language`, `theme`, `density`, `channel`, `time_zone`, `single_keys`,
    `formats`, `keys`, `queue_order`, `queue_group`, `queue_columns`). Raises WrongPreference, WrongKey."""
    allowed = {
        "language": CODES,
        "theme": THEMES,
        "density": DENSITIES,
        "channel": CHANNELS,
        "single_keys": (True, False),
        "formats": (True, False),
        "queue_order": ORDERS,
        "queue_group": GROUPS,
    }
    for field, value in wishes.items():
        if field == "time_zone":
            _demand_zone(value)
        elif field == "keys":
            value = keyboard.arranged(value)
        elif field == "queue_columns":
            value = _columns(value)
        elif value not in allowed.get(field, ()):
            raise WrongPreference(field)
        setattr(person, field, value)
    person.save(update_fields=sorted(wishes))
    return person


def _demand_zone(name: str) -> None:
    """Empty means: the client's, else the desk's."""
    if name and not is_zone(name):
        raise WrongPreference("time_zone")


def _columns(names: Any) -> list[str]:
    """Empty where they are those that everybody has: a column that is new one day is his, too."""
    if not isinstance(names, (list, tuple)) or any(name not in queue_columns.COLUMNS for name in names):
        raise WrongPreference("queue_columns")
    made = queue_columns.chosen(names)
    return [] if made == queue_columns.DEFAULT else list(made)
