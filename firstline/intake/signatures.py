"""Where the signature begins among the lines a writer added. Only what stands at the end and looks like nothing else is
taken.

A signature cut by mistake hides words; one left standing only looks untidy. So a mark is needed: the delimiter ``--
``, the line of a telephone's program, a closing formula, or the sender's own name.
"""

import re

from firstline.intake.quotations import Line

_DELIMITER = re.compile(r"^(--|—|––|-- )\s*$")
_RULE = re.compile(r"^\s*[-_=*~]{5,}\s*$")
_TELEPHONE = re.compile(
    r"(?i)^(sent (from|via|with|using) (my |the |a |an |outlook|yahoo|mobile|samsung|proton|gmail|mail|spark|"
    r"nine|blackberry|iphone|ipad|android|sparrow|airmail|inky|type)[^.,!?]{0,60}|"
    r"get outlook for \w+.{0,40}|отправлено (с|из|от|через) [^.,!?]{2,60}|надіслано (з|із|від) [^.,!?]{2,60}|"
    r"изпратено (от|с|чрез) [^.,!?]{2,60}|"
    r"(von|aus) (meinem|meiner)? ?[\w -]{2,40}gesendet|gesendet (mit|von|aus) [^.,!?]{2,60}|envoyé (de|depuis|"
    r"avec) [^.,!?]{2,60}|enviado (desde|do|de|con) [^.,!?]{2,60}|"
    r"inviato (da|dal|con) [^.,!?]{2,60}|wysłane? z [^.,!?]{2,60}|verzonden (met|vanaf|van) [^.,!?]{2,60}|"
    r"verstuurd vanaf [^.,!?]{2,60}|"
    r"скачать outlook для .{2,40}|получите outlook для .{2,40}|свали outlook .{2,40}|вземете outlook .{2,40}|"
    r"(-+ ?)?отправлено из (мобильн\w+ )?(приложения |)(яндекс|mail|почт)\w*.{0,40}|"
    r"sent from mail for windows.{0,10}|via mobile)\.?$"
)
_CLOSING = re.compile(
    r"(?i)^[-–—*_\s]{0,4}((с|c) (глубоким |большим |искренним |наилучшими |найдобрішими |"
    r"най-добри )?(уважени\w+|почтением|пожеланиями|приветом|поздрави?|поздрав)|с ув\.?|с добри пожелания|"
    r"с най-добри (пожелания|чувства)|"
    r"з (найкращими побажаннями|повагою)|поздрави|с поздрав|best regards|kind regards|warm regards|"
    r"warmest regards|with (best |kind |warm )?regards|best wishes|regards|yours (sincerely|faithfully|truly)|"
    r"sincerely( yours)?|br|kr|"
    r"mit freundlichen? gr[üu](ß|ss)en?|freundliche gr[üu](ß|ss)e|viele gr[üu](ß|ss)e|beste gr[üu](ß|ss)e|mfg|"
    r"cordialement|bien (à vous|cordialement)|salutations distinguées|(un )?(cordial )?saludos?( cordiales)?|"
    r"atentamente|"
    r"cordiali saluti|distinti saluti|atenciosamente|cumprimentos|pozdrawiam|z poważaniem|"
    r"met vriendelijke groet(en)?|med vennlig hilsen|med vänliga hälsningar|"
    r"mvh)\s*[,.!;:–—-]*\s*(?P<more>.{0,60})$"
)
_WEAK_CLOSING = re.compile(
    r"(?i)^(many thanks|thanks( (a lot|again|in advance|so much|very much))?|thank you( (very|so) much)?|thx|"
    r"cheers|best|спасибо( большое)?|заранее (спасибо|благодар\w+)|благодаря( предварително)?|"
    r"дякую|danke|merci|gracias|grazie|obrigad[oa]|dziękuję|dank)\s*[,.!]*$"
)
_CONTACT = re.compile(r"(?i)@|https?://|www\.|\+?\d[\d ()./-]{6,}\d|\b(tel|phone|mob|fax|skype|т|тел|моб)\b[.:]")
_WORDS = re.compile(r"[^\W\d_]{3,}")


