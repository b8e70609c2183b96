"""A line of the thread, and sentences with names in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from firstline.tickets.models import Event

Names = Mapping[str, str]  # login -> name, slug -> name: history keeps what people do not read


@dataclass(frozen=True)
class Line:
    """A line of the thread: its drawing, its words (safe), what else there is to read, and a tone."""

    icon: str
    words: SafeString
    more: str = ""
    tone: str = ""


def say(pattern: str, **parts: object) -> SafeString:
    """A translated sentence with its names in bold: `{who}`, never built from pieces of sentences."""
    bold = {name: format_html("<b>{}</b>", part) for name, part in parts.items()}
    return mark_safe(_filled(conditional_escape(pattern), bold))  # noqa: S308 - each part is escaped


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    for name, part in parts.items():
        pattern = pattern.replace("{" + name + "}", part)
    return pattern


def who(event: Event) -> str:
    return event.by.name if event.by else _("Firstline")
