"""The parts of a letter: one pass over the bytes that finds every part's place, and the decoding of one part.

The standard library's parser takes a mail to pieces line by line and recurses into it; a bomb of nested or very many
parts costs it seconds or its stack (reliability_security.md §0.4). A pre-scan that finds all parts safely is already
a parser, so this one pass is both: offsets into the one buffer, an explicit stack, and hard limits: 50 levels, 1,000
parts, 100 parameters. What lies beyond a limit stays, unopened, as the bytes of the part that contains it.
"""

import binascii
import re
from dataclasses import dataclass, field

from firstline.intake.reading import charsets, headers, parameters, text_files
from firstline.intake.reading.headers import Headers

MOST_PARTS = 1_000
DEEPEST = 50


@dataclass(slots=True)
class Node:
    """One part: ``kind`` is its content type, ``data[start:end]`` its body still encoded, ``children`` in order."""

    head: Headers
    kind: str
    parameters: dict[str, tuple[str | None, bytes]]
    start: int
    end: int
    depth: int
    begins: int
    children: list["Node"] = field(default_factory=list)
    multipart: bool = False


@dataclass(slots=True)
class Tree:
    data: bytes
    root: Node
    defects: list[str]
    parts: int = 1


def tree(data: bytes) -> Tree:
    """All parts of ``data`` (a whole letter). The bytes are kept as they are; only offsets are made."""
    start = beginning(data)
    head = headers.split(data, start, is_letter=True)
    root = _node(head, head.body, len(data), 0, start, "text/plain")
    out = Tree(data, root, list(head.defects))
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if not node.kind.startswith("multipart/"):
            continue
        if node.depth >= DEEPEST:
            _note(out, "nested-too-deep")
            continue
        default = "message/rfc822" if node.kind == "multipart/digest" else "text/plain"
        for begin, stop in _slices(out, node):
            if out.parts >= MOST_PARTS:
                # The rest is one part of bytes: nothing of it is lost, nothing of it is opened.
                _note(out, "too-many-parts")
                node.children.append(
                    Node(Headers((), begin), "application/octet-stream", {}, begin, node.end, node.depth + 1, begin)
                )
                break
            inner = headers.split(data, begin, stop)
            for defect in inner.defects:
                _note(out, defect)
            node.children.append(_node(inner, min(inner.body, stop), stop, node.depth + 1, begin, default))
            out.parts += 1
        node.multipart = bool(node.children)
        waiting.extend(reversed(node.children))
    return out


def _note(out: Tree, defect: str) -> None:
    if defect not in out.defects:
        out.defects.append(defect)


_BOM = b"\xef\xbb\xbf"


_ENVELOPE_LINE = re.compile(rb">?From (?![ \t]*:)")


def beginning(data: bytes) -> int:
    """Where the first header begins: behind a byte order mark, empty lines and the envelope line of an mbox."""
    position = 3 if data.startswith(_BOM) else 0
    while data[position : position + 1] in (b"\r", b"\n"):
        position += 1
    while _ENVELOPE_LINE.match(data, position):
        stop = data.find(b"\n", position)
        if stop < 0:
            break
        position = stop + 1
    return position


_TYPE = re.compile(r"^[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,120}$")


def _node(head: Headers, start: int, end: int, depth: int, begins: int, default: str) -> Node:
    raw = head.raw("content-type")
    kind, given, many = parameters.read(raw)
    kind = kind.replace(" ", "")
    if not _TYPE.match(kind):
        guessed = kind.split("/")[0]
        kind = (
            "text/html" if kind in ("html", "text/htm") else "text/plain" if guessed in ("text", "plain") else default
        )
        if raw and b"boundary=" in raw.lower():
            kind = "multipart/mixed"
    if many:
        given = {**given, "x-too-many": (None, b"1")}
    return Node(head, kind, given, start, end, depth, begins)


_DASHES = re.compile(rb"(?:\A|\n)--([^\r\n]{1,200})\r*\n(?:[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-|\r*\n)")


def _slices(out: Tree, node: Node) -> list[tuple[int, int]]:
    """The places of the parts inside a multipart, by its boundary; a boundary that is missing or wrong is looked
    for in the body.
    """
    data = out.data
    boundary = node.parameters.get("boundary", (None, b""))[1].rstrip()[:200]
    found = _between(data, node, boundary) if boundary else []
    if not found:
        window = data[max(node.start - 1, 0) : node.end]
        guess = _DASHES.search(window)
        if guess is None:
            _note(out, "multipart-without-parts")
            return []
        _note(out, "boundary-guessed")
        found = _between(data, node, guess.group(1).rstrip())
    return found


