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

from firstline.intake.reading import attributions

_WIDEST = 400
_MOST_LINES = 20_000
# Blanks, marks of bold type, and what tells which way a line is read.
_AROUND = " \t\u00a0*_\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@dataclass(slots=True)
class Line:
    """``quoted``: marked as quotation by ``>`` or by HTML; ``cut``: everything from here on is quotation;
    ``signature``: marked as signature by HTML; ``nodes`` of the HTML.
    """

    text: str
    quoted: bool = False
    cut: bool = False
    signature: bool = False
    kept: bool = True
    nodes: list[Any] = field(default_factory=list)

    @property
    def bare(self) -> str:
        return self.text[:_WIDEST].strip(_AROUND)


# The Bat! puts initials before the sign.
_MARK = re.compile(r"^[ \t\u00a0]{0,3}(?:[>›»]|[A-ZА-ЯЁІЇЄҐ]{2,4}>)")


_INITIAL = re.compile(r"^ {0,3}([A-ZА-ЯЁІЇЄҐ])>(?: |$)")


def of_text(text: str) -> list[Line]:
    lines = [Line(line, quoted=bool(_MARK.match(line))) for line in text.split("\n")]
    # Of one letter only, it is the sign of somebody with one name where several lines have it.
    initials = [found.group(1) if (found := _INITIAL.match(line.text)) else "" for line in lines]
    common = {letter for letter in initials if letter and initials.count(letter) > 1} if any(initials) else set()
    for line, letter in zip(lines, initials, strict=True):
        line.quoted |= letter in common
    return lines


_DASHES = "[-_=*~‐-―]"
_FORWARDED = re.compile(
    rf"(?i)^[> \t]*{_DASHES}{{2,}}\s*[^\n]{{0,30}}(forwarded|пере(сыла|сла|направл|адрес|силан)|препрат|препращ|"
    rf"weitergeleit|"
    rf"transf[ée]r|réexpéd|reenviad|encaminhad|inoltrat|doorgestuurd|doorgezonden|przekazan|przesłan|vidaresänd|"
    rf"vidarebeford|"
    rf"videresend|исходный текст)[^\n]{{0,40}}({_DASHES}{{2,}}|[:：])?\s*$|"
    r"^[> \t]*(begin forwarded message|this is a forwarded message|это пересланное (сообщение|письмо)|"
    r"начало (пересылаемого|пересланного|переадресованного) (сообщения|письма)|"
    r"початок (листа|повідомлення),? (що|яке|який) (пересила|переадрес)|початок пере\w+ (листа|повідомлення)|"
    r"начало на препратено|"
    r"anfang der weitergeleiteten|inizio messaggio inoltrato|début du message (réexpédié|transf)|"
    r"inicio del mensaje reenviado|"
    r"in[íi]cio da mensagem (reencaminhada|encaminhada)|begin doorgestuurd bericht|początek (przekazywan|"
    r"przekazan|przesłan)\w+)"
)
_ORIGINAL = re.compile(
    rf"(?i)^[> \t]*{_DASHES}{{2,}}\s*[^\n]{{0,24}}(original|исходн|оригинал|оригінал|первоначальн|вихідн|початков|"
    rf"первинн|"
    rf"първоначалн|"
    rf"ursprünglich|d.origine|oorspronkelijk|oryginaln|oprindelig|ursprunglig|opprinnelig|"
    rf"reply message)[^\n]{{0,24}}{_DASHES}{{2,}}\s*$|"
    r"^[> \t]*[-_=*]{2,}\s*(original(nachricht)?( (message|appointment|mail|nachricht))?|"
    r"исходное (сообщение|письмо)|оригинальное (сообщение|письмо)|первоначальное сообщение|"
    r"(вихідне|оригінальне|початкове) повідомлення|оригинално (съобщение|писмо)|първоначално (съобщение|писмо)|"
    r"ursprüngliche nachricht|message d.origine|message original|courriel original|mensaje original|"
    r"mensagem original|messaggio originale|oorspronkelijk bericht|(oryginalna )?wiadomość( oryginalna)?|"
    r"please reply above|reply above this line|ответ(ьте)? выше|відповід\w* вище|отговор\w* над)[^a-zа-я]{0,20}$|"
    r"^[> \t]*[-#=~]{2,} ?(please )?(type|write|enter|reply|do not write)[^\n]{0,40}(above|below) this line|"
    r"^[> \t]*-{2,}\s*reply above this line|^##-.{0,60}-##|"
    r"^[> \t]*(please )?(reply|respond|write|type your reply) above this line\.?\s*$|"
    # "-- Пожалуйста, отвечайте выше этой строки --", "## Bitte oberhalb dieser Zeile antworten ##"
    # "##### Не удаляйте эту строку. Пишите ответ выше #####"
    r"^[> \t]*[-#=~_*]{2,}[^\n]{0,60}\b(line|строк\w|рядок|ред|zeile|ligne)\b[^\n]{0,40}\b(above|выше|вище|oberhalb|"
    r"au-dessus)\b[^\n]{0,20}$|"
    r"^[> \t]*(пожалуйста, |будь ласка, |моля, )?(от\w{0,3}веч\w+|ответьте|пишите|напишите|введите|відповід\w+|"
    r"пишіть|"
    r"отговор\w+|пишете)[^\n]{0,24} (выше|над|вище) [^\n]{0,12}(строк|черт|лини|рядк|ред)\w{0,3}\.?\s*$|"
    r"^[> \t]*[-#=~_*]{2,}[^\n]{0,60}\b(above|выше|над|вище|oberhalb|über|au-dessus|por encima|encima|arriba|powyżej|"
    r"sopra|boven|acima)\b[^\n]{0,20}\b(line|строк|черт|лини|рядк|рис|ред|zeile|linie|ligne|línea|linea|linii|riga|"
    r"regel|linha)\w{0,3}\b[^\n]{0,40}$"
)


