"""Letters about signing in: no ticket, one link (`data["url"]`), and what to do if it was not you."""

from __future__ import annotations

from django.utils.translation import gettext as _

from firstline.notices.letter import Letter, Link
from firstline.notices.occasion import Occasion


def password_reset(about: Occasion) -> Letter:
    return Letter(
        subject=_("A new password for Firstline"),
        headline=_("Choose a new password"),
        paragraphs=[_("Somebody, most likely you, asked for a new password for this address.")],
        button=Link(_("Choose a new password"), about.delivery.data["url"]),
        afterword=[_("If it was not you, do nothing: your password stays as it is.")],
    )


def invitation(about: Occasion) -> Letter:
    return Letter(
        subject=_("Your access to the client portal"),
        headline=_("Welcome to the client portal"),
        paragraphs=[
            _("An account was made for you. There you can submit a request, see how it is going and answer us."),
        ],
        button=Link(_("Choose a password and sign in"), about.delivery.data["url"]),
        afterword=[_("The link works once. If you did not expect this mail, do nothing.")],
    )


def login_link(about: Occasion) -> Letter:
    return Letter(
        subject=_("Your link to sign in"),
        headline=_("Sign in with one click"),
        paragraphs=[_("The link works once and for a short time. Give it to nobody.")],
        button=Link(_("Sign in"), about.delivery.data["url"]),
        afterword=[_("If you did not ask for it, do nothing.")],
    )


LETTERS = {"password_reset": password_reset, "invitation": invitation, "login_link": login_link}
