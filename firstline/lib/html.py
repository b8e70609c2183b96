"""HTML from outside made harmless and plain: the fixed subset of ui.md §3.4, its text, and HTML from text.

nh3 decides what is safe, first and last; between the two a small tree turns the layout of mail programs (``div``,
``font``, tables inside tables) into the subset, so that lines do not run together when their tags go. Nothing raises
on any text.
"""

import re
from html import escape, unescape

import nh3
from inscriptis import get_text
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.html_properties import Display
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_element import HtmlElement

from firstline.lib import html_flow, html_tree
from firstline.lib.html_tree import Element

LARGEST = 2_000_000  # characters; reliability_security.md I6
DEEPEST = 200
MOST_TAGS = 40_000
_MADE_SURE = 200_000
_MOST_REFERENCES = 100_000  # nh3 is quadratic in these too
_MOST_RECONSTRUCTED = 100_000

_SCHEMES = frozenset({"http", "https", "mailto", "tel", "cid"})
_GONE = {
    "script",
    "style",
    "title",
    "head",
    "noscript",
    "noembed",
    "noframes",
    "iframe",
    "object",
    "embed",
    "applet",
    "template",
    "svg",
    "math",
    "textarea",
    "select",
    "xmp",
    "plaintext",
    "audio",
    "video",
    "canvas",
    "map",
}
_WIDE_ATTRIBUTES = {
    "*": {"class", "id", "style", "dir", "data-signature-widget", "data-signature", "data-marker", "fairemail"},
    "a": {"href", "title", "name"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
    "blockquote": {"cite", "type"},
    "table": {"role"},
    "hr": {"align", "size", "width", "tabindex"},
    "div": {"align"},
}


def why_unsafe(markup: str) -> str | None:
    """Why this HTML must not be parsed at all (``html-too-large``, ``html-too-deep``), or None. Linear.

    nh3 is quadratic in nested unclosed tags, and every block rebuilds the formatting tags that are still open
    before it.
    """
    if len(markup) > LARGEST or markup.count("&") > _MOST_REFERENCES:
        return "html-too-large"
    depth = formatting = rebuilt = position = tags = 0
    while True:
        position = markup.find("<", position)
        if position < 0:
            return None
        found = _TAG_NAME.match(markup, position)
        position += 1
        if found is None:
            continue
        name = found.group(2).lower()
        tags += 1
        if tags > MOST_TAGS:
            return "html-too-large"
        if name in _LOOSE:
            continue
        if found.group(1):
            depth = max(0, depth - 1)
            if name in _FORMATTING:
                formatting = max(0, formatting - 1)
            continue
        depth += name not in _SELF_CLOSING
        if name in _FORMATTING:
            formatting += 1
        else:
            rebuilt += formatting
        if depth > DEEPEST:
            return "html-too-deep"
        if rebuilt > _MOST_RECONSTRUCTED:
            return "html-too-deep"


_TAG_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})")
_LOOSE = html_flow.words("br hr img col wbr input meta link base area param source track keygen frame")
# Tags that close themselves when the next one begins are often written without an end.
_SELF_CLOSING = html_flow.words("p li td th tr dt dd option tbody thead tfoot colgroup")
_FORMATTING = html_flow.words("a b big code em font i nobr s small strike strong tt u")


def tidied(markup: str) -> Element:
    """A tree of the harmless but still richly marked HTML (classes and identifiers kept), for finding quotations
    in it.
    """
    clean = nh3.clean(
        markup.replace("\x00", ""),
        tags=set(html_flow.BLOCKS | html_flow.INLINE),
        clean_content_tags=_GONE,
        attributes=_WIDE_ATTRIBUTES,
        url_schemes=set(_SCHEMES),
        url_relative="pass_through",
        link_rel=None,
    )
    root = html_tree.parse(clean)
    hidden = [node for node in root.walk() if "style" in node.attributes and _is_hidden(node)]
    for node in hidden:
        node.remove()
    return root


_HIDDEN = re.compile(
    r"(?i)display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden|(?<![\w-])opacity\s*:\s*0(?![.\d])|"
    r"max-height\s*:\s*0(?![.\d]).*overflow\s*:\s*hidden|overflow\s*:\s*hidden.*max-height\s*:\s*0(?![.\d])"
)
_NO_SIZE = re.compile(r"(?i)font-size\s*:\s*0(?![.\d])")


def _is_hidden(node: Element) -> bool:
    """Whether a reader never sees it. A box without a size of type may hold others that have one."""
    style = node.attributes["style"][:2_000]
    if _HIDDEN.search(style):
        return True
    return bool(_NO_SIZE.search(style)) and all(not child.tag for child in node.children)


def sanitise(markup: str, local: bool = False) -> str:
    """The HTML in the fixed subset; ``sanitise(sanitise(x)) == sanitise(x)``.

    ``local`` lets addresses within this site (``/files/1``) stay: for what our own people write, never for mail.
    HTML that must not be
    parsed (:func:`why_unsafe`) comes back as its text.
    """
    if why_unsafe(markup) is not None:
        return from_text(crude_text(markup))
    return subset(tidied(markup), local)


