"""What no page can change: the same words are looked up once a language and the same file once, not once a page.

`translate` and `static` are Django's own, which take about a hundred function calls each time; a list has two hundred.
This library stands behind theirs in the settings, and has the last word.
"""

from __future__ import annotations

from django import template
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.context import Context
from django.templatetags import i18n
from django.templatetags import static as static_files
from django.utils.translation import get_language

register = template.Library()


class Fixed(Node):
    """A node that depends on the language at most."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._known: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        known = self._known.get(language)
        if known is None:
            known = self._known[language] = self._node.render(context)
        return known


@register.tag("translate")
def translate(parser: Parser, token: Token) -> Node:
    """{% translate "words" [context "where"] %}; with a variable or `as name` it is Django's."""
    bits, node = token.split_contents(), i18n.do_translate(parser, token)
    return Fixed(node) if "as" not in bits and _is_written(parser, bits[1], *bits[3:4]) else node


@register.tag("static")
def static(parser: Parser, token: Token) -> Node:
    """{% static "path" %}; with a variable or `as name` it is Django's."""
    bits, node = token.split_contents(), static_files.do_static(parser, token)
    return Fixed(node) if len(bits) == 2 and _is_written(parser, bits[1]) else node


def _is_written(parser: Parser, *words: str) -> bool:
    """Whether these are words in quotes, without filters."""
    found: list[FilterExpression] = [parser.compile_filter(one) for one in words]
    return all(isinstance(one.var, str) and not one.filters for one in found)
