"""The lines of a letter's HTML with the elements they are made of, quotations marked by the structure mail programs
leave.
"""

import re

from firstline.intake.reading import attributions
from firstline.intake.reading.quotations import Line
from firstline.lib import html_flow
from firstline.lib.html_tree import Element

_BREAKS = html_flow.words(
    "p div blockquote ul ol li pre h1 h2 h3 h4 h5 h6 table thead tbody tfoot tr hr center dl dt dd "
    "address article section header footer main aside nav figure fieldset form br"
)
# Everything in it is the other one's letter.
_QUOTE_CLASS = re.compile(
    r"(?i)(?:^|[\s_-])(gmail_quote|gmail_quote_container|yahoo_quoted|protonmail_quote|tutanota_quote|"
    r"zmail_extra|mailru-blockquote|moz-cite-prefix|quoted-text|gmail_attr|"
    r"reply-quote|outlookmessageheader|skymailquote|hs_reply|ms-outlook-mobile-reference-message|elided-text|"
    r"zohomail_quote|front-blockquote|cm_quote)(?:$|[\s_-])|yahoo_quoted"
)
_QUOTE_ID = re.compile(
    r"(?i)(olk_src_body_section|yahoo_quoted|mail-editor-reference-message-container|isreplycontent|"
    r"oriMsgHtmlSeperator|x_olk_src)"
)
# From here to the letter's end.
_CUT_ID = re.compile(
    r"(?i)^(x_)*(divrplyfwdmsg|appendonsend|stopspelling|zwchr|replysplit|"
    r"ms-outlook-mobile-body-separator-line|outlookmessageheader|"
    r"reply-intro|origbody|divtagdefaultwrapper_quote)$"
)
# What programs put around the signature they add.
_SIGNATURE_MARK = re.compile(
    r"(?i)(?:^|[\s_-])(gmail_signature|moz-signature|ms-outlook-mobile-signature|composer_signature|"
    r"protonmail_signature_block|proton-signature|ymail_android_signature|ymail_ios_signature|front-signature|"
    r"applemailsignature|signature_old|signature-container|mobile-signature|tutanota_signature)(?:$|[\s_-])|"
    r"^(x_)*(signature|mail-app-auto-default-signature|zm-_id_-sgn|ms-outlook-mobile-signature|messagesignaturesection)$"
)
_RULED = re.compile(r"(?i)border\s*:\s*none\s*;\s*border-top\s*:\s*solid|border-top\s*:\s*(1(\.0)?p[tx] solid|solid)")
_HEADER_WORDS = re.compile(r"(?i)^\s*(from|от|von|de|da|od|van|від|fra|från|date|sent|дата)\s*(кого)?\s*[:：]")


# What mail programs put around a letter that is passed on whole.
_FORWARD_CLASS = re.compile(r"(?i)\b(moz-forward-container|js-readmsg-msg)\b")


def passes_on(root: Element) -> bool:
    """Whether the structure says that another letter is passed on, outside of any quotation."""
    waiting = list(root.children)
    while waiting:
        node = waiting.pop()
        if node.tag == "blockquote":
            continue
        if _FORWARD_CLASS.search(node.attributes.get("class", "")):
            return True
        waiting.extend(node.children)
    return False


def of_tree(root: Element) -> tuple[list[Line], bool]:
    """The visible lines in order, and whether the structure marked a quotation."""
    writer = _Writer()
    waiting: list[tuple[Element | None, bool, bool]] = [(child, False, False) for child in reversed(root.children)]
    while waiting:
        node, quoted, signed = waiting.pop()
        writer.signed = signed
        if node is None:
            writer.end()
            continue
        if not node.tag:
            writer.words(node, quoted)
            continue
        here = quoted or writer.quotes(node)
        signed = signed or _is_signature(node)
        writer.signed = signed
        writer.found |= here and not quoted
        if node.tag in _BREAKS:
            writer.end()
        if _is_cut(node):
            writer.cut()
        if node.tag == "img":
            writer.picture(node, here)
        if node.tag in ("br", "hr"):
            writer.alone(node, here)
        if node.tag in _BREAKS and node.tag not in ("br", "hr"):
            waiting.append((None, False, signed))
        waiting.extend((child, here, signed) for child in reversed(node.children))
    writer.end()
    return writer.lines, writer.found


