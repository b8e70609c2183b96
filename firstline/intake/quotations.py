"""Which lines of a letter quote another letter. Linear in the number of lines; every expression sees at most 400
characters.

Lines come from plain text or from HTML (``html_lines``), where the structure has already marked some as quoted or as
the place from which everything is quoted. What people write differs by program and language; the forms here were
collected from Outlook, Gmail, Apple Mail, Thunderbird, mail.ru, Yandex and Zimbra in Russian, Ukrainian, Bulgarian,
English, German, French, Spanish, Polish, Italian, Dutch, Portuguese and the Nordic languages.
"""

import re
from dataclasses import dataclass, field
from typing import Any

_WIDEST = 400
_MOST_LINES = 20_000


@dataclass(slots=True)
class Line:
    """``quoted``: marked as quotation by ``>`` or by HTML; ``cut``: everything from here on is quotation;
    ``nodes`` of the HTML.
    """

    text: str
    quoted: bool = False
    cut: bool = False
    kept: bool = True
    nodes: list[Any] = field(default_factory=list)

    @property
    def bare(self) -> str:
        return self.text[:_WIDEST].strip(" \t\u00a0*_")


_MARK = re.compile(r"^[ \t\u00a0]{0,3}[>›»]")


def of_text(text: str) -> list[Line]:
    return [Line(line, quoted=bool(_MARK.match(line))) for line in text.split("\n")]


_FORWARDED = re.compile(
    r"(?i)^[> \t]*(-{2,}|={3,}|\*{3,}|begin |-----)\s*(begin )?\s*(forwarded (message|by|mail)|forwarded|"
    r"пере(сылаемое|направленное|сланное) (сообщение|письмо)|"
    r"(пересилан|переадресован)\w+ (повідомлення|лист)|препратено (съобщение|писмо)|weitergeleitete (nachricht|"
    r"mail)|message transf|courriel transf|mensaje reenviado|"
    r"mensagem (encaminhada|original encaminhada)|messaggio inoltrato|doorgestuurd bericht|"
    r"wiadomość przekazana|przekazana wiadomość|videresendt|vidarebefordrat)|"
    r"^[> \t]*(begin forwarded message|начало (пересылаемого|переадресованного) сообщения|начало на препратено|"
    r"anfang der weitergeleiteten|inizio messaggio inoltrato|"
    r"début du message (réexpédié|transf)|inicio del mensaje reenviado)"
)
_ORIGINAL = re.compile(
    r"(?i)^[> \t]*[-_=*]{2,}\s*(original(nachricht)?( (message|appointment|mail|nachricht))?|"
    r"исходное (сообщение|письмо)|оригинальное (сообщение|письмо)|первоначальное сообщение|"
    r"(вихідне|оригінальне|початкове) повідомлення|оригинално (съобщение|писмо)|първоначално (съобщение|писмо)|"
    r"ursprüngliche nachricht|message d.origine|message original|courriel original|mensaje original|"
    r"mensagem original|messaggio originale|oorspronkelijk bericht|(oryginalna )?wiadomość( oryginalna)?|"
    r"oprindelig meddelelse|ursprungligt meddelande|opprinnelig melding|"
    r"reply message|please reply above|reply above this line|ответ(ьте)? выше|отговорете над)[^a-zа-я]{0,20}$|"
    r"^[> \t]*[-#=~]{2,} ?(please )?(type|write|enter|reply|do not write)[^\n]{0,40}(above|below) this line|"
    r"^[> \t]*-{2,}\s*reply above this line|^##-.{0,60}-##"
)
_DASHED_WROTE = re.compile(
    r"(?i)^[> \t]*-{2,}.{3,200}(wrote|пишет|писал\w*|написа\w*|schrieb|a écrit|escribió)\s*:?\s*-{2,}$"
)
_VERB = re.compile(
    r"(?i)(?:wrote|writes|schrieb|schreef|a écrit|ha scritto|escribió|escreveu|napisał(?:\(a\)|a)?|пишет|"
    r"писал(?:\(а\)|а|и)?|написал(?:\(а\)|а|и)?|написа(?:ла|\(а\)|ха)?|пише|"
    r"написав(?:\(ла\)|ла)?|скрепи|skrev|kirjoitti|yazdı|napsal(?:\(a\)|a)?|napísal(?:\(a\)|a)?|írta|a scris|"
    r"skrifaði|γραψε|έγραψε|scrisse|scrive|sent|сообщи(?:л|ла|л\(а\)))"
    r"\s*(?:следующее|the following|folgendes|:)?\s*[:：]\s*$"
)
_VERB_FIRST = re.compile(
    r"(?i)^(?:am|a|le|el|il|em|w dniu|on|op|den|dne|на|в|il giorno|em|em seg|dnia)\b.{6,300}(?:schrieb|écrit|"
    r"escribió|scritto|escreveu|napisał|пис\w+|wrote|schreef|skrev|написа\w*)\b.{0,200}[:：]\s*$"
)
_YOU = re.compile(
    r"(?i)^(?:вы|ви|вие|you|sie|vous) (?:писали|писахте|написали|wrote|schrieben|avez écrit)\b.{0,200}[:：]\s*$"
)
_MOMENT = re.compile(
    r"(?i)\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|\b\d{1,2}[:.]\d{2}\b|\b(19|20)\d\d\b|\b\d{1,2}\.? (jan|feb|mar|"
    r"apr|may|jun|jul|aug|sep|oct|nov|dec|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек|"
    r"ян|юни|юли|септ|окт|ноем|дек)"
)
_OPENING = re.compile(
    r"(?i)^(on|am|le|el|il|em|w dniu|dnia|op|den|dne|на|в|il giorno|quoting|цитирую|---- ?on)\b|^[\"«']?\w|^\d"
)
_EMAIL = re.compile(r"[\w.+=/-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){0,6}")
_DATE_AND_CLOCK = re.compile(
    r"(?i)(\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\.? ?[a-zа-яё]{3,12}\.?,? ?(20\d\d|19\d\d)|"
    r"[a-zа-яё]{3,12}\.? \d{1,2},? (20\d\d|19\d\d)|\d{4}-\d{2}-\d{2}).{0,40}?\d{1,2}[:.]\d{2}|"
    r"^\d{4}[/-]\d{1,2}[/-]\d{1,2} "
)


