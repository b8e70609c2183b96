"""Event → people: who is told of what (a reaction)."""

from __future__ import annotations

from firstline.tickets.models import Event


def tell(event: Event) -> None:
    """Being written: nobody is told yet."""
