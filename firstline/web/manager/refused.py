"""What was refused about a contract, in words that say what to do."""

from __future__ import annotations

import re
from datetime import date

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from firstline.contracts.refusals import Frozen, NotReady, WrongTerms
from firstline.web.manager.choices import TABLES, key_of

# The problems of terms_shape and penalty_terms, which an apply file reads in English.
PROBLEMS: tuple[tuple[str, str | Promise], ...] = (
    (r"a share needs a monthly fee", gettext_lazy("a share needs a fee a month")),
    (r"a fee needs one", gettext_lazy("a fee needs a currency")),
    (r"'?(.*?)'? is no code of ISO 4217", gettext_lazy("“{1}” is no currency code (EUR, RUB, BGN …)")),
    (r"an amount with at most two decimals.*", gettext_lazy("an amount with at most two decimals is needed")),
    (r"a percentage.*", gettext_lazy("a percentage up to 100 is needed")),
    (r"(.*) stands in (\w+) too", gettext_lazy("a service stands in one of the three lists")),
    (r"a share between 0 and 1.*", gettext_lazy("a share below 100 % is needed")),
    (r"the same share stands here a second time", gettext_lazy("the same share stands here twice")),
    (r"the same stands here a second time", gettext_lazy("the same stands here twice")),
    (r"the shares are more than 100 % together", gettext_lazy("the shares are more than 100 % together")),
    (r"more than 0 is needed", gettext_lazy("more than 0 is needed")),
    (r"later than warn_minutes is needed", gettext_lazy("it closes later than it warns")),
    (r"each is later than the one before it", gettext_lazy("each is later than the one before it")),
    (r"only what waits for the client closes.*", gettext_lazy("only what waits for the client closes by itself")),
    (r"longer than (\d+) characters", gettext_lazy("longer than {1} characters")),
    (r"before valid_from", gettext_lazy("it ends before it begins")),
    (r"there is no \w+ .*", gettext_lazy("there is no such thing any more: choose another")),
    (r"is missing", gettext_lazy("something has to stand here")),
    (r"a sum such as.*", gettext_lazy("a sum such as 500 or a share such as 1.5 % is needed")),
    (r"minutes are needed.*", gettext_lazy("a length of time is needed")),
    (r"at least one is needed", gettext_lazy("at least one line is needed")),
    (r"each begins later than.*", gettext_lazy("each begins later than the one before it")),
    (r"the best share stands first.*", gettext_lazy("the best share stands first, each next one is worse")),
    (r"only the last tier is without it", gettext_lazy("only the last line is without a share")),
)


def words(refusal: Frozen | NotReady) -> str:
    if isinstance(refusal, Frozen):
        return _("This version is in force: its terms do not change. Begin a new version from a day on.")
    values = refusal.values
    if refusal.problem == "a draft is there":
        return _("There is a draft already, version %(number)d: finish or discard it first.") % values
    if refusal.problem == "changed since":
        return _("Somebody else has changed this draft in the meantime. Nothing was overwritten.")
    if refusal.problem == "template changed since":
        return _("Somebody else has changed this template in the meantime. Nothing was overwritten.")
    if refusal.problem == "a gap":
        since, to = (day(values[key]) for key in ("since", "to"))  # type: ignore[arg-type]
        return _("No version would hold from %(since)s to %(to)s: choose other days.") % {"since": since, "to": to}
    if refusal.problem == "settled":
        since = day(values["since"])  # type: ignore[arg-type]
        return _("The statements before %(day)s are settled and stay: let the version begin on that day or later.") % {
            "day": since
        }
    calendar = values["calendar"]
    return _("The calendar “%(name)s” never opens: choose another, or give it hours.") % {
        "name": calendar.label(get_language())  # type: ignore[attr-defined]
    }


def problems(refusal: WrongTerms) -> list[str]:
    """Every problem of the terms as "where: what"."""
    return [_problem(one) for one in refusal.problems]


def alone(problem: str) -> str:
    """What is wrong, without where: for beside the field."""
    said = _said(problem.partition(": ")[2])
    return f"{said[:1].upper()}{said[1:]}."


def _said(what: str) -> str:
    return next(
        (_filled(str(told), found) for pattern, told in PROBLEMS if (found := re.fullmatch(pattern, what))), what
    )


def _problem(problem: str) -> str:
    place, _colon, what = problem.partition(": ")
    said = _said(what)
    where: list[str] = []
    table = place.partition("[")[0]
    for part in place.split("."):
        name, _bracket, number = part.partition("[")
        label = str(TABLES.get(name) or key_of(table, name))
        where.append(f"{label} {int(number[:-1]) + 1}" if number else label)
    return f"{', '.join(where)}: {said}"


def _filled(words_of: str, found: re.Match[str]) -> str:
    for number, part in enumerate(found.groups(), start=1):
        words_of = words_of.replace(f"{{{number}}}", part)
    return words_of


def day(at: date) -> str:
    return formats.date_format(at, "SHORT_DATE_FORMAT")
