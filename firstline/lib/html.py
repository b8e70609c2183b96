"""HTML from outside made harmless and plain: the fixed subset of ui.md §3.4, its text, and HTML from text.

nh3 decides what is safe, first and last; between the two a small tree turns the layout of mail programs (``div``, ``font``, tables
inside tables) into the subset, so that lines do not run together when their tags go. Nothing raises on any text.
"""

import re
from html import escape, unescape

import nh3
from inscriptis import get_text
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.html_properties import Display
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_element import HtmlElement

from firstline.lib import html_tree
from firstline.lib.html_tree import Element

LARGEST = 2_000_000  # characters; reliability_security.md I6
DEEPEST = 200
_MOST_TAGS = 40_000
_MOST_RECONSTRUCTED = 100_000

TAGS = frozenset("p br strong em s code pre blockquote ul ol li a img h2 h3 table tr th td hr".split()) | {"tbody"}
_WRITTEN_TAGS = TAGS - {"tbody"}
_CLASSED = ("p", "blockquote", "a", "strong", "table")
_CLASSES = frozenset({"callout", "mention"})
_SCHEMES = frozenset({"http", "https", "mailto", "tel", "cid"})
_SUBSET_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "td": {"colspan", "rowspan"},
                      "th": {"colspan", "rowspan"}, "ol": {"start"}}  # fmt: skip

_BLOCKS = frozenset("p div blockquote ul ol li pre h1 h2 h3 h4 h5 h6 table thead tbody tfoot tr td th hr center dl dt dd address "
                    "article section header footer main aside nav figure figcaption fieldset form details summary caption".split())  # fmt: skip
_INLINE = frozenset("a abbr b strong i em u s strike del ins code tt kbd samp span font small big sub sup mark q cite var label br "
                    "img wbr bdi bdo time dfn button".split())  # fmt: skip
_RENAMED = {"b": "strong", "i": "em", "strike": "s", "del": "s", "tt": "code", "kbd": "code", "samp": "code", "h1": "h2", "h4": "h3",
            "h5": "h3", "h6": "h3", "cite": "em", "dfn": "em", "var": "em"}  # fmt: skip
_GONE = {"script", "style", "title", "head", "noscript", "noembed", "noframes", "iframe", "object", "embed", "applet", "template", "svg",
         "math", "textarea", "select", "xmp", "plaintext", "audio", "video", "canvas", "map"}  # fmt: skip
_WIDE_ATTRIBUTES = {"*": {"class", "id", "style", "dir"}, "a": {"href", "title", "name"}, "img": {"src", "alt", "title", "width", "height"},
                    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"}, "blockquote": {"cite", "type"},
                    "table": {"role"}, "hr": {"align", "size", "width", "tabindex"}, "div": {"align"}}  # fmt: skip


def why_unsafe(markup: str) -> str | None:
    """Why this HTML must not be parsed at all (``html-too-large``, ``html-too-deep``), or None. Linear.

    nh3 is quadratic in nested unclosed tags, and every block rebuilds the formatting tags that are still open before it.
    """
    if len(markup) > LARGEST:
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
        if tags > _MOST_TAGS:
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
_LOOSE = frozenset("br hr img col wbr input meta link base area param source track keygen frame".split())
# Tags that close themselves when the next one begins are often written without an end.
_SELF_CLOSING = frozenset("p li td th tr dt dd option tbody thead tfoot colgroup".split())
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())


def tidied(markup: str) -> Element:
    """A tree of the harmless but still richly marked HTML (classes and identifiers kept), for finding quotations in it."""
    clean = nh3.clean(
        markup.replace("\x00", ""), tags=set(_BLOCKS | _INLINE), clean_content_tags=_GONE, attributes=_WIDE_ATTRIBUTES,
        url_schemes=set(_SCHEMES), url_relative="pass_through", link_rel=None)  # fmt: skip
    root = html_tree.parse(clean)
    hidden = [node for node in root.walk() if _HIDDEN.search(node.attributes.get("style", ""))]
    for node in hidden:
        node.remove()
    return root


_HIDDEN = re.compile(r"(?i)display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden")


def sanitise(markup: str, local: bool = False) -> str:
    """The HTML in the fixed subset; ``sanitise(sanitise(x)) == sanitise(x)``.

    ``local`` lets addresses within this site (``/files/1``) stay: for what our own people write, never for mail. HTML that must not be
    parsed (:func:`why_unsafe`) comes back as its text.
    """
    if why_unsafe(markup) is not None:
        return from_text(crude_text(markup))
    return subset(tidied(markup), local)


def subset(root: Element, local: bool = False) -> str:
    """A tree of :func:`tidied` as HTML in the fixed subset."""
    markup = html_tree.serialise(_flowed(root))
    for _turn in range(3):
        clean = nh3.clean(
            markup, tags=set(TAGS), clean_content_tags=_GONE, attributes={tag: set(names) for tag, names in _SUBSET_ATTRIBUTES.items()},
            allowed_classes={tag: set(_CLASSES) for tag in _CLASSED}, url_schemes=set(_SCHEMES),
            url_relative="pass_through", attribute_filter=_local_filter if local else _mail_filter,
            link_rel="noopener noreferrer nofollow")  # fmt: skip
        again = html_tree.serialise(_flowed(html_tree.parse(clean)))
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


