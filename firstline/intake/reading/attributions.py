"""Lines that say who wrote what is quoted below them: "On … X wrote:", in one line or folded over several.

They are told from sentences by what they hold: a moment, a person, a verb of writing, a colon at the end. Linear; every
expression sees at most 400 characters.
"""

import re
from collections.abc import Sequence
from typing import Protocol

_WIDEST = 400
_MOST_LINES = 4
_LONGEST_NAMED = 120


class Written(Protocol):
    """A line of a letter."""

    @property
    def bare(self) -> str: ...


_DASHED_WROTE = re.compile(
    r"(?i)^[> \t]*-{2,}.{3,200}(wrote|пишет|писал\w*|написа\w*|schrieb|a écrit|escribió|scritto|"
    r"escreveu)\s*(\([аa]\))?\s*([\d./-]{6,10},? \d{1,2}[:.]\d\d(:\d\d)?)?\s*:?\s*-{2,}$"
)
_VERBS = (
    r"wrote|writes|schrieb|geschrieben|schreef|geschreven|a écrit|ha scritto|scrisse|scrive|escribió|escreveu|"
    r"napisał(?:\(a\)|a)?|pisze|pisał(?:\(a\)|a)?|"
    r"пишет|писал(?:\(-?а\)|а|и|-а)?|написал(?:\(-?а\)|а|и|-а)?|сообщи(?:л|ла|л\(а\))|"
    r"пише|писа(?:ла|\(-?а\)|ха)?|написа(?:ла|\(-?а\)|ха)?|(?:на)?писав(?:\(-?ла\)|ла|-ла)?|написано|написала|"
    r"skrev|kirjoitti|yazdı|napsal(?:\(a\)|a)?|napísal(?:\(a\)|a)?|írta|a scris|skrifaði|γραψε|έγραψε|скрепи|sent"
)
_VERB = re.compile(rf"(?i)(?:{_VERBS})\s*(?:следующее|the following|folgendes|:)?\s*[:：]\s*$")
_VERB_FIRST = re.compile(
    r"(?i)^(?:am|a|le|el|il|em|w dniu|on|op|den|dne|на|в|il giorno|em|em seg|dnia)\b.{6,300}(?:schrieb|écrit|"
    r"escribió|scritto|escreveu|napisał|пис\w+|wrote|schreef|skrev|написа\w*)\b.{0,200}[:：]\s*$"
)
_VERB_BEFORE_MOMENT = re.compile(rf"(?i)\b(?:{_VERBS})(?!\w).{{0,80}}[:：]\s*$")
_QUOTING = re.compile(
    r"(?i)^(quoting|zitat von|citando|citant|citeren|cytowanie|cytat|цитирую|цитата от|цитат от|цитиране на|цитирам|"
    r"цитую|цитування|idézet|citerar|wiadomość napisana przez)\b.{0,250}[:：]$"
)
_YOU = re.compile(
    r"(?i)^(?:вы|ви|вие|you|sie|vous) (?:писали|писахте|написали|wrote|schrieben|avez écrit)\b.{0,200}[:：]\s*$"
)
_MOMENT = re.compile(
    r"(?i)\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|\b\d{1,2}[:.∶]\d{2}\b|\b(19|20)\d\d\b|\b\d{1,2}\.? (jan|feb|mar|"
    r"apr|may|jun|jul|aug|sep|oct|nov|dec|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек|"
    r"ян|юни|юли|септ|окт|ноем|дек)"
)
_OPENING = re.compile(r"(?i)^(on|am|le|el|il|em|w dniu|dnia|op|den|dne|на|в|il giorno|---- ?on)\b|^[\"«'<(]?\w|^\d")
_PREFIXES = ("on ", "am ", "le ", "el ", "il ", "em ", "op ", "на ", "w d", "den")
_EMAIL = re.compile(r"[\w.+=/-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){0,6}")
_DATE_AND_CLOCK = re.compile(
    # not the numbers of a network: 10.20.30.40
    r"(?i)((?<![\d.])\d{1,4}[./-]\d{1,2}[./-]\d{2,4}(?!\.?\d)|"
    r"\d{1,2}\.? ?(de )?[^\W\d_]{3,12}\.?,? ?(de )?(20\d\d|19\d\d)|"
    r"[^\W\d_]{3,12}\.? \d{1,2}(st|nd|rd|th)?,? (20\d\d|19\d\d)|\d{4}-\d{2}-\d{2}).{0,40}?\d{1,2}[:.∶]\d{2}|"
    r"(?<![\d.])\d{1,2}[:.]\d{2}(?!\d).{0,20}(?<![\d.])\d{1,2}[./]\d{1,2}[./]\d{2,4}(?!\.?\d)|"
    r"\d{1,2}[:.]\d{2}( ?[ap]m)?,? (\d{1,2}\.? [^\W\d_]{3,12}|[^\W\d_]{3,12}\.? \d{1,2})\.?,? 20\d\d|"
    r"^\d{4}[/-]\d{1,2}[/-]\d{1,2} "
)
# In a language that is not known here: a year, an hour and an address in one line that ends with a colon.
_YEAR_AND_CLOCK = re.compile(r"(?<!\d)20\d\d(?!\d).{0,60}?(?<!\d)\d{1,2}[:.]\d\d(?!\d)")
_ADDRESS = re.compile(r"<\W{0,3}[\w.+=/-]{1,64}@[\w.-]{3,200}\W{0,3}>")
# Zoho's plain form has no colon.
_UNCOLONED = re.compile(rf"(?i)^(?:on|am|le|el|il|em|op|w dniu|в|на) .{{6,200}}@.{{3,200}}\b(?:{_VERBS})$")
# Yahoo's telephones: the other one's letter goes on in the same line, some blanks behind the colon.
_RUN_ON = re.compile(rf"(?i)^(.{{6,250}}@.{{3,200}}>? (?:{_VERBS}):) {{2,}}\S")
# Rambler: the day, the hour and who wrote, without a verb and without a colon.
# mail.ru's telephones: an address alone. "Desk <desk@firm.example>, 25 нояб. 2026 г., 09:17" turns it round.
_DAY_AND_HOUR = (
    r"(?:\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2} [^\W\d_]{3,9}\.? \d{4}(?: ?[гр]\.?)?),? (?:[во] )?\d{1,2}:\d\d(?::\d\d)?"
)
_WHOSE = r"[\w.+=/-]{1,64}@[\w.-]{3,200}"
_STAMPED = re.compile(
    rf"(?i)^{_DAY_AND_HOUR},? (?:[^:;!?]{{0,80}}(?:<|&lt;){_WHOSE}(?:>|&gt;)|(?:от |від )?{_WHOSE})$|"
    rf"^[^:;!?,@]{{0,80}}<{_WHOSE}>,? {_DAY_AND_HOUR}$"
)
# Xiaomi: "От Desk <desk@firm.example> на 17.11.2026 09:41".
_FROM_WHOM = re.compile(
    r"(?i)^(?:от|від|from|von|de|da|od|van) [^:;!?]{0,80}<[\w.+=/-]{1,64}@[\w.-]{3,200}> \w{1,3} [\d./-]{6,10},? "
    r"(?:\w{1,2} )?\d{1,2}:\d\d(?::\d\d)?$"
)
# "2026/7/20 Ivan via Desk <desk@firm.example>", without a verb.
_DATED = re.compile(r"^\d{4}[/-]\d{1,2}[/-]\d{1,2}[ ,].{0,200}<[\w.+=/-]{1,64}@[\w.-]{3,200}>$")
_NAMED = re.compile(r"^((?:[\"«(]?[^\W\d_a-zа-яёіїєґ]\S{0,40} ){2,5})(.{2,30})$")


