"""Markdown of articles as HTML: markdown-it without raw HTML, then nh3. Drawn is the fixed subset of ui.md §3.4."""

from __future__ import annotations

import re
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    "p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "img", "h2", "h3",
    "table", "thead", "tbody", "tr", "th", "td", "hr",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}, "h2": {"id"}, "h3": {"id"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_OWN_PATH = re.compile(r"/[^/\\]")
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
_DEEPER = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}


@dataclass(frozen=True)
class Heading:
    """A line of the contents: `anchor` is the id in the page."""

    level: int
    anchor: str
    title: str


def html_of(markdown: str) -> str:
    """Safe HTML of the text. The page has the only h1, so headings begin at h2; images only from our own paths, because
    a page asks no other host. Code and tables that may scroll can be reached by keyboard (ui.md §5, pitfall 7)."""
    tokens, _ = _parsed(markdown)
    drawn = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    clean = nh3.clean(
        drawn,
        tags=TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        attribute_filter=_kept,
        link_rel="noopener noreferrer nofollow",
    )
    scrolls = clean.replace("<pre>", '<pre tabindex="0">')
    return scrolls.replace("<table>", '<div class="kb-table" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )


def contents_of(markdown: str) -> list[Heading]:
    """The headings in order, with the same anchors as `html_of`."""
    return _parsed(markdown)[1]


def _parsed(markdown: str) -> tuple[list[Token], list[Heading]]:
    tokens = _MARKDOWN.parse(markdown.replace("\x00", ""))
    headings: list[Heading] = []
    for position, token in enumerate(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        token.tag = _DEEPER[token.tag]
        if token.type == "heading_open":
            anchor = f"part-{len(headings) + 1}"
            token.attrSet("id", anchor)
            headings.append(Heading(int(token.tag[1]), anchor, _plain(tokens[position + 1])))
    return tokens, headings


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or () if child.type in ("text", "code_inline"))


def _kept(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src" and not _OWN_PATH.match(value):
        return None
    return value