_LABELS = {
    "from": (
        "from|от|от кого|від|von|de|da|od|van|fra|från|lähettäjä|kimden|feladó|expéditeur|"
        "mittente|remitente|odesílatel|отправитель|подател|发件人|寄件者|差出人|de la|од|από|šalje|pošiljatelj|"
        "від кого|відправник|изпращач"
    ),
    "date": (
        "sent|date|отправлено|дата|дата отправки|надіслано|изпратено|изпратено на|gesendet|datum|"
        "envoyé|envoyé le|enviado|enviado el|enviada em|enviado em|inviato|wysłano|wysłane|data|"
        "verzonden|sendt|skickat|fecha|lähetetty|date d.envoi|время|gönderme tarihi|odesláno|发送时间|trimis|küldve|"
        "послато|στάλθηκε|poslano|послано|datum slanja|kdy|dátum|saatetud|išsiųsta|"
        "日期|送信日時"
    ),
    "to": (
        "to|кому|до|an|à|para|a|do|aan|til|till|получатель|destinataire|destinatario|"
        "vastaanottaja|kime|komu|получател|收件人|宛先|către|címzett|за|προς|prima|primatelj|одержувач|отримувач|saaja|kam"
    ),
    "subject": (
        "subject|тема|относно|betreff|objet|asunto|assunto|oggetto|temat|onderwerp|emne|ämne|aihe|"
        "konu|předmět|tárgy|заглавие|主题|主旨|件名|subiect|θέμα|predmet|zadeva|teema|наслов"
    ),
    "cc": (
        "cc|копия|копие|копія|kopie|bcc|reply-to|importance|важность|attachments|вложения|kopia|"
        "dw|организация|organization"
    ),
}
_LABEL = {label: kind for kind, labels in _LABELS.items() for label in labels.split("|")}
_LABELLED = re.compile(r"^[*_ \t>]{0,6}([^\W\d_][^:：*]{0,22}?)[*_ \u00a0]{0,4}[:：][*_]{0,2}(\s|$|\S)")
_ONLY_NUMBERS = re.compile(r"[*_ \u00a0]{0,4}[:：][*_]{0,2}[\s\d./:,–-]{0,40}\d[\s\d./:,–-]{0,40}(г|ч|год|час)?\.?\s*$")


def _label(line: str) -> str | None:
    found = _LABELLED.match(line[:120].replace("\u00a0", " "))
    kind = _LABEL.get(found.group(1).strip().lower()) if found else None
    # "От: 01.12.2026, До: 31.12.2026" is about days: nobody is named.
    return None if found and kind in ("from", "to") and _ONLY_NUMBERS.match(line, found.end(1)) else kind


