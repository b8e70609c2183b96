"""Where the signature begins among the lines a writer added. Only what stands at the end and looks like nothing else is
taken.

A signature cut by mistake hides words; one left standing only looks untidy. So a mark is needed: the delimiter ``--
``, a mark of the program in the HTML, the line of a telephone's program, a closing formula, or the sender's own name.
"""

import re

from firstline.intake.reading import farewells, sender_names
from firstline.intake.reading.quotations import Line

_DELIMITER = re.compile(r"^(--|- --|—|––|-- |- -|‐‐|--\s*<br>)\s*$")
_RULE = re.compile(r"^\s*[-_=*~‐-―]{5,}\s*$")
_SHORT_RULE = re.compile(r"^\s*(?:[-_]{3,}|-)\s*$")
_DASHES = re.compile(r"^\s*(?:-{3}|[—–―_]{2,4})\s*$")
_CONTACT = re.compile(
    r"(?i)@|https?://|www\.|\+?\d[\d ()./-]{6,}\d|\b(tel|phone|mob|fax|skype|т|тел|моб)\b[.:]|"
    r"\b(вн|внутр|доб|ext|int|durchwahl)\b[.:]? ?\d{2,5}\b"
)
_NUMBER = re.compile(r"(?i)(?:(?:tel|phone|mob|т|тел|моб)\b[.:]? ?)?\+?\d[\d ()./-]{4,20}\d")
_FIRM = re.compile(
    r"(?:^|[\s«\"(])(?:ООО|АО|ОАО|ПАО|ЗАО|НАО|ИП|ГУП|МУП|ФГУП|ФГБУ|ГБУЗ|МБОУ|ТОВ|ПрАТ|АТ|ФОП|ООД|ЕООД|ЕАД|АД|ЕТ|"
    r"GmbH|AG|KG|Ltd|LLC|Inc|LLP|S\.?A\.?S?|S\.?r\.?l|B\.?V|Sp\. z o\.o|s\.r\.o|Lda)(?:[\s.»\",)]|$)"
)
_LABELLED_NUMBER = re.compile(r"(?i)\b(?:tel|phone|mob|т|тел|моб|телефон|gsm)\b[.:]")
_INITIALS = re.compile(r"^([^\W\d_])\. ?([^\W\d_])\.?$")
_POSTSCRIPT = re.compile(r"(?i)^\s*(p\.? ?s\.?|п\.? ?с\.?|з\.?ы\.?|ps|пс)\b[ .:,-]")
# An account or an address alone, and "Responsible: Petr Sidorov", are what the letter is about.
_NO_NAME = re.compile(r"^(?:\S{0,80}[._@\d]\S{0,80}\w|[^\W\d_][^:]{2,40}: .*)$")
_MOST_TURNS = 6
_LONGEST_DISCLAIMER = 60
_SHORTEST_DISCLAIMER = 25
_WINDOW = 100  # lines at the end among which a signature may begin


def drop(lines: list[Line], sender_name: str, sender_email: str) -> bool:
    """Mark the signature's lines as not kept, where it is certain enough and own words stand before it. Whether the
    HTML marked it.
    """
    marked = _drop_marked(lines)
    _drop_armour(lines)
    tokens = sender_names.tokens(sender_name, sender_email)
    kept = [index for index, line in enumerate(lines) if line.kept]
    first = next((place for place, index in enumerate(kept) if lines[index].text.strip()), None)
    if first is None or not any(_has_word(lines[index].text) for index in kept):
        return marked
    for _turn in range(_MOST_TURNS):
        _trim(lines, kept)
        begin = max(0, len(kept) - _WINDOW)
        span = _span(lines, kept[begin:], tokens)
        if span is None or not kept or begin + span[0] <= first:
            break
        for index in kept[begin + span[0] : begin + span[1]]:
            lines[index].kept = False
        del kept[begin + span[0] : begin + span[1]]
        _drop_last_formula(lines, kept, first)
    return marked


def _drop_last_formula(lines: list[Line], kept: list[int], first: int) -> None:
    """ "Many thanks," above a name that went with what stood below it."""
    _trim(lines, kept)
    if len(kept) - 1 <= first:
        return
    text = lines[kept[-1]].bare
    if text.endswith(",") and (farewells.thanks(text) or farewells.wish(text) or farewells.closing(text) == ""):
        lines[kept.pop()].kept = False


