"""A link that signs somebody in must not lie about: when its letter has gone, the outbox forgets it.

Of the link itself only a hash is kept (people.links); the letter needs it in clear until it is sent.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.notices.to_accounts import LETTERS
from firstline.post.models import Delivery

# What was given up may be sent again by hand: until then its link is over anyhow (people.links.LIFETIMES).
GONE = (Delivery.State.SENT, Delivery.State.FAILED, Delivery.State.DEAD)
BATCH = 200


def forget(at: datetime) -> int:
    """Empties link and letter of what has gone; who got what, when, with which answer stays. Returns how many."""
    letters = Delivery.objects.filter(kind__in=LETTERS, state__in=GONE).exclude(mime=b"")
    with transaction.atomic():
        rows = list(letters.only("data")[:BATCH])
        for row in rows:
            row.data = {key: value for key, value in row.data.items() if key != "url"}
            row.mime = b""
        Delivery.objects.bulk_update(rows, ["data", "mime"])
    return len(rows)