def header_block(lines: list[Line], index: int) -> bool:
    """Whether the lines from ``index`` on are the head of a quoted letter (From, Sent, To, Subject in any order
    and language).
    """
    first = _label(lines[index].text)
    if first is None or first == "cc":
        return False
    if first == "from" and _is_head_in_one_line(lines[index].text[:_WIDEST]):
        return True
    kinds = {first}
    seen = 0
    for line in lines[index + 1 : index + 16]:
        if not line.text.strip():
            continue
        seen += 1
        kind = _label(line.text)
        if (kind == "from" and "from" in kinds) or (kind is None and attributions.is_sentence(line.text)):
            break  # another head begins, or somebody speaks
        if kind is not None:
            kinds.add(kind)
        if seen > 8:
            break
    kinds.discard("cc")
    if "from" not in kinds:
        return False
    before = next((line.text for line in reversed(lines[max(0, index - 3) : index]) if line.text.strip()), "")
    return len(kinds) >= 3 or (len(kinds) >= 2 and bool(_RULE.match(before)))


_WITHIN = re.compile(r"(?:(?<=\s)|^)([^\W\d_]{1,12}(?: [^\W\d_]{1,8})?) ?[:：] ")


def _is_head_in_one_line(text: str) -> bool:
    """A page that was made plain by a careless hand: "От: … Отправлено: … Кому: … Тема: …"."""
    kinds = [_LABEL.get(name.lower()) or _LABEL.get(name.lower().rpartition(" ")[2]) for name in _WITHIN.findall(text)]
    return {"from", "to", "subject"} <= set(kinds) and "date" in kinds


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
        if _FORWARDED.match(line.text[:_WIDEST]) and not (line.quoted and found.quotation):
            found.forward = True
            for later in lines[index:]:
                later.quoted = later.cut = False
            end = index
            break
        if not line.text.strip() and not line.cut:
            index += 1
            continue
        if own and not line.quoted and _is_announced(lines, index):
            index = max(_end_of_head(lines, index), index + 1)
            continue
        if (line.cut and own) or (_begins_quotation(lines, index) and own and not line.quoted):
            if is_forward:
                found.forward = True
                break
            _drop_from(lines, index)
            found.quotation = True
            end = index
            break
        if not own and not line.quoted and (stop := _end_of_head(lines, index)):
            # Above the first own words it names what stands below: kept, unless the answer does.
            if not is_forward and stop < end and lines[stop].quoted:
                _drop_range(lines, index, stop)
                found.quotation = True
            index = stop
            continue
        count = 0 if line.quoted else _attribution(lines, index)
        if count:
            following = _next_words(lines, index + count)
            begin = _labels_above(lines, index)
            if following is None or following.quoted or _other_marks(lines, index + count):
                _drop_range(lines, begin, index + count)
                found.quotation = True
                index += count
                continue
            if own and not is_forward:
                _drop_from(lines, begin)
                found.quotation = True
                end = index
                break
        if not (line.quoted or _ORIGINAL.match(line.text[:_WIDEST]) or _RULE.match(line.text[:_WIDEST])):
            own = True
        index += 1
    if not found.forward or end < len(lines):
        found.quotation |= _drop_marked(lines[:end])
    return found


def _is_announced(lines: list[Line], index: int) -> bool:
    """ "The letter's head was:", and right below it a head, which the writer then shows himself."""
    above = lines[index - 1].bare if index else ""
    announced = above.endswith(":") and _label(above) is None and not lines[index].cut and _label(lines[index].text)
    return bool(announced) and not attributions.says_who(above) and header_block(lines, index)


def _end_of_head(lines: list[Line], index: int) -> int:
    """Where the head of a letter that begins here ends; 0 where none begins."""
    if not header_block(lines, index):
        return 0
    stop = index
    while stop < min(len(lines), index + 16) and (not lines[stop].text.strip() or _label(lines[stop].text)):
        stop += 1
    return stop


def _attribution(lines: list[Line], index: int) -> int:
    following = _next_words(lines, index + 1)
    marked = following is not None and (following.quoted or bool(_OTHER_MARK.match(following.text)))
    return attributions.count(lines, index, marked)


def _labels_above(lines: list[Line], index: int) -> int:
    """Yandex writes to whom and about what above the line that says who wrote."""
    begin, position = index, index - 1
    while position >= max(0, index - 12):
        text = lines[position].text[:_WIDEST]
        if _label(text) in ("to", "subject", "cc") or (begin < index and _RULE.match(text)):
            begin = position
        elif text.strip():
            break
        position -= 1
    return begin


