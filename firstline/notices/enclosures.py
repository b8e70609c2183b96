"""The files of an answer, as far as a mail should carry them: beside the words, or as pictures within them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape

from django.utils.translation import gettext as _

from firstline.blobs import store
from firstline.lib import pictures
from firstline.post.words import Enclosure
from firstline.tickets.models import Attachment, Message

MOST_BYTES = 10 * 1024 * 1024  # many servers refuse letters over 20 MB, and base64 adds a third
_IMAGE = re.compile(r"<img\b[^<>]*>")
_SOURCE = re.compile(r'\bsrc="([^"]*)"')
_ALT = re.compile(r'\balt="([^"]*)"')


def files_of(message: Message) -> tuple[list[Enclosure], list[str]]:
    """The files to enclose, smallest first until the letter is full, and a sentence for each that stays behind."""
    enclosed, left_out, total = [], [], 0
    within = set(_sources(message.html))
    for attachment in message.attachments.select_related("blob").order_by("size", "id"):
        if total + attachment.size > MOST_BYTES:
            left_out.append(
                _("The file %(name)s is too large for a mail: it waits on the portal.") % {"name": attachment.name}
            )
            continue
        total += attachment.size
        enclosed.append(_enclosed(attachment, within))
    return enclosed, left_out


def with_pictures(markup: str, files: Iterable[Enclosure]) -> str:
    """Cleaned HTML with the pictures that go along in their places. In the place of any other stand its words: where it
    lies is the desk's own server, or another's that would learn who reads."""
    along = {file.content_id for file in files if file.content_id}

    def put(found: re.Match[str]) -> str:
        if _source(found[0]) in along:
            return found[0]
        alt = _ALT.search(found[0])
        return f"<em>[{escape(unescape(alt[1]))}]</em>" if alt and alt[1] else ""

    return _IMAGE.sub(put, markup)


def _enclosed(attachment: Attachment, within: set[str]) -> Enclosure:
    content = store.read(attachment.blob.sha256)
    content_id = attachment.content_id.strip("<>")
    kind = pictures.kind_of(content) if content_id in within else None
    return Enclosure(attachment.name, kind or attachment.content_type, content, content_id if kind else "")


def _sources(markup: str) -> list[str]:
    return [_source(image) for image in _IMAGE.findall(markup)]


def _source(image: str) -> str:
    """The content id of an image tag, or nothing."""
    found = _SOURCE.search(image)
    source = unescape(found[1]) if found else ""
    return source.removeprefix("cid:") if source.startswith("cid:") else ""
