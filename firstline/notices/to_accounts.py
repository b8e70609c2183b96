"""Letters about signing in: no ticket, one link (`data["url"]`), and what to do if it was not you."""

from __future__ import annotations

from django.conf import settings
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


def account_wanted(about: Occasion) -> Letter:
    data = about.delivery.data
    return Letter(
        subject=_("%(name)s asks for access to the portal") % {"name": data["name"]},
        headline=_("A colleague asks for access"),
        paragraphs=[_("The address is of your company. Let the person in, or refuse: you decide.")],
        facts=[(_("Name"), data["name"]), (_("E-mail"), data["email"])],
        button=Link(_("Decide"), f"{settings.FIRSTLINE_BASE_URL}/portal/colleagues/"),
    )


def account_decided(about: Occasion) -> Letter:
    data = about.delivery.data
    said = (
        _("The person has an account now, and an invitation by mail.")
        if data["accepted"]
        else _("The desk has not made an account. Write to us if that is a mistake.")
    )
    return Letter(
        subject=_("The account that you proposed: %(name)s") % {"name": data["name"]},
        headline=_("The account that you proposed"),
        paragraphs=[said],
        facts=[(_("Name"), data["name"]), (_("E-mail"), data["email"])],
    )


def _until(about: Occasion) -> list[str]:
    until = about.delivery.data.get("until")
    if not until:
        return [_("The link works once.")]
    return [_("The link works once, until %(moment)s.") % {"moment": about.moment(until)}]


LETTERS = {
    "password_reset": password_reset,
    "invitation": invitation,
    "login_link": login_link,
    "account_wanted": account_wanted,
    "account_decided": account_decided,
}