# ---- the subset out of anything --------------------------------------------------------------------------------------------------------


def _flowed(root: Element) -> Element:
    """The same content as a flow of the subset's blocks: every run of words in a block of its own, layout containers opened."""
    blocky = _holding_blocks(root)
    out = Element("root")
    _Flow(blocky).run(root, out)
    return out


def _holding_blocks(root: Element) -> set[int]:
    """Identities of the elements that contain a block."""
    found: set[int] = set()
    for node in root.walk():
        if node.tag in _BLOCKS:
            above = node.parent
            while above is not None and id(above) not in found:
                found.add(id(above))
                above = above.parent
    return found


class _Flow:
    """One turn over a tree. The work list holds (element, where to write, whether white space counts)."""

    def __init__(self, blocky: set[int]) -> None:
        self.blocky = blocky
        self.open: dict[int, Element] = {}
        self.broken: set[int] = set()

    def run(self, root: Element, out: Element) -> None:
        waiting: list[tuple[Element, Element, str]] = [(child, out, "flow") for child in reversed(root.children)]
        while waiting:
            node, target, mode = waiting.pop()
            if mode == "end":
                self.open.pop(id(target), None)
                continue
            if mode == "line":
                self.broken.add(id(target))
                continue
            for child, into, how in reversed(self.step(node, target, mode)):
                waiting.append((child, into, how))
        _trim(out)

    def step(self, node: Element, target: Element, mode: str) -> list[tuple[Element, Element, str]]:
        """Write one element into ``target``; what is inside it comes back as further steps."""
        tag = _RENAMED.get(node.tag, node.tag)
        if node.tag in _BLOCKS or (id(node) in self.blocky and node.tag):
            return self.block(node, tag, target)
        if mode == "flow" and not node.tag and not node.text.strip(" \t\n\r\f") and (
                id(target) not in self.open or id(target) in self.broken):  # fmt: skip
            return []  # white space between blocks
        into = target if mode == "inline" or mode == "pre" else self.paragraph(target)
        inner = "pre" if mode == "pre" else "inline"
        if not node.tag:
            text = node.text if mode == "pre" else _SPACES.sub(" ", node.text)
            into.add(Element("", text=text))
            return []
        if tag == "img" and _is_pixel(node):
            return []
        if tag in _WRITTEN_TAGS and (tag != "a" or "href" in node.attributes or node.attributes.get("class") == "mention"):
            copy = Element(tag, _kept(tag, node.attributes))
            into.add(copy)
            return [(child, copy, inner) for child in node.children]
        return [(child, into, inner) for child in node.children]

    def block(self, node: Element, tag: str, target: Element) -> list[tuple[Element, Element, str]]:
        if tag == "table" and _is_layout(node):
            tag = "div"
        elif tag in _PARENTS and target.tag != _PARENTS[tag] or tag == "li" and target.tag not in _LISTS:
            tag = "div"
        if tag not in _OWN_BLOCKS and tag not in _ROWS:
            # A line of its own, not a paragraph of its own: mail programs write one <div> for each line.
            self.broken.add(id(target))
            return [*((child, target, "flow") for child in node.children), (node, target, "line")]
        self.open.pop(id(target), None)
        end = (node, target, "end")
        if tag == "hr":
            target.add(Element("hr"))
            return []
        if tag in ("thead", "tfoot", "tbody"):
            return [(child, target, "flow") for child in node.children if child.tag]
        if tag in ("table", "tr", "ul", "ol"):
            copy = Element(tag, _kept(tag, node.attributes))
            target.add(copy)
            wanted = {"table": _ROWS, "tr": _CELLS, "ul": _ITEMS, "ol": _ITEMS}[tag]
            return [(_wrapped(child, tag, wanted), copy, "flow") for child in node.children if child.tag or child.text.strip()] + [end]
        if tag in ("blockquote", "li", "td", "th"):
            copy = Element(tag, _kept(tag, node.attributes))
            target.add(copy)
            mode = "flow" if id(node) in self.blocky or tag == "blockquote" else "inline"
            return [(child, copy, mode) for child in node.children] + [end]
        if tag in ("p", "h2", "h3", "pre") and id(node) not in self.blocky:
            copy = Element(tag, _kept(tag, node.attributes))
            target.add(copy)
            return [(child, copy, "pre" if tag == "pre" else "inline") for child in node.children] + [end]
        return [(child, target, "flow") for child in node.children] + [end]

    def paragraph(self, target: Element) -> Element:
        """The paragraph that takes the words standing loose in a container."""
        if target.tag in ("p", "h2", "h3", "pre") or target.tag in _INLINE:
            return target
        current = self.open.get(id(target))
        if current is None:
            current = Element("p")
            target.add(current)
            self.open[id(target)] = current
        elif id(target) in self.broken and current.children:
            current.add(Element("br"))
        self.broken.discard(id(target))
        return current