def count(lines: Sequence[Written], index: int, before_quotation: bool = False) -> int:
    """How many lines from ``index`` on say who wrote what follows; 0 where they do not. ``before_quotation``: marked
    lines stand below, so a name and a verb are enough.
    """
    first = lines[index].bare.lstrip("> ")
    if _FROM_WHOM.match(first):
        return int(index + 1 == len(lines) or not _FROM_WHOM.match(lines[index + 1].bare))
    if _STAMPED.match(first):
        return int(_stands_alone(lines, index, before_quotation))
    if before_quotation and len(first) <= _LONGEST_NAMED and first.endswith(":") and _DATE_AND_CLOCK.search(first):
        return 1
    if before_quotation and (_DATED.match(first) or _is_name_and_moment(first)):
        return 1
    if _UNCOLONED.match(first) and _DATE_AND_CLOCK.search(first) and not _is_above_words(lines, index):
        return 1
    if not first or len(first) >= _WIDEST - 10 or not _OPENING.match(first.lstrip("-– ")):
        return 0
    if not (_MOMENT.search(first) or "@" in first or first[:3].lower() in _PREFIXES or _QUOTING.match(first)):
        return int(before_quotation and _is_named(first))
    joined = ""
    for number in range(1, _MOST_LINES + 1):
        if index + number > len(lines):
            return 0
        line = lines[index + number - 1].bare.lstrip("> ")
        if not line:
            return 0
        joined = f"{joined} {line}".strip()
        if len(joined) > _WIDEST:
            return 0
        run_on = _RUN_ON.match(joined)
        if run_on and says_who(run_on.group(1)) and _DATE_AND_CLOCK.search(run_on.group(1)):
            return number
        if joined.endswith((":", "：")) or _DASHED_WROTE.match(joined):
            if not says_who(joined) or _is_whole_without_first(lines, index, number):
                return 0
            return number
    return 0


