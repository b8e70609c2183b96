"""Which addresses are ours: the mailboxes, what they send as, and the desk's general sender; tagged or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from firstline.lib import tokens
from firstline.lib.asked_often import Question
from firstline.post.models import Account


@dataclass(frozen=True)
class House:
    """The mailboxes as they were at one look, for who asks several times about one letter."""

    mailboxes: tuple[Account, ...]

    @property
    def addresses(self) -> set[str]:
        """All of them, in lower case."""
        named = [one for mailbox in self.mailboxes for one in (mailbox.address, mailbox.sent_as) if one]
        return {one.lower() for one in (*named, settings.FIRSTLINE_MAIL_FROM)}

    def has(self, address: str) -> bool:
        """Whether mail to or from this address is mail to or from ourselves."""
        return tokens.untagged(address).lower() in self.addresses

    def mailbox_among(self, addresses: Iterable[str]) -> Account | None:
        """The first of these addresses that is one of our mailboxes."""
        known = {mailbox.address.lower(): mailbox for mailbox in self.mailboxes}
        plain = [tokens.untagged(one).lower() for one in addresses]
        return next((known[one] for one in plain if one in known), None)


def house() -> House:
    """One statement; there are a few mailboxes, and no index finds an address whatever its case."""
    return House(tuple(_MAILBOXES.all()))


_MAILBOXES = Question(lambda: Account.objects.only("address", "sent_as").order_by("id"))


def is_ours(address: str) -> bool:
    """Whether mail to or from this address is mail to or from ourselves."""
    return tokens.untagged(address).lower() == settings.FIRSTLINE_MAIL_FROM.lower() or house().has(address)