def _kept(tag: str, attributes: dict[str, str]) -> dict[str, str]:
    """The attributes the subset knows, in one order, so that a second turn writes the same."""
    kept = {name: attributes[name] for name in sorted(_SUBSET_ATTRIBUTES.get(tag, ())) if name in attributes}
    classes = " ".join(name for name in attributes.get("class", "").split() if name in _CLASSES and tag in _CLASSED)
    return {**kept, "class": classes} if classes else kept


_SPACES = re.compile(r"[ \t\n\r\f]+")
_ROWS = frozenset({"tr", "tbody", "thead", "tfoot"})
_CELLS = frozenset({"td", "th"})
_ITEMS = frozenset({"li"})
_LISTS = frozenset({"ul", "ol"})
_OWN_BLOCKS = frozenset("p h2 h3 pre blockquote ul ol li table tr td th hr".split())
_PARENTS = {"td": "tr", "th": "tr", "tr": "table", "tbody": "table", "thead": "table", "tfoot": "table", "caption": "-"}


def _wrapped(child: Element, tag: str, wanted: frozenset[str]) -> Element:
    """A child a table, row or list may not have, put into one it may have."""
    if child.tag in wanted:
        return child
    item = Element({"table": "tr", "tr": "td", "ul": "li", "ol": "li"}[tag])
    if tag == "table":
        cell = Element("td")
        cell.children.append(child)
        item.children.append(cell)
    else:
        item.children.append(child)
    return item


def _is_layout(table: Element) -> bool:
    """Whether a table only places things: it says so, holds another table or blocks of a page, or has a single column."""
    if table.attributes.get("role") == "presentation":
        return True
    widest = 0
    for node in table.walk():
        if node.tag == "table" and node is not table:
            return True
        if node.tag == "tr":
            widest = max(widest, sum(1 for cell in node.children if cell.tag in _CELLS))
    return widest < 2


_TINY = re.compile(r"^\s*[01](px)?\s*$")


def _is_pixel(image: Element) -> bool:
    """A picture of one point is there to be counted, not to be seen."""
    return any(_TINY.match(image.attributes.get(side, "")) for side in ("width", "height")) or not image.attributes.get("src")


def _trim(out: Element) -> None:
    """Take away blank edges and empty blocks, from the inside out."""
    for node in reversed(list(out.walk())):
        if node.tag in ("p", "h2", "h3", "li", "td", "th", "blockquote"):
            _trim_edges(node)
        if node.tag in ("td", "th", "root", "tr"):
            continue
        if node.tag and node.tag not in html_tree.VOID and not node.children:
            node.remove()
        elif node.tag in ("p", "h2", "h3", "li", "blockquote", "strong", "em", "s", "code", "a") and _is_blank(node):
            parent = node.parent
            if parent is not None and node.tag in ("strong", "em", "s", "code", "a") and node.plain():
                parent.children[parent.children.index(node)] = space = Element("", text=" ")
                space.parent, node.parent = parent, None
            else:
                node.remove()


def _trim_edges(node: Element) -> None:
    for edge in (0, -1):
        while node.children:
            child = node.children[edge]
            if child.tag == "br" or (not child.tag and not child.text.strip(" \n\t")):
                child.remove()
            elif not child.tag:
                child.text = child.text.lstrip(" \n\t") if edge == 0 else child.text.rstrip(" \n\t")
                break
            else:
                break


def _is_blank(node: Element) -> bool:
    return all((not inner.tag and not inner.text.strip(" \n\t")) or inner.tag in ("br", "strong", "em", "s", "code", "a", node.tag)
               for inner in node.walk())  # fmt: skip


# ---- text ----------------------------------------------------------------------------------------------------------------------------


def text(markup: str) -> str:
    """The visible text of any HTML, blocks on lines of their own."""
    if why_unsafe(markup) is not None:
        return crude_text(markup)
    return subset_text(subset(tidied(markup)))


def subset_text(markup: str) -> str:
    """The text of HTML that :func:`sanitise` wrote."""
    if "<" not in markup:
        return unescape(markup).strip()
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
        elif name and (name.group(2).lower() in _BLOCKS or name.group(2).lower() == "br"):
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
    return "".join(f"<p>{'<br>'.join(_linked(line) for line in each.split(chr(10)))}</p>" for each in _PARAGRAPHS.split(plain) if each.strip())


def _linked(line: str) -> str:
    out, position = [], 0
    for found in _LINK.finditer(line):
        address = found.group(0).rstrip(_LINK_TAIL)
        out.append(escape(line[position : found.start()], quote=False))
        out.append(f'<a href="{escape(address)}" rel="noopener noreferrer nofollow">{escape(address, quote=False)}</a>')
        position = found.start() + len(address)
    out.append(escape(line[position:], quote=False))
    return "".join(out)
