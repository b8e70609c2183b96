"""Lists of which a page has hundreds of lines: written here and not in templates, which take several times as long.
Whatever a person wrote goes through `escape`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Protocol

from django import template
from django.utils.safestring import SafeString, mark_safe

from firstline.web.templatetags.ui import drawn, up_to_99

register = template.Library()


class Entry(Protocol):
    """A link of the sidebar (`web.agent.sidebar.Entry`)."""

    label: str
    href: str
    icon: str
    key: str
    count: int
    hot: bool
    current: bool


@register.simple_tag
def options(offered: Iterable[Sequence[Any]], chosen: Any = None, prefix: str = "") -> SafeString:
    """{% options pairs chosen %}: what a field offers, each (value, words) or (value, words, chosen)."""
    lines = []
    for value, words, *is_chosen in offered:
        mark = " selected" if (is_chosen[0] if is_chosen else value == chosen) else ""
        lines.append(f'<option value="{escape(f"{prefix}{value}")}"{mark}>{escape(str(words))}</option>')
    return mark_safe("".join(lines))  # noqa: S308 - each value and each word is escaped


@register.simple_tag
def entries(of: Iterable[Entry]) -> SafeString:
    """{% entries group.entries %}: links of the sidebar with their keys and counts."""
    lines = []
    for one in of:
        current = ' aria-current="page"' if one.current else ""
        key = f' data-hotkey="{escape(one.key)}"' if one.key else ""
        hot = " hot" if one.hot else ""
        count = f'<span class="count{hot}">{up_to_99(one.count)}</span>' if one.count else ""
        lines.append(
            f'<a class="nav" href="{escape(one.href)}"{current}{key}>{drawn(one.icon, "i")}'
            f'<span class="trunc">{escape(one.label)}</span>{count}</a>\n'
        )
    return mark_safe("".join(lines))  # noqa: S308 - each word and each address is escaped
