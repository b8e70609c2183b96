"""What a machine says of itself in a letter without a mark: notes of absence and of receipt, in their own words.

A note of absence taken for an answer opens a ticket again for nobody; an answer taken for a note stays on its ticket,
but nobody is called. So three things must come together, in a short answer that asks nothing: somebody is away, till
when, and who is there instead. Where the letter says itself that nobody wrote it, one more word is enough: that
somebody is away, or that something was received. Pure; every expression sees at most 1,500 characters.
"""

import re

_LONGEST = 700
_SAYS_SO = re.compile(
    r"(?i)^\W{0,10}(?:(?:здравствуйте|добрый день|доброго дня|вітаю|здравейте|hello|hi|guten tag|bonjour)\W{1,5})?"
    r"(?:это (?:автоматический ответ|автоответ)|(?:данное|это) (?:письмо|"
    r"сообщение) (?:является автоматическим ответом|"
    r"отправлено автоответчиком)|вам отвечает (?:автоответчик|робот)|"
    r"це автоматична відповідь|цей лист є автоматичною відповіддю|"
    r"това е автоматич(?:ен|но генериран) отговор|"
    r"this is an auto(?:matic|mated)?[ -](?:reply|response|answer)|this (?:e-?mail|message) is an automat(?:ic|ed) "
    r"(?:reply|response)|"
    r"dies ist eine automatische (?:antwort|abwesenheitsnotiz)|ceci est une réponse automatique|"
    r"(?:ésta|esta|este) es una respuesta automática|questa è una risposta automatica|"
    r"(?:esta|isto) é uma resposta automática|to jest automatyczna odpowiedź|dit is een automatisch antwoord)"
)
_AWAY = re.compile(
    r"(?i)(?<!не )\b(?:(?:я )?(?:сейчас |временно )?(?:нахожусь |буду )?в (?:[^\W\d_]{4,20}(?:ом|ем|"
    r"ой) ){0,2}(?:отпуске|командировке)|"
    r"(?:я )?(?:сейчас |временно )?(?:отсутствую|буду отсутствовать)|меня (?:не будет|нет) (?:в офисе|"
    r"на (?:месте|работе))|"
    r"(?:я )?(?:зараз |тимчасово )?(?:перебуваю |буду )?[ув] (?:[^\W\d_]{4,20}(?:ій|ому) ){0,2}(?:відпустці|"
    r"відрядженні)|"
    r"(?:я )?(?:зараз |тимчасово )?(?:відсутн(?:ій|я)|буду відсутн(?:ій|я))|мене не буде (?:в офісі|"
    r"на (?:місці|роботі))|"
    r"(?:аз )?(?:съм в (?:[^\W\d_]{4,20} )?отпуск|в (?:[^\W\d_]{4,20} )?отпуск съм|"
    r"ще бъда в (?:[^\W\d_]{4,20} )?отпуск|отсъствам|ще отсъствам|съм извън офиса|извън офиса съм)|"
    r"i(?: am|['’]m| will be) (?:currently )?(?:away|out of (?:the )?office|on (?:annual |maternity |parental |"
    r"sick )?"
    r"(?:leave|vacation|holiday))|"
    r"ich bin .{0,60}(?:nicht (?:im büro|erreichbar|im hause)|im urlaub|abwesend|außer haus)|"
    r"je suis (?:actuellement )?(?:absente?|en congés?|en vacances)|"
    r"(?:estoy|estaré) (?:fuera de (?:la )?oficina|de vacaciones|ausente)|"
    r"sono (?:assente|in ferie|fuori (?:ufficio|sede))|estou (?:ausente|de férias|fora do escritório)|"
    r"jestem (?:na urlopie|poza biurem|nieobecn[ya])|przebywam na urlopie|"
    r"ik ben .{0,40}(?:afwezig|met vakantie|op vakantie|niet op kantoor))"
)
_TILL = re.compile(
    r"(?i)\b(?:до|по|с|від|з|із|от|until|till|through|from|returning|back on|bis|vom|jusqu['’]au|du|hasta|"
    r"desde|fino al|"
    r"dal|até|do|od|tot|t/m|vanaf|вернусь|повернуся|връщам|return on|be back on)\b[^.!?\n]{0,20}\d{1,2}\b"
)
# Away for so long that no day is named.
_FOR_LONG = re.compile(
    r"(?i)\b(?:декретн\w+ (?:отпуск|відпустц)|отпуск\w{0,2} по уходу|відпустц\w+ по догляду|отпуск по майчинство|"
    r"(?:maternity|parental) leave|in elternzeit|im mutterschutz)"
)
_LEFT = re.compile(
    r"(?i)\b(?:больше не работаю|уволил(?:ся|ась)|більше не працюю|вече не работя|no longer (?:work|with|employed)|"
    r"nicht mehr (?:für|bei|im unternehmen))\b"
)
# "This letter was written by a program": below many letters of people who write in some system, so not enough alone.
_BY_ITSELF = re.compile(
    r"(?i)\b(?:(?:письмо|сообщение|уведомление|ответ) (?:был[оа]? )?(?:сформирован|создан|сгенерирован|отправлен|"
    r"направлен)\w{0,2} (?:автоматически|автоответчиком|роботом)|это автоматическ\w{2} (?:уведомление|сообщение|"
    r"письмо|ответ)|"
    r"(?:лист|повідомлення|відповідь) (?:було )?(?:сформован|створен|згенерован|надіслан|відправлен)\w{1,2} "
    r"автоматично|"
    r"це автоматичн\w{1,2} (?:повідомлення|лист|відповідь)|"
    r"(?:това|настоящото) (?:[^\W\d_]{3,12} )?е автоматичн\w{1,2} (?:генериран\w? )?(?:съобщение|писмо|отговор|имейл)|"
    r"(?:съобщение|писмо|имейл|отговор)\w{0,2} е (?:генериран|изпратен|създаден)\w? автоматично|"
    r"this is an automat(?:ed|ic|ically)(?:[ -](?:generated|sent|created))? (?:e-?mail|message|reply|response|"
    r"notification)|this (?:e-?mail|message|reply|notification) (?:is|was|has been) (?:automatically "
    r"(?:generated|sent|created)|(?:generated|sent|created) automatically)|"
    r"automatisch (?:generierte|erstellte|erzeugte|versandte) (?:nachricht|e-?mail|antwort|mitteilung)|"
    r"(?:nachricht|e-?mail|antwort) (?:wurde|ist) automatisch (?:generiert|erstellt|erzeugt|versandt|versendet))\b"
)
_RECEIVED = re.compile(
    r"(?i)\b(?:(?:ваш\w{1,2}|обращение|заявка|запрос|письмо)\b[^.!?]{0,60}\b(?:зарегистрирован\w?|принят\w?|"
    r"получен\w?|поступил\w?|буд(?:ет|ут) (?:обработан|рассмотрен)\w?)|"
    r"(?:ваш\w{0,2}|звернення|заявк[ау]|запит|лист)\b[^.!?]{0,60}\b(?:зареєстрован\w|прийнят\w|отриман\w|надійш\w{2}|"
    r"буде (?:опрацьован|розглянут)\w)|"
    r"(?:ваш\w{2,3}|заявката|запитването)\b[^.!?]{0,60}\b(?:регистриран\w?|получен\w?|приет\w?)|"
    r"your (?:request|message|e-?mail|ticket|enquiry|inquiry|query)\b[^.!?]{0,60}\b(?:received|registered|created|"
    r"logged)|we (?:have )?received your|"
    r"ihre?\b[^.!?]{0,60}\b(?:eingegangen|erhalten|registriert))\b"
)
_INSTEAD = re.compile(
    r"(?i)(?:по|с) (?:всем )?(?:срочным|неотложным|текущим|рабочим|возникающим)? ?вопрос\w*|(?:в|"
    r"на) мо[её] отсутстви|"
    r"(?:на )?(?:время|период) мо\w+ отсутстви|обращайтесь|"
    r"просьба (?:обращаться|писать|направлять)|прочитаю по возвращении|отвечу (?:вам )?(?:по|"
    r"после) возвращени|"
    r"з (?:термінових|усіх|всіх|невідкладних)? ?питань|звертайтеся|за мо[єї]+ відсутності|відповім після повернення|"
    r"при спешн\w+|по време на отсъствието ми|(?:обръщайте|обърнете) се|в мое отсъствие|"
    r"urgent|in my absence|while i am away|please (?:contact|reach|call|write to)|limited access|upon my return|"
    r"dringend|vertret|wenden sie sich|en cas d['’]urgence|vous pouvez contacter|veuillez (?:contacter|"
    r"vous adresser)|"
    r"urgente|contacte|póngase en contacto|contattare|rivolgersi|em caso de urgência|por favor,? contat|"
    r"pilnych|proszę (?:o kontakt|się kontaktować)|dringende|neem(?:t u)? contact|bij spoed"
)


def machine(text: str, is_answer: bool) -> bool:
    """Whether a letter's words are those of a machine that answers for its owner. ``is_answer``: to another letter."""
    if _SAYS_SO.match(text[:200]):
        return True
    words = " ".join(text[: 2 * _LONGEST].split())
    if not words or len(words) > _LONGEST or "?" in words:
        return False
    away = _AWAY.search(words)
    if _BY_ITSELF.search(words) and (away or _RECEIVED.search(words) or _LEFT.search(words)):
        return True
    if not is_answer or not _INSTEAD.search(words):
        return False
    return bool(away and (_TILL.search(words) or _FOR_LONG.search(words)))