def attribution(lines: list[Line], index: int) -> int:
    """How many lines from ``index`` on say who wrote what follows ("On … X wrote:"); 0 where they do not."""
    first = lines[index].bare.lstrip("> ")
    if not first or len(first) >= _WIDEST - 10 or not _OPENING.match(first.lstrip("-– ")):
        return 0
    if not (
        _MOMENT.search(first)
        or "@" in first
        or first[:3].lower() in ("on ", "am ", "le ", "el ", "il ", "em ", "op ", "на ", "w d", "den")
    ):
        return 0
    joined = ""
    for count in range(1, 5):
        if index + count > len(lines):
            return 0
        line = lines[index + count - 1].bare.lstrip("> ")
        if not line:
            return 0
        joined = f"{joined} {line}".strip()
        if len(joined) > _WIDEST:
            return 0
        if joined.endswith((":", "：")) or _DASHED_WROTE.match(joined):
            return count if _says_who(joined) else 0
    return 0


def _says_who(joined: str) -> bool:
    if _DASHED_WROTE.match(joined):
        return True
    moment, person = bool(_MOMENT.search(joined)), bool(_EMAIL.search(joined))
    if _VERB.search(joined) or _VERB_FIRST.match(joined) or _YOU.match(joined):
        return moment or person
    return person and bool(_DATE_AND_CLOCK.search(joined))


_LABELS = {
    "from": (
        "from|от|от кого|від|von|de|da|od|van|fra|från|lähettäjä|kimden|feladó|expéditeur|"
        "mittente|remitente|odesílatel|отправитель|подател|发件人|寄件者|差出人"
    ),
    "date": (
        "sent|date|отправлено|дата|дата отправки|надіслано|изпратено|изпратено на|gesendet|datum|"
        "envoyé|envoyé le|enviado|enviado el|enviada em|enviado em|inviato|wysłano|wysłane|data|"
        "verzonden|sendt|skickat|fecha|lähetetty|date d.envoi|время|gönderme tarihi|odesláno|发送时间|"
        "日期|送信日時"
    ),
    "to": (
        "to|кому|до|an|à|para|a|do|aan|til|till|получатель|destinataire|destinatario|"
        "vastaanottaja|kime|komu|получател|收件人|宛先"
    ),
    "subject": (
        "subject|тема|относно|betreff|objet|asunto|assunto|oggetto|temat|onderwerp|emne|ämne|aihe|"
        "konu|předmět|tárgy|заглавие|主题|主旨|件名"
    ),
    "cc": (
        "cc|копия|копие|копія|kopie|bcc|reply-to|importance|важность|attachments|вложения|kopia|"
        "dw|организация|organization"
    ),
}
_LABEL = {label: kind for kind, labels in _LABELS.items() for label in labels.split("|")}
_LABELLED = re.compile(r"^[*_ \t>]{0,6}([^\W\d_][^:：*]{0,22}?)[*_ \u00a0]{0,4}[:：][*_]{0,2}(\s|$|\S)")