def drop(lines: list[Line], sender_name: str, sender_email: str) -> None:
    """Mark the signature's lines as not kept, where it is certain enough and own words stand before it."""
    tail = [index for index, line in enumerate(lines) if line.kept]
    while tail and not lines[tail[-1]].text.strip():
        tail.pop()
    start = _start(lines, tail, sender_name, sender_email)
    if start is None or not any(lines[index].text.strip() for index in tail[:start]):
        return
    for index in tail[start:]:
        lines[index].kept = False


def _start(lines: list[Line], tail: list[int], name: str, email: str) -> int | None:
    """The position in ``tail`` at which the signature begins."""
    texts = [
        lines[index].bare if not _DELIMITER.match(lines[index].text) else lines[index].text.strip() for index in tail
    ]
    best: int | None = None
    for back in range(1, min(len(texts), 25) + 1):
        position = len(texts) - back
        text = texts[position]
        short = _is_short(texts[position + 1 :])
        if _DELIMITER.match(lines[tail[position]].text.strip() + " ") and text in ("--", "—", "––") and back <= 21:
            return position
        if back <= 14 and short and (closing := _CLOSING.match(text)) and len(closing.group("more").split()) <= 6:
            best = position
    if best is not None:
        return best
    by_name = _by_name(lines, tail, texts, name, email)
    if by_name is not None:
        return by_name
    return _telephone(texts)


def _is_short(texts: list[str]) -> bool:
    return all(len(text) <= 120 for text in texts) and sum(1 for text in texts if text) <= 12


def _telephone(texts: list[str]) -> int | None:
    if texts and len(texts[-1]) <= 90 and _TELEPHONE.match(texts[-1]):
        return len(texts) - 1
    return None


def _by_name(lines: list[Line], tail: list[int], texts: list[str], name: str, email: str) -> int | None:
    """A last stretch of short lines that begins with the sender's name, with a line of thanks or a rule before it."""
    local = email.split("@")[0]
    tokens = {word.lower() for word in _WORDS.findall(f"{name} {local}")}
    if not tokens:
        return None
    for back in range(1, min(len(texts), 22) + 1):
        position = len(texts) - back
        text = lines[tail[position]].text.strip()
        if (
            _RULE.match(text)
            and back >= 2
            and _is_short(texts[position + 1 :])
            and any(_names(each, tokens) for each in texts[position:])
        ):
            return position
    first: int | None = None
    for back in range(1, min(len(texts), 9) + 1):
        position = len(texts) - back
        text = texts[position]
        if not text:
            if back > 1 and first is None and not all(_CONTACT.search(each) for each in texts[position + 1 :] if each):
                break
            continue
        if len(text) > 70:
            break
        if (
            _names(text, tokens)
            and len(text.split()) <= 8
            and not text.endswith(("?", "!"))
            and "," not in text[:-1].replace(", Ph", "")
        ):
            first = position
    if first is None:
        return None
    before = first - 1
    while before >= 0 and not texts[before]:
        before -= 1
    if before >= 0 and _WEAK_CLOSING.match(texts[before]) and before > 0:
        return before
    block = [text for text in texts[first:] if text]
    alone = first == 0 or not texts[first - 1]
    return first if alone and (len(block) <= 2 or any(_CONTACT.search(text) for text in block)) else None


def _names(text: str, tokens: set[str]) -> bool:
    """Whether the line is the sender's name (perhaps with a title or an address), not a sentence in which it occurs."""
    words = _WORDS.findall(text.replace("#", " "))
    sentence = sum(
        1 for word in re.findall(r"(?<![\w@.])[^\W\d_]{2,}(?![\w@])", text.split("@")[0]) if word[0].islower()
    )
    return any(word.lower() in tokens for word in words) and sentence <= 1
