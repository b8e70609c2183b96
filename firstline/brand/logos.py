"""A logo that may stand on every page: an SVG of shapes and nothing else, or a small PNG. Pure."""

from __future__ import annotations

import re
import struct
from xml.etree import ElementTree
from xml.parsers import expat

SVG, PNG = "image/svg+xml", "image/png"
LARGEST_SVG, LARGEST_PNG, WIDEST = 64 * 1024, 128 * 1024, 1024
MOST_SHAPES = 500
_SPACE = "http://www.w3.org/2000/svg"
_SHAPES = frozenset(
    {"svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon",
     "linearGradient", "radialGradient", "stop", "clipPath", "mask", "symbol", "use"}
)  # fmt: skip
_DRAWN = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "use"})
_SAID = frozenset(
    {"id", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "width", "height", "viewBox",
     "points", "transform", "fill", "fill-rule", "fill-opacity", "clip-rule", "clip-path", "mask", "stroke",
     "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset",
     "stroke-opacity", "opacity", "offset", "stop-color", "stop-opacity", "gradientUnits", "gradientTransform",
     "spreadMethod", "clipPathUnits", "maskUnits", "preserveAspectRatio"}
)  # fmt: skip
_HREF = ("href", "{http://www.w3.org/1999/xlink}href")
_HERE = re.compile(r"#[\w.-]{1,100}")
_URL = re.compile(r"url\(\s*[\"']?(?!#)", re.IGNORECASE)


class WrongLogo(ValueError):
    """It cannot be a logo; `problem` is a code."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def cleaned(content: bytes) -> tuple[bytes, str]:
    """The logo as it is kept, and its type. Raises WrongLogo."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(content), PNG
    if b"<svg" in content[:4096]:
        return _svg(content), SVG
    raise WrongLogo("neither SVG nor PNG")


def _png(content: bytes) -> bytes:
    if len(content) > LARGEST_PNG:
        raise WrongLogo("too large")
    if len(content) < 33 or content[12:16] != b"IHDR" or b"IEND" not in content[-16:]:
        raise WrongLogo("broken")
    width, height = struct.unpack(">II", content[16:24])
    if not (0 < width <= WIDEST and 0 < height <= WIDEST):
        raise WrongLogo("too wide or high")
    return content


def _svg(content: bytes) -> bytes:
    if len(content) > LARGEST_SVG:
        raise WrongLogo("too large")
    root = _parsed(content)
    if root.tag != f"{{{_SPACE}}}svg":
        raise WrongLogo("broken")
    made = _copy(root)
    if made is None or not any(one.tag.rpartition("}")[2] in _DRAWN for one in made.iter()):
        raise WrongLogo("nothing is drawn")
    if sum(1 for _one in made.iter()) > MOST_SHAPES:
        raise WrongLogo("too many shapes")
    if "viewBox" not in made.attrib and not ("width" in made.attrib and "height" in made.attrib):
        raise WrongLogo("without a size")
    ElementTree.register_namespace("", _SPACE)
    return bytes(ElementTree.tostring(made, encoding="utf-8"))


def _parsed(content: bytes) -> ElementTree.Element:
    """A document type, and with it every entity, is refused before anything is read."""
    parser = expat.ParserCreate()

    def refuse(*_given: object) -> None:
        raise WrongLogo("a document type")

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
        return ElementTree.fromstring(content)  # noqa: S314 - it has no document type, so nothing can be expanded
    except (expat.ExpatError, ElementTree.ParseError, ValueError, LookupError) as wrong:
        if isinstance(wrong, WrongLogo):
            raise
        raise WrongLogo("broken") from wrong


def _copy(one: ElementTree.Element, depth: int = 0) -> ElementTree.Element | None:
    """Only shapes, only what describes them: no script, no style, no picture, no link out."""
    if not isinstance(one.tag, str) or depth > 20:
        return None
    space, _brace, name = one.tag.rpartition("}")
    if space != f"{{{_SPACE}" or name not in _SHAPES:
        return None
    made = ElementTree.Element(one.tag)
    for key, value in one.attrib.items():
        if key in _SAID and not _URL.search(value):
            made.set(key, value)
        elif key in _HREF and _HERE.fullmatch(value):
            made.set("href", value)
    made.text = one.text if name in ("title", "desc") else None
    for child in one:
        kept = _copy(child, depth + 1)
        if kept is not None:
            made.append(kept)
    return made
