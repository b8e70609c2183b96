"""What stands in the same place on every page of the portal: how to reach the desk, and the line of a request."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from firstline.brand import identity
from firstline.contracts import outages
from firstline.contracts.models import Service
from firstline.lib import clock, phones
from firstline.tickets.models import Ticket
from firstline.web.portal import progress

register = template.Library()


@register.inclusion_tag("web/portal/_contact.html")
def contact() -> dict[str, Any]:
    """Phone and mail (WCAG 3.2.6: the same place on every page)."""
    return {
        "phone": identity.current().phone,
        "readable": phones.readable(identity.current().phone),
        "mail": identity.current().mail,
    }


@register.inclusion_tag("web/portal/_call.html")
def call_us() -> dict[str, Any]:
    """The phone alone, in the head of the page."""
    phone = identity.current().phone
    return {"phone": phone, "readable": phones.readable(phone)}


@register.inclusion_tag("web/portal/_outages.html")
def public_announcements() -> dict[str, Any]:
    """What is said to who is not signed in."""
    return {"outages": outages.public(clock.now())}


@register.inclusion_tag("web/portal/_steps.html")
def steps(ticket: Ticket) -> dict[str, Any]:
    """Received, being worked on, solved, closed: where the request stands."""
    return {"steps": progress.steps(ticket)}


@register.simple_tag
def status_of(ticket: Ticket) -> str:
    """The requester's word for the status (glossary 114)."""
    return progress.label(ticket)


@register.filter
def words(service: Service) -> str:
    """What a service is for, in the language of the page."""
    return service.words(get_language())
