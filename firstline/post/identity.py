"""As whom a delivery leaves: the address in From, where answers and bounces come back to, and whose keys sign it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from firstline.lib import tokens
from firstline.post import signing
from firstline.post.models import Account, Delivery


@dataclass(frozen=True)
class Identity:
    """`mailbox` is where words come back to, `sent_as` what From names. `takes_tags`: its server hands name+anything to
    name."""

    mailbox: str
    sent_as: str
    takes_tags: bool = False
    selectors: str = ""
    signing_keys: str = ""

    @property
    def domain(self) -> str:
        return self.sent_as.rpartition("@")[2]

    def reply_to(self, delivery: Delivery) -> str:
        """Where answers go: about a ticket they name it, where the mailbox takes that."""
        if not self.takes_tags or not delivery.ticket:
            return self.mailbox
        return tokens.reply_address(settings.SECRET_KEY, self.mailbox, ticket=delivery.ticket, delivery=delivery.pk)

    def return_path(self, delivery: Delivery) -> str:
        """The envelope sender (VERP): a bounce names its delivery even where nothing of the letter is in it."""
        if not self.takes_tags:
            return self.mailbox
        return tokens.return_address(settings.SECRET_KEY, self.mailbox, delivery=delivery.pk)

    def records(self) -> list[tuple[str, str]]:
        """What is to be published so that others can check the signatures: names and texts. Raises CannotSign."""
        if not self.signing_keys:
            return []
        made = signing.keys(self.selectors, self.signing_keys, settings.FIRSTLINE_HOME)
        return [(f"{key.selector}._domainkey.{self.domain}", key.record) for key in made]

    def signed(self, raw: bytes) -> bytes:
        """The letter with our signatures, if it has keys. Raises CannotSign."""
        if not self.signing_keys:
            return raw
        return signing.sign(raw, self.domain, signing.keys(self.selectors, self.signing_keys, settings.FIRSTLINE_HOME))


def of(delivery: Delivery) -> Identity:
    """That of its mailbox, else the desk's general one."""
    return of_mailbox(delivery.account)


def of_mailbox(account: Account | None) -> Identity:
    """As whom a mailbox sends; None: the desk's general sender."""
    if account is None:
        general = settings.FIRSTLINE_MAIL_FROM
        return Identity(
            general, general, settings.FIRSTLINE_MAIL_TAGS, settings.FIRSTLINE_DKIM_SELECTOR,
            settings.FIRSTLINE_DKIM_KEY,
        )  # fmt: skip
    return Identity(
        account.address, account.sent_as or account.address, account.plus_tags, account.dkim_selector, account.dkim_key
    )
