"""A mailbox in the words of its administrator: how it does, and why it cannot be kept as it was typed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from firstline.intake import identity, mailboxes
from firstline.intake.mailbox_health import Health, Trouble
from firstline.lib import clock
from firstline.post import consent_settings
from firstline.web.agent import channels_form
from firstline.web.templatetags import ui

MINUTE = timedelta(minutes=1)


class Chip(NamedTuple):
    words: str | Promise
    tone: str
    icon: str


TROUBLES: dict[Trouble, Chip] = {
    Trouble.CONSENT: Chip(gettext_lazy("Connect it again"), "red", "key-round"),
    Trouble.READING: Chip(gettext_lazy("Letters cannot be fetched"), "red", "mail-x"),
    Trouble.SENDING: Chip(gettext_lazy("Letters do not leave"), "red", "mail-x"),
    Trouble.PROBE: Chip(gettext_lazy("The probe did not come back"), "amber", "mail-warning"),
    Trouble.SILENT: Chip(gettext_lazy("Silent for longer than usual"), "amber", "clock-alert"),
}
OFF = Chip(pgettext_lazy("mailbox", "switched off"), "", "circle-x")
PAUSED = Chip(pgettext_lazy("mailbox", "paused"), "amber", "pause")
UNTRIED = Chip(gettext_lazy("Not tried yet"), "", "circle-help")
WELL = Chip(gettext_lazy("All is well"), "green", "circle-check")

WHY: dict[str, str | Promise] = {
    mailboxes.NO_ADDRESS: gettext_lazy("This is no mail address."),
    mailboxes.TAKEN: gettext_lazy("Another mailbox has this address."),
    mailboxes.TOO_LONG: gettext_lazy("This is too long."),
    mailboxes.NO_HOURS: gettext_lazy("Choose how often it is probed."),
    channels_form.ENTER_AGAIN: gettext_lazy(
        "The server or the user is another one: enter the password again, so that it goes nowhere by mistake."
    ),
    channels_form.NO_PORT: gettext_lazy("A port is a number from 1 to 65535; leave it empty for the usual one."),
}
# What to do about it, by the first word of a problem: the kind of the failure.
ADVICE: dict[str, str | Promise] = {
    "LoginError": gettext_lazy("The server does not take this user or this password: enter them again below."),
    "ConnectionRefusedError": gettext_lazy("Nothing answers there: check the server and the port below."),
    "gaierror": gettext_lazy("There is no server of this name: check it below."),
    "TimeoutError": gettext_lazy("The server does not answer: check its name and port, and whether it may be reached."),
    "SSLCertVerificationError": gettext_lazy("The server’s certificate is not trusted: check its name."),
    "WrongAddress": gettext_lazy("The server’s address cannot be used: enter it and the password again below."),
    "NotConnected": gettext_lazy("The mailbox is not connected to its provider: connect it above."),
    "NotDurable": gettext_lazy("Letters cannot be stored here: the disk or the database is in trouble."),
}
WHY |= {
    consent_settings.NO_PROVIDER: gettext_lazy("Choose the provider."),
    consent_settings.NO_FLOW: gettext_lazy("Google lets no application in by itself: a person must agree."),
    consent_settings.NO_CLIENT: gettext_lazy("Enter the id of the application, as the provider shows it."),
    consent_settings.NO_SECRET: gettext_lazy("An application that signs in by itself needs its secret."),
    consent_settings.NO_URL: gettext_lazy("Enter an address that begins with https://."),
    consent_settings.SECRET_AGAIN: gettext_lazy(
        "The application or its server is another one: enter the secret again, so that it goes nowhere by mistake."
    ),
}
WHY |= {
    identity.NO_NAME: gettext_lazy("These are no names of servers: write them as they stand in the head of a letter."),
    identity.NO_SELECTOR: gettext_lazy("A selector is one word of Latin letters, digits, dots and hyphens."),
}
NO_KEY = gettext_lazy(
    "This is no private key that can sign: PEM without a password, RSA of 1024 bits or more, or Ed25519."
)
NO_SERVER = gettext_lazy("This cannot be the name of a server.")


def chips(health: Health) -> list[Chip]:
    """What stands beside the address, the worst first; always one."""
    if not health.account.is_active:
        return [OFF]
    found = [TROUBLES[one.trouble] for one in health.wrong]
    if health.is_paused:
        return [PAUSED, *found]
    if not found and health.account.imap and health.account.checked_at is None:
        return [UNTRIED]
    return found or [WELL]


def why(code: str, field: str = "") -> str | Promise:
    """Why the form was not kept."""
    return WHY.get(code, NO_KEY if field == "dkim_key" else NO_SERVER)


def advice(problem: str) -> str | Promise:
    """What to do about a problem, or ""."""
    return ADVICE.get(problem.partition(":")[0], "")


def soon(moment: datetime | None) -> str:
    """A moment to come, as one waits for it."""
    if moment is None:
        return ""
    now = clock.now()
    return _("within a minute") if moment - now < MINUTE else ui.near(moment, now)


def probe_hours(chosen: str) -> list[tuple[str, str]]:
    """How often a mailbox may be probed by itself: the usual choices, and what an apply file says beside them."""
    usual = [0, 1, 4, 24]
    if chosen.isdigit() and int(chosen) not in usual:
        usual = sorted([*usual, int(chosen)])
    return [(str(hours), _every(hours)) for hours in usual]


def _every(hours: int) -> str:
    if not hours:
        return pgettext("probe", "never")
    return ngettext("every %(n)d hour", "every %(n)d hours", hours) % {"n": hours}