def _is_name_and_moment(line: str) -> bool:
    """ "Desk" <desk@firm.example> – November 17, 2026 9:41 AM: a person and a moment, and hardly a word more."""
    person, moment = _ADDRESS.search(line), _DATE_AND_CLOCK.search(line)
    if person is None or moment is None or len(line) > _LONGEST_NAMED:
        return False
    rest = (
        line[person.end() : moment.start()] if person.end() <= moment.start() else line[moment.end() : person.start()]
    )
    return len(re.findall(r"[^\W\d_]{2,}", rest)) <= (1 if person.end() <= moment.start() else 4)


def _is_above_words(lines: Sequence[Written], index: int) -> bool:
    """Whether the writer's own words go on right below."""
    return index + 1 < len(lines) and bool(lines[index + 1].bare)


def stamped(line: str) -> bool:
    """Whether the line is a day, an hour, a name and an address."""
    return bool(_STAMPED.match(line.strip()))


def _stands_alone(lines: Sequence[Written], index: int, before_quotation: bool) -> bool:
    """Whether no other words stand right above (but where marked lines follow), and no second line of this kind below,
    as in a list of letters.
    """
    listed = index + 1 < len(lines) and _STAMPED.match(lines[index + 1].bare.lstrip("> "))
    return not listed and (before_quotation or index == 0 or not lines[index - 1].bare)


def is_sentence(text: str) -> bool:
    """A sentence: no head of a letter has one between its lines. An address that goes on below is none."""
    words = text[:_WIDEST].split()
    return (
        text.rstrip().endswith((".", "?", "!", "…"))
        and len(words) > 2
        and "@" not in text
        and sum(word[:1].islower() for word in words[1:]) * 2 >= len(words) - 1
    )


def says_who(joined: str) -> bool:
    """Whether the words name a moment or a person, and writing."""
    if _DASHED_WROTE.match(joined):
        return True
    moment, person = bool(_MOMENT.search(joined)), bool(_EMAIL.search(joined))
    if _VERB.search(joined) or _VERB_FIRST.match(joined) or _YOU.match(joined):
        return moment or person
    dated = bool(_DATE_AND_CLOCK.search(joined))
    if person and _QUOTING.match(joined):
        return True
    if dated and (person or _VERB_BEFORE_MOMENT.search(joined)):
        return True
    return bool(_ADDRESS.search(joined) and _YEAR_AND_CLOCK.search(joined))


def _is_whole_without_first(lines: Sequence[Written], index: int, number: int) -> bool:
    """Whether the writer's own line stands right above one that is complete in itself."""
    first = lines[index].bare
    if number > 1 and first.endswith((".", "?", "!", "…")) and not (_MOMENT.search(first) or "@" in first):
        return True
    for start in range(1, number):
        rest = " ".join(line.bare.lstrip("> ") for line in lines[index + start : index + number])
        if says_who(rest) and _DATE_AND_CLOCK.search(rest):
            return True
    return False


def _is_named(line: str) -> bool:
    """ "Ivan Petrov wrote:", without a moment."""
    found = _NAMED.match(line)
    return bool(found and _VERB.match(found.group(2)))
