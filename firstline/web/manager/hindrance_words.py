"""What stands in the way of work, in words, each with the page on which it is put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from firstline.lines import ladder_rules
from firstline.reports.hindrances import Odd
from firstline.roster.week import Hole
from firstline.web import roster_words
from firstline.web.manager import ladder_form, routing_form

SHOWN, NAMED = 12, 6


@dataclass(frozen=True)
class Hindrance:
    """`about`: the rule or ladder that it is said of."""

    words: str
    href: str
    about: str = ""
    icon: str = "triangle-alert"


def of(odd: Sequence[Odd], closed: Sequence[str], holes: Sequence[Hole]) -> list[Hindrance]:
    """Rules and ladders first, then people whose limit is 0, then the holes of the day."""
    made = [_odd(one) for one in odd]
    if closed:
        said = _("rules give nothing to: {names}").replace("{names}", named(closed))
        made.append(Hindrance(said, "/desk/routing/#limits", _("Limit of open tickets 0")))
    made += [Hindrance(roster_words.hole(one), "/desk/roster/", icon="calendar-clock") for one in holes]
    return list(dict.fromkeys(made))[:SHOWN]


def named(people: Sequence[str]) -> str:
    """The first few by name, the rest counted."""
    rest = len(people) - NAMED
    names = ", ".join(people[:NAMED])
    return names if rest <= 0 else _("{names} and {n} more").replace("{names}", names).replace("{n}", str(rest))


def _odd(one: Odd) -> Hindrance:
    if one.of == "rule":
        about = _("Rule “{name}”").replace("{name}", one.name)
        href = f"/desk/routing/#rule{one.number}"
    else:
        about = _("Ladder “{name}”").replace("{name}", one.name)
        href = f"/desk/ladders/#ladder{one.number}"
    if one.oddity is None:
        return Hindrance(_("does not work: {what}").replace("{what}", one.problem), href, about)
    words = ladder_form.odd(one.oddity) if isinstance(one.oddity, ladder_rules.Oddity) else routing_form.odd(one.oddity)
    return Hindrance(words, href, about)