def _label(line: str) -> str | None:
    found = _LABELLED.match(line[:120].replace("\u00a0", " "))
    return _LABEL.get(found.group(1).strip().lower()) if found else None


def header_block(lines: list[Line], index: int) -> bool:
    """Whether the lines from ``index`` on are the head of a quoted letter (From, Sent, To, Subject in any order
    and language).
    """
    first = _label(lines[index].text)
    if first is None or first == "cc":
        return False
    kinds = {first}
    seen = 0
    for line in lines[index + 1 : index + 16]:
        if not line.text.strip():
            continue
        seen += 1
        kind = _label(line.text)
        if kind is not None:
            kinds.add(kind)
        if seen > 8:
            break
    kinds.discard("cc")
    if "from" not in kinds:
        return False
    before = next((line.text for line in reversed(lines[max(0, index - 3) : index]) if line.text.strip()), "")
    return len(kinds) >= 3 or (len(kinds) >= 2 and bool(_RULE.match(before)))


_RULE = re.compile(r"^[\s>*]*[-_=*—]{3,}[\s*]*$")


@dataclass(slots=True)
class Found:
    """``quotation``: something was taken away; ``forward``: the letter passes another one on, which belongs to it."""

    quotation: bool = False
    forward: bool = False


def drop(lines: list[Line], is_forward: bool) -> Found:
    """Mark what is quoted as not kept. What stands before the first own words is never cut to the letter's end."""
    found = Found()
    end = min(len(lines), _MOST_LINES)
    own = False
    index = 0
    while index < end:
        line = lines[index]
        if _FORWARDED.match(line.text[:_WIDEST]):
            found.forward = True
            for later in lines[index:]:
                later.quoted = later.cut = False
            end = index
            break
        if not line.text.strip() and not line.cut:
            index += 1
            continue
        if (line.cut and own) or (_begins_quotation(lines, index) and own and not line.quoted):
            if is_forward:
                found.forward = True
                break
            _drop_from(lines, index)
            found.quotation = True
            end = index
            break
        count = 0 if line.quoted else attribution(lines, index)
        if count:
            following = _next_words(lines, index + count)
            if following is None or following.quoted:
                _drop_range(lines, index, index + count)
                found.quotation = True
                index += count
                continue
            if own and not is_forward:
                if not any(later.quoted for later in lines[index + count : end]) or following.cut:
                    _drop_from(lines, index)
                    found.quotation = True
                    end = index
                    break
                _drop_range(lines, index, index + count)
                index += count
                continue
        if not line.quoted:
            own = True
        index += 1
    if not found.forward or end < len(lines):
        found.quotation |= _drop_marked(lines[:end])
    return found


def _begins_quotation(lines: list[Line], index: int) -> bool:
    text = lines[index].text[:_WIDEST]
    return bool(_ORIGINAL.match(text)) or header_block(lines, index)


def _next_words(lines: list[Line], index: int) -> Line | None:
    return next((line for line in lines[index : index + 12] if line.text.strip()), None)


def _drop_range(lines: list[Line], start: int, stop: int) -> None:
    for line in lines[start:stop]:
        line.kept = False


def _drop_from(lines: list[Line], index: int) -> None:
    _drop_range(lines, index, len(lines))
    position = index - 1
    while position >= 0 and (not lines[position].text.strip() or _RULE.match(lines[position].text[:_WIDEST])):
        if lines[position].text.strip():
            lines[position].kept = False
        position -= 1


def _drop_marked(lines: list[Line]) -> bool:
    """Lines marked as quoted, in stretches. A short stretch amid own words, with nobody named before it, may be
    the writer's own sign.
    """
    dropped = False
    index = 0
    while index < len(lines):
        if not lines[index].quoted or not lines[index].kept:
            index += 1
            continue
        stop = index
        while stop < len(lines) and (lines[stop].quoted or not lines[stop].text.strip()):
            stop += 1
        while stop > index and not lines[stop - 1].quoted:
            stop -= 1
        by_html = any(line.nodes for line in lines[index:stop])
        named = any(not line.kept for line in lines[max(0, index - 4) : index])
        at_edge = not any(line.text.strip() and line.kept for line in lines[stop:]) or not any(
            line.text.strip() and line.kept for line in lines[:index]
        )
        if by_html or named or at_edge or stop - index >= 2:
            _drop_range(lines, index, stop)
            dropped = True
        index = stop
    return dropped
