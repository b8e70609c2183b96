"""The address somebody comes from, and where he may be sent next."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from firstline.people.models import Person


def address_of(request: HttpRequest) -> str:
    """The client's address: X-Forwarded-For counts only from a trusted proxy, and only its last entry."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if direct in settings.FIRSTLINE_TRUSTED_PROXIES:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        return forwarded or direct
    return direct


def own_path(wanted: str) -> str:
    """`wanted` if it is a path of ours, else nothing: a sign-in never sends anybody to another host."""
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return ""


def home_of(person: Person) -> str:
    """The first page of the desk's side and of the client's."""
    return "/desk/" if person.is_agent else "/portal/"
