"""What was wrong with a letter, in the words of people: the codes of intake.letters, each as a short phrase."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DEFECTS: dict[str, str | Promise] = {
    "no-from": gettext_lazy("no sender is written"),
    "from-unreadable": gettext_lazy("the line of the sender is damaged"),
    "several-from": gettext_lazy("several senders are written"),
    "no-date": gettext_lazy("no date is written"),
    "date-unreadable": gettext_lazy("the date is damaged"),
    "no-message-id": gettext_lazy("no Message-ID is written"),
    "too-many-addresses": gettext_lazy("more addresses than are read"),
    "too-many-headers": gettext_lazy("more header lines than are read"),
    "header-too-long": gettext_lazy("a header line is too long"),
    "header-line-without-colon": gettext_lazy("a header line is damaged"),
    "body-without-blank-line": gettext_lazy("header and text are not separated"),
    "too-many-parameters": gettext_lazy("a part has too many parameters"),
    "too-many-parts": gettext_lazy("more parts than are read"),
    "nested-too-deep": gettext_lazy("letters within letters, deeper than is read"),
    "multipart-without-parts": gettext_lazy("the parts of the letter cannot be told apart"),
    "boundary-guessed": gettext_lazy("the borders of its parts were guessed"),
    "text-too-large": gettext_lazy("the text is longer than is shown"),
    "html-too-large": gettext_lazy("the HTML is too large: only its text is shown"),
    "html-too-deep": gettext_lazy("the HTML is nested too deep: only its text is shown"),
    "undecodable-characters": gettext_lazy("some characters cannot be read"),
    "charset-guessed": gettext_lazy("its alphabet was guessed"),
    "base64-unreadable": gettext_lazy("a part cannot be decoded"),
    "base64-not-encoded": gettext_lazy("a part is not encoded as it says"),
    "base64-damaged": gettext_lazy("a part is damaged"),
    "uuencode-unreadable": gettext_lazy("a part cannot be decoded"),
    "unknown-transfer-encoding": gettext_lazy("a part is encoded in an unknown way"),
    "encrypted-smime": gettext_lazy("a part is encrypted with S/MIME: only the owner of the key can open it"),
    "encrypted-pgp": gettext_lazy("a part is encrypted with PGP: only the owner of the key can open it"),
    "one-piece-of-several": gettext_lazy("it is one piece of a letter that was sent in several"),
    "not-read": gettext_lazy("only its header could be read"),
}


def said(codes: Iterable[str]) -> str:
    """The defects as one phrase, each once; what has no words yet is something else, with its code."""
    phrases: list[str] = []
    for code in codes:
        known = DEFECTS.get(code.partition(":")[0].strip())
        phrase = str(known) if known is not None else _("something else ({code})").replace("{code}", code)
        if phrase not in phrases:
            phrases.append(phrase)
    return ", ".join(phrases)
