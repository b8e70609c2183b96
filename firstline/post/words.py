"""A letter before it has an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from firstline.post.models import Account


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with the letter. With a `content_id` it is a picture within the words (`cid:`, RFC 2392)."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True)
class Words:
    """What a delivery says. `sender` is the name shown in From; `headers` may hold In-Reply-To and References;
    `mailbox` is where it leaves from, if the delivery does not name one (None: FIRSTLINE_MAIL_FROM)."""

    subject: str
    text: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    sender: str = ""
    files: Sequence[Enclosure] = ()
    mailbox: Account | None = None
