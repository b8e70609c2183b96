"""Parameters of Content-Type and Content-Disposition (RFC 2045, RFC 2231). Linear, at most 100 are read."""

import re

MOST_PARAMETERS = 100


def read(raw: bytes) -> tuple[str, dict[str, tuple[str | None, bytes]], bool]:
    """``(value, {name: (charset or None, bytes)}, whether there were too many)`` of a structured header,
    continuations joined.
    """
    head, rest = _cut(raw, 0)
    value = head.decode("ascii", "ignore").replace("\x00", "").strip().strip('"').lower()
    plain: dict[str, tuple[str | None, bytes]] = {}
    pieces: dict[str, dict[int, tuple[bool, bytes]]] = {}
    count = 0
    while rest < len(raw):
        item, rest = _cut(raw, rest)
        name_raw, equals, content = item.partition(b"=")
        name = name_raw.decode("ascii", "ignore").strip().lower()
        if not equals or not name:
            continue
        count += 1
        if count > MOST_PARAMETERS:
            return value, _joined(plain, pieces), True
        content = _unquoted(content.strip())
        base, star, tail = name.partition("*")
        number, _, _encoded = tail.partition("*")
        if not star:
            plain.setdefault(name, (None, content))
        elif number.isdigit() and len(number) < 4:
            pieces.setdefault(base, {}).setdefault(int(number), (tail.endswith("*"), content))
        else:
            pieces.setdefault(base, {}).setdefault(0, (True, content))
    return value, _joined(plain, pieces), False


def _joined(
    plain: dict[str, tuple[str | None, bytes]], pieces: dict[str, dict[int, tuple[bool, bytes]]]
) -> dict[str, tuple[str | None, bytes]]:
    out = dict(plain)
    for base, numbered in pieces.items():
        charset: str | None = None
        whole = []
        for position, number in enumerate(sorted(numbered)):
            extended, content = numbered[number]
            if extended and position == 0 and content.count(b"'") >= 2:
                declared, _, content = content.split(b"'", 2)
                charset = declared.decode("ascii", "ignore") or None
            # Decoded when all is there: some programs cut in the middle of "%D1".
            whole.append(content if extended else content.replace(b"%", b"%25"))
        out[base] = (charset or "", percent(b"".join(whole)))
    return out


_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")


def percent(data: bytes) -> bytes:
    return _PERCENT.sub(lambda pair: bytes([int(pair.group(1), 16)]), data)


def _cut(raw: bytes, start: int) -> tuple[bytes, int]:
    """The text up to the next ``;`` outside quotes (a quote that is never closed is an ordinary sign), and the
    offset behind it.
    """
    position = start
    while True:
        stop = raw.find(b";", position)
        quote = raw.find(b'"', position)
        if stop < 0:
            return raw[start:], len(raw)
        if quote < 0 or quote > stop:
            return raw[start:stop], stop + 1
        closing = quote + 1
        while True:
            closing = raw.find(b'"', closing)
            if closing < 0 or raw[closing - 1 : closing] != b"\\" or raw[closing - 2 : closing] == b"\\\\":
                break
            closing += 1
        if closing < 0:
            return raw[start:stop], stop + 1
        position = closing + 1


_ESCAPED = re.compile(rb'\\(["\\])')


def _unquoted(content: bytes) -> bytes:
    if content[:1] == b'"':
        content = content[1:]
        closing = len(content)
        if content.endswith(b'"') and not content.endswith(b'\\"'):
            closing -= 1
        content = _ESCAPED.sub(rb"\1", content[:closing])
    elif len(content) > 1 and content[:1] == content[-1:] == b"'":
        content = content[1:-1]
    return content
