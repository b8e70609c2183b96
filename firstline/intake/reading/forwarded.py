"""A letter that somebody passed on: who wrote it first, what he wrote, and what was said above it. Pure, linear.

Mail programs put the first letter behind a line that says so ("Begin forwarded message:"), behind a block of header
lines in their own language, or into the letter as a file. An answer of Outlook has such a block too: without the line,
only a subject that says *forwarded* tells the two apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_LINES = 2_000  # of comment above what was passed on
MOST_HEADER_LINES = 14
LONGEST_LINE = 400
SHORT = 140  # "Olga, please look at this, they have written to me again."
LONGEST_READ = 2_000

_PREFIX = re.compile(
    r"(?i)^\s*(?:(?:re|aw|sv|отв|на|отг)\s*:\s*)?"
    r"(?:fwd?|fw|wg|tr|rv|enc|i|pd|doorst|vb|vl|пересл|переслано|пер|препр|препратено|препр\.|перенаправлено)\s*:"
)
_MARKERS = frozenset(
    {
        "forwarded message", "begin forwarded message", "original message forwarded", "forwarded by",
        "пересылаемое сообщение", "пересланное сообщение", "перенаправленное сообщение", "переадресованное сообщение",
        "начало переадресованного сообщения", "начало пересылаемого сообщения", "конец пересылаемого сообщения",
        "переслане повідомлення", "пересланий лист", "початок переадресованого повідомлення",
        "препратено съобщение", "препратено писмо", "препратен имейл", "начало на препратено съобщение",
        "начало на препратеното съобщение", "начало на препратеното писмо",
        "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail",
        "message transféré", "message réexpédié", "début du message réexpédié", "début du message transféré",
        "mensaje reenviado", "inicio del mensaje reenviado", "messaggio inoltrato", "inizio messaggio inoltrato",
        "treść przekazanej wiadomości", "przekazana wiadomość", "przesłana wiadomość",
        "początek przekazywanej wiadomości", "doorgestuurd bericht", "begin doorgestuurd bericht",
        "mensagem encaminhada", "mensagem reencaminhada", "início da mensagem reencaminhada",
        "início da mensagem encaminhada",
    }
)  # fmt: skip
_LABELS: dict[str, str] = {
    **dict.fromkeys(["from", "от", "от кого", "від", "від кого", "von", "de", "da", "od", "van", "отправитель",
                     "подател", "изпращач", "absender", "expéditeur", "mittente", "remitente"], "from"),
    **dict.fromkeys(["sent", "date", "отправлено", "дата", "изпратено", "надіслано", "gesendet", "datum", "envoyé",
                     "enviado", "enviado el", "fecha", "inviato", "data", "wysłano", "verzonden", "enviada em",
                     "дата и время", "date d'envoi"], "date"),
    **dict.fromkeys(["to", "кому", "до", "an", "à", "para", "a", "do", "aan", "получател", "получатель"], "to"),
    **dict.fromkeys(["cc", "копия", "копия до", "копие", "копие до", "копія", "kopie", "cópia", "kopia", "dw"], "cc"),
    **dict.fromkeys(["subject", "тема", "относно", "betreff", "objet", "asunto", "oggetto", "temat", "onderwerp",
                     "assunto"], "subject"),
    **dict.fromkeys(["reply-to", "importance", "важность", "attachments", "вложения", "priority", "ответить"], "other"),
}  # fmt: skip
# "Please make a ticket of it", "письмо клиента во вложении", "препращам": what who passes a letter on says of it.
_ASKED = re.compile(
    r"(?i)\b(?:пересыла|пересла|переслан|перенаправл|переадрес|препращ|препрат|forward|weiter(?:leit|geleit)|transf[èé]r)"
    r"|\b(?:завед|созда|оформ|зарегистрир|регистрир|открой)\w*,?\s(?:\w+,?\s){0,3}(?:заявк|обращени|тикет|кейс)"
    r"|\b(?:заведи|създа|регистрир|открий|отвори|пусн)\w*,?\s(?:\w+,?\s){0,3}(?:заявк|заявлени|тикет)"
    r"|\b(?:make|create|open|register|raise|log),?\s(?:\w+,?\s){0,3}(?:ticket|request|case)"
    r"|письмо\s(?:от\s)?(?:клиента|заказчика|заявителя)|писмо(?:то)?\sна\s(?:клиента|заявителя)"
)
_EMAIL = re.compile(r"[\w.+=&'/-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# Yandex: 27.11.2026, 10:15, "Иван Петров" <ivan@north.example>:
_MOMENT_AND_PERSON = re.compile(
    r"^\d{1,2}[./]\d{1,2}[./]\d{2,4}(?: г\.)?,? (?:в )?(?:\d{1,2}:\d{2}(?::\d{2})?,? )?(.{3,200}@.{3,200}):$"
)


@dataclass(frozen=True)
class Forwarded:
    """What was passed on. `text` is what its writer wrote, `comment` what the one who passed it on said above it."""

    email: str
    name: str
    subject: str
    text: str
    comment: str
    html: str = ""
    said: str | None = None  # of the text, what is no quotation, where that is known
    said_html: str = ""


def find(subject: str, text: str) -> Forwarded | None:
    """The letter inside this one, None where nothing says that it was passed on or its writer cannot be read."""
    lines = [_bare(line) for line in text.splitlines()[: MOST_LINES * 2]]
    begin = _marker(lines)
    if begin is not None:
        found = _block(lines, begin + 1)
        return _made(text, lines, begin, *found) if found else None
    if not _PREFIX.match(subject[:LONGEST_LINE]):
        return None
    for place in range(min(len(lines), MOST_LINES)):
        if _label(lines[place])[0] in {"from", "date", "to", "subject"}:
            found = _block(lines, place)
            if found and len(found[0]) >= 3:
                return _made(text, lines, place, *found)
    return None


def is_passed_on(subject: str, said: str) -> bool:
    """Whether a letter with another as its file plainly passes that one on: its subject says so, its writer says next
    to nothing himself, or he asks for it. Else the file only goes with what he writes."""
    words = " ".join(said.split())
    return bool(
        len(words) <= SHORT or _PREFIX.match(subject[:LONGEST_LINE]) or _ASKED.search(words[:LONGEST_READ])
    )  # fmt: skip


def subject_without_prefix(subject: str) -> str:
    """The subject as its first writer gave it."""
    for _step in range(5):
        shorter = _PREFIX.sub("", subject[:LONGEST_LINE], count=1).strip()
        if shorter == subject.strip():
            break
        subject = shorter
    return subject.strip()


def _bare(line: str) -> str:
    """Without marks of quotation and of bold type."""
    return re.sub(r"^[>\s]{0,40}", "", line[:LONGEST_LINE]).replace("*", "").replace("\u00a0", " ").strip()


def _marker(lines: Sequence[str]) -> int | None:
    for number, line in enumerate(lines[:MOST_LINES]):
        words = line.strip("-–—_=~ :\t").casefold()
        if words in _MARKERS and (line[:1] in "-–—_=~" or line.endswith(":")):
            return number
    return None


def _label(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    known = _LABELS.get(name.strip().casefold(), "") if colon and len(name) <= 20 else ""
    return known, value.strip()


def _block(lines: Sequence[str], begin: int) -> tuple[dict[str, str], int] | None:
    """The header lines from a place on, and where they end. None without a writer whose address can be read."""
    found: dict[str, str] = {}
    place, last = begin, begin
    while place < min(len(lines), begin + MOST_HEADER_LINES):
        line = lines[place]
        known, value = _label(line)
        if known:
            found.setdefault(known, value)
        elif "from" not in found and (stamped := _MOMENT_AND_PERSON.match(line)):
            found["from"] = stamped[1]
        elif _is_folded(line, found.get("from")):
            found["from"] += f" {line}"
        elif line or len(found) > 1:
            break
        place += 1
        last = place
    if "from" not in found or not _EMAIL.search(found["from"]):
        return None
    return found, last


def _is_folded(line: str, writer: str | None) -> bool:
    """The address on a line of its own, below the name."""
    return writer is not None and not _EMAIL.search(writer) and len(line) <= 120 and bool(_EMAIL.search(line))


def _made(text: str, lines: Sequence[str], begin: int, found: dict[str, str], end: int) -> Forwarded:
    email = _EMAIL.search(found["from"])
    assert email is not None  # noqa: S101 - _block found it
    name = found["from"][: email.start()]
    name = re.sub(r"(?i)\[?mailto:|[<\[(\"'«»„“”]", "", name).strip(" ,;:\t")
    quoted = [re.sub(r"^\s{0,4}>\s?", "", line) for line in text.splitlines()[end:]]
    return Forwarded(
        email=email[0].strip("'"),
        name=name[:200],
        subject=found.get("subject", "")[:1_000],
        text="\n".join(quoted).strip(),
        comment="\n".join(text.splitlines()[:begin]).strip(),
    )
