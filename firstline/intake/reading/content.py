"""What a person sees of a letter, and its files: text, HTML in the fixed subset, attachments."""

import hashlib
import re
from dataclasses import dataclass, field

from firstline.intake.reading import (
    appointments,
    charsets,
    closed,
    headers,
    mime,
    names,
    parameters,
    plain_forms,
    rtf,
    smime,
    text_files,
    tnef,
)
from firstline.intake.reading.mime import Node, Tree
from firstline.lib import html
from firstline.lib.html_tree import Element

LONGEST_TEXT = 1_000_000  # characters; what is longer is also kept as a file
_MOST_GUESSES = 50
_MOST_WRAPPINGS = 3
_SKIPPED_ALTERNATIVES = frozenset({"text/x-amp-html", "text/watch-html"})
_MARKUP = frozenset({"text/html", "application/xhtml+xml", "text/xhtml"})
_SIGNED_KINDS = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_PACKED = frozenset({"application/ms-tnef", "application/vnd.ms-tnef", "application/x-tnef"})
_CALENDARS = frozenset({"text/calendar", "application/ics", "text/x-vcalendar"})
_RICH = frozenset({"text/rtf", "application/rtf", "application/x-rtf"})
_MOST_OPENED = 5
_ENRICHED = frozenset({"text/enriched", "text/richtext"})


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a letter: bytes as sent. ``inline``: meant to be seen within the text; ``content_id`` without
    brackets, or empty.
    """

    name: str
    content_type: str
    content: bytes
    size: int
    sha256: str
    inline: bool
    content_id: str


@dataclass(slots=True)
class Body:
    """``tree_html``: the HTML with its marks (classes, identifiers), for finding the quotation; ``charset`` of the
    visible text.
    """

    text: str = ""
    html: str | None = None
    tree_html: Element | None = None
    charset: str | None = None
    attachments: tuple[Part, ...] = ()
    defects: list[str] = field(default_factory=list)
    readable: bool = True


@dataclass(slots=True)
class _Block:
    """One stretch of what is seen: its text, and its HTML where it came as HTML."""

    text: str
    markup: str | None
    tree: Element | None = None
    subset: str | None = None


def _page_block(text: str, page: str) -> _Block:
    """HTML with its tree, parsed once; ``text`` is its plain form, or empty where it has none."""
    tree = html.tidied(page)
    subset = html.subset(tree)
    return _Block(text if text.strip() else html.subset_text(subset), page, tree, subset)


def read(tree: Tree) -> Body:
    reader = _Reader(tree)
    reader.walk(tree.root)
    return reader.body()


class _Reader:
    def __init__(self, tree: Tree, wrappings: int = 0) -> None:
        self.tree = tree
        self.wrappings = wrappings
        self.blocks: list[_Block] = []
        self.parts: list[Part] = []
        self.defects: list[str] = []
        self.charset: str | None = None
        self.guesses = 0
        self.markup_size = 0
        self.markup_tags = 0
        self.crude_size = 0
        self.opened = 0
        self.spare: list[tuple[str, str]] = []

    # ---- which parts are text ----

    def walk(self, root: Node) -> None:
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if "x-too-many" in node.parameters:
                self.note("too-many-parameters")
            if node.kind == "multipart/alternative" and node.children:
                self.alternative(node)
            elif node.children:
                waiting.extend(reversed(node.children))
            else:
                self.leaf(node)

    def alternative(self, node: Node) -> None:
        """Of the forms of one text: its plain form to be read by rules, its HTML to be shown; files among them
        stay files.
        """
        plain, markup = [], []
        waiting = list(reversed(node.children))
        while waiting:
            child = waiting.pop()
            if child.children:
                waiting.extend(reversed(child.children))
            elif child.kind in _SKIPPED_ALTERNATIVES:
                continue
            elif child.kind in _MARKUP and not self.is_file(child):
                markup.append(child)
            elif (child.kind == "text/plain" or child.kind in _ENRICHED) and not self.is_file(child):
                plain.append(child)
            else:
                self.leaf(child)
        texts = [self.plain_text(child) for child in plain]
        text = "\n".join(each for each in texts if each.strip())
        pages = [page for page in (self.markup(child) for child in markup) if page]
        page = "<br>".join(pages)
        if pages and html.why_unsafe(page) is None:
            self.blocks.append(_page_block("" if plain_forms.is_excuse(text, page) else text, page))
        elif text.strip():
            self.blocks.append(_Block(text, None))
        elif pages:
            self.blocks.extend(_page_block("", each) for each in pages)
        elif markup:
            self.blocks.extend(_Block(self.crude(child), None) for child in markup)

    def leaf(self, node: Node) -> None:
        if node.kind.startswith("multipart/"):
            self.broken_multipart(node)
        elif self.is_file(node) or not self.is_readable(node):
            self.attach(node)
            if node.kind in _SIGNED_KINDS:
                self.signed(node)
        elif node.kind in _MARKUP:
            page = self.markup(node)
            if page is None:
                self.blocks.append(_Block(self.crude(node), None))
            elif page:
                self.blocks.append(_page_block("", page))
        else:
            text = self.plain_text(node)
            if text.strip():
                self.blocks.append(_Block(text, None))

    def signed(self, node: Node) -> None:
        """What an opaque signature wraps is part of the letter; the wrapping stays a file beside it."""
        if self.wrappings >= _MOST_WRAPPINGS:
            return
        inside = smime.signed_content(mime.content(self.tree.data, node)[0])
        if inside is None:
            return
        reader = _Reader(mime.tree(inside), self.wrappings + 1)
        reader.walk(reader.tree.root)
        self.wrappings = reader.wrappings
        self.blocks += reader.blocks
        self.parts += reader.parts
        self.spare += reader.spare
        self.defects += [defect for defect in (*reader.tree.defects, *reader.defects) if defect not in self.defects]

    def broken_multipart(self, node: Node) -> None:
        """A multipart in which no part can be found: its bytes are the text, unless they are another multipart's
        business.
        """
        body = self.tree.data[node.start : node.end]
        if node.depth >= mime.DEEPEST or b"\x00" in body[:1_000]:
            self.attach(node)
            return
        if len(body) > LONGEST_TEXT:
            self.note("text-too-large")
            self.attach(node)
        decoded = charsets.decode(body[:LONGEST_TEXT], None)
        if decoded.text.strip():
            self.blocks.append(_Block(decoded.text.strip("\n"), None))

    def is_readable(self, node: Node) -> bool:
        return node.kind == "text/plain" or node.kind in _MARKUP or node.kind in _ENRICHED or node.kind == "text"

    def is_file(self, node: Node) -> bool:
        """Whether a text part is a file: it says so, or bears a name (a name alone with ``inline`` is a text shown
        in place).
        """
        disposition = parameters.read(node.head.raw("content-disposition"))[0]
        if disposition == "attachment":
            return True
        named = names.declared(node, self.charset)
        if not named or not self.is_readable(node):
            return not self.is_readable(node)
        if node is self.tree.root:
            return False
        return disposition != "inline" or bool(self.blocks)

    # ---- reading them ----

    def plain_text(self, node: Node) -> str:
        decoded = self.decoded(node)
        text = decoded.text
        if node.kind in _ENRICHED:
            text = plain_forms.of_enriched(text)
        elif node.parameters.get("format", (None, b""))[1].lower() == b"flowed":
            text = plain_forms.of_flowed(text, node.parameters.get("delsp", (None, b""))[1].lower() == b"yes")
        if len(text) > LONGEST_TEXT or node.end - node.start > 12 * LONGEST_TEXT:
            self.note("text-too-large")
            self.attach(node)
            text = text[:LONGEST_TEXT]
        return html.tidy_lines(text)

    def markup(self, node: Node) -> str | None:
        """The HTML of a part, or None where it must not be parsed: then the original becomes a file."""
        decoded = self.decoded(node)
        # The limits are those of the whole letter: many small pages cost what a large one costs.
        self.markup_size += len(decoded.text)
        self.markup_tags += decoded.text.count("<")
        reason = html.why_unsafe(decoded.text)
        if reason is None and (self.markup_size > html.LARGEST or self.markup_tags > html.MOST_TAGS):
            reason = "html-too-large"
        if reason is None:
            return decoded.text
        self.note(reason)
        self.attach(node)
        return None

    def crude(self, node: Node) -> str:
        """The words of HTML that must not be parsed; less and less of them where there is ever more."""
        decoded = self.decoded(node)
        left = max(0, LONGEST_TEXT - self.crude_size)
        words = html.crude_text(decoded.text[:left])
        self.crude_size += len(decoded.text)
        return words

    def without_files(self, body: bytes) -> bytes:
        """The text without the files written into it as uuencode or yEnc, which become attachments."""
        files = text_files.found_in(body)
        rest, position = [], 0
        for number, each in enumerate(files, 1):
            name = names.safe(headers.decode_words(each.name, self.charset)) or f"attachment-{number}.bin"
            self.parts.append(_part(name, "application/octet-stream", each.content, False, ""))
            rest.append(body[position : each.start])
            position = each.stop
        rest.append(body[position:])
        return b"".join(rest) if files else body

    def decoded(self, node: Node) -> charsets.Decoded:
        """The text of a part, cut where it is longer than anybody reads; only so many have their set guessed."""
        plain, defect = mime.content(self.tree.data, node)
        if node.kind == "text/plain":
            plain = self.without_files(plain)
        decoded = mime.text(plain, node, self.charset, self.guesses < _MOST_GUESSES, 4 * LONGEST_TEXT)
        self.guesses += decoded.guessed
        self.seen(decoded, node, defect)
        return decoded

    def seen(self, decoded: charsets.Decoded, node: Node, defect: str | None) -> None:
        if defect:
            self.note(defect)
        if decoded.guessed:
            declared = node.parameters.get("charset", (None, b""))[1].decode("ascii", "ignore")[:40]
            self.note(f"charset-guessed: {declared or 'none'} read as {decoded.charset}")
        if "\ufffd" in decoded.text:
            self.note("undecodable-characters")
        if decoded.charset != "ascii" and self.charset is None:
            self.charset = decoded.charset

    def attach(self, node: Node) -> None:
        body, defect = mime.content(self.tree.data, node)
        for problem in (defect, closed.why(node.kind, body)):
            if problem:
                self.note(problem)
        kind = node.kind
        name = names.declared(node, self.charset)
        if kind == "message/rfc822" and not name:
            inner = headers.split(body)
            subject = names.safe(inner.text("subject", self.charset).replace("/", "_"))
            name = f"{subject[:150]}.eml" if subject else ""
        if not body and not name:
            return
        disposition = parameters.read(node.head.raw("content-disposition"))[0]
        self.open(kind, body, name, disposition == "attachment")
        identifier = (
            charsets.clean(node.head.raw("content-id")[:300].decode("ascii", "ignore")).strip().strip("<>").strip()
        )
        inline = disposition == "inline" or (
            bool(identifier) and disposition != "attachment" and kind.startswith("image/")
        )
        self.parts.append(_part(name or names.made(kind, len(self.parts) + 1), kind, body, inline, identifier))

    def open(self, kind: str, body: bytes, name: str, is_file: bool) -> None:
        """What a wrapping holds: its files stand beside it, its words are shown where the letter has no others."""
        self.opened += 1
        if self.opened > _MOST_OPENED:
            return
        packed = tnef.opened(body) if kind in _PACKED or name.lower() == "winmail.dat" else None
        if packed is not None:
            for each in packed.files:
                safe = names.safe(each.name) or names.made(each.kind, len(self.parts) + 1)
                inline = bool(each.content_id) and each.kind.startswith("image/")
                self.parts.append(_part(safe, each.kind or names.kind_of(safe), each.content, inline, each.content_id))
            self.spare.append((packed.text, packed.page))
        elif kind in _CALENDARS or name.lower().endswith(".ics"):
            self.spare.append((appointments.as_text(appointments.read(charsets.decode(body[:500_000]).text)), ""))
        elif kind in _RICH and not is_file:
            words, is_page = rtf.words(body)
            self.spare.append(("", words) if is_page else (words, ""))

    def show_spare(self) -> None:
        """A letter of nothing but wrappings shows what they say."""
        for text, page in self.spare:
            if page.strip() and html.why_unsafe(page) is None:
                self.blocks.append(_page_block(html.tidy_lines(text)[:LONGEST_TEXT], page))
            elif text.strip():
                self.blocks.append(_Block(html.tidy_lines(text)[:LONGEST_TEXT], None))
            if self.blocks:
                return

    def note(self, defect: str) -> None:
        if defect not in self.defects and len(self.defects) < 50:
            self.defects.append(defect)

    # ---- the whole ----

    def show(self, out: Body) -> None:
        """Set the HTML of the whole: that of the one page, or all blocks one after another."""
        if len(self.blocks) == 1:
            out.tree_html, out.html = self.blocks[0].tree, self.blocks[0].subset or None
            return
        if all(block.markup is None for block in self.blocks):
            return
        page = "<br>".join(
            html.from_text(block.text) if block.markup is None else block.markup for block in self.blocks
        )
        if html.why_unsafe(page) is None:
            out.tree_html = html.tidied(page)
            out.html = html.subset(out.tree_html) or None
        else:
            out.html = html.from_text(out.text) or None

    def body(self) -> Body:
        if not self.blocks:
            self.show_spare()
        text = "\n\n".join(block.text.strip("\n") for block in self.blocks if block.text.strip())
        out = Body(text=text[:LONGEST_TEXT], charset=self.charset, attachments=tuple(self.parts), defects=self.defects)
        self.show(out)
        referenced = set(_CONTENT_IDS.findall(out.html)) if out.html else set()
        if referenced:
            out.attachments = tuple(
                part
                if part.content_id not in referenced
                else _part(part.name, part.content_type, part.content, True, part.content_id)
                for part in out.attachments
            )
        root = self.tree.root
        if (
            not text
            and not self.parts
            and root.end > root.start
            and self.tree.data[root.start : root.end].strip(b"\r\n\t -")
        ):
            # There are bytes, and nothing of them could be shown or kept as a file.
            out.readable = root.kind in _MARKUP or root.kind.startswith("multipart/")
        return out


_CONTENT_IDS = re.compile(r'src="cid:([^"]{1,300})"')


def _part(name: str, kind: str, body: bytes, inline: bool, identifier: str) -> Part:
    return Part(name, kind, body, len(body), hashlib.sha256(body).hexdigest(), inline, identifier)
