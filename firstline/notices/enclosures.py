"""The files of an answer, as far as a mail should carry them."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from firstline.blobs import store
from firstline.post.words import Enclosure
from firstline.tickets.models import Message

MOST_BYTES = 10 * 1024 * 1024  # many servers refuse letters over 20 MB, and base64 adds a third
_IMAGE = re.compile(r"<img\b[^<>]*>")


def files_of(message: Message) -> tuple[list[Enclosure], list[str]]:
    """The files to enclose, smallest first until the letter is full, and a sentence for each that stays behind."""
    enclosed, left_out, total = [], [], 0
    for attachment in message.attachments.select_related("blob").order_by("size", "id"):
        if total + attachment.size > MOST_BYTES:
            left_out.append(
                _("The file %(name)s is too large for a mail: it waits on the portal.") % {"name": attachment.name}
            )
            continue
        total += attachment.size
        enclosed.append(Enclosure(attachment.name, attachment.content_type, store.read(attachment.blob.sha256)))
    return enclosed, left_out


def without_images(markup: str) -> str:
    """Cleaned HTML without its pictures: they lie on the desk's own server and go along as files."""
    return _IMAGE.sub("", markup)
