"""What the intake says of a letter, in the words of people: reasons in the journal, flags on a message.

The intake writes plain English, which is also what the command and the API say; here it is said in the person's
language. What has no words of its own keeps them, because a reason must never be hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from firstline.web import bounce_words, defect_words

# A pattern and its sentence. `defects` is a list of codes of intake.letters; `theirs` are somebody else's words.
REASONS: tuple[tuple[str, str | Promise], ...] = (
    (r"its sender cannot be read(?:: (?P<defects>.*))?", gettext_lazy("Its sender cannot be read")),
    (r"its content cannot be read(?:: (?P<defects>.*))?", gettext_lazy("Its content cannot be read")),
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
    (r"could not be registered at once: .*", gettext_lazy("It could not be registered at once")),
    (
        r"claims #(?P<number>\d+), its sender is not proven",
        gettext_lazy("It names #{number}, but its sender is not proven: a new ticket was made"),
    ),
    (
        r"not proven to come from (?P<domain>\S+), which asks not to take such letters: .*",
        gettext_lazy("The sender is not proven: {domain} asks not to take such letters"),
    ),
    (
        r"an agent's letter: kept as his internal note",
        gettext_lazy("From an agent, proven: kept as his internal note"),
    ),
    (r"an agent's answer, proven by (?P<means>\S+)", gettext_lazy("An agent's answer by mail, proven by {means}")),
    (r"its bytes are missing from the blob folder", gettext_lazy("Its bytes are missing from the folder of files")),
    (r"its bytes cannot be read now: .*", gettext_lazy("Its bytes cannot be read at the moment")),
    (r"nobody to read it now: .*", gettext_lazy("It cannot be read at the moment")),
    (r"reading it went over a limit.*", gettext_lazy("Reading it took too much time or memory")),
    (r"reading it failed.*", gettext_lazy("It is built so that it could not be read")),
    (
        r"the worker ended (?P<number>\d+) times while working on it",
        gettext_lazy("Work on it was cut off {number} times"),
    ),
    (r"cannot be registered: .*", gettext_lazy("It could be read, but no ticket can be made of it as it is")),
    (
        r"registering it failed (?P<number>\d+) times: .*",
        gettext_lazy("It could be read, but making a ticket of it failed"),
    ),
    (r"a call rings", gettext_lazy("A call rings")),
    (r"a call was answered", gettext_lazy("A call was answered")),
    (r"a call ended", gettext_lazy("A call ended")),
    (r"a call was missed", gettext_lazy("Nobody answered a call")),
    (r"a call of ours was not answered", gettext_lazy("Nobody answered a call of ours")),
    (
        r"a call was missed, and its number is hidden",
        gettext_lazy("Nobody answered a call, and its number is hidden"),
    ),
    (r"added by an agent", gettext_lazy("Added to the ticket by a colleague")),
    (
        r"added by an agent as an internal note",
        gettext_lazy("Added to the ticket by a colleague, as an internal note"),
    ),
    (r"spam", gettext_lazy("Spam")),
    (r"rule ‘(?P<name>.*)’", gettext_lazy("The rule “{name}” says so")),
    (r"by our letter", gettext_lazy("by the letter of ours that it answers")),
    (r"by the reply address", gettext_lazy("by the address to which it was sent")),
    (r"by reference", gettext_lazy("by the earlier letter that it answers")),
    (r"by subject number", gettext_lazy("by the number in its subject")),
    (r"answered before it came", gettext_lazy("its answer came before it")),
    (r"auto-reply", gettext_lazy("An automatic answer")),
    (r"reopened-often", gettext_lazy("Answers reopened the ticket often within a day: kept, it reopens nothing more")),
    (r"repeated", gettext_lazy("The same words again at once: kept, they move nothing more")),
    (r"woken-often", gettext_lazy("Answers came within a minute again and again: kept, the ticket goes on waiting")),
    (r"auto-generated", gettext_lazy("Written by a machine")),
    (r"probe", gettext_lazy("A probe: the mailbox wrote to itself")),
    (r"list", gettext_lazy("From a mailing list")),
    (r"feedback-report", gettext_lazy("A report about complaints")),
    (r"read-receipt", gettext_lazy("A read receipt")),
    (r"bounce", gettext_lazy("A report of failed delivery")),
    (r"no status ?(?P<theirs>.*)", gettext_lazy("A letter of ours was not delivered")),
    (r"(?P<theirs>[245]\.\d{1,3}\.\d{1,3}(?: .*)?)", gettext_lazy("A letter of ours was not delivered")),
)
FLAGS: dict[str, str | Promise] = {
    "empty": gettext_lazy("no text"),
    "from-quarantine": gettext_lazy("from the quarantine"),
    "added-by-agent": gettext_lazy("added by a colleague"),
    "passed-on": gettext_lazy("passed on by an agent"),
    "auto-reply": gettext_lazy("An automatic answer"),
    "reopened-often": gettext_lazy("reopens nothing more"),
    "repeated": gettext_lazy("the same words again"),
    "woken-often": gettext_lazy("wakes nothing more"),
    "auto-generated": gettext_lazy("Written by a machine"),
    "feedback-report": gettext_lazy("A report about complaints"),
    "read-receipt": gettext_lazy("A read receipt"),
    "unverified-agent": gettext_lazy("an agent's address, not proven"),
    "unverified-sender": gettext_lazy("the sender's address is not proven"),
    "by-reply-to": gettext_lazy("sent by a machine; answers go to the address that it names"),
    "not-proven": gettext_lazy("the sender is not proven"),
    "name-of-the-desk": gettext_lazy("bears a name of the desk"),
    "address-in-name": gettext_lazy("another address in its name"),
    "looks-like": gettext_lazy("an address that looks like another"),
    "kept-internal:no-notice": gettext_lazy("no answer to a notice"),
    "kept-internal:internal-notice": gettext_lazy("answers an internal notice"),
    "kept-internal:not-to-us": gettext_lazy("not sent to the desk"),
    "kept-internal:old": gettext_lazy("written long before it came"),
    "kept-internal:not-allowed": gettext_lazy("he may not answer here"),
    "kept-internal:empty": gettext_lazy("it says nothing"),
    "kept-internal:quotation": gettext_lazy("our notice is quoted in it"),
}
# Why a letter looks empty: said in words that nobody has to point at.
CLOSED: dict[str, str | Promise] = {
    "encrypted-smime": gettext_lazy("encrypted (S/MIME)"),
    "encrypted-pgp": gettext_lazy("encrypted (PGP)"),
    "one-piece-of-several": gettext_lazy("one piece of several"),
}
# With one of these nobody's name stands above a letter, only its address.
UNPROVEN = frozenset({"not-proven", "unverified-agent"})
_CLAIMS = re.compile(r"claims #(\d+)")


def reason(given: str) -> str:
    """Why an item of the journal is where it is. What a person wrote is said as he wrote it."""
    for pattern, words in REASONS:
        if found := re.fullmatch(pattern, given, re.S):
            parts = found.groupdict()
            said = str(words)
            for name, part in parts.items():
                said = said.replace("{" + name + "}", part or "")
            if parts.get("defects"):
                more = defect_words.said(parts["defects"].split(", "))
            else:
                more = _of_a_server((parts.get("theirs") or "").strip())
            return f"{said} ({more})" if more else said
    return given


def _of_a_server(theirs: str) -> str:
    """The status of a bounce with our word for its reason; what the server wrote itself is said as it wrote it."""
    status, _blank, named = theirs.rpartition(" ")
    if named not in bounce_words.REASONS:
        return theirs
    return ", ".join(filter(None, (status, bounce_words.reason(named))))


HOW = frozenset(
    {"by our letter", "by the reply address", "by reference", "by subject number", "answered before it came"}
)


def how(given: str) -> str:
    """By what a letter found its ticket; nothing where the journal says something else of it."""
    return reason(given) if given in HOW else ""


def paused(said: Mapping[str, Any]) -> str:
    """Why nothing that goes by itself is sent to an address for now."""
    count = int(said["letters"])
    words = ngettext(
        "Automatic answers to {address} are paused: {count} letter in {minutes} min.",
        "Automatic answers to {address} are paused: {count} letters in {minutes} min.",
        count,
    )
    parts = {"address": said["address"], "count": count, "minutes": said["minutes"]}
    for name, part in parts.items():
        words = words.replace("{" + name + "}", str(part))
    return words


# Of use to who repairs a mail server: whoever reads the letter misses nothing.
NOTHING_MISSED = frozenset({"no-date", "date-unreadable", "no-message-id"})


def flags(given: Iterable[str]) -> list[tuple[str, str]]:
    """The flags of a message as (words, detail); all defects of a letter together are one."""
    made, defects = [], []
    for flag in given:
        if flag.startswith("named #") or flag == "automatic":
            continue  # an agent has decided about it; what kind of machine it was, another flag says
        if flag in NOTHING_MISSED:
            continue
        claimed = _CLAIMS.fullmatch(flag)
        if claimed:
            made.append((_("names #{number}, where its sender takes no part").replace("{number}", claimed[1]), ""))
        elif flag in FLAGS:
            made.append((str(FLAGS[flag]), ""))
        elif flag in CLOSED:
            made.append((str(CLOSED[flag]), defect_words.said([flag])))
        else:
            defects.append(flag)
    if defects:
        made.append((_("not everything could be read"), defect_words.said(defects)))
    return made


SIGNS: dict[str, str | Promise] = {
    "name-of-the-desk": gettext_lazy("It calls itself “{name}”. {plays} of the desk has another address."),
    "address-in-name": gettext_lazy("It calls itself “{name}”: {plays} is only a name here, not the sender."),
    "looks-like": gettext_lazy("Its address looks like one of {plays} and is another."),
}


def warnings(flags: Iterable[str], trust: Mapping[str, Any], address: str) -> list[str]:
    """What is wrong with who a letter on a ticket says it is from, in whole sentences."""
    if "unverified-agent" in flags and trust.get("result") != "fail":
        unproven = _("Nothing proves that this came from its owner: it was not sent on and gave no rights.")
        return [unproven, *warnings_of(trust, address)]
    return warnings_of(trust, address)


def warnings_of(trust: Mapping[str, Any], address: str, *, said: str = "") -> list[str]:
    """What is wrong with who a letter says it is from, as its row tells; `said` is the reason that stands beside it."""
    made = []
    if trust.get("result") == "fail" and not said.startswith("not proven"):
        said = _("It is not proven that this letter came from {domain}: anybody can write such an address.")
        made.append(said.replace("{domain}", address.rpartition("@")[2] or str(trust.get("domain", ""))))
    for sign in trust.get("signs", ()):
        if words := SIGNS.get(sign.get("kind", "")):
            named = str(words).replace("{plays}", str(sign.get("plays", "")))
            made.append(named.replace("{name}", str(trust.get("name", ""))))
    return made
