"""Letters to vendors and developers: what was written to them, and nothing else of the ticket."""

from __future__ import annotations

from django.utils.translation import gettext as _

from firstline.notices.letter import Letter, Quoted
from firstline.notices.occasion import Occasion
from firstline.tickets.vendor_models import VendorRequest


def to_vendor(about: Occasion) -> Letter:
    """His own number stands beside ours, so that both sides find it again."""
    if about.message is None:
        raise LookupError("words to a vendor that are not there")
    request = VendorRequest.objects.get(pk=about.data["request"])
    theirs = [_("Your number: %(number)s") % {"number": request.their_number}] if request.their_number else []
    return Letter(
        subject=request.subject,
        quoted=Quoted(about.message.text, about.message.html),
        signature=about.author,
        footer=[*theirs, _("Our number: %(number)s. Please answer this mail.") % {"number": request.label}],
    )


LETTERS = {"to_vendor": to_vendor}
