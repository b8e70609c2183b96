"""The pictures of a letter: its own are shown, those of other hosts are words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape, unescape

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from firstline.tickets.models import Attachment

_IMAGE = re.compile(r"<img\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(src|alt)="([^"]*)"')


def own_pictures(markup: str, files: Iterable[Attachment]) -> str:
    """The letter's own pictures come from its attachments; those of other hosts are words: nothing tells the sender
    that his letter was read, and the policy would block them anyway."""
    by_id = {file.content_id.strip("<>"): file for file in files if file.content_id}

    def shown(found: re.Match[str]) -> str:
        given: Mapping[str, str] = dict(_ATTRIBUTE.findall(found[0]))
        source, alt = unescape(given.get("src", "")), unescape(given.get("alt", ""))
        if source.startswith("cid:") and (file := by_id.get(source[4:])):
            return format_html(
                '<img src="{}" alt="{}" loading="lazy">', reverse("desk-picture", args=[file.pk]), alt or file.name
            )
        if source.startswith("/"):
            return format_html('<img src="{}" alt="{}" loading="lazy">', source, alt)
        return f"<em>[{escape(alt or _('picture'))}]</em>"

    return _IMAGE.sub(shown, markup)