_ARMOUR = ("-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----")
_LONGEST_ARMOUR = 60
_MOST_ARMOUR = 10


def _drop_armour(lines: list[Line]) -> None:
    """OpenPGP's lines around a signed text are no words of the writer's."""
    for place in [at for at, line in enumerate(lines) if line.text.startswith("-----BEGIN PGP")][:_MOST_ARMOUR]:
        text = lines[place].text.strip()
        stop = place
        if text == _ARMOUR[0]:
            rows = range(place, min(place + 6, len(lines)))
            stop = next((at + 1 for at in rows if not lines[at].text.strip()), 0)
        elif text == _ARMOUR[1]:
            rows = range(place, min(place + _LONGEST_ARMOUR, len(lines)))
            stop = next((at + 1 for at in rows if lines[at].text.strip() == _ARMOUR[2]), 0)
        for line in lines[place:stop]:
            line.kept = False


def _drop_marked(lines: list[Line]) -> bool:
    """What the program marked as the signature, unless nothing else was written."""
    if not any(line.signature for line in lines) or not any(
        line.kept and not line.signature and not _DELIMITER.match(line.text.strip()) and _has_word(line.text)
        for line in lines
    ):
        return False
    dropped = False
    for line in lines:
        dropped |= line.kept and line.signature
        line.kept = line.kept and not line.signature
    return dropped


_WORD_SIGN = re.compile(r"[^\W_]")


def _has_word(text: str) -> bool:
    return bool(_WORD_SIGN.search(text))


def _trim(lines: list[Line], kept: list[int]) -> None:
    """Take empty lines and delimiters off the end: there are words before them."""
    while kept and (not lines[kept[-1]].text.strip() or _is_mere_rule(lines[kept[-1]].text)):
        lines[kept[-1]].kept = not lines[kept[-1]].text.strip()
        kept.pop()


def _is_mere_rule(text: str) -> bool:
    return bool(_DELIMITER.match(text.strip()) or _SHORT_RULE.match(text[:200]))


def _span(lines: list[Line], tail: list[int], tokens: frozenset[str]) -> tuple[int, int] | None:
    """The positions in ``tail`` between which the signature stands."""
    texts = [
        lines[index].bare if not _DELIMITER.match(lines[index].text) else lines[index].text.strip() for index in tail
    ]
    end = len(texts)
    legal = _disclaimer(lines, tail)
    if legal is not None:
        return legal, end
    telephone = _telephone(texts)
    if telephone is not None:
        return telephone, end
    best: int | None = None
    written = 0  # lines below; a page's paragraphs have empty ones between them
    for back in range(1, min(len(texts), 40) + 1):
        position = len(texts) - back
        if (back <= 21 or written <= 10) and _is_delimiter(lines[tail[position]].text, texts, position, tokens):
            return position, _before_postscript(texts, position)
        below, written = written, written + bool(texts[position])
        if below > 13 or (back > 14 and not texts[position]) or not _is_card(texts[position + 1 :]):
            continue
        if farewells.closing(texts[position]) is not None or _is_signed_wish(texts, position, tokens):
            best = position
    if best is not None:
        return best, _before_postscript(texts, best)
    start = _by_name(lines, tail, texts, tokens)
    return (start, end) if start is not None else None


def _is_delimiter(written: str, texts: list[str], position: int, tokens: frozenset[str]) -> bool:
    if _DELIMITER.match(written.strip() + " ") or _DELIMITER.match(written.strip()):
        return not (written.strip() == "--" and _is_own_rule(texts, position, tokens))
    below = [text for text in texts[position + 1 :] if text]
    return (
        bool(_DASHES.match(written))
        and 0 < len(below) <= 8
        and _is_card(below)
        and (
            any(_CONTACT.search(text) or sender_names.occur(text, tokens) for text in below)
            or farewells.closing(below[0]) is not None
        )
    )


