"""People in From, To, Cc and Reply-To, as they are really written: quotes, comments, groups, missing brackets, encoded
everything.

Linear in the header's length and capped (at most 200 addresses of 10,000, reliability_security.md §4.2). Nothing
raises.
"""

import re
from typing import NamedTuple

from firstline.intake.reading import charsets
from firstline.intake.reading.headers import LONGEST_HEADER, decode_words

MOST_ADDRESSES = 200
_LONGEST_WRITTEN = 4_000


class Address(NamedTuple):
    """A person's name as written (may be empty) and the address, domain in lower case."""

    name: str
    email: str


_EMAIL = re.compile(r"[^\s<>()\[\],;:\"@\\]{1,128}@(?:\[[0-9A-Fa-f.:IPv]{3,60}\]|[^\s<>()\[\],;:\"@\\'`]{1,253})")
_QUOTED_EMAIL = re.compile(r"\"([^\"\\\r\n]{1,128})\"@([^\s<>()\[\],;:\"@\\]{1,253})")
_BRACKETS = re.compile(r"<([^<>]{0,998})>?")
_COMMENT = re.compile(r"\(([^()]{0,998})\)")


def parse(values: list[bytes], hint: str | None = None) -> tuple[tuple[Address, ...], bool]:
    """All addresses of the header's values, first mention wins, and whether there were more than are kept."""
    out: dict[str, Address] = {}
    for raw in values:
        before = b""
        for piece in _pieces(raw[:LONGEST_HEADER]):
            found = _one(before + piece, hint) if before and b"<" in piece else _one(piece, hint)
            if found is None:
                before = before + piece + b"," if _is_half_a_name(before + piece) else b""
                continue
            before = b""
            known = out.get(found.email.lower())
            if known is None and len(out) >= MOST_ADDRESSES:
                return tuple(out.values()), True
            if known is None or (not known.name and found.name):
                out[found.email.lower()] = found
    return tuple(out.values()), False


def _is_half_a_name(piece: bytes) -> bool:
    """ "Sidorov, Petr <petr@client.example>", written without the quotes that it needs."""
    return bool(piece.strip()) and len(piece) <= 60 and not any(sign in piece for sign in b'@<>"')


def _pieces(raw: bytes) -> list[bytes]:
    """Cut at commas and semicolons that stand outside quotes, comments and brackets; what is never closed does not
    hide the rest.
    """
    out, start, position = [], 0, 0
    closers = {ord("<"): b">", ord("("): b")", ord('"'): b'"'}
    while position < len(raw):
        byte = raw[position]
        if byte in closers:
            closing = raw.find(closers[byte], position + 1, position + _LONGEST_WRITTEN)
            while byte == 0x22 and closing > 0 and raw[closing - 1] == 0x5C and raw[closing - 2] != 0x5C:
                closing = raw.find(b'"', closing + 1, position + _LONGEST_WRITTEN)
            # "Name <a@b, Other <c@d>": the bracket that closes belongs to another one.
            if closing > 0 and not (byte == 0x3C and b"<" in raw[position + 1 : closing]):
                position = closing + 1
                continue
        elif byte in b",;":
            out.append(raw[start:position])
            start = position + 1
            if len(out) > 4 * MOST_ADDRESSES:
                return out
        elif (
            byte == 0x3A
            and b"@" not in raw[start:position]
            and b"=?" not in raw[start:position]
            and not _is_mailto(raw, position)
        ):
            start = position + 1  # the name of a group: "Undisclosed recipients:;"
        position += 1
    out.append(raw[start:])
    return out


def _is_mailto(raw: bytes, position: int) -> bool:
    return raw[max(0, position - 6) : position].lower() == b"mailto"


def _one(raw: bytes, hint: str | None) -> Address | None:
    if not raw.strip():
        return None
    raw = raw[:_LONGEST_WRITTEN]
    written = raw.decode("latin-1")
    for bracket in _BRACKETS.finditer(written):
        inside = bracket.group(1)
        # "<j@machine(comment).  example>": what the old syntax allowed inside an address goes first.
        email = _email(_COMMENT.sub("", inside).replace(" ", "") if "(" in inside else inside)
        if email is None:
            decoded = decode_words(inside.encode("latin-1"), hint)
            email = _email(decoded) or _email(decoded.replace(" ", ""))
        if email is not None:
            before = written[: bracket.start()].strip() or written[bracket.end() :].strip()
            return Address(_name(before, hint, email), email)
    text = decode_words(raw, hint)
    if "<" in text and "<" not in written:
        return _one_decoded(text)
    comment = _COMMENT.search(written)
    outside = _COMMENT.sub(" ", written) if comment else written
    email = _email(outside) or _email(text)
    if email is None:
        return None
    if comment:
        return Address(_name(comment.group(1), hint, email), email)
    rest = text.replace(email, " ") if email in text else ""
    return Address(_tidy(rest) if not rest.strip(" \"'<>[]:").startswith("mailto") else "", email)


def _one_decoded(text: str) -> Address | None:
    """``=?utf-8?q?Ivan_<ivan@x>?=``: name and address in one encoded word."""
    bracket = _BRACKETS.search(text)
    email = _email(bracket.group(1)) if bracket else None
    if bracket is None or email is None:
        return None
    return Address(_tidy(text[: bracket.start()]), email)


def _email(text: str) -> str | None:
    quoted = _QUOTED_EMAIL.search(text)
    if quoted:
        local, domain = f'"{quoted.group(1)}"', quoted.group(2)
    else:
        found = _EMAIL.search(text.replace(" @ ", "@").replace("@ ", "@").replace(" @", "@"))
        if not found:
            return None
        local, _, domain = found.group(0).rpartition("@")
    if not domain.isascii() or not local.isascii():
        repaired = charsets.decode(f"{local}@{domain}".encode("latin-1", "ignore"), "utf-8").text
        if "\ufffd" not in repaired and "@" in repaired:
            local, _, domain = repaired.rpartition("@")
    domain = domain.rstrip(".").lower()
    local = charsets.clean(local).strip("'`").removeprefix("mailto:")
    return f"{local}@{domain}" if local and domain else None


def _name(written: str, hint: str | None, email: str) -> str:
    name = _tidy(decode_words(_unescape(written).encode("latin-1", "replace"), hint))
    return "" if name.lower() == email.lower() else name


_ESCAPED = re.compile(r"\\(.)")


def _unescape(written: str) -> str:
    written = written.strip()
    return _ESCAPED.sub(r"\1", written) if "\\" in written and '"' in written else written


def _tidy(name: str) -> str:
    name = name.strip()
    # Only what stands around the whole name goes: ООО "Ромашка" keeps both.
    if name[:1] in "\"'" or name[-1:] not in "\"'" or name.count(name[-1:]) % 2:
        name = name.strip("\"'").strip()
    if name.startswith("(") and name.endswith(")"):
        name = name[1:-1]
    if name[:1] == "<" or name[-1:] in "<>":
        name = name.strip("<>")
    return " ".join("".join(sign for sign in name if sign.isprintable() and sign not in _BIDI).split())[:300]


_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")
