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
        afterword=[*_until(about), _("If it was not you, do nothing: your password stays as it is.")],
    )


def invitation(about: Occasion) -> Letter:
    return Letter(
        subject=_("Your access to the client portal"),
        headline=_("Welcome to the client portal"),
        paragraphs=[
            _("An account was made for you. There you can submit a request, see how it is going and answer us."),
        ],
        facts=[(_("Login"), login)] if (login := about.delivery.data.get("login")) else [],
        button=Link(_("Choose a password and sign in"), about.delivery.data["url"]),
        afterword=[*_until(about), _("If you did not expect this mail, do nothing.")],
    )


def login_link(about: Occasion) -> Letter:
    return Letter(
        subject=_("Your link to sign in"),
        headline=_("Sign in with one click"),
        paragraphs=[_("Give this link to nobody: whoever has it can sign in as you.")],
        button=Link(_("Sign in"), about.delivery.data["url"]),
        afterword=[*_until(about), _("If you did not ask for it, do nothing.")],
    )


def _until(about: Occasion) -> list[str]:
    until = about.delivery.data.get("until")
    if not until:
        return [_("The link works once.")]
    return [_("The link works once, until %(moment)s.") % {"moment": about.moment(until)}]


LETTERS = {"password_reset": password_reset, "invitation": invitation, "login_link": login_link}