_OTHER_MARK = re.compile(r"^[ \t]{0,2}([|:}]|[A-ZА-ЯЁІЇЄҐ]>)(?: |$)")


def _other_marks(lines: list[Line], start: int) -> bool:
    """Lines below the writer's name that all begin with another sign than ``>`` are quoted by it."""
    position = start
    while position < len(lines) and not lines[position].text.strip():
        position += 1
    begin = position
    while position < len(lines) and _OTHER_MARK.match(lines[position].text):
        lines[position].quoted = True
        position += 1
    return position > begin


def _begins_quotation(lines: list[Line], index: int) -> bool:
    text = lines[index].text[:_WIDEST]
    if _ORIGINAL.match(text) or header_block(lines, index) or _notes_head(lines, index):
        return True
    title = _TITLE_RUN_ON.match(text)
    if title and _ORIGINAL.match(title.group(1)) and _is_head_in_one_line(text[title.end() :]):
        return True
    return _uncoloned_head(lines, index)


# Samsung: "-------- Original message --------From: … Date: … To: … Subject: …".
_TITLE_RUN_ON = re.compile(r"^[> \t]*(-{4,}[^-\n]{4,40}-{4,})[ \t]*(?=\S)")
_MOST_UNCOLONED = 7


def _uncoloned_head(lines: list[Line], index: int) -> bool:
    """From, Sent, To, Subject without colons, right below one another: all four of them, and a day."""
    kinds: set[str | None] = set()
    for line in lines[index : index + 2 * _MOST_UNCOLONED]:
        if not line.text.strip():
            continue
        name, _, rest = line.bare.replace("\u00a0", " ").partition(" ")
        kind = _LABEL.get(name.lower()) if rest.strip() else None
        if kind is None or (not kinds and kind != "from"):
            break
        if kind != "date" or any(map(str.isdigit, rest)):
            kinds.add(kind)
    return {"from", "date", "to", "subject"} <= kinds


_ONLY_MOMENT = re.compile(r"^\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}[:.]\d\d(:\d\d)?( [AP]M| \w{2,5})?$")
_ADDRESSED = re.compile(r"^.{0,120}<?[\w.+=/-]{1,64}@[\w.-]{3,200}>?$")


def _notes_head(lines: list[Line], index: int) -> bool:
    """Lotus Notes before version 8: who, when, and "To" on lines of their own without colons."""
    if not _ADDRESSED.match(lines[index].bare):
        return False
    following = [line.bare for line in lines[index + 1 : index + 8] if line.bare]
    return len(following) > 2 and bool(_ONLY_MOMENT.match(following[0])) and _LABEL.get(following[1].lower()) == "to"


def _next_words(lines: list[Line], index: int) -> Line | None:
    return next((line for line in lines[index : index + 12] if line.text.strip()), None)


def _drop_range(lines: list[Line], start: int, stop: int) -> None:
    for line in lines[start:stop]:
        line.kept = False


def _drop_from(lines: list[Line], index: int) -> None:
    _drop_range(lines, index, len(lines))
    position = index - 1
    while position >= 0 and (not lines[position].text.strip() or _is_title(lines[position].text)):
        if lines[position].text.strip():
            lines[position].kept = False
        position -= 1


_TITLE = re.compile(r"^[\s>*]*([-_=*—])\1{4,}[^\n]{1,60}?\1{5,}[\s*]*$")


# Notes: who, when and the first words: "Ivan Petrov ---25.11.2026 09:17:00---Please check".
_NOTES_TITLE = re.compile(r"^[^\n]{2,80}?-{3} ?[\d./-]{8,10},? \d{1,2}:\d\d(:\d\d)?( [AP]M)?-{3}")


def _is_title(text: str) -> bool:
    """A rule, or some words amid one: "---------- Původní e-mail ----------"."""
    text = text[:_WIDEST]
    return bool(_RULE.match(text) or _TITLE.match(text) or _NOTES_TITLE.match(text))


_QUESTION = re.compile(r"\w{2}[»\")]?\?\s*$")


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
        asked = bool(_QUESTION.search(lines[stop - 1].text[:_WIDEST]))
        if by_html or named or at_edge or asked or stop - index >= 2:
            _drop_range(lines, index, stop)
            dropped = True
        index = stop
    return dropped
