"""The words of a rich text: of Outlook's winmail.dat, and of bodies sent as RTF. HTML that was wrapped into RTF comes
out as HTML ([MS-OXRTFEX]).

One pass over the tokens with an explicit stack; the output is bounded, nothing raises.
"""

import re
from dataclasses import dataclass, replace

from firstline.intake.reading import charsets

MOST_CHARACTERS = 1_000_000
_MOST_BYTES = 1_500_000
_DEEPEST = 200
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_SIGNS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"tab": "\t", b"cell": "\t", b"row": "\n",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"endash": "–",
    b"emdash": "—", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_SILENT = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr listtable "
    b"listoverridetable rsidtbl generator themedata colorschememapping datastore latentstyles filetbl revtbl "
    b"xmlnstbl mhtmltag fldinst bkmkstart bkmkend nonshppict".split()
)


@dataclass(slots=True)
class _State:
    silent: bool = False
    hidden: bool = False  # between \htmlrtf and \htmlrtf0
    tag: bool = False  # inside {\*\htmltag …}
    skipped: int = 1  # how many signs stand for a character that \u names


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data[:_MOST_BYTES]
        self.wraps_html = b"\\fromhtml" in data[:2_000]
        found = re.search(rb"\\ansicpg(\d{2,5})", data[:2_000])
        self.codec = charsets.known(f"cp{found.group(1).decode()}") if found else None
        self.out: list[str] = []
        self.pending = bytearray()
        self.size = 0
        self.skip = 0

    def read(self) -> str:
        state, starred = _State(), False
        stack: list[_State] = []
        for found in _TOKEN.finditer(self.data):
            word, number, hexed, sign, brace, text = found.groups()
            if brace == b"{":
                if len(stack) >= _DEEPEST:
                    break
                stack.append(state)
                state = replace(state)
            elif brace:
                self.flush()
                state = stack.pop() if stack else _State()
            elif sign == b"*":
                starred = True
                continue
            elif word is not None:
                self.word(state, word, number, starred)
            elif hexed is not None:
                self.bytes_of(state, bytes([int(hexed, 16)]))
            elif sign is not None:
                self.sign(state, sign)
            elif text is not None:
                self.bytes_of(state, text)
            starred = starred and brace is not None
            if self.size > MOST_CHARACTERS:
                break
        self.flush()
        return charsets.clean("".join(self.out))

    def word(self, state: _State, word: bytes, number: bytes | None, starred: bool) -> None:
        if word == b"htmlrtf":
            state.hidden = number != b"0"
        elif word == b"htmltag":
            state.tag, state.silent = True, not self.wraps_html
        elif word in _SILENT or starred:
            state.silent = True
        elif word == b"uc":
            state.skipped = min(int(number or 1), 10)
        elif word == b"u" and number is not None:
            self.character(state, int(number))
        elif word == b"bin":
            state.silent = True
        elif word in _SIGNS and not (state.silent or state.hidden):
            self.say(
                _SIGNS[word] if not self.wraps_html or not state.tag else {"\n": "\r\n"}.get(_SIGNS[word], _SIGNS[word])
            )

    def sign(self, state: _State, sign: bytes) -> None:
        if state.silent or state.hidden:
            return
        if sign in b"{}\\":
            self.bytes_of(state, sign)
        elif sign == b"~":
            self.say("\u00a0")
        elif sign == b"_":
            self.say("-")

    def character(self, state: _State, number: int) -> None:
        self.skip = state.skipped
        if not (state.silent or state.hidden):
            code = number % 65_536
            self.flush()
            self.out.append(chr(code))
            self.size += 1

    def bytes_of(self, state: _State, data: bytes) -> None:
        if self.skip:
            data, self.skip = data[self.skip :], max(0, self.skip - len(data))
        if not (state.silent or state.hidden):
            self.pending += data

    def say(self, text: str) -> None:
        self.flush()
        self.out.append(text)
        self.size += len(text)

    def flush(self) -> None:
        if self.pending:
            text = bytes(self.pending).decode(self.codec or "cp1252", "replace")
            self.out.append(text)
            self.size += len(text)
            self.pending.clear()


def words(data: bytes) -> tuple[str, bool]:
    """The text of an RTF, and whether it is HTML that was wrapped into it. Empty where the bytes are no RTF."""
    if data.lstrip()[:5].lower() != b"{\\rtf":
        return "", False
    reader = _Reader(data)
    text = reader.read()
    # Characters beyond the basic plane come as two halves.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _HALVES.search(text) else text
    return (text, True) if reader.wraps_html else (text.strip("\n"), False)


_HALVES = re.compile("[\ud800-\udfff]")
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def decompressed(data: bytes) -> bytes:
    """PR_RTF_COMPRESSED ([MS-OXRTFCP]): a sliding window of 4,096 bytes that begins with known words."""
    if len(data) < 16:
        return b""
    if data[8:12] == b"MELA":
        return data[16 : 16 + min(int.from_bytes(data[4:8], "little"), _MOST_BYTES)]
    if data[8:12] != b"LZFu":
        return b""
    wanted = min(int.from_bytes(data[4:8], "little"), _MOST_BYTES)
    window = bytearray(_DICTIONARY) + bytearray(4_096 - len(_DICTIONARY))
    place, out, position = len(_DICTIONARY), bytearray(), 16
    while position < len(data) and len(out) < wanted:
        control = data[position]
        position += 1
        for bit in range(8):
            if control >> bit & 1:
                if position + 2 > len(data):
                    return bytes(out)
                pair = int.from_bytes(data[position : position + 2], "big")
                position += 2
                begin, length = pair >> 4, (pair & 15) + 2
                if begin == place:
                    return bytes(out)
                chunk = [0] * length
                for step in range(length):
                    chunk[step] = window[(begin + step) % 4_096]
                    window[place] = chunk[step]
                    place = (place + 1) % 4_096
                out += bytes(chunk)
            else:
                if position >= len(data):
                    return bytes(out)
                out.append(data[position])
                window[place] = data[position]
                place = (place + 1) % 4_096
                position += 1
    return bytes(out[:wanted])
