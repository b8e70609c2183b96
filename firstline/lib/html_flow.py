"""Any tidied HTML as a flow of the fixed subset's blocks (ui.md §3.4): the layout of mail programs opened, the words
kept in order.

Mail programs write a line as a ``div``, a paragraph as a table cell, and a letter as tables in tables; taken away
naively, their tags would run the words of two lines together.
"""

import re

from firstline.lib import html_tree
from firstline.lib.html_tree import Element


def words(text: str) -> frozenset[str]:
    """The words of a line as a set."""
    return frozenset(text.split())


TAGS = words("p br strong em s code pre blockquote ul ol li a img h2 h3 table tr th td hr") | {"tbody"}
WRITTEN_TAGS = TAGS - {"tbody"}
CLASSED = ("p", "blockquote", "a", "strong", "table")
CLASSES = frozenset({"callout", "mention"})
SUBSET_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}

BLOCKS = words(
    "p div blockquote ul ol li pre h1 h2 h3 h4 h5 h6 table thead tbody tfoot tr td th hr center dl dt dd "
    "address article section header footer main aside nav figure figcaption fieldset form details summary "
    "caption"
)
INLINE = words(
    "a abbr b strong i em u s strike del ins code tt kbd samp span font small big sub sup mark q cite var "
    "label br img wbr bdi bdo time dfn button"
)
RENAMED = {
    "b": "strong",
    "i": "em",
    "strike": "s",
    "del": "s",
    "tt": "code",
    "kbd": "code",
    "samp": "code",
    "h1": "h2",
    "h4": "h3",
    "h5": "h3",
    "h6": "h3",
    "cite": "em",
    "dfn": "em",
    "var": "em",
}


def flowed(root: Element) -> Element:
    """The same content as a flow of the subset's blocks: every run of words in a block of its own, layout
    containers opened.
    """
    blocky = _holding_blocks(root)
    out = Element("root")
    _Flow(blocky).run(root, out)
    return out


def _holding_blocks(root: Element) -> set[int]:
    """Identities of the elements that contain a block."""
    found: set[int] = set()
    for node in root.walk():
        if node.tag in BLOCKS:
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
        tag = RENAMED.get(node.tag, node.tag)
        if node.tag in BLOCKS or (id(node) in self.blocky and node.tag):
            return self.block(node, tag, target)
        if (
            mode == "flow"
            and not node.tag
            and not node.text.strip(" \t\n\r\f")
            and (id(target) not in self.open or id(target) in self.broken)
        ):
            return []  # white space between blocks
        into = target if mode == "inline" or mode == "pre" else self.paragraph(target)
        inner = "pre" if mode == "pre" else "inline"
        if not node.tag:
            text = node.text if mode == "pre" else _SPACES.sub(" ", node.text)
            into.add(Element("", text=text))
            return []
        if tag == "img" and _is_pixel(node):
            return []
        if tag in WRITTEN_TAGS and (
            tag != "a" or "href" in node.attributes or node.attributes.get("class") == "mention"
        ):
            copy = Element(tag, _kept(tag, node.attributes))
            into.add(copy)
            return [(child, copy, inner) for child in node.children]
        return [(child, into, inner) for child in node.children]

    def block(self, node: Element, tag: str, target: Element) -> list[tuple[Element, Element, str]]:
        if (
            (tag == "table" and _is_layout(node))
            or (tag in _PARENTS and target.tag != _PARENTS[tag])
            or (tag == "li" and target.tag not in _LISTS)
        ):
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
            return [
                (_wrapped(child, tag, wanted), copy, "flow")
                for child in node.children
                if child.tag or child.text.strip()
            ] + [end]
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
        if target.tag in ("p", "h2", "h3", "pre") or target.tag in INLINE:
            return target
        current = self.open.get(id(target))
        if current is None:
            current = Element("p")
            target.add(current)
            self.open[id(target)] = current
        elif id(target) in self.broken and current.children and current.children[-1].tag != "br":
            current.add(Element("br"))
        self.broken.discard(id(target))
        return current


def _kept(tag: str, attributes: dict[str, str]) -> dict[str, str]:
    """The attributes the subset knows, in one order, so that a second turn writes the same."""
    kept = {name: attributes[name] for name in sorted(SUBSET_ATTRIBUTES.get(tag, ())) if name in attributes}
    classes = " ".join(name for name in attributes.get("class", "").split() if name in CLASSES and tag in CLASSED)
    return {**kept, "class": classes} if classes else kept


_SPACES = re.compile(r"[ \t\n\r\f]+")
_ROWS = frozenset({"tr", "tbody", "thead", "tfoot"})
_CELLS = frozenset({"td", "th"})
_ITEMS = frozenset({"li"})
_LISTS = frozenset({"ul", "ol"})
_OWN_BLOCKS = words("p h2 h3 pre blockquote ul ol li table tr td th hr")
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
    """Whether a table only places things: it says so, holds another table or blocks of a page, or has a single
    column.
    """
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
    return any(_TINY.match(image.attributes.get(side, "")) for side in ("width", "height")) or not image.attributes.get(
        "src"
    )


_TRIMMED = words("p h2 h3 li td th blockquote")
_DROPPED_BLANK = words("p h2 h3 li blockquote ul ol table pre")
_MARKS = words("strong em s code a")
_BLANKS = " \n\t"


def _trim(out: Element) -> None:
    """Take away blank edges and blank elements, from the inside out, each child looked at once."""
    blank: set[int] = set()
    for node in reversed(list(out.walk())):
        if not node.tag:
            if not node.text.strip(f"{_BLANKS}\u00a0"):
                blank.add(id(node))
            continue
        kept: list[Element] = []
        for child in node.children:
            if id(child) in blank and child.tag in _DROPPED_BLANK:
                continue
            if id(child) in blank and child.tag in _MARKS:
                child = Element("", text=" " if child.plain() else "", parent=node)
                blank.add(id(child))
            kept.append(child)
        node.children = _without_edges(kept, blank) if node.tag in _TRIMMED else kept
        if node.tag == "br" or (
            node.tag not in html_tree.VOID
            and node.tag not in ("td", "th", "tr", "root")
            and all(id(child) in blank for child in node.children)
        ):
            blank.add(id(node))


def _without_edges(children: list[Element], blank: set[int]) -> list[Element]:
    """The children without blank text and line ends at both edges."""
    start, stop = 0, len(children)
    while start < stop and id(children[start]) in blank:
        start += 1
    while stop > start and id(children[stop - 1]) in blank:
        stop -= 1
    rest = children[start:stop]
    if rest and not rest[0].tag:
        rest[0].text = rest[0].text.lstrip(_BLANKS)
    if rest and not rest[-1].tag:
        rest[-1].text = rest[-1].text.rstrip(_BLANKS)
    return rest