def _is_own_rule(texts: list[str], position: int, tokens: frozenset[str]) -> bool:
    """Whether the writer set this line between his words: what stands above announces what follows, or what stands
    below is a sentence, and nobody is named.
    """
    above = next((text for text in reversed(texts[:position]) if text), "")
    below = [text for text in texts[position + 1 :] if text]
    if not below or any(_CONTACT.search(text) or sender_names.occur(text, tokens) for text in below):
        return False
    return above.endswith(":") or (len(below) <= 3 and _is_said(below[0]))


def _is_said(text: str) -> bool:
    words = text.split()
    small = sum(1 for word in words if word[:1].islower())
    return text.endswith((".", "!", "?")) and len(words) > 4 and small >= len(words) - 2


def _before_postscript(texts: list[str], start: int) -> int:
    """A postscript below the signature is the writer's own."""
    return next(
        (position for position in range(start + 1, len(texts)) if _POSTSCRIPT.match(texts[position])), len(texts)
    )


def _is_card(texts: list[str]) -> bool:
    """Short lines, few of them, no sentence among them: a name, a job, where to call."""
    written = [text for text in texts if text]
    for position, text in enumerate(written):
        if _POSTSCRIPT.match(text):
            return position <= 12
        if len(text) > 120 or position >= 12 or _is_sentence(text):
            return False
    return True


def _is_sentence(text: str) -> bool:
    words = text.split()
    small = sum(1 for word in words if word[:1].islower())
    return (text.endswith("?") and len(words) > 2) or (text.endswith((".", "!")) and len(words) > 8 and small > 6)


def _is_signed_wish(texts: list[str], position: int, tokens: frozenset[str]) -> bool:
    """ "Best," and a name below it, or the sender's on the same line; "Thanks," and the sender's name."""
    text = texts[position]
    below = next((text for text in texts[position + 1 :] if text), "")
    if len(below.split()) > 5 or below.endswith(("?", "!", ":")):
        below = ""
    if farewells.closing(below) is not None:
        return False  # "Thanks!" above "Best regards, Petr" is a word of its own
    if (farewells.wish(text) or farewells.thanks(text)) and below and sender_names.occur(below, tokens):
        return True
    if farewells.wish(text):
        return _is_capitalised(below)
    before, comma, name = text[:80].partition(",")
    return (
        bool(comma)
        and (farewells.wish(before) or farewells.thanks(before))
        and len(name.split()) <= 4
        and sender_names.occur(name, tokens)
    )


def _is_capitalised(text: str) -> bool:
    words = text.split()
    return 0 < len(words) <= 3 and all(word[:1].isupper() for word in words) and not any(map(str.isdigit, text))


def _disclaimer(lines: list[Line], tail: list[int]) -> int | None:
    """The position at which last paragraphs begin that stand below every letter of a firm. One that says little by
    itself counts where another such stands above it.
    """
    end = len(tail)
    for _paragraph in range(_MOST_TURNS):
        begin = end
        while begin and end - begin < _LONGEST_DISCLAIMER and lines[tail[begin - 1]].text.strip():
            begin -= 1
        paragraph = " ".join(lines[index].text[:400] for index in tail[begin : min(end, begin + 12)])
        if not begin or len(paragraph) < _SHORTEST_DISCLAIMER:
            return None
        if farewells.disclaimer(paragraph):
            return begin
        if not farewells.goes_with_a_disclaimer(paragraph):
            return None
        end = begin
        while end and not lines[tail[end - 1]].text.strip():
            end -= 1
    return None


def _telephone(texts: list[str]) -> int | None:
    if not texts:
        return None
    if farewells.telephone(texts[-1]):
        return len(texts) - 1
    if len(texts) > 1 and texts[-2] and farewells.telephone(f"{texts[-2]} {texts[-1]}"):
        return len(texts) - 2
    return None


