"""A delivery put into words: the reader's language and zone, HTML and text of one design.

Words that cannot be made never lose the notice: plain ones go out instead, and the ticket says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from firstline.brand import identity
from firstline.lib import clock, html, log
from firstline.notices import (
    as_sms,
    digests,
    enclosures,
    envelope,
    ladder_letters,
    of_lines,
    push_words,
    texts,
    to_accounts,
    to_administrators,
    to_agents,
    to_clients,
    to_dispatchers,
    to_followers,
    to_reserve,
    to_vendors,
)
from firstline.notices.letter import Letter, Quoted, as_html, as_text
from firstline.notices.occasion import Occasion, occasion_of
from firstline.notices.recipients import BY_A_PERSON
from firstline.post.browsers import PUSH
from firstline.post.models import Account, Delivery
from firstline.post.ways import SMS
from firstline.post.words import Enclosure, Words
from firstline.tickets import history
from firstline.tickets.models import Message, Ticket

LETTERS: dict[str, Callable[[Occasion], Letter]] = {
    **to_clients.LETTERS,
    **to_agents.LETTERS,
    **to_accounts.LETTERS,
    **to_administrators.LETTERS,
    **to_vendors.LETTERS,
    **to_dispatchers.LETTERS,
    **to_followers.LETTERS,
    **of_lines.LETTERS,
    **to_reserve.LETTERS,
    **ladder_letters.LETTERS,
    **digests.LETTERS,
    **as_sms.LETTERS,
}

_log = log.get(__name__)


def render(delivery: Delivery) -> Words:
    """The words of any delivery; called once, at its first attempt. Raises only what the database raises."""
    about = occasion_of(delivery)
    with translation.override(delivery.language):
        try:
            return _words(about)
        except (OperationalError, InterfaceError):
            raise  # the database's trouble and not the letter's: it is tried again, and is no plain letter for ever
        except Exception as broken:  # noqa: BLE001 - whatever is wrong with a letter's making, the notice must go out
            _log.error("a letter could not be made", kind=delivery.kind, delivery=delivery.pk, error=repr(broken))
            if about.ticket_or_none is not None:
                _say_so(about.ticket_or_none, f"{delivery.kind}: {broken!r}")
            return _plain(about)


def _say_so(ticket: Ticket, error: str) -> None:
    with transaction.atomic():
        history.trouble(history.locked(ticket), at=clock.now(), what="wording", error=error)


def _words(about: Occasion) -> Words:
    if about.delivery.channel == PUSH:
        return push_words.of(about)
    letter = texts.applied(LETTERS[about.delivery.kind](about), about)
    if about.delivery.channel == SMS:
        return Words(subject=letter.subject, text=as_sms.short(letter, about))
    files: list[Enclosure] = []
    if about.message is not None and about.delivery.kind in BY_A_PERSON:
        files, left_out = enclosures.files_of(about.message)
        said = Quoted(about.message.text, enclosures.with_pictures(about.message.html, files))
        letter = replace(letter, quoted=said, afterword=[*letter.afterword, *left_out])
    mailbox = about.delivery.account
    if mailbox is None and about.delivery.kind not in to_administrators.LETTERS:
        mailbox = envelope.mailbox_of(about.ticket_or_none)
    if letter.signature and mailbox is not None:
        letter = replace(letter, house=mailbox.signature_for(about.delivery.language))
    return Words(
        subject=_tokened(about, letter.subject),
        text=as_text(letter),
        html=as_html(letter, about.delivery.language, identity.current()),
        headers=envelope.thread_headers(about.delivery),
        sender=_sender(about, mailbox),
        files=files,
        mailbox=mailbox,
    )


def _plain(about: Occasion) -> Words:
    """Without template, clocks or files: what can hardly fail."""
    ticket = about.ticket_or_none
    link = about.delivery.data.get("url") or settings.FIRSTLINE_BASE_URL
    if ticket is not None:
        is_agent = about.person is not None and about.person.is_agent
        link = ticket.url if is_agent else about.portal_url
    said = _said(about.message) if about.delivery.kind in BY_A_PERSON else ""
    if about.delivery.kind in to_vendors.LETTERS:
        link = ""  # what leads into the desk or the portal is not for a vendor
    return Words(
        subject=_tokened(about, _("There is news for you")),
        text="\n\n".join(part for part in (said, _("There is news for you"), link) if part) + "\n",
        sender=_("Service desk"),
        mailbox=envelope.mailbox_of(ticket),
    )


def _said(message: Message | None) -> str:
    return (message.text or html.crude_text(message.html)) if message is not None else ""


def _tokened(about: Occasion, subject: str) -> str:
    """The number by which an answer finds its ticket even where a mail program drops References."""
    if about.ticket_or_none is None:
        return subject
    if about.delivery.kind in to_vendors.LETTERS:
        return f"[#{about.data['number']}] {subject}"
    return f"[#{about.ticket_or_none.number}] {subject}"


def _sender(about: Occasion, mailbox: Account | None) -> str:
    """A person's answer carries his name, and every letter the name of its mailbox."""
    desk = mailbox.name_for(about.delivery.language) if mailbox is not None else ""
    if about.delivery.kind not in BY_A_PERSON:
        return desk or _("Service desk")
    if desk:
        return _("%(name)s, %(desk)s") % {"name": about.author, "desk": desk}
    return _("%(name)s, service desk") % {"name": about.author}
