"""A small tree of HTML that a real HTML parser (nh3, html5ever) has already made well formed. Iterative: no depth can
hurt it.

``parse`` reads only what :func:`firstline.lib.html.tidied` wrote: every tag closed in order, ``<``, ``>`` and quotes
escaped in attributes. It is no parser for HTML from outside.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape

VOID = frozenset({"br", "hr", "img", "col", "wbr"})


@dataclass(slots=True, eq=False)
class Element:
    """An element, or a text (``tag`` is empty and ``text`` holds it, unescaped)."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element"] = field(default_factory=list)
    text: str = ""
    parent: "Element | None" = None

    def walk(self) -> Iterator["Element"]:
        """Itself and everything in it, in document order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def plain(self) -> str:
        """All text in it, as written."""
        return "".join(node.text for node in self.walk() if not node.tag)

    def remove(self) -> None:
        if self.parent is not None:
            self.parent.children.remove(self)
            self.parent = None

    def add(self, child: "Element") -> None:
        child.parent = self
        self.children.append(child)


_TOKEN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^>]*)>|([^<]+)|<")
_ATTRIBUTE = re.compile(r"([^\s=\"/]+)=\"([^\"]*)\"")


def parse(markup: str) -> Element:
    root = Element("")
    root.tag = "root"
    current = root
    for found in _TOKEN.finditer(markup):
        closing, tag, attributes, text = found.groups()
        if tag is None:
            current.add(Element("", text=unescape(text or "<")))
        elif closing:
            if current.tag == tag.lower() and current.parent is not None:
                current = current.parent
        else:
            child = Element(tag.lower(), {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)})
            current.add(child)
            if child.tag not in VOID:
                current = child
    return root


def serialise(root: Element) -> str:
    """The markup of everything inside ``root``."""
    out: list[str] = []
    waiting: list[Element | str] = list(reversed(root.children))
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            out.append(node)
        elif not node.tag:
            out.append(escape(node.text, quote=False))
        else:
            attributes = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes.items())
            out.append(f"<{node.tag}{attributes}>")
            if node.tag not in VOID:
                waiting.append(f"</{node.tag}>")
                waiting.extend(reversed(node.children))
    return "".join(out)
