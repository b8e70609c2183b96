"""How somebody of the desk can look at the requester's screen: three programs, three steps each."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe


@dataclass(frozen=True)
class Program:
    """A program, where to get it, and what to do; `say` is what the operator needs to hear."""

    name: str
    url: str
    steps: tuple[str, str, str]
    say: str


def programs() -> list[Program]:
    """Those that have an address in the settings."""
    accept = _("When the window asks whether to let us in, press “Accept”. You see everything that we do.")
    known = [
        Program(
            "AnyDesk",
            settings.FIRSTLINE_ANYDESK,
            (
                _("Download AnyDesk and start it. Nothing is installed."),
                _("Tell us the number under “This desk”."),
                accept,
            ),
            _("nine or ten digits, for example 1 234 567 890"),
        ),
        Program(
            "TeamViewer QuickSupport",
            settings.FIRSTLINE_TEAMVIEWER,
            (
                _("Download QuickSupport and start it. Nothing is installed."),
                _("Tell us “Your ID” and the password beside it."),
                accept,
            ),
            _("nine or ten digits, and the password"),
        ),
        Program(
            "RustDesk",
            settings.FIRSTLINE_RUSTDESK,
            (
                _("Download RustDesk and start it."),
                _("Tell us the ID and the one-time password."),
                accept,
            ),
            _("nine digits, and the one-time password"),
        ),
    ]
    return [program for program in known if program.url]


@require_safe
def remote_help(request: HttpRequest) -> HttpResponse:
    """For everybody, signed in or not: who cannot work may not be able to sign in either."""
    return render(request, "web/portal/remote_help.html", {"programs": programs()})
