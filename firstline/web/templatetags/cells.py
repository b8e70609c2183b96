"""The rows of the queue as they are drawn: half a thousand cells on a page, so they are written here and not in
templates, which take several times as long. Whatever a person wrote goes through `escape`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, Protocol

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from firstline.web import clock_faces
from firstline.web.templatetags import ui

register = template.Library()

Ticket = Mapping[str, Any]


class Drawn(Protocol):
    """What a cell needs of a row (`web.agent.queue.Row`)."""

    ticket: dict[str, Any]
    client: str
    face: clock_faces.Face | None
    initials: str
    free: bool
    reason: str
    news: bool
    more: dict[str, str]


@dataclass(frozen=True)
class Words:
    """The words that are the same in each row, ready for HTML."""

    tick: str
    take: str
    nobody: str
    draft: str
    news: str


@lru_cache(maxsize=8)
def _words(language: str | None) -> Words:
    """In the language of the page, which is the key."""
    return Words(
        tick=escape(pgettext("key", "Tick")),
        take=escape(_("Take")),
        nobody=escape(_("nobody")),
        draft=escape(pgettext("queue", "draft")),
        news=escape(_("Something new since you looked")),
    )


class Column(Protocol):
    """A column of the queue (`web.agent.queue_columns.Column`)."""

    @property
    def name(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def width(self) -> str: ...
    @property
    def shown(self) -> bool: ...


@register.simple_tag
def column_heads(shown: tuple[Column, ...]) -> SafeString:
    """{% column_heads columns.shown %}: their widths and their words, above the rows."""
    return _heads(shown, get_language())


@lru_cache(maxsize=256)
def _heads(shown: tuple[Column, ...], language: str | None) -> SafeString:
    """In the language of the page, which is the key."""
    widths = "".join(f'<col class="{one.width}">' if one.width else "<col>" for one in shown)
    words = "".join(f'<th scope="col">{escape(one.words)}</th>' for one in shown)
    tick = escape(pgettext("key", "Tick"))
    return mark_safe(  # noqa: S308 - words of ours, escaped
        f'<colgroup><col class="c-tick">{widths}</colgroup>\n<thead><tr><th scope="col">{tick}</th>{words}</tr></thead>'
    )


@register.simple_tag
def column_choices(offered: tuple[Column, ...]) -> SafeString:
    """{% column_choices columns.offered %}: which are shown, and in which order, to be chosen."""
    return _choices(offered, get_language())


@lru_cache(maxsize=256)
def _choices(offered: tuple[Column, ...], language: str | None) -> SafeString:
    """In the language of the page, which is the key."""
    steps = (
        ("up", "-1", escape(_("Further to the left")), ui.drawn("chevron-up", "i i-sm")),
        ("down", "1", escape(_("Further to the right")), ui.drawn("chevron-down", "i i-sm")),
    )
    lines = []
    for one in offered:
        words, checked = escape(one.words), " checked" if one.shown else ""
        if one.name == "subject":
            choice = f'<input type="hidden" name="column" value="subject"><span class="grow">{words}</span>'
        else:
            choice = (
                '<label class="choice grow"><input type="checkbox" name="column"'
                f' value="{one.name}"{checked}> {words}</label>'
            )
        moves = "".join(
            f'<button class="btn btn-ghost btn-icon btn-sm" name="move" value="{way}.{one.name}" data-step="{step}"'
            f' title="{title}">{sign}<span class="sr-only">{words}: {title}</span></button>'
            for way, step, title, sign in steps
        )
        lines.append(f"<li>{choice}{moves}</li>")
    return mark_safe("".join(lines))  # noqa: S308 - words of ours, escaped


@register.simple_tag
def queue_row(row: Drawn, names: Iterable[str]) -> SafeString:
    """{% queue_row row columns.cells %}: the row with the cells of these columns, in this order."""
    t, words = row.ticket, _words(get_language())
    cells = "".join([CELLS[name](row, t, words) for name in names])
    return mark_safe(  # noqa: S308 - each cell escapes what it is given
        f'<tr class="t" role="row" id="t{t["id"]}" data-row>\n<td class="x-tick" role="cell"><input type="checkbox"'
        f' class="check" form="bulk" name="ticket" value="{t["id"]}:{t["version"]}" id="x{t["id"]}"'
        f' aria-label="{words.tick} #{t["id"]}"></td>{cells}</tr>\n'
    )


def _priority(row: Drawn, t: Ticket, words: Words) -> str:
    return f'<td class="x-pr" role="cell">{ui.prio(t["priority"])}</td>'


def _number(row: Drawn, t: Ticket, words: Words) -> str:
    return f'<td class="x-id id" role="cell">#{t["id"]}</td>'


def _status(row: Drawn, t: Ticket, words: Words) -> str:
    return f'<td class="x-st" role="cell">{ui.status(t["status"])}</td>'


def _subject(row: Drawn, t: Ticket, words: Words) -> str:
    subject = escape(t["subject"])
    parts = ['<td class="x-sj" role="cell"><span class="subj">']
    if row.news:
        parts.append(f'<span class="q-news" title="{words.news}"></span><span class="sr-only">{words.news}:</span>')
    parts.append(f'<a href="/desk/tickets/{t["id"]}/" data-open title="{subject}">{subject}</a>')
    if t["writer"]:
        writes = escape(_("%(name)s is writing…") % {"name": t["writer"]})
        parts.append(f'<span class="sm nowrap q-writes">{writes}</span>')
    if t["draft"]:
        parts.append(f'<span class="tag q-draft">{ui.drawn("pencil", "i i-sm")}{words.draft}</span>')
    parts += [f'<span class="tag">{escape(str(tag))}</span>' for tag in t["tags"] or ()]
    parts.append("</span>")
    if row.reason:
        parts.append(f'<span class="q-why">{escape(str(row.reason))}</span>')
    parts.append("</td>")
    return "".join(parts)


def _client(row: Drawn, t: Ticket, words: Words) -> str:
    crown = ""
    if t["client__is_vip"] or t["requester__is_vip"]:
        crown = f'<span class="vip">{ui.drawn("crown", "i i-sm")}<span class="sr-only">VIP</span></span>'
    return (
        f'<td class="x-cl cl" role="cell"><span class="row row-2"><span class="dim">{ui.channel_icon(t["channel"])}'
        f'</span><span class="trunc">{escape(str(row.client))}</span>{crown}</span></td>'
    )


def _line(row: Drawn, t: Ticket, words: Words) -> str:
    return f'<td class="x-tier" role="cell"><span class="tier tier-{t["line"]}">L{t["line"]}</span></td>'


def _due(row: Drawn, t: Ticket, words: Words) -> str:
    return f'<td class="x-sla" role="cell">{ui.sla_face(row.face)}</td>'


def _assignee(row: Drawn, t: Ticket, words: Words) -> str:
    if row.initials:
        shown = str(ui.face_of(t["assignee_id"], row.initials, t["assignee__name"]))
    elif row.free:
        shown = (
            '<button class="btn btn-ghost btn-icon btn-sm q-take" form="act"'
            f' formaction="/desk/tickets/{t["id"]}/take/"'
            f' name="seen" value="{t["version"]}" data-hotkey="a" title="{words.take} (A)">'
            f'<span class="av av-none" aria-hidden="true">{ui.drawn("user-plus", "i i-sm")}</span>'
            f'<span class="sr-only">{words.take}</span></button>'
        )
    else:
        shown = (
            f'<span class="av av-none" aria-hidden="true">{ui.drawn("user", "i i-sm")}</span>'
            f'<span class="sr-only">{words.nobody}</span>'
        )
    return f'<td class="x-as" role="cell">{shown}</td>'


def _updated(row: Drawn, t: Ticket, words: Words) -> str:
    return f'<td class="x-up up" role="cell">{ui.age(t["updated_at"])}</td>'


def _created(row: Drawn, t: Ticket, words: Words) -> str:
    return f'<td class="x-more up" role="cell">{ui.age(t["created_at"])}</td>'


def _more(name: str) -> Callable[[Drawn, Ticket, Words], str]:
    def cell(row: Drawn, t: Ticket, words: Words) -> str:
        said = escape(str(row.more.get(name, "")))
        return f'<td class="x-more" role="cell"><span class="trunc" title="{said}">{said}</span></td>'

    return cell


CELLS: dict[str, Callable[[Drawn, Ticket, Words], str]] = {
    "priority": _priority,
    "number": _number,
    "status": _status,
    "subject": _subject,
    "client": _client,
    "line": _line,
    "due": _due,
    "assignee": _assignee,
    "updated": _updated,
    "created": _created,
    **{name: _more(name) for name in ("requester", "type", "service", "category", "team")},
}
