"""Being written."""

from firstline.tickets.models import Event


def follow(event: Event) -> None: ...
