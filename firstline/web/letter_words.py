"""A message as people read it: what was said this time, the whole of it folded behind, pictures in their places.

Own pictures come from the message's files. Those of other hosts are words: nothing tells the sender that his letter was
read. Only the frame of the original shows them, to whom asks for them (ui.md §3.4).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape, unescape

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from firstline.intake.reading.content import Part
from firstline.lib import html, pictures
from firstline.tickets.models import Attachment, Message

_IMAGE_OR_LINK = re.compile(r"<img\b[^>]*>|</?a\b")
_TAG = re.compile(r"(<[^>]*>)")
_ATTRIBUTE = re.compile(r'\b(src|alt)="([^"]*)"')
_REMOTE = re.compile(r'<img\b[^>]*\bsrc="https?:')
_LARGEST_EMBEDDED = 5_000_000


def is_cut(message: Message) -> bool:
    """Whether quotation or signature are folded away."""
    return bool(message.reply_text.strip()) and message.reply_text.split() != message.text.split()


def said(message: Message, files: Sequence[Attachment], address: Callable[[Attachment], str]) -> SafeString:
    """What was said this time, as it was written. ``address`` says where a file's picture is served."""
    if not is_cut(message):
        return whole(message, files, address)
    if message.reply_html:
        return mark_safe(own_pictures(message.reply_html, files, address))  # noqa: S308 - cleaned when kept
    return mark_safe(html.from_text(message.reply_text))  # noqa: S308 - escaped there


def whole(message: Message, files: Sequence[Attachment], address: Callable[[Attachment], str]) -> SafeString:
    """Everything, with quotation and signature. The HTML was cleaned when it was kept (opening.keep_words)."""
    if message.html:
        return mark_safe(own_pictures(message.html, files, address))  # noqa: S308 - cleaned when kept
    return mark_safe(html.from_text(message.text))  # noqa: S308 - escaped there


def with_mentions(markup: str, named: Iterable[str]) -> SafeString:
    """The colleagues whom a note names, marked where they stand. What stands within a tag stays as it is."""
    wanted = "|".join(re.escape(escape(f"@{one}")) for one in sorted(named, key=len, reverse=True))
    parts = _TAG.split(markup)
    parts[::2] = [re.sub(f"(?:{wanted})(?!\\w)", r'<strong class="mention">\g<0></strong>', one) for one in parts[::2]]
    return mark_safe("".join(parts))  # noqa: S308 - only around what is escaped already


def has_remote_pictures(markup: str) -> bool:
    return bool(_REMOTE.search(markup))


def to_list(message: Message, files: Iterable[Attachment]) -> list[Attachment]:
    """The files to name below the words: all but the pictures that stand within them."""
    markup = unescape(message.html)
    return [file for file in files if not (_is_picture(file) and f'src="cid:{_bare(file.content_id)}"' in markup)]


def _is_picture(file: Attachment) -> bool:
    return bool(file.content_id) and file.content_type in pictures.KINDS


def own_pictures(markup: str, files: Iterable[Attachment], address: Callable[[Attachment], str]) -> str:
    """The pictures of a kept message."""
    by_id = {_bare(file.content_id): file for file in files if file.content_id}

    def shown(source: str, alt: str, is_linked: bool) -> str:
        if source.startswith("cid:") and (file := by_id.get(source[4:])):
            where, name = address(file), alt or file.name
            picture = format_html('<img src="{}" alt="{}" loading="lazy">', where, name)
            return (
                picture
                if is_linked
                else format_html('<a class="shot" href="{}" data-shot="{}">{}</a>', where, file.name, picture)
            )
        if source.startswith("/"):
            return format_html('<img src="{}" alt="{}" loading="lazy">', source, alt)
        return _in_words(alt)

    return _pictures(markup, shown)


def embedded_pictures(markup: str, parts: Iterable[Part], remote: bool) -> str:
    """The pictures of an original in its frame, which has no cookie to ask us for them: they are in the page itself.
    Those of other hosts only with ``remote``."""
    by_id = {part.content_id: part.content for part in parts if part.content_id}
    left = _LARGEST_EMBEDDED

    def shown(source: str, alt: str, _is_linked: bool) -> str:
        nonlocal left
        content = by_id.get(source[4:], b"") if source.startswith("cid:") else b""
        kind = pictures.kind_of(content)
        if kind and len(content) <= left:
            left -= len(content)
            return format_html('<img src="data:{};base64,{}" alt="{}">', kind, base64.b64encode(content).decode(), alt)
        if remote and source.startswith(("https://", "http://")):
            return format_html('<img src="{}" alt="{}" referrerpolicy="no-referrer">', source, alt)
        return _in_words(alt)

    return _pictures(markup, shown)


def _pictures(markup: str, shown: Callable[[str, str, bool], str]) -> str:
    """Each picture as ``shown(source, alt, is_linked)`` says: one that is a link's words already gets no other link."""
    links = 0

    def put(found: re.Match[str]) -> str:
        nonlocal links
        if not found[0].startswith("<img"):
            links += -1 if found[0].startswith("</") else 1
            return found[0]
        given: Mapping[str, str] = dict(_ATTRIBUTE.findall(found[0]))
        return shown(unescape(given.get("src", "")), unescape(given.get("alt", "")), links > 0)

    return _IMAGE_OR_LINK.sub(put, markup)


def _in_words(alt: str) -> str:
    return f"<em>[{escape(alt or _('picture'))}]</em>"


def _bare(content_id: str) -> str:
    return content_id.strip("<>")