def subset(root: Element, local: bool = False) -> str:
    """A tree of :func:`tidied` as HTML in the fixed subset."""
    markup = html_tree.serialise(html_flow.flowed(root))
    # That a second cleaning changes nothing is made sure of by doing it; letters of this size are read for their text.
    for _turn in range(3):
        clean = nh3.clean(
            markup,
            tags=set(html_flow.TAGS),
            clean_content_tags=_GONE,
            attributes={tag: set(names) for tag, names in html_flow.SUBSET_ATTRIBUTES.items()},
            allowed_classes={tag: set(html_flow.CLASSES) for tag in html_flow.CLASSED},
            url_schemes=set(_SCHEMES),
            url_relative="pass_through",
            attribute_filter=_local_filter if local else _mail_filter,
            link_rel="noopener noreferrer nofollow",
        )
        if len(markup) > _MADE_SURE:
            break
        again = html_tree.serialise(html_flow.flowed(html_tree.parse(clean)))
        if again == markup:
            break
        markup = again
    return clean.replace("<tbody>", "").replace("</tbody>", "")


_NUMBER = re.compile(r"^[0-9]{1,3}$")


def _mail_filter(tag: str, name: str, value: str) -> str | None:
    if name in ("colspan", "rowspan", "start"):
        return value if _NUMBER.match(value) else None
    if name in ("href", "src"):
        scheme = value.split(":", 1)[0].strip().lower() if ":" in value else ""
        if scheme not in (("http", "https", "cid") if name == "src" else ("http", "https", "mailto", "tel")):
            return None
    return value


def _local_filter(tag: str, name: str, value: str) -> str | None:
    if name in ("href", "src") and value.startswith("/") and not value.startswith(("//", "/\\")):
        return value
    return _mail_filter(tag, name, value)


# ---- text ------------------------------------------------------------------------------------------


def text(markup: str) -> str:
    """The visible text of any HTML, blocks on lines of their own."""
    if why_unsafe(markup) is not None:
        return crude_text(markup)
    return subset_text(subset(tidied(markup)))


def subset_text(markup: str) -> str:
    """The text of HTML that :func:`sanitise` wrote."""
    if "<" not in markup:
        return unescape(markup).strip()
    # inscriptis reads what it has read: "&amp;lt;" is the four signs "&lt;", no bracket.
    markup = markup.replace("&amp;", "&amp;amp;")
    return tidy_lines(get_text(f"<html><body>{markup}</body></html>", _AS_WRITTEN))


# Without the margins of a browser's style sheet: text starts at the left edge.
_AS_WRITTEN = ParserConfig(css={**STRICT_CSS_PROFILE, "body": HtmlElement(display=Display.inline)})


def tidy_lines(plain: str) -> str:
    """Lines without blanks at their end, never more than one empty line together."""
    lines = [line.rstrip(" \t\u00a0\r") for line in plain.split("\n")]
    out: list[str] = []
    for line in lines:
        if line or (out and out[-1]):
            out.append(line)
    return "\n".join(out).strip("\n")


def crude_text(markup: str) -> str:
    """Text of HTML too large or too deep to be parsed: tags cut out by their signs only. Linear."""
    out: list[str] = []
    position = 0
    markup = markup[:LARGEST]
    lower = markup.lower()
    while True:
        start = markup.find("<", position)
        if start < 0:
            out.append(markup[position:])
            break
        out.append(markup[position:start])
        stop = markup.find(">", start)
        if stop < 0:
            out.append(markup[start:])
            break
        name = _TAG_NAME.match(markup, start)
        position = stop + 1
        if name and name.group(2).lower() in ("script", "style", "title"):
            closing = lower.find(f"</{name.group(2).lower()}", position)
            position = closing if closing >= 0 and not name.group(1) else position
        elif name is None and markup[start + 1 : start + 2] not in ("!", "?", "/"):
            out.append(markup[start:position])
        elif name and (name.group(2).lower() in html_flow.BLOCKS or name.group(2).lower() == "br"):
            out.append("\n")
    return tidy_lines(unescape("".join(out)).replace("\x00", ""))


_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_LINK = re.compile(r"\bhttps?://[^\s<>\"']{1,2000}")
_LINK_TAIL = ".,;:!?)]}»”"


def from_text(plain: str) -> str:
    """Plain text as HTML of the subset: paragraphs at empty lines, line ends kept, web addresses made links."""
    plain = plain.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if not plain.strip():
        return ""
    return "".join(
        f"<p>{'<br>'.join(_linked(line) for line in each.split(chr(10)))}</p>"
        for each in _PARAGRAPHS.split(plain)
        if each.strip()
    )


def _linked(line: str) -> str:
    out, position = [], 0
    for found in _LINK.finditer(line):
        address = found.group(0).rstrip(_LINK_TAIL)
        out.append(escape(line[position : found.start()], quote=False))
        out.append(f'<a href="{escape(address)}" rel="noopener noreferrer nofollow">{escape(address, quote=False)}</a>')
        position = found.start() + len(address)
    out.append(escape(line[position:], quote=False))
    return "".join(out)
