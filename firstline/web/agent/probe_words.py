"""A probe in words: each leg with the time it took, or where it ended and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from firstline.post import probes
from firstline.post.models import Probe
from firstline.web import durations
from firstline.web.agent import channel_words

Words = str | Promise
STATES: dict[str, tuple[Words, str, str]] = {
    Probe.State.WAITING: (gettext_lazy("The probe is about to be sent"), "blue", "hourglass"),
    Probe.State.SENDING: (gettext_lazy("The probe is being sent"), "blue", "send"),
    Probe.State.SENT: (gettext_lazy("Sent, and waited for"), "blue", "hourglass"),
    Probe.State.ARRIVED: (gettext_lazy("The probe came back"), "green", "circle-check"),
}
ENDS: dict[str, tuple[Words, str, str]] = {
    Probe.Failed.SENDING: (gettext_lazy("The probe could not be sent"), "red", "mail-x"),
    Probe.Failed.RETURNED: (gettext_lazy("The probe was refused on its way"), "red", "mail-x"),
    Probe.Failed.LOST: (gettext_lazy("The probe did not come back"), "red", "mail-x"),
}
ADVICE: dict[str, Words] = {
    Probe.Failed.SENDING: gettext_lazy("Check the server for sending below: its name, port, user and password."),
    Probe.Failed.RETURNED: gettext_lazy("The mailbox may be full, or unknown to its own server."),
    Probe.Failed.LOST: gettext_lazy(
        "The server took the letter and it did not come back within five minutes. Look into the mailbox’s folder for "
        "spam, at its rules, and at the server for fetching below."
    ),
}
SECONDS_BELOW = 120  # longer times are said in minutes


@dataclass(frozen=True)
class Said:
    """`legs` are (what, how long); `is_running`: the page asks again."""

    probe: Probe
    words: Words
    tone: str
    icon: str
    legs: tuple[tuple[str, str], ...]
    advice: Words
    is_running: bool


def said(probe: Probe) -> Said:
    words, tone, icon = ENDS[probe.failed] if probe.failed else STATES[probe.state]
    return Said(probe, words, tone, icon, tuple(_legs(probe)), _advice(probe), probe.state in probes.UNDER_WAY)


def _legs(probe: Probe) -> list[tuple[str, str]]:
    legs = []
    if probe.sent_seconds is not None:
        legs.append((_("taken by the server in"), _time(probe.sent_seconds)))
    if probe.arrived_at is not None:
        since = probe.sent_at or probe.asked_at
        legs.append((_("back after"), _time(max(0.0, (probe.arrived_at - since).total_seconds()))))
    return legs


def _advice(probe: Probe) -> Words:
    if probe.failed == Probe.Failed.LOST and probe.account.problem:
        return channel_words.advice(probe.account.problem) or _("Letters cannot be fetched: see above.")
    if probe.answer == probes.NOWHERE:
        return _("No server is set to send through: enter one below.")
    return ADVICE.get(probe.failed, "")


def _time(seconds: float) -> str:
    if seconds >= SECONDS_BELOW:
        return durations.words(seconds / 60)
    number = formats.number_format(seconds, decimal_pos=1 if seconds < 10 else 0)
    return pgettext("unit of time", "{n} s").replace("{n}", number)