class _Writer:
    """``cited``: a bare blockquote was told to be a quotation by the words above it; its like below are the next
    stretches of the same letter.
    """

    def __init__(self) -> None:
        self.cited = False
        self.lines: list[Line] = []
        self.current: Line | None = None
        self.next_cuts = False
        self.found = False
        self.signed = False

    def quotes(self, node: Element) -> bool:
        if node.tag == "blockquote":
            if _is_marked_quote(node):
                return True
            self.cited = self.cited or _follows_attribution(node)
            return self.cited
        if node.tag == "table" and _is_ruled_table(node):
            return _follows_attribution(node)
        return _is_quote(node) and not _is_answered_inside(node)

    def line(self, quoted: bool) -> Line:
        if self.current is None:
            self.current = Line("", quoted=quoted, cut=self.next_cuts, signature=self.signed)
            self.next_cuts = False
            self.lines.append(self.current)
        return self.current

    def words(self, node: Element, quoted: bool) -> None:
        if not node.text.strip() and self.current is None:
            return
        line = self.line(quoted)
        if quoted and not line.quoted and line.text.strip():
            self.end()
            line = self.line(quoted)
        line.quoted = line.quoted or quoted
        for number, piece in enumerate(
            node.text.split("\n") if "\n" in node.text and _is_pre(node) else [" ".join(node.text.split("\n"))]
        ):
            if number:
                self.end()
                line = self.line(quoted)
            line.text += piece
            line.nodes.append(node)

    def picture(self, node: Element, quoted: bool) -> None:
        self.line(quoted).nodes.append(node)

    def alone(self, node: Element, quoted: bool) -> None:
        """A line end or a rule, which is a line without words."""
        if node.tag == "hr" and self.next_cuts:
            self.lines.append(Line("-----", quoted=quoted, cut=True, nodes=[node]))
            return
        self.lines.append(Line("-----" if node.tag == "hr" else "", quoted=quoted, signature=self.signed, nodes=[node]))

    def cut(self) -> None:
        self.end()
        self.next_cuts = True
        self.found = True

    def end(self) -> None:
        if self.current is not None:
            self.current.text = " ".join(self.current.text.split())
        self.current = None


def _is_pre(node: Element) -> bool:
    above = node.parent
    while above is not None:
        if above.tag == "pre":
            return True
        above = above.parent
    return False


def _is_marked_quote(node: Element) -> bool:
    kind = " ".join(node.attributes.get(name, "") for name in ("type", "class", "id")).lower()
    return (
        "cite" in kind
        or "quote" in kind
        or "cite" in node.attributes
        or "border-left" in node.attributes.get("style", "").lower()
    )


def _is_ruled_table(node: Element) -> bool:
    """The Bat: a row of two cells, of which the narrow first one is the coloured line beside a quotation."""
    rows = [part for part in node.walk() if part.tag == "tr"][:2]
    cells = [part for part in rows[0].children if part.tag == "td"] if len(rows) == 1 else []
    return len(cells) == 2 and not cells[0].plain().strip() and bool(cells[1].plain().strip())


_GMAIL = re.compile(r"(?:^|\s)gmail_quote(?:$|\s)")


def _is_answered_inside(node: Element) -> bool:
    """Whether the writer answered between the stretches of what he quotes: Gmail keeps his words inside the frame of
    the quotation, beside its blockquotes. Only those are then quoted.
    """
    if not _GMAIL.search(node.attributes.get("class", "")):
        return False
    cited = False
    for child in node.children:
        if child.tag == "blockquote" and _GMAIL.search(child.attributes.get("class", "")):
            cited = True
        elif cited and not _is_signature(child) and any(sign.isalnum() for sign in child.plain()):
            return True
    return False


def _is_quote(node: Element) -> bool:
    return bool(
        _QUOTE_CLASS.search(node.attributes.get("class", "")) or _QUOTE_ID.search(node.attributes.get("id", ""))
    )


def _is_signature(node: Element) -> bool:
    if "data-signature-widget" in node.attributes or node.attributes.get("data-signature") == "true":
        return True
    if node.attributes.get("fairemail") == "signature":
        return True
    if node.attributes.get("data-marker", "").startswith("__SIG_"):  # Zimbra
        return True
    return any(
        bool(_SIGNATURE_MARK.search(value))
        for name in ("class", "id", "name")
        if (value := node.attributes.get(name, "")[:300])
    )


def _follows_attribution(node: Element) -> bool:
    """A blockquote without marks is a quotation where the words right before it end with a colon and name an
    address or a time.
    """
    words = ""
    current: Element | None = node
    while current is not None and current.parent is not None and not words.strip():
        siblings = current.parent.children
        position = siblings.index(current)
        for before in reversed(siblings[max(0, position - 6) : position]):
            words = before.plain()[-300:] + words
            if words.strip().endswith(":"):
                break
        current = current.parent
    tail = words.rstrip()[-300:]
    told = tail.endswith(":") and ("@" in tail or bool(re.search(r"\d{1,2}[:.]\d\d", tail)))
    return told or attributions.stamped(tail.rpartition("\n")[2])


def _is_cut(node: Element) -> bool:
    identifier = node.attributes.get("id", "")
    if identifier and _CUT_ID.match(identifier):
        return True
    style = node.attributes.get("style", "")
    # Outlook: a box with a line on its top, in which From, Sent, To, Subject stand.
    return (
        node.tag == "div"
        and bool(style)
        and bool(_RULED.search(style))
        and bool(_HEADER_WORDS.match(node.plain()[:200].strip()))
    )
