"""Keys as they are drawn: `{% keys_of "shift+r" %}`."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
_CAPS = {"mod": "Ctrl", "shift": "Shift", "alt": "Alt", "enter": "Enter", "escape": "Esc", "space": "Space"}


def caps(combo: str) -> list[str]:
    """The caps of a key or of two, one after the other: "g q", "mod+shift+enter", "shift+.", "+"."""
    found = []
    for key in combo.split():
        *held, last = key.rstrip("+").split("+") if key != "+" else [key]
        found += [_CAPS.get(one, one.upper()) for one in (*held, last)]
    return found


@register.filter
def as_json(value: Any) -> str:
    """For an attribute: the template escapes it."""
    return json.dumps(value)


@register.simple_tag
def keys_of(combo: str) -> SafeString:
    """The caps at the end of a line."""
    return format_html(
        '<span class="end">{}</span>', format_html_join("", "<kbd>{}</kbd>", ((c,) for c in caps(combo)))
    )