def _between(data: bytes, node: Node, boundary: bytes) -> list[tuple[int, int]]:
    mark = b"--" + boundary
    out: list[tuple[int, int]] = []
    begin: int | None = None
    position = node.start
    while len(out) <= MOST_PARTS:
        place = data.find(mark, position, node.end)
        if place < 0:
            break
        after = place + len(mark)
        position = after
        if place > node.start and data[place - 1 : place] != b"\n":
            continue
        stop = data.find(b"\n", after, node.end)
        line_end = node.end if stop < 0 else stop
        rest = data[after : min(line_end, after + 200)].rstrip(b"\r \t")
        if rest not in (b"", b"--"):
            continue
        if begin is not None:
            out.append((begin, _without_line_end(data, begin, place)))
        if rest == b"--":
            begin = None
            # Some programs close too early and go on: parts behind the closing line still count.
            position = line_end
            following = data.find(b"\n" + mark, line_end, node.end)
            if following < 0:
                break
            continue
        begin = min(line_end + 1, node.end)
        position = begin
    if begin is not None and begin < node.end:
        out.append((begin, node.end))
    return out


def _without_line_end(data: bytes, begin: int, place: int) -> int:
    end = place
    if end > begin and data[end - 1 : end] == b"\n":
        end -= 1
        if end > begin and data[end - 1 : end] == b"\r":
            end -= 1
    return end


def content(data: bytes, node: Node) -> tuple[bytes, str | None]:
    """The bytes of a part with its transfer encoding undone, and a defect where that was not clean. Never fails,
    never drops bytes.
    """
    body = data[node.start : node.end]
    encoding = (
        node.head.raw("content-transfer-encoding")
        .decode("ascii", "ignore")
        .strip()
        .strip("\"'")
        .lower()
        .split(";")[0]
        .strip()
    )
    if encoding in ("base64", "b", "x-base64"):
        plain, clean = headers.base64_bytes(body)
        if not plain and body.strip():
            return body, "base64-unreadable"
        if not clean or _looks_unencoded(body):
            return (body, "base64-not-encoded") if _looks_unencoded(body) else (plain, "base64-damaged")
        return plain, None
    if encoding in ("quoted-printable", "q", "quotedprintable"):
        return binascii.a2b_qp(_SOFT_BREAK.sub(b"=\n", body)), None
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        files = text_files.found_in(body)
        return (files[0].content, None) if files else (body, "uuencode-unreadable")
    if encoding not in ("", "7bit", "8bit", "binary", "7-bit", "8-bit", "none"):
        return body, "unknown-transfer-encoding"
    return body, None


# Gateways put blanks behind the sign that joins two lines (RFC 2045 §6.7, rule 3).
_SOFT_BREAK = re.compile(rb"=[ \t]{1,100}\r?\n")
_WORD_GAP = re.compile(rb"[!-~\x80-\xff] +[!-~\x80-\xff]")


def _looks_unencoded(body: bytes) -> bool:
    """Text that only says it is base64: it has blanks between its words, which base64 has not."""
    sample = body[:2_000]
    return len(_WORD_GAP.findall(sample)) * 40 > len(sample)


def text(
    plain: bytes, node: Node, hint: str | None, guessing: bool = True, most: int | None = None
) -> charsets.Decoded:
    """The text in the bytes of a part, in the first ``most`` of them. A declaration inside HTML counts where the header
    has none. Without ``guessing`` an undeclared text is read as what the letter's other parts turned out to be.
    """
    declared = node.parameters.get("charset", (None, b""))[1].decode("ascii", "ignore") or None
    if node.kind == "text/html" and charsets.known(declared) is None:
        declared = _meta_charset(plain) or declared
    if not guessing and charsets.known(declared) is None:
        declared = hint or "utf-8"
    return charsets.decode(_beginning(plain, most), declared, hint, guessing)


def _beginning(plain: bytes, most: int | None) -> bytes:
    """The first ``most`` bytes, to the end of a line where one is near: no character is cut in two."""
    if most is None or len(plain) <= most:
        return plain
    line = plain.rfind(b"\n", most - 10_000, most)
    return plain[: line + 1] if line >= 0 else plain[:most].rstrip(_HIGH)


_HIGH = bytes(range(128, 256))


_META = re.compile(rb"(?i)<meta[^>]{0,300}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})")


def _meta_charset(body: bytes) -> str | None:
    found = _META.search(body[:4_000])
    return found.group(1).decode("ascii") if found else None
