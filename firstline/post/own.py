"""Which addresses are ours: the mailboxes, what they send as, and the desk's general sender; tagged or not."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q

from firstline.lib import tokens
from firstline.post.models import Account


def addresses() -> set[str]:
    """All of them, in lower case."""
    rows = Account.objects.values_list("address", "sent_as")
    return {one.lower() for row in rows for one in row if one} | {settings.FIRSTLINE_MAIL_FROM.lower()}


def is_ours(address: str) -> bool:
    """Whether mail to or from this address is mail to or from ourselves."""
    plain = tokens.untagged(address)
    if plain.lower() == settings.FIRSTLINE_MAIL_FROM.lower():
        return True
    return Account.objects.filter(Q(address__iexact=plain) | Q(sent_as__iexact=plain)).exists()
