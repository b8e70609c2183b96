"""What the intake says of a letter, in the words of people: reasons in the journal, flags on a message.

The intake writes plain English, which is also what the command and the API say; here it is said in the person's
language. What has no words of its own keeps them, because a reason must never be hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

REASONS: tuple[tuple[str, str | Promise], ...] = (
    (r"its sender cannot be read(?:: (?P<more>.*))?", gettext_lazy("Its sender cannot be read")),
    (r"its content cannot be read(?:: (?P<more>.*))?", gettext_lazy("Its content cannot be read")),
    (r"no sender", gettext_lazy("It names no sender")),
    (r"the same bytes as intake (?P<number>\d+)", gettext_lazy("The same bytes came before, as no. {number}")),
    (r"a copy of intake (?P<number>\d+)", gettext_lazy("A copy of no. {number}")),
    (r"copy", gettext_lazy("A copy that came by another road")),
    (r"a letter of our own came back", gettext_lazy("A letter of our own came back")),
    (r"sent from an address of our own", gettext_lazy("It was sent from an address of our own")),
    (r"follows up #(?P<number>\d+)", gettext_lazy("It follows up #{number}")),
    (
        r"claims #(?P<number>\d+), its sender takes no part in it",
        gettext_lazy("It names #{number}, but its sender takes no part in it: a new ticket was made"),
    ),
    (
        r"an agent's address: kept as an internal note",
        gettext_lazy("From an agent's address: kept as an internal note"),
    ),
    (r"could not be registered at once: (?P<more>.*)", gettext_lazy("It could not be registered at once")),
    (r"its bytes are missing from the blob folder", gettext_lazy("Its bytes are missing from the folder of files")),
    (r"auto-reply", gettext_lazy("An automatic answer")),
    (r"auto-generated", gettext_lazy("Written by a machine")),
    (r"list", gettext_lazy("From a mailing list")),
    (r"feedback-report", gettext_lazy("A report about complaints")),
    (r"read-receipt", gettext_lazy("A read receipt")),
)
FLAGS: dict[str, str | Promise] = {
    "empty": gettext_lazy("no text"),
    "from-quarantine": gettext_lazy("from the quarantine"),
    "unverified-agent": gettext_lazy("an agent's address, not proven"),
    "unverified-sender": gettext_lazy("the sender's address is not proven"),
}
_CLAIMS = re.compile(r"claims #(\d+)")


def reason(given: str) -> str:
    """Why an item of the journal is where it is."""
    for pattern, words in REASONS:
        if found := re.fullmatch(pattern, given, re.S):
            parts = found.groupdict()
            said = str(words).replace("{number}", parts.get("number") or "")
            return f"{said} ({parts['more']})" if parts.get("more") else said
    return given


def flags(given: Iterable[str]) -> list[tuple[str, str]]:
    """The flags of a message as (words, detail); all defects of a letter together are one."""
    made, defects = [], []
    for flag in given:
        claimed = _CLAIMS.fullmatch(flag)
        if claimed:
            made.append((_("names #{number}, where its sender takes no part").replace("{number}", claimed[1]), ""))
        elif flag in FLAGS:
            made.append((str(FLAGS[flag]), ""))
        else:
            defects.append(flag)
    if defects:
        made.append((_("not everything could be read"), ", ".join(defects)))
    return made
