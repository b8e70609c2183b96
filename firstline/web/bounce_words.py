"""Why a letter was not delivered, in the words of people: the codes of intake.bounce_reasons."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

REASONS: dict[str, str | Promise] = {
    "userunknown": gettext_lazy("there is no such address"),
    "hostunknown": gettext_lazy("there is no such mail domain"),
    "notaccept": gettext_lazy("that domain takes no mail"),
    "hasmoved": gettext_lazy("the address has moved"),
    "mailboxfull": gettext_lazy("the mailbox is full"),
    "suspend": gettext_lazy("the mailbox is switched off"),
    "filtered": gettext_lazy("the mailbox takes no mail from us"),
    "rejected": gettext_lazy("the server refuses our address"),
    "norelaying": gettext_lazy("the server does not take mail for this domain"),
    "exceedlimit": gettext_lazy("a limit of the server is reached"),
    "mesgtoobig": gettext_lazy("the letter is too large"),
    "systemfull": gettext_lazy("the server has no room"),
    "systemerror": gettext_lazy("the server is out of order"),
    "mailererror": gettext_lazy("the server is out of order"),
    "networkerror": gettext_lazy("the server cannot be reached"),
    "toomanyconn": gettext_lazy("the server asks to come more slowly"),
    "speeding": gettext_lazy("the server asks to come more slowly"),
    "expired": gettext_lazy("the server was not reached in time"),
    "contenterror": gettext_lazy("the server does not take what is in the letter"),
    "securityerror": gettext_lazy("the server's rules of security refuse it"),
    "authfailure": gettext_lazy("the server does not believe that the letter is ours: SPF, DKIM or DMARC"),
    "blocked": gettext_lazy("the server blocks ours"),
    "badreputation": gettext_lazy("the server blocks ours: its reputation is bad"),
    "requireptr": gettext_lazy("the server blocks ours: it has no name in the DNS"),
    "virusdetected": gettext_lazy("the server believes that there is a virus in it"),
    "policyviolation": gettext_lazy("the server's rules refuse it"),
    "notcompliantrfc": gettext_lazy("the server does not like the form of the letter"),
    "spamdetected": gettext_lazy("the server took it for spam"),
    "syntaxerror": gettext_lazy("the servers do not understand each other"),
    "onhold": gettext_lazy("the server has put it aside"),
    "undefined": "",
}


def reason(given: str, status: str = "") -> str:
    """The reason with the server's code; what has no words of its own is said as it came."""
    words = str(REASONS.get(given, given))
    return f"{words} ({status})" if words and status else words or status
