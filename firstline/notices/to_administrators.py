"""Letters to administrators: a mailbox is in trouble, and later that it is over; something is not accounted for."""

from __future__ import annotations

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firstline.intake.mailbox_health import Trouble
from firstline.notices.letter import Letter, Link
from firstline.notices.occasion import Occasion

HEADLINES: dict[str, str | Promise] = {
    Trouble.CONSENT: gettext_lazy("The provider lets %(address)s in no more"),
    Trouble.READING: gettext_lazy("Letters cannot be fetched from %(address)s"),
    Trouble.SENDING: gettext_lazy("Letters do not leave through %(address)s"),
    Trouble.PROBE: gettext_lazy("A probe of %(address)s did not come back"),
    Trouble.SILENT: gettext_lazy("%(address)s has been silent for longer than usual"),
}
WELL: dict[str, str | Promise] = {
    Trouble.CONSENT: gettext_lazy("%(address)s is connected again"),
    Trouble.READING: gettext_lazy("Letters are fetched from %(address)s again"),
    Trouble.SENDING: gettext_lazy("Letters leave through %(address)s again"),
    Trouble.PROBE: gettext_lazy("A probe of %(address)s came back"),
    Trouble.SILENT: gettext_lazy("%(address)s gets letters again"),
}
MEANING: dict[str, str | Promise] = {
    Trouble.CONSENT: gettext_lazy(
        "The consent was withdrawn, or the application’s secret is over. Open the mailbox and connect it again."
    ),
    Trouble.READING: gettext_lazy(
        "What clients write waits on the mail server and becomes tickets only when this is mended."
    ),
    Trouble.SENDING: gettext_lazy("Answers wait in the outbox and leave by themselves when this is mended."),
    Trouble.PROBE: gettext_lazy(
        "The mailbox wrote to itself, and the letter did not arrive: letters of clients may not arrive either."
    ),
    Trouble.SILENT: gettext_lazy(
        "It may be a quiet day. It may also be that letters no longer reach the mailbox: send yourself one."
    ),
}


def mailbox_trouble(about: Occasion) -> Letter:
    data = about.delivery.data
    headline = str(HEADLINES[data["trouble"]]) % {"address": data["address"]}
    facts = [(_("Since"), about.moment(data["since"]))] if data.get("since") else []
    if data.get("detail"):
        facts.append((_("What the server said"), data["detail"]))
    return Letter(
        subject=headline,
        headline=headline,
        paragraphs=[str(MEANING[data["trouble"]])],
        facts=facts,
        button=_to_the_page(about),
        afterword=[_("You get one letter about this trouble, and one when it is over.")],
    )


def mailbox_well(about: Occasion) -> Letter:
    data = about.delivery.data
    headline = str(WELL[data["trouble"]]) % {"address": data["address"]}
    facts = [(_("Since"), about.moment(data["since"])), (_("Over"), about.moment(data["over"]))]
    return Letter(subject=headline, headline=headline, facts=facts, button=_to_the_page(about))


def _to_the_page(about: Occasion) -> Link:
    return Link(_("Open the mailbox"), f"{settings.FIRSTLINE_BASE_URL}/desk/channels/{about.delivery.data['mailbox']}/")


def not_accounted_for(about: Occasion) -> Letter:
    data = about.delivery.data
    headline = _("Not accounted for: %(n)s") % {"n": data["count"]}
    facts = [
        (sender or mailbox or _("Sender not readable"), subject or _("(no subject)"))
        for sender, subject, mailbox in data["named"]
    ]
    return Letter(
        subject=headline,
        headline=headline,
        paragraphs=[
            _(
                "The mailboxes, the intake journal and the messages do not agree. Somebody may be waiting for an "
                "answer: look at each of these today."
            )
        ],
        facts=facts,
        button=Link(_("See what is missing"), f"{settings.FIRSTLINE_BASE_URL}/desk/unaccounted/"),
        afterword=[_("You get one letter about each of them.")],
    )


LETTERS = {
    "mailbox_trouble": mailbox_trouble, "mailbox_well": mailbox_well, "not_accounted_for": not_accounted_for,
}  # fmt: skip