def _by_name(lines: list[Line], tail: list[int], texts: list[str], tokens: frozenset[str]) -> int | None:
    """A last stretch of short lines that begins with the sender's name, with a line of thanks or a rule before it."""
    firm = _by_firm(texts)
    if firm is not None:
        return firm
    if not tokens:
        return None
    if _is_initials(texts, tokens):
        return len(texts) - 1
    for back in range(1, min(len(texts), 22) + 1):
        position = len(texts) - back
        text = lines[tail[position]].text.strip()
        if (
            _RULE.match(text)
            and back >= 2
            and _is_card(texts[position + 1 :])
            and any(sender_names.occur(each, tokens) for each in texts[position:])
        ):
            return position
    first = _first_named(texts, tokens)
    if first is None:
        return None
    before = first - 1
    while before >= 0 and not texts[before]:
        before -= 1
    if before >= 0 and texts[before].endswith(":") and farewells.closing(texts[before]) is None:
        return None  # "Access for:", and a list that he heads himself
    if before > 0 and (farewells.wish(texts[before]) or farewells.thanks(texts[before])):
        return before
    block = [text for text in texts[first:] if text]
    alone = first == 0 or not texts[first - 1]
    signed = len(block) <= 2 or any(_CONTACT.search(text) for text in block) or _is_name_and_post(block, tokens)
    return first if alone and signed else None


def _by_firm(texts: list[str]) -> int | None:
    """A last stretch that names a firm and its telephone, and nobody: "Отдел закупок / ООО «Ветер» / тел.: …"."""
    begin = len(texts)
    while begin and texts[begin - 1]:
        begin -= 1
    block = texts[begin:]
    above = next((text for text in reversed(texts[:begin]) if text), "")
    if not 2 <= len(block) <= 8 or not above or above.endswith((":", ",")) or not _is_card(block):
        return None
    named = any(_FIRM.search(text) for text in block) and any(_LABELLED_NUMBER.search(text) for text in block)
    return begin if named and not any(_WORDS_AND_END.search(text) for text in block) else None


_WORDS_AND_END = re.compile(r"[^\W\d_]{4,}[.?!:;]$")


def _is_initials(texts: list[str], tokens: frozenset[str]) -> bool:
    """ "И.П." on the last line, alone, of Ivan Petrov."""
    found = _INITIALS.match(texts[-1]) if texts else None
    if found is None or len(texts) < 3 or texts[-2]:
        return False
    first = {word[0] for word in tokens}
    return all(sender_names.folded(letter)[:1] in first for letter in found.groups())


def _is_name_and_post(block: list[str], tokens: frozenset[str]) -> bool:
    """The whole name, then what he is and where: few lines without a sentence among them."""
    words = block[0].split()
    named = 2 <= len(words) <= 4 and sum(sender_names.folded(word.strip(".,")) in tokens for word in words) >= 2
    return (
        named
        and len(block) <= 5
        and all(word[:1].isupper() for word in words)
        and all(len(text) <= 60 and not text.endswith((".", "?", "!", ":", ";")) for text in block[1:])
        and not any(sign.isdigit() for text in block[1:] for sign in text)
    )


def _first_named(texts: list[str], tokens: frozenset[str]) -> int | None:
    first: int | None = None
    for back in range(1, min(len(texts), 9) + 1):
        position = len(texts) - back
        text = texts[position]
        if not text:
            below = [each for each in texts[position + 1 :] if each]
            if back > 1 and first is None and not _is_spaced_card(below):
                break
            continue
        if len(text) > 70:
            break
        if (
            sender_names.occur(text, tokens)
            and not _NO_NAME.match(text)
            and len(text.split()) <= 8
            and not text.endswith(("?", "!"))
            and ("," not in text[:-1].replace(", Ph", "") or _is_name_and_number(text))
        ):
            first = position
    return first


def _is_spaced_card(below: list[str]) -> bool:
    """Whether lines with empty ones between are what stands below a name: where to call, after what he is."""
    if all(_CONTACT.search(each) for each in below):
        return True
    return (
        any(_CONTACT.search(each) for each in below)
        and len(below) <= 5
        and all(
            _CONTACT.search(each)
            or (len(each) <= 60 and each[:1].isupper() and not each.endswith((".", "?", "!", ":")))
            for each in below
        )
    )


def _is_name_and_number(text: str) -> bool:
    """ "Пётр Сидоров, 8-921-123-45-67"."""
    name, _comma, number = text.partition(",")
    return len(name.split()) <= 3 and bool(_NUMBER.fullmatch(number.strip()))
