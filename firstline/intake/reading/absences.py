"""What a machine says of itself in a letter without a mark: notes of absence and of receipt, in their own words.

A note of absence taken for an answer opens a ticket again for nobody; an answer taken for a note stays on its ticket,
but nobody is called. So three things must come together, in a short answer that asks nothing: somebody is away, till
when, and who is there instead. Pure; every expression sees at most 1,500 characters.
"""

import re

_LONGEST = 700
_SAYS_SO = re.compile(
    r"(?i)^\W{0,10}(?:(?:здравствуйте|добрый день|доброго дня|вітаю|здравейте|hello|hi|guten tag|bonjour)\W{1,5})?"
    r"(?:это (?:автоматический ответ|автоответ)|(?:данное|это) (?:письмо|"
    r"сообщение) (?:является автоматическим ответом|"
    r"отправлено автоответчиком)|вам отвечает (?:автоответчик|робот)|"
    r"це автоматична відповідь|цей лист є автоматичною відповіддю|"
    r"това е автоматичен отговор|"
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
    r"dal|até|do|od|tot|t/m|vanaf|вернусь|повернуся|връщам)\b[^.!?\n]{0,12}\d{1,2}\b"
)
_INSTEAD = re.compile(
    r"(?i)(?:по|с) (?:всем )?(?:срочным|неотложным|текущим|рабочим|возникающим)? ?вопрос\w*|(?:в|"
    r"на) мо[её] отсутстви|"
    r"(?:на )?(?:время|период) мо\w+ отсутстви|обращайтесь|прочитаю по возвращении|отвечу (?:вам )?(?:по|"
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
    if not is_answer or not words or len(words) > _LONGEST or "?" in words:
        return False
    return bool(_AWAY.search(words) and _TILL.search(words) and _INSTEAD.search(words))
