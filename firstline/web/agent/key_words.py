"""What each key does, in words: the list of "?", and the profile."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firstline.people.keyboard import EVERYWHERE, INBOX, LIST, QUARANTINE, TICKET

Words = str | Promise
PLACES: dict[str, Words] = {
    EVERYWHERE: _("Everywhere"),
    LIST: _("List"),
    TICKET: _("Ticket"),
    INBOX: pgettext_lazy("notices", "Inbox"),
    QUARANTINE: _("Quarantine"),
}
_ROWS: dict[str, Words] = {
    "j": pgettext_lazy("key", "Down"), "k": pgettext_lazy("key", "Up"), "enter": pgettext_lazy("key", "Open"),
}  # fmt: skip
_TICKS: dict[str, Words] = {"x": pgettext_lazy("key", "Tick"), "mod+a": _("Tick all shown")}
_DEEDS: dict[str, Words] = {
    "a": _("Take"), "shift+a": _("Assign"), "e": _("Hand over"), "shift+r": _("Resolve"), "w": _("Wait"),
    "m": _("Merge"), "shift+m": _("Macro"), "s": _("Status"), "p": _("Priority"), "l": _("Line"), "#": _("Tag"),
}  # fmt: skip
WORDS: dict[str, dict[str, Words]] = {
    EVERYWHERE: {
        "mod+k": _("Search and deeds"), "/": _("Search"), "?": _("This list"), "c": _("New ticket"),
        "g q": _("Queue of my line"), "g m": _("My tickets"), "g h": _("Handed over by me"),
        "g e": _("Where I help"),
        "g i": pgettext_lazy("notices", "Inbox"), "g k": _("Knowledge base"), "g b": _("Board"), "g r": _("Statements"),
        "g a": _("All open"), "g w": pgettext_lazy("queue", "Waiting"), "g v": _("All views"), "g u": _("Unassigned"),
        "g c": _("Clients and contracts"), "g s": _("Service catalogue"), "g z": _("All settings"),
        "[": _("Fold or unfold the sidebar"), "alt+t": _("Start or stop the timer"), "z": _("Undo"),
        "shift+n": _("New ticket for who is calling"),
        "escape": _("Back, close"),
    },
    LIST: {
        **_ROWS, **_TICKS, "space": _("Look without opening"),
        "shift+j": _("Tick the next"), "shift+k": _("Tick the one before"),
        **_DEEDS, "f": _("Filter"), "v": _("Views"), "shift+v": _("Groups, order, columns"),
    },
    TICKET: {
        **_DEEDS, "r": _("Reply"), "n": _("Internal note"), "t": _("Log time"), "y": _("Type"), "u": _("Service"),
        "shift+c": _("Category"), "shift+h": _("Who changed what"), "j": _("Next in the list"),
        "k": _("The one before in the list"),
        ".": _("Copy the number"), "shift+.": _("Copy the link"), "1": _("Context: part 1"), "2": _("Context: part 2"),
        "3": _("Context: part 3"), "4": _("Context: part 4"), "5": _("Context: part 5"), "mod+enter": _("Send"),
        "mod+shift+enter": _("Send and resolve"),
    },
    INBOX: {**_ROWS, "i": _("Mark read"), "shift+i": _("Mark all read")},
    QUARANTINE: {
        **_ROWS, **_TICKS, "t": _("Make a ticket"), "r": _("Run again"), "a": _("Add to the ticket"), "s": _("Spam"),
        "i": _("Ignore"),
    },
}  # fmt: skip


def meanings(key: str) -> list[Words]:
    """What it does, in each place once."""
    found = dict.fromkeys(str(words[key]) for words in WORDS.values() if key in words)
    return list(found)
