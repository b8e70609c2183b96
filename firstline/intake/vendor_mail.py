"""A vendor's answer by mail: it belongs to the request that it answers, and nowhere else.

It is known by our signed Message-ID of the letter to him, or by the number of the request in its subject, and it must
come from the vendor's own domain: a letter that was passed on to somebody else opens nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from firstline.intake import matching
from firstline.intake.models import Inbound
from firstline.intake.reading import enclosed
from firstline.intake.reading.letters import Letter
from firstline.tickets import vendor_requests
from firstline.tickets.models import Message, Ticket
from firstline.tickets.opening import File, Words
from firstline.tickets.vendor_models import VendorRequest

TO_VENDOR = "to_vendor"
_NUMBER = re.compile(r"\[#(\d{1,12})-(\d{1,4})\]")


def request_of(letter: Letter) -> VendorRequest | None:
    """The request that this letter answers, where its sender is of that vendor."""
    delivery = matching.delivery_of(matching.references(letter))
    rows = VendorRequest.objects.select_related("vendor", "ticket")
    found: VendorRequest | None = None
    if delivery is not None and delivery.kind == TO_VENDOR:
        found = rows.filter(pk=delivery.data.get("request")).first()
    elif named := _NUMBER.search(letter.subject):
        found = rows.filter(ticket_id=int(named[1]), number=int(named[2])).first()
    return found if found is not None and _is_of(letter.from_email or "", found.vendor.email) else None


def answer(
    request: VendorRequest, row: Inbound, letter: Letter, files: Sequence[File], *, learnt_at: datetime
) -> tuple[Ticket, Message]:
    """Kept as an internal message of the ticket, which it wakes."""
    told = enclosed.whole(letter)
    words = Words(text=told.text, html=told.html or "", reply_text=told.reply_text, files=files, flags=letter.defects)
    held, event = vendor_requests.answered(request, words, by=None, at=row.received_at, learnt_at=learnt_at)
    return held.ticket, Message.objects.get(event=event)


def _is_of(sender: str, vendor: str) -> bool:
    own, known = sender.lower().rpartition("@")[2], vendor.lower().rpartition("@")[2]
    if not known or not own:
        return False
    # Of a public mail provider the whole address counts, of a firm its domain.
    return sender.lower() == vendor.lower() if known in PUBLIC else own == known or own.endswith(f".{known}")


PUBLIC = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "gmx.de",
        "mail.ru", "bk.ru", "inbox.ru", "list.ru", "internet.ru", "yandex.ru", "ya.ru", "yandex.com", "rambler.ru",
        "abv.bg", "mail.bg", "dir.bg", "gbg.bg", "proton.me", "protonmail.com", "ukr.net", "i.ua", "web.de",
    }
)  # fmt: skip
