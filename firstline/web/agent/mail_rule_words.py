"""Rules before registration in the words of the administrator: conditions, what follows, what is wrong."""

from __future__ import annotations

import re
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from firstline.intake import mail_rules
from firstline.intake.models import MailRule
from firstline.intake.rules import Condition
from firstline.lib.language import picked
from firstline.tickets.models import Type
from firstline.tickets.refusals import WrongValue
from firstline.web import refusals
from firstline.web.templatetags import ui

FIELDS: dict[str, str | Promise] = {
    "from": gettext_lazy("Sender"),
    "to": gettext_lazy("Recipient"),
    "subject": gettext_lazy("Subject"),
    "header": gettext_lazy("Header line"),
    "mailbox": gettext_lazy("Our mailbox"),
    "size": gettext_lazy("Size in KB"),
    "spam": gettext_lazy("Spam score"),
    "files": gettext_lazy("Number of attachments"),
    "auto": gettext_lazy("Written by a machine"),
    "language": gettext_lazy("Language of the text"),
    "dmarc": gettext_lazy("Sender’s domain (DMARC)"),
    "spf": gettext_lazy("Sending server (SPF)"),
    "dkim": gettext_lazy("Signature (DKIM)"),
}
TESTS: dict[str, str | Promise] = {
    "contains": pgettext_lazy("rule", "contains"),
    "is": pgettext_lazy("rule", "is"),
    "matches": pgettext_lazy("rule", "fits the pattern"),
    "above": pgettext_lazy("rule", "is more than"),
    "below": pgettext_lazy("rule", "is less than"),
}
SENTENCES: dict[tuple[str, bool], str | Promise] = {
    ("contains", False): gettext_lazy("{field} contains “{value}”"),
    ("contains", True): gettext_lazy("{field} does not contain “{value}”"),
    ("is", False): gettext_lazy("{field} is “{value}”"),
    ("is", True): gettext_lazy("{field} is not “{value}”"),
    ("matches", False): gettext_lazy("{field} fits “{value}”"),
    ("matches", True): gettext_lazy("{field} does not fit “{value}”"),
    ("above", False): gettext_lazy("{field} is more than {value}"),
    ("above", True): gettext_lazy("{field} is not more than {value}"),
    ("below", False): gettext_lazy("{field} is less than {value}"),
    ("below", True): gettext_lazy("{field} is not less than {value}"),
}
AUTOMATIC: dict[str, str | Promise] = {
    "any": pgettext_lazy("automatic", "anything"),
    "auto-reply": pgettext_lazy("automatic", "an automatic answer"),
    "auto-generated": pgettext_lazy("automatic", "a message of a program"),
    "list": pgettext_lazy("automatic", "a mailing list"),
    "feedback-report": pgettext_lazy("automatic", "a report about complaints"),
    "read-receipt": pgettext_lazy("automatic", "a read receipt"),
}
LANGUAGES: dict[str, str | Promise] = {
    "ru": gettext_lazy("Russian"), "bg": gettext_lazy("Bulgarian"), "uk": gettext_lazy("Ukrainian"),
    "en": gettext_lazy("English"), "de": gettext_lazy("German"),
}  # fmt: skip
PROOFS: dict[str, str | Promise] = {
    "pass": pgettext_lazy("proof", "proven"),
    "fail": pgettext_lazy("proof", "refuted"),
    "softfail": pgettext_lazy("proof", "doubtful"),
    "none": pgettext_lazy("proof", "says nothing"),
    "unknown": pgettext_lazy("proof", "unknown: nobody checked"),
}
# Fields whose values are chosen, not typed.
CHOSEN: dict[str, dict[str, str | Promise]] = {
    "auto": AUTOMATIC, "language": LANGUAGES, **dict.fromkeys(("dmarc", "spf", "dkim"), PROOFS)
}  # fmt: skip
OUTCOMES: dict[str, str | Promise] = {
    "": gettext_lazy("It is registered as usual"),
    "ticket": gettext_lazy("It becomes a ticket, even if a machine wrote it"),
    "quarantine": gettext_lazy("It goes into quarantine"),
    "ignore": gettext_lazy("It is ignored, and stays in the journal"),
}
SETS: dict[str, str | Promise] = {
    "client": gettext_lazy("Client"), "service": gettext_lazy("Service"), "category": gettext_lazy("Category"),
    "team": gettext_lazy("Team"), "priority": gettext_lazy("Priority"), "type": gettext_lazy("Type"),
    "tag": gettext_lazy("Tag"), "name": pgettext_lazy("thing", "Name"), "then": gettext_lazy("What follows"),
    "outcome": gettext_lazy("What follows"),
}  # fmt: skip
PROBLEMS: dict[str, str | Promise] = {
    "the name of a header": gettext_lazy("Give the name of the header line, such as X-Priority."),
    "too many stars": gettext_lazy("At most 20 stars in a pattern."),
    "a number": gettext_lazy("This is not a number."),
}


def condition(given: Condition) -> str:
    """One condition as a sentence."""
    field = given.header if given.field == "header" and given.header else str(FIELDS.get(given.field, given.field))
    value = str(CHOSEN.get(given.field, {}).get(given.value, given.value))
    pattern = str(SENTENCES.get((given.test, given.negated), "{field} {value}"))
    return pattern.replace("{field}", field).replace("{value}", value)


def named_choices() -> dict[str, list[tuple[str, str]]]:
    """What a rule may set by name, in the person's language: (slug, name), in order."""
    language = get_language()
    return {
        kind: sorted(
            ((one.slug, picked(one.names or {}, one.name, language)) for one in model._default_manager.all()),
            key=lambda choice: choice[1].casefold(),
        )
        for kind, model in mail_rules.LINKED.items()
    }


def then(row: MailRule) -> list[str]:
    """What follows, a phrase each."""
    language = get_language()
    made = [str(OUTCOMES[row.outcome])] if row.outcome in OUTCOMES and row.outcome else []
    for name in ("client", "service", "category", "team"):
        linked: Any = getattr(row, name)
        if linked is not None:
            made.append(f"{SETS[name]}: {picked(linked.names or {}, linked.name, language)}")
    if row.priority:
        made.append(f"{SETS['priority']}: {ui.PRIORITIES[row.priority]}")
    if row.type in Type.values:
        made.append(f"{SETS['type']}: {Type(row.type).label}")
    if row.tag:
        made.append(f"{SETS['tag']}: {row.tag}")
    return made


def wrong(field: str, problem: str) -> str:
    """What is wrong with a typed rule, with its place."""
    place = re.fullmatch(r"conditions\[(\d+)\]\.\w+", field)
    if field == "then":
        return _("Say what follows: a rule that sets nothing does nothing.")
    if field == "conditions[0].field" and problem == "empty":
        return _("A rule needs a condition at least.")
    words = str(PROBLEMS.get(problem, "")) or refusals.problem_in_words(WrongValue(field, problem))
    name = _("Condition {n}").replace("{n}", str(int(place[1]) + 1)) if place else str(SETS.get(field, field))
    return f"{name}: {words}"
