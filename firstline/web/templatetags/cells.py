"""The cells of a row in the order that somebody chose, at the price of cells that stand in the template itself."""

from __future__ import annotations

from django import template
from django.template.base import FilterExpression, Parser, Token
from django.template.context import Context
from django.template.engine import Engine
from django.utils.safestring import SafeString, mark_safe

from firstline.people.queue_columns import COLUMNS

register = template.Library()


class Cells(template.Node):
    """The templates are read when the page's is: drawing one costs no look-up and no context of its own."""

    def __init__(self, names: FilterExpression) -> None:
        self.names = names
        engine = Engine.get_default()
        self.cells = {name: engine.get_template(f"web/agent/queue/cells/{name}.html").nodelist for name in COLUMNS}

    def render(self, context: Context) -> SafeString:
        drawn = [self.cells[name].render(context) for name in self.names.resolve(context)]
        return mark_safe("".join(drawn))  # noqa: S308 - drawn by templates


@register.tag
def queue_cells(parser: Parser, token: Token) -> Cells:
    """{% queue_cells columns.cells %}: inside a row, which the cells know as `row` and `t`."""
    _tag, names = token.split_contents()
    return Cells(parser.compile_filter(names))
