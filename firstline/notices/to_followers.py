"""It works again: a letter to whoever wanted to hear of the end of an outage or of planned work."""

from __future__ import annotations

from django.utils.translation import gettext as _

from firstline.contracts.following import OVER
from firstline.notices.letter import Letter
from firstline.notices.occasion import Occasion


def outage_over(about: Occasion) -> Letter:
    said = about.delivery.data.get("words", "")
    return Letter(
        subject=_("It works again"),
        headline=_("It is over"),
        paragraphs=[*([said] if said else []), _("If something still does not work for you, answer this letter.")],
        facts=[(_("Over since"), about.moment(about.delivery.data["ended"]))],
        afterword=[_("You get this letter because you asked to be told.")],
    )


LETTERS = {OVER: outage_over}
