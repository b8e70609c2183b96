"""Last lines of letters: closing formulas, lines of telephones, warnings of lawyers, in the languages of our clients.

A closing formula is recognised by its words rather than by whole phrases: people join them freely ("С наилучшими
пожеланиями и уважением", "Поздрави / Best regards"). Every expression sees at most 200 characters.
"""

import re

_LONGEST = 200

# One of these makes a line a closing formula, if all other words before a name are among _AROUND.
_HEARTS = frozenset(
    """
    уважением уважением почтением пожеланиями поздравом
    повагою побажаннями пошаною поздравом
    поздрави поздрав уважение пожелания почитание почит
    regards regard wishes sincerely faithfully
    grüßen grüße gruß grüssen grüsse gruss grussen grusse gruessen gruesse gruß
    cordialement salutations
    saludos saludo atentamente cordialmente
    pozdrawiam poważaniem szacunku pozdrowieniami pozdrowienia szacunkiem
    saluti saluto
    groet groeten
    atenciosamente cumprimentos saudações abraços
    hilsen hälsningar hilsener
    mfg vg mvg mvh cdlt cdt lg br kr rgds
    """.split()  # noqa: SIM905 a table reads better than quoted words
)
_AROUND = frozenset(
    """
    с c и на всегда неизменно надеждой дальнейшее плодотворное взаимовыгодное долгосрочное сотрудничество
    благодарностью помощь понимание скорейшее решение вопроса проблемы
    самыми наилучшими лучшими добрыми глубоким глубочайшим большим искренним искренними неизменным всяческими
    теплыми тёплыми дружеским дружескими
    з та й завжди найкращими щирими щирою великою глибокою вдячністю добрими побажанням гарного дня надією на подальшу
    плідну співпрацю
    най-добри най добри най-искрени искрени сърдечни топли приятелски благодаря предварително
    със приятен хубав успешен спокоен лек ден уикенд приятна хубава лека вечер седмица много
    хорошего доброго приятного удачного дня вечера
    best kind kindest warm warmest with many thanks thank you and the very my yours sincere friendly
    mit freundlichen freundlichem freundliche freundlicher vielen viele besten beste liebe lieben lieber herzliche
    herzlichen herzlichem schöne schönen schöner sonnige dank und danke aus
    bien très sincères sincère mes nos meilleures distinguées merci et salutations amicales
    un una cordial cordiales muchas gracias y atento atentos
    z wyrazami serdecznie serdecznymi serdeczne łączę dziękuję i najlepszymi miłymi
    cordiali cordiale distinti grazie e cari migliori
    met vriendelijke vriendelijk hartelijke hartelijk beste dank en veel
    com os as melhores cordiais atenciosos obrigado obrigada um forte
    med vennlig venlig vänliga vänlig bästa
    & /
    """.split()  # noqa: SIM905
)
_SHORTENED = re.compile(
    r"(?i)^((с|c|з) (глуб\.? ?)?(ув|пов)(аж)?\b\.?|att?\.|mfg\b|искренне (ваш|твой)а?и?|щиро (ваш|твій)а?і?|"
    r"yours( (truly|ever))?$|bien à (vous|toi)|(с )?дружески(м)? приветом|с приветом|un abrazo|besten dank und)"
)
# A wish is a closing formula where a name stands below it; alone it is the writer's own word.
_WISH = re.compile(
    r"(?i)^(и )?(всего (вам )?(самого |наи)?(доброго|хорошего|лучшего)|хорошего (вам )?(дня|вечера|рабочего дня)|"
    r"удачного дня|(гарного|чудового|вдалого|приємного) (вам )?(дня|вечора)|всього (найкращого|доброго)|"
    r"(хубав|лек|приятен|успешен|спокоен) (ден|следобед)|(хубава|лека|приятна) (вечер|седмица|работа)|"
    r"всичко (добро|хубаво)|"
    r"(wishing you )?all the (very )?best|best|abs|abç|cheers|take care|"
    r"have a (nice|great|good|lovely) (day|one|weekend|"
    r"evening)|"
    r"(einen )?schönen (tag|abend)( noch)?|alles gute|bonne (journée|soirée|fin de journée|réception)|"
    r"(que tenga )?(un )?buen día|miłego dnia|buona (giornata|serata|lavoro)|buon (lavoro|pomeriggio)|"
    r"(een )?(prettige|fijne) (dag|avond)( verder)?|(tenha )?um (bom|ótimo) dia"
    r")\s*[,.!;:-]*$"
)
# So do thanks, where it is the sender's own name.
_THANKS = re.compile(
    r"(?i)^((many |with )?thanks( (a lot|again|in advance|so much|very much|for your help))?|thank you( (very|"
    r"so) much| again| in advance)?|"
    r"thx|tia|ta|спасибо( (большое|заранее|огромное))?|заранее (большое )?(спасибо|благодар\w+)|благодарю( вас)?|"
    r"благодаря( (ви|предварително|много))*|мерси|дякую( (дуже|заздалегідь|вам))*|(щиро|наперед|"
    r"заздалегідь) (дякую|вдячн\w+)|"
    r"з вдячністю|с благодарност\w+|danke( (sehr|schön|im voraus|vielmals))?|vielen dank( im voraus)?|"
    r"merci( (beaucoup|d.avance|par avance))?|(muchas )?gracias( de antemano)?|grazie( (mille|in anticipo))?|"
    r"(muito )?obrigad[oa]( desde já)?|dziękuję( z góry)?|z góry dziękuję|(hartelijk |alvast )?(be)?dankt?( alvast)?)"
    r"\s*[,.!;:-]*$"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|[&/]|[,.!;:–—-]+")
_EDGES = " \t\u00a0-–—*_~=>"


def closing(line: str) -> str | None:
    """What stands behind a closing formula on its line (a name, or nothing); None where the line is no such formula."""
    text = line[:_LONGEST].strip(_EDGES)
    if not text or len(text) > 110:
        return None
    short = _SHORTENED.match(text)
    name = _as_name(text[short.end() :]) if short else None
    if name is not None:
        return name
    heart, end = False, 0
    for found in _WORD.finditer(text):
        word = found.group(0).lower()
        gap = text[end : found.start()]
        if gap.strip():
            break
        if word in _HEARTS:
            heart = True
        elif word not in _AROUND and word[0].isalpha():
            break
        end = found.end()
    return _as_name(text[end:], text[:end].endswith(",")) if heart else None


def _as_name(rest: str, is_parted: bool = False) -> str | None:
    """The rest of the line where it may be a name; a sentence that begins like a formula goes on in small letters."""
    rest = rest.strip(_EDGES + ",.;:!/|")
    words = rest.split()
    if words and rest[0].isalpha() and not rest[0].isupper():
        # who writes all in small letters writes his name so, too
        return rest if is_parted and len(words) == 1 and len(rest) > 2 else None
    return rest if len(words) <= 6 or _is_listed(rest) else None


def _is_listed(rest: str) -> bool:
    """ "Сидоров Пётр, нач. отдела снабжения, т. 12-04": a name of two or three words, then what he is."""
    name, comma, more = rest.partition(",")
    words = name.split()
    return bool(comma) and 2 <= len(words) <= 3 and all(word[0].isupper() for word in words) and len(more.split()) <= 10


def wish(line: str) -> bool:
    """Good wishes, which close a letter only where a name stands below them."""
    return bool(_WISH.match(line[:_LONGEST].strip(_EDGES)))


def thanks(line: str) -> bool:
    """Thanks, which close a letter only where the sender's own name stands below them."""
    return bool(_THANKS.match(line[:_LONGEST].strip(_EDGES)))


# ---- lines that a program adds ---------------------------------------------------------------------

_ADDRESS = re.compile(
    r"\s*(<https?://[^<>\s]{1,150}>|\[https?://[^\]\s]{1,150}\]|\( ?https?://[^()\s]{1,150} ?\)|https?://\S{1,150})\s*$"
)
_VERB = (
    r"sent|composed|отправлено|послано|написано|надіслано|відправлено|написано|изпратено|пратено|написано|gesendet|"
    r"verschickt|envoyé|enviado|inviato|wysłan[oe]|verzonden|verstuurd|sendt|skickat"
)
_DEVICE = (
    r"iphone\w*(['’]?\w)?|ipad\w*|ipod|android|galaxy|samsung|huawei|xiaomi|redmi|poco|honor|realme|nokia|oneplus|"
    r"pixel|blackberry|outlook|gmail|yahoo|яндекс\w*|yandex|mail\.ru|mymail|ukr\.net|abv(\.bg)?|proton\w*|k-9|"
    r"thunderbird|spark|superhuman|edison|newton|aquamail|nine|windows( \d+)?|ios|phone|mac|e?mail|smartphone|"
    r"tablet|mobile|handy|mobiltelefon|telefon\w*|téléphone|teléfono|telefono|device|gerät|appareil|dispositiv\w*|"
    r"device|app|смартфон\w*|телефон\w*|планшет\w*|мобильн\w+|мобільн\w+|мобил\w+|айфон\w*|устройств\w*|пристро\w+|"
    r"додатк\w+|застосунк\w+|приложени\w+|пошт\w+|почт\w+|поща|surface|gmx\S*|web\.de\S*|t-online\S*|libero\S*|"
    r"rambler"
)
_EXCUSE = (
    r"brevity|typos?|кратк\w+|стисл\w+|лаконічн\w+|опечатк\w+|описк\w+|грешк\w+|kürze|tippfehler|brièveté|fautes|"
    r"brevedad|brevità|brevidade|zwięzłość|beknopt\w*"
)
_TELEPHONE = re.compile(
    # the verb, a preposition, and no sentence
    r"(?i)^(?:sent (?:from|via|with|using) (?:my |the |a |an |outlook|yahoo|mobile|samsung|proton|gmail|mail|spark|"
    r"nine|blackberry|iphone|ipad|android|sparrow|airmail|inky|type|superhuman)[^.,!?]{0,60}|"
    r"отправлено (?:с|со|из|от|через|при помощи) [^.,!?]{2,60}|(?:надіслано|відправлено) (?:з|зі|із|від|через|"
    r"за допомогою) [^.,!?]{2,60}|"
    r"(?:изпратено|пратено) (?:от|с|чрез|през) [^.,!?]{2,60}|gesendet (?:mit|von|aus|über) [^.,!?]{2,60}|"
    r"envoyé (?:de|depuis|avec|à partir d) ?[^.,!?]{2,60}|enviado (?:desde|do|de|con|com|pelo|"
    r"a partir d[oe]) [^.,!?]{2,60}|"
    r"inviato (?:da|dal|dalla|con) [^.,!?]{2,60}|wysłan[eo] (?:z|za pomocą|przez) [^.,!?]{2,60}|"
    r"(?:verzonden|verstuurd) (?:met|vanaf|van|vanuit|via) [^.,!?]{2,60}|via mobile|"
    r"(?:von|vom|aus|mit|über|diese nachricht wurde) [^.,!?]{2,80}(?:gesendet|verschickt|verfasst)|"
    r"provenance ?: [^.,!?]{2,60}|"
    # the verb and, at the end, the name of a thing that sends letters
    rf"(?:{_VERB}|diese (?:nachricht|mail) wurde)\b(?:[^?!,]|"
    rf",(?= (?-i:[A-ZА-Я]))){{2,80}}\b(?:{_DEVICE})[^.?!]{{0,20}}(?:gesendet)?|"
    # where the program is to be had
    r"(?:get|download|скачать|скачайте|получить|получите|установите|завантажити|завантажте|отримати|отримайте|"
    r"изтегл\w*|"
    r"вземете|вземи|свали\w*|holen sie sich|laden sie|télécharge\w*|obten\w*|obtén|descarg\w*|pobierz|scarica|"
    r"ottieni|obter|"
    r"obtenha|baix\w+|hämta|hent)\b.{0,30}\b(?:outlook|yahoo|spark|bluemail)\b.{0,50}|"
    r"outlook (?:für|voor|for) .{2,30}(?:beziehen|downloaden|herunterladen|holen))\.?$"
)
# "Get Outlook for Android" in any language: a few words and the address of the shop.
_SHOP = re.compile(r"https?://(aka\.ms|go\.microsoft\.com|\w+\.onelink\.me|play\.google\.com|apps\.apple\.com)/")
_SLOGAN = re.compile(
    r"(?i)^(?:пожалуйста, |моля, |будь ласка, )?(?:сохрани\w*|сохраня\w*|экономь\w*|берегите|бережіть|"
    r"пазете|опазете|save) "
    r"(?:бумагу|деревья|леса?|природу|папір|дерева|природата|хартия\w*|дърветата|paper|trees|a tree|the planet)\.?!?$"
)
_OFFERED = re.compile(r"(?i)^(\S{1,20} ){1,4}outlook( \S{1,20}){0,3}$")
_EXCUSED = re.compile(rf"(?i)^((?P<before>.{{0,110}}?)[.!] ?)?.{{0,60}}\b(?:{_EXCUSE})\b.{{0,60}}$")
_APOLOGY = re.compile(
    r"(?i)^(please |пожалуйста,? |будь ласка,? |моля,? )?(excuse|forgive|pardon|sorry for|простите|извините|"
    r"прошу прощения|"
    r"вибачте|перепрошую|извинете|entschuldigen|veuillez excuser|disculpe|scusa|desculpe)"
)


def telephone(line: str) -> bool:
    """Whether a program added this line: "Sent from my iPhone", where it is to be had, excuses for brevity."""
    text = line[:_LONGEST].strip(_EDGES)
    if len(text) > 160:
        return False
    for _turn in range(2):
        text = _ADDRESS.sub("", text).strip(_EDGES + ":")
    if not text:
        return False
    if _SLOGAN.match(text):
        return True
    if _SHOP.search(line) and _OFFERED.match(text):
        return True
    if _TELEPHONE.match(text):
        return len(text) <= 110
    excused = _EXCUSED.match(text)
    if excused is None:
        return False
    before = excused.group("before")
    return bool(_TELEPHONE.match(before)) if before else bool(_APOLOGY.match(text))


_DISCLAIMER = re.compile(
    r"(?i)confidential|privileged|intended (solely|only|recipient)|(is|are) intended for|disclaimer|"
    r"consider the environment|before printing (this|the)|think before (you print|printing)|virus[- ]free|"
    r"checked for viruses|scanned (by|for|with)|unsubscribe|"
    r"конфиденциальн|не являетесь (адресатом|получателем)|предназначен\w* (только|исключительно|для)|"
    r"коммерческ\w+ тайн|не является офертой|"
    r"проверено на (вирусы|наличие вирусов)|(письмо|сообщение|почта) проверен\w* [^.]{0,40}(вирус|kaspersky|"
    r"dr\.? ?web)|"
    r"без вирусов|берегите природу|прежде чем (распечатать|печатать)|"
    r"подумайте (об окружающей|о природе|прежде)|получили (это (сообщение|письмо)|его) по ошибке|"
    r"конфіденційн|не є (адресатом|отримувачем)|призначен\w* (лише|тільки|виключно)|перевірено на віруси|"
    r"поверителн|предназначено (само|единствено)|не сте (адресат|получател)|погрешка сте получили|пазете природата|"
    r"преди да (отпечатате|разпечатате)|проверено за вируси|няма вируси|"
    r"vertraulich|irrtümlich erhalten|nicht der richtige adressat|denken sie an die umwelt|auf viren geprüft|"
    r"virenfrei|"
    r"confidentiel|destinataire|environnement avant|absence de virus|sans virus|"
    r"confidencial|destinatario|antes de imprimir|libre de virus|livre de vírus|"
    r"poufn|adresatem|riservat|destinatari|vertrouwelijk|bestemd voor|virusvrij|"
    r"registered (in (england|scotland|ireland|wales|germany)|office)|company (registration )?(number|no\b)|"
    r"amtsgericht|handelsregister|geschäftsführ|sitz der gesellschaft|ust\.?-?id"
)


_DISCLAIMING = tuple(
    """
    confiden privileg intended disclaim environment print virus scanned unsubscribe конфиденц адресат получател
    предназнач вирус природ распечат окружающ ошибке конфіденц отримувач призначен вірус поверит погрешк отпечат
    разпечат vertrau irrtüm adressat umwelt viren destinat imprim poufn adresat riservat bestemd vírus
    kaspersky dr.web проверен registered amtsgericht handelsregister тайн оферт
    """.split()  # noqa: SIM905
)
_PRINTED = re.compile(
    r"(?i)kaspersky|dr\.? ?web|virus|вирус|вірус|avast|print|печат|разпечат|друк|imprim|umwelt|природ"
)
# A short one that speaks of itself and of its addressee; "this letter is for the accountant" names no addressee.
_ABOUT_ITSELF = re.compile(
    r"(?i)\W{0,5}(this (e-?mail|message|communication)|(это|данное|настоящее) (электронное )?(сообщение|письмо)|"
    r"(це|дане) (електронне )?повідомлення|цей (електронний )?лист|(това|настоящото) (електронно )?(съобщение|писмо)|"
    r"diese (e-?mail|nachricht)|ce (message|courriel))\b.{0,160}"
    r"(recipient|addressee|адресат|получател|отримувач|одержувач|empfänger|destinataire)"
)


_WITH_IT = re.compile(
    r"(?i)(уведомите|известите|сообщите) (об этом )?отправител|удалите (данное|это|его|её|ее)\b|коммерческ\w+ тайн|"
    r"не являетесь (адресатом|получателем)|(использование|копирование|распространение)[^.]{0,80}запрещен|"
    r"повідомте (про це )?відправника|уведомете подателя|notify the sender|delete (it|this|the (e-?mail|message))|"
    r"(use|copying|disclosure|distribution)[^.]{0,80}prohibited|informieren sie [^.]{0,30}absender|"
    r"(avertir|informer) l.expéditeur|(notifi|comuni)\w+ [^.]{0,30}remitente|powiadom\w* nadawc|"
    r"avvis\w* [^.]{0,20}mittente|"
    r"afzender|remetente"
)


def goes_with_a_disclaimer(paragraph: str) -> bool:
    """Whether a lawyer's words go on in this paragraph, which a person may have written, too."""
    return bool(_WITH_IT.search(paragraph[:2_000]))


def disclaimer(paragraph: str) -> bool:
    """Whether a last paragraph is what a lawyer or a virus scanner had added to every letter. A person who writes of
    confidential things says less about them.
    """
    paragraph = paragraph[:2_000]
    lowered = paragraph.lower()
    # The expression is slow, and nearly every letter ends with a paragraph of other words.
    if not any(stem in lowered for stem in _DISCLAIMING):
        return False
    found = {mark.group(0).lower() for mark in _DISCLAIMER.finditer(paragraph)}
    if len(found) > 1 or (found and len(paragraph) > 160):
        return True
    return bool(found and (_PRINTED.search(paragraph) or _ABOUT_ITSELF.match(paragraph)))
