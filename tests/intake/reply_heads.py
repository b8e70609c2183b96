"""Heads of quoted letters, last lines of telephones and closing formulas, as programs and people write them.

In heads ``{n}`` is the name, ``{e}`` the address of the one who is answered, ``{to}`` the writer, ``{s}`` the subject;
``~`` is a line end.
"""

from __future__ import annotations

OUTLOOK = "________________________________~"
HEADS = {
    "ru": """
outlook | От: {n} <{e}>~Отправлено: {d} {month} {y} г. {tt}~Кому: {to}~Тема: RE: {s}
outlook web | ________________________________~От: {n} <{e}>~Отправлено: {d} {month} {y} г. {ts}~Кому: {to}~Тема: Re: {s}
outlook new | От: {n} <{e}>~Дата: {day}, {d} {month} {y} г. в {tt}~Кому: {to}~Копия: it@client.example~Тема: Re: {s}
outlook bold | *От:* {n} <{e}>~*Отправлено:* {d} {month} {y} г. {tt}~*Кому:* {to}~*Тема:* RE: {s}
outlook bold inside | *От: *{n} <{e}>~*Отправлено: *{d} {month} {y} г. {tt}~*Кому: *{to}~*Тема: *RE: {s}
outlook english | From: {n} <{e}>~Sent: {day}, {d} {month} {y} г. {tt}~To: {to}~Subject: RE: {s}
outlook express | -----Исходное сообщение-----~From: {n}~Sent: {day}, {d} {month} {y} г. {tt}~To: {to}~Subject: {s}
outlook original | -----Исходное сообщение-----~От: {n} [mailto:{e}]~Отправлено: {d} {month} {y} г. {tt}~Кому: {to}~Тема: {s}
outlook mailto | From: {n} [mailto:{e}]~Sent: {day}, {month} {d}, {y} {am}~To: {to}~Subject: {s}
outlook long to | От: {n} <{e}>~Отправлено: {d} {month} {y} г. {tt}~Кому: {to};~ "Отдел" <otdel@client.example>~Копия: x@client.example~Тема: RE: {s}
samsung | -------- Исходное сообщение --------~От: {n} <{e}>~Дата: {dd}.{mm}.{yy} {tt} (GMT+03:00)~Кому: {to}~Тема: Re: {s}
huawei | -------- Исходное сообщение --------~Тема: Re: {s}~От: {n}~Кому: {to}~Копия:
zimbra | ----- Исходное сообщение -----~От: "{n}" <{e}>~Кому: "{to}"~Отправленные: {Day}, {d} Ноябрь {y} г {ts}~Тема: {s}
em client | ------ Исходное сообщение ------~От "{n}" <{e}>~Кому {to}~Дата {dd}.{mm}.{y} {ts}~Тема Re: {s}
notes | От:     {n} <{e}>~Кому:   {to}~Дата:   {dd}.{mm}.{y} {tt}~Тема:   {s}
ukr.net | --- Исходное сообщение ---~От кого: "{n}" <{e}>~Дата: {d} {month} {y}, {ts}
thunderbird header | -------- Исходное сообщение --------~Тема: \t{s}~Дата: \tFri, 20 Nov 2026 14:05:11 +0300~От: \t{n} <{e}>~Кому: \t{to}
yandex new | Кому: {to};~Тема: {s};~{dd}.{mm}.{y}, {tt}, "{n}" <{e}>:
yandex ruled | ----------------~Кому: {to};~Тема: {s};~{dd}.{mm}.{y}, {tt}, "{n}" <{e}>:
exchange spaced | От: {n} <{e}> ~~Отправлено: {d} {month} {y} г. {tt} ~~Кому: {to} ~~Тема: RE: {s}
""",
    "uk": """
outlook | Від: {n} <{e}>~Надіслано: {d} {month} {y} р. {tt}~Кому: {to}~Тема: RE: {s}
outlook web | ________________________________~Від: {n} <{e}>~Надіслано: {d} {month} {y} р. {ts}~Кому: {to}~Тема: Re: {s}
outlook new | Від: {n} <{e}>~Дата: {day}, {d} {month} {y} р. о {tt}~Кому: {to}~Тема: Re: {s}
outlook bold | *Від:* {n} <{e}>~*Надіслано:* {d} {month} {y} р. {tt}~*Кому:* {to}~*Тема:* RE: {s}
outlook sent | Від: {n} <{e}>~Відправлено: {d} {month} {y} р. {tt}~Кому: {to}~Тема: RE: {s}
outlook english | From: {n} <{e}>~Sent: {Day}, {d} {month} {y} р. {tt}~To: {to}~Subject: RE: {s}
original | -----Вихідне повідомлення-----~Від: {n} [mailto:{e}]~Надіслано: {d} {month} {y} р. {tt}~Кому: {to}~Тема: {s}
samsung | -------- Вихідне повідомлення --------~Від: {n} <{e}>~Дата: {dd}.{mm}.{yy} {tt} (GMT+02:00)~Кому: {to}~Тема: Re: {s}
samsung old | -------- Оригінальне повідомлення --------~Від: {n} <{e}>~Дата: {dd}.{mm}.{yy} {tt} (GMT+02:00)~До: {to}~Тема: Re: {s}
ukr.net | --- Оригінальне повідомлення ---~Від кого: "{n}" <{e}>~Дата: {d} {month} {y}, {ts}
i.ua | --- Вихідне повідомлення ---~Від: {n} <{e}>~Кому: {to}~Дата: {d} {month} {y}, {ts}~Тема: {s}
zimbra | ----- Вихідне повідомлення -----~Від: "{n}" <{e}>~Кому: "{to}"~Надіслано: {Day}, {d} Листопад {y} р. {ts}~Тема: {s}
em client | ------ Оригінальне повідомлення ------~Від "{n}" <{e}>~Кому {to}~Дата {dd}.{mm}.{y} {ts}~Тема Re: {s}
""",
    "bg": """
outlook | От: {n} <{e}>~Изпратено: {day}, {d} {month} {y} г. {t} ч.~До: {to}~Относно: RE: {s}
outlook web | ________________________________~От: {n} <{e}>~Изпратено: {d} {month} {y} г. {ts}~До: {to}~Тема: Re: {s}
outlook new | От: {n} <{e}>~Дата: {day}, {d} {month} {y} г. в {tt}~До: {to}~Копие: it@client.example~Тема: Re: {s}
outlook bold | *От:* {n} <{e}>~*Изпратено:* {day}, {d} {month} {y} г. {tt}~*До:* {to}~*Относно:* RE: {s}
outlook english | From: {n} <{e}>~Sent: {day}, {d} {month} {y} г. {tt}~To: {to}~Subject: RE: {s}
original | -----Оригинално съобщение-----~От: {n} [mailto:{e}]~Изпратено: {d} {month} {y} г. {tt}~До: {to}~Относно: {s}
samsung | -------- Оригинално съобщение --------~От: {n} <{e}>~Дата: {dd}.{mm}.{yy} {tt} (GMT+02:00)~До: {to}~Тема: Re: {s}
samsung old | -------- Първоначално съобщение --------~От: {n} <{e}>~Дата: {dd}.{mm}.{yy} {tt} (GMT+02:00)~До: {to}~Тема: Re: {s}
abv.bg | >-------- Оригинално писмо --------~>От: {n} {e}~>Относно: {s}~>До: {to}~>Изпратено на: {dd}.{mm}.{y} {tt}
abv.bg unmarked | -------- Оригинално писмо --------~От: {n} {e}~Относно: {s}~До: {to}~Изпратено на: {dd}.{mm}.{y} {tt}
dir.bg | ---- Оригинално съобщение ----~От: {n} <{e}>~До: {to}~Изпратено: {dd}.{mm}.{y} {tt}~Тема: {s}
""",
    "en": """
outlook | From: {n} <{e}>~Sent: {day}, {month} {d}, {y} {am}~To: {to}~Subject: RE: {s}
outlook web | ________________________________~From: {n} <{e}>~Sent: {day}, {month} {d}, {y} {am}~To: {to}~Subject: Re: {s}
outlook mac | From: {n} <{e}>~Date: {day}, {d} {month} {y} at {tt}~To: {to}~Cc: it@client.example~Subject: Re: {s}
outlook bold | *From:* {n} <{e}>~*Sent:* {day}, {month} {d}, {y} {am}~*To:* {to}~*Subject:* RE: {s}
original | -----Original Message-----~From: {n} [mailto:{e}]~Sent: {day}, {month} {d}, {y} {am}~To: {to}~Subject: {s}
original importance | -----Original Message-----~From: {n} <{e}>~Sent: {d} {month} {y} {tt}~To: {to}~Cc: it@client.example~Subject: {s}~Importance: High
samsung | -------- Original message --------~From: {n} <{e}>~Date: {dd}/{mm}/{y} {tt} (GMT+02:00)~To: {to}~Subject: Re: {s}
zimbra | ----- Original Message -----~From: "{n}" <{e}>~To: "{to}"~Sent: {day}, {month} {d}, {y} {ams}~Subject: Re: {s}
em client | ------ Original Message ------~From "{n}" <{e}>~To {to}~Date {m}/{d}/{y} {ams}~Subject Re: {s}
notes | From:   {n} <{e}>~To:     {to}~Cc:~Date:   {mm}/{dd}/{y} {am}~Subject:        {s}
notes dashed | -----{n} <{e}> wrote: -----~To: {to}~From: {n} <{e}>~Date: {mm}/{dd}/{y} {am}~Subject: {s}
proton | ‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐~On {day}, {month} {d}th, {y} at {am}, {n} <{e}> wrote:
hotmail | Date: Fri, 20 Nov 2026 14:05:11 +0300~From: {e}~To: {to}~Subject: Re: {s}
gmx | Sent: {day}, {month} {d}, {y} at {am}~From: "{n}" <{e}>~To: {to}~Subject: Re: {s}
""",
    "de": """
outlook | Von: {n} <{e}>~Gesendet: {day}, {d}. {month} {y} {tt}~An: {to}~Betreff: AW: {s}
outlook web | ________________________________~Von: {n} <{e}>~Gesendet: {day}, {d}. {month} {y} {ts}~An: {to}~Betreff: Re: {s}
outlook mac | Von: {n} <{e}>~Datum: {day}, {d}. {month} {y} um {tt}~An: {to}~Betreff: Re: {s}
original | -----Ursprüngliche Nachricht-----~Von: {n} [mailto:{e}]~Gesendet: {day}, {d}. {month} {y} {tt}~An: {to}~Betreff: {s}
samsung | -------- Ursprüngliche Nachricht --------~Von: {n} <{e}>~Datum: {dd}.{mm}.{yy} {tt} (GMT+01:00)~An: {to}~Betreff: Re: {s}
gmx | Gesendet: {day}, {dd}. {month} {y} um {tt} Uhr~Von: "{n}" <{e}>~An: {to}~Betreff: Re: {s}
notes | Von:    {n} <{e}>~An:     {to}~Kopie:~Datum:  {dd}.{mm}.{y} {tt}~Betreff:        {s}
notes dashed | -----{n} <{e}> schrieb: -----~An: {to}~Von: {n} <{e}>~Datum: {dd}.{mm}.{y} {tt}~Betreff: {s}
em client | ------ Originalnachricht ------~Von "{n}" <{e}>~An {to}~Datum {dd}.{mm}.{y} {ts}~Betreff Re: {s}
t-online | -----Original-Nachricht-----~Betreff: Re: {s}~Datum: {y}-{mm}-{dd}T{ts}+0100~Von: "{n}" <{e}>~An: "{to}"
""",
    "fr": """
outlook | De : {n} <{e}>~Envoyé : {day} {d} {month} {y} {tt}~À : {to}~Objet : RE: {s}
outlook nbsp | De\u00a0: {n} <{e}>~Envoyé\u00a0: {day} {d} {month} {y} {tt}~À\u00a0: {to}~Objet\u00a0: RE: {s}
outlook web | ________________________________~De : {n} <{e}>~Envoyé : {day} {d} {month} {y} {ts}~À : {to}~Objet : Re: {s}
original | -----Message d'origine-----~De : {n} [mailto:{e}]~Envoyé : {day} {d} {month} {y} {tt}~À : {to}~Objet : {s}
orange | > Message du {dd}/{mm}/{yy} {tt}~> De : "{n}" <{e}>~> A : {to}~> Copie à :~> Objet : Re: {s}
orange new | envoyé : {d} {month} {y} à {tt}~de : {n} <{e}>~à : {to}~objet : Re: {s}
zimbra | ----- Mail original -----~De: "{n}" <{e}>~À: "{to}"~Envoyé: {Day} {d} Novembre {y} {ts}~Objet: Re: {s}
samsung | -------- Message d'origine --------~De : {n} <{e}>~Date : {dd}/{mm}/{y} {tt} (GMT+01:00)~À : {to}~Objet : Re: {s}
""",
    "es": """
outlook | De: {n} <{e}>~Enviado el: {day}, {d} de {month} de {y} {tt}~Para: {to}~Asunto: RE: {s}
outlook web | ________________________________~De: {n} <{e}>~Enviado: {day}, {d} de {month} de {y} {ts}~Para: {to}~Asunto: Re: {s}
original | -----Mensaje original-----~De: {n} [mailto:{e}]~Enviado el: {day}, {d} de {month} de {y} {tt}~Para: {to}~CC: x@client.example~Asunto: {s}
samsung | -------- Mensaje original --------~De: {n} <{e}>~Fecha: {d}/{m}/{yy} {tt} (GMT+01:00)~Para: {to}~Asunto: Re: {s}
""",
    "pl": """
outlook | Od: {n} <{e}>~Wysłano: {day}, {d} {month} {y} {tt}~Do: {to}~Temat: RE: {s}
outlook web | ________________________________~Od: {n} <{e}>~Wysłane: {day}, {d} {month} {y} {ts}~Do: {to}~DW: x@client.example~Temat: Re: {s}
original | -----Wiadomość oryginalna-----~Od: {n} [mailto:{e}]~Wysłano: {day}, {d} {month} {y} {tt}~Do: {to}~Temat: {s}
samsung | -------- Oryginalna wiadomość --------~Od: {n} <{e}>~Data: {dd}.{mm}.{y} {tt} (GMT+01:00)~Do: {to}~Temat: Re: {s}
interia | Od: "{n}" <{e}>~Do: "{to}";~Wysłane: {tt} {Day} {y}-{mm}-{dd}~Temat: Re: {s}
""",
    "it": """
outlook | Da: {n} <{e}>~Inviato: {day} {d} {month} {y} {tt}~A: {to}~Oggetto: R: {s}
outlook web | ________________________________~Da: {n} <{e}>~Inviato: {day} {d} {month} {y} {ts}~A: {to}~Oggetto: Re: {s}
original | -----Messaggio originale-----~Da: {n} [mailto:{e}]~Inviato: {day} {d} {month} {y} {tt}~A: {to}~Oggetto: {s}
libero | ----Messaggio originale----~Da: {e}~Data: {d}-nov-{y} {tt}~A: <{to}>~Ogg: R: {s}
samsung | -------- Messaggio originale --------~Da: {n} <{e}>~Data: {dd}/{mm}/{yy} {tt} (GMT+01:00)~A: {to}~Oggetto: Re: {s}
""",
    "nl": """
outlook | Van: {n} <{e}>~Verzonden: {day} {d} {month} {y} {tt}~Aan: {to}~Onderwerp: RE: {s}
outlook web | ________________________________~Van: {n} <{e}>~Verzonden: {day} {d} {month} {y} {ts}~Aan: {to}~CC: x@client.example~Onderwerp: Re: {s}
original | -----Oorspronkelijk bericht-----~Van: {n} [mailto:{e}]~Verzonden: {day} {d} {month} {y} {tt}~Aan: {to}~Onderwerp: {s}
samsung | -------- Oorspronkelijk bericht --------~Van: {n} <{e}>~Datum: {dd}-{mm}-{y} {tt} (GMT+01:00)~Aan: {to}~Onderwerp: Re: {s}
""",
    "pt": """
outlook | De: {n} <{e}>~Enviada em: {day}, {d} de {month} de {y} {tt}~Para: {to}~Assunto: RES: {s}
outlook web | ________________________________~De: {n} <{e}>~Enviado: {day}, {d} de {month} de {y} {ts}~Para: {to}~Assunto: Re: {s}
original | -----Mensagem original-----~De: {n} [mailto:{e}]~Enviada em: {day}, {d} de {month} de {y} {tt}~Para: {to}~Assunto: {s}
samsung | -------- Mensagem original --------~De: {n} <{e}>~Data: {dd}/{mm}/{yy} {tt} (GMT-03:00)~Para: {to}~Assunto: Re: {s}
""",
}
TELEPHONES = {
    "ru": """Отправлено с iPhone|Отправлено с моего iPhone|Отправлено с iPad|Отправлено из Outlook для Android
Отправлено с моего Galaxy|Отправлено со смартфона Samsung Galaxy.|Отправлено с моего устройства Samsung
Отправлено из мобильного приложения Яндекс Почты|Отправлено из Почты для Windows|Отправлено из Mail.ru для Android
Отправлено с помощью Proton Mail|Отправлено из мобильной Почты Mail.ru|Отправлено из myMail для iOS
Скачать Outlook для iOS<https://aka.ms/o0ukef>|Получите Outlook для Android<https://aka.ms/AAb9ysg>
Отправлено из Яндекс.Почты для мобильных: http://m.ya.ru/ymail|Отправлено с мобильного устройства|Sent from my iPhone
Отправлено с телефона Huawei|Отправлено с Xiaomi Redmi Note 9|Отправлено с моего смартфона|Отправлено из приложения Gmail
Простите за краткость, создано в K-9 Mail.|Пожалуйста, извините за краткость, создано в K-9 Mail.""",
    "uk": """Надіслано з iPhone|Надіслано з мого iPhone|Відправлено з iPhone|Надіслано з iPad|Надіслано з Outlook для Android
Надіслано з пристрою Samsung|Надіслано з Пошти для Windows|Надіслано з мобільного додатку ukr.net|Sent from my iPhone
Отримати Outlook для Android<https://aka.ms/AAb9ysg>|Завантажити Outlook для iOS<https://aka.ms/o0ukef>
Відправлено з мобільного пристрою|Надіслано з мого Galaxy|Надіслано зі смартфона Samsung Galaxy.|Надіслано через Proton Mail
Надіслано з мого Android-пристрою через K-9 Mail. Вибачте за стислість.""",
    "bg": """Изпратено от iPhone|Изпратено от моя iPhone|Изпратено от моето устройство Samsung Galaxy|Изпратено от iPad
Изпратено от Поща за Windows|Изпратено от Outlook за Android|Изпратено с Android от ABV поща|Изпратено чрез Abv.bg за iOS
Изтеглете Outlook за iOS<https://aka.ms/o0ukef>|Вземете Outlook за Android<https://aka.ms/AAb9ysg>|Sent from my iPhone
Изпратено от мобилен телефон|Изпратено от моя смартфон Huawei|Изпратено от моя Galaxy
Изпратено от моето Android устройство с K-9 Mail. Моля, извинете за краткостта.""",
    "en": """Sent from my iPhone|Sent from my Galaxy|Sent from Mail for Windows|Sent from Outlook for iOS|Get Outlook for Android
Get Outlook for iOS<https://aka.ms/o0ukef>|Sent from Yahoo Mail on Android|Sent from my Samsung Galaxy smartphone.
Sent with Proton Mail secure email.|Sent from Proton Mail for Android.|Sent from my Huawei phone|Sent via Superhuman
Sent from my Android device with K-9 Mail. Please excuse my brevity.|Sent from Gmail Mobile|Sent from my Verizon, Samsung Galaxy smartphone
Sent from Yahoo Mail for iPhone<https://overview.mail.yahoo.com>|Sent from a mobile device|Sent with Spark|Sent from my mobile. Please excuse typos.""",
    "de": """Von meinem iPhone gesendet|Gesendet von Mail für Windows|Von meinem Samsung Galaxy Smartphone gesendet.|Gesendet von meinem iPad
Gesendet von Outlook für Android|Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.|Von meinem Galaxy gesendet
Gesendet mit der GMX Mail App|Holen Sie sich Outlook für Android|Outlook für iOS beziehen|Laden Sie Outlook für iOS herunter
Diese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.|Von meinem iPad gesendet|Gesendet mit der Telekom Mail App""",
    "fr": """Envoyé de mon iPhone|Envoyé depuis mon appareil Galaxy|Envoyé à partir de Courrier pour Windows|Télécharger Outlook pour iOS
Envoyé de mon iPad|Obtenir Outlook pour Android|Envoyé depuis mon téléphone Orange|Envoyé à partir de Outlook pour Android
Envoyé de mon appareil Android avec Courriel K-9 Mail. Veuillez excuser ma brièveté.|Provenance : Courrier pour Windows 10""",
    "es": """Enviado desde mi iPhone|Enviado desde Correo para Windows|Obtener Outlook para Android|Enviado desde mi Galaxy
Enviado desde Yahoo Mail para Android|Enviado desde Outlook para iOS|Obtén Outlook para iOS|Enviado desde mi dispositivo Android""",
    "pl": """Wysłane z iPhone'a|Wysłano z iPhone’a|Pobierz aplikację Outlook dla systemu Android|Wysłane z telefonu Samsung Galaxy.
Wysłano z aplikacji Poczta dla systemu Windows|Wysłane z mojego Galaxy|Wysłano z iPada|Pobierz program Outlook dla systemu iOS""",
    "it": """Inviato da iPhone|Inviato dal mio iPhone|Ottieni Outlook per Android|Inviato da Posta per Windows|Inviato dal mio Galaxy
Inviato da Libero Mail per Android|Scarica Outlook per iOS|Inviato da Outlook per Android|Inviato da iPad""",
    "nl": """Verstuurd vanaf mijn iPhone|Verzonden vanaf mijn Galaxy|Outlook voor Android downloaden|Verzonden vanuit Mail voor Windows
Verstuurd vanaf mijn iPad|Outlook voor iOS downloaden|Verzonden met Outlook voor Android|Verzonden vanaf mijn Samsung Galaxy-smartphone.""",
    "pt": """Enviado do meu iPhone|Obter o Outlook para Android|Enviado do meu Galaxy|Enviado do Email para Windows|Enviado do Yahoo Mail no Android
Enviado do meu smartphone Samsung Galaxy.|Obter o Outlook para iOS|Enviado a partir do meu smartphone Samsung Galaxy.""",
}
CLOSINGS = {
    "ru": "С уважением,|С уважением|с уважением,|С наилучшими пожеланиями,|С уважением и наилучшими пожеланиями,|С ув.,|Всего доброго,|С почтением,|Искренне Ваш,",
    "uk": "З повагою,|З повагою|З найкращими побажаннями,|З повагою та найкращими побажаннями,|Щиро Ваш,|З пов.,|Гарного дня,|З вдячністю та повагою,",
    "bg": "Поздрави,|Поздрави|С уважение,|С уважение|Поздрави / Best regards,|С най-добри пожелания,|Хубав ден,|Лек ден,|С поздрав,",
    "en": "Best regards,|Kind regards|Regards,|Best,|Thanks and regards,|Many thanks,|Sincerely,|Yours sincerely,|Thanks & Regards|Cheers,|All the best,|Best Regards",
    "de": "Mit freundlichen Grüßen|Viele Grüße|Freundliche Grüße|Beste Grüße|MfG|Liebe Grüße|Mit besten Grüßen|Mit freundlichem Gruß|Schöne Grüße",
    "fr": "Cordialement,|Bien cordialement,|Cdlt,|Bien à vous,|Sincères salutations,|Salutations distinguées,|Très cordialement",
    "es": "Saludos,|Un saludo,|Saludos cordiales,|Atentamente,|Un cordial saludo,|Muchas gracias y un saludo,",
    "pl": "Pozdrawiam,|Z poważaniem,|Pozdrawiam serdecznie,|Z wyrazami szacunku,|Z pozdrowieniami,|Serdecznie pozdrawiam",
    "it": "Cordiali saluti,|Distinti saluti,|Saluti,|Un cordiale saluto,|Grazie e saluti,",
    "nl": "Met vriendelijke groet,|Met vriendelijke groeten,|Groeten,|Vriendelijke groet,|Mvg,|Hartelijke groet,",
    "pt": "Atenciosamente,|Cumprimentos,|Com os melhores cumprimentos,|Abraços,|Att.,|Cordialmente,|Melhores cumprimentos",
}
FORWARDS = """
gmail en | ---------- Forwarded message ---------
gmail ru | ---------- Пересланное сообщение ---------
gmail ru old | ---------- Пересылаемое сообщение ----------
gmail uk | ---------- Переслане повідомлення ---------
gmail uk old | ---------- Переадресоване повідомлення ----------
gmail bg | ---------- Препратено съобщение ---------
gmail de | ---------- Forwarded message ---------
gmx de | ---------- Weitergeleitete Nachricht ----------
thunderbird ru | -------- Перенаправленное сообщение --------
thunderbird ru new | -------- Пересылаемое сообщение --------
thunderbird uk | -------- Переслане повідомлення --------
thunderbird bg | -------- Препратено съобщение --------
thunderbird de | -------- Weitergeleitete Nachricht --------
thunderbird fr | -------- Message transféré --------
thunderbird es | -------- Mensaje reenviado --------
thunderbird pl | -------- Treść przekazanej wiadomości --------
thunderbird it | -------- Messaggio Inoltrato --------
thunderbird nl | -------- Doorgestuurd bericht --------
thunderbird pt | -------- Mensagem encaminhada --------
gmail pl | ---------- Forwarded message ---------
gmail fr | ---------- Message transféré ---------
apple en | Begin forwarded message:
apple ru | Начало переадресованного сообщения:
apple uk | Початок листа, що пересилається:
apple de | Anfang der weitergeleiteten Nachricht:
apple fr | Début du message réexpédié :
apple es | Inicio del mensaje reenviado:
apple it | Inizio messaggio inoltrato:
apple nl | Begin doorgestuurd bericht:
apple pl | Początek przekazywanej wiadomości:
apple pt | Início da mensagem reencaminhada:
yandex | -------- Пересылаемое сообщение --------
mail.ru | -------- Пересылаемое сообщение --------
the bat | This is a forwarded message
the bat ru | ===8<==============Исходный текст сообщения===============
zimbra | ----- Forwarded Message -----
zimbra ru | ----- Пересланное сообщение -----
evolution | -------- Forwarded Message --------
proton | ‐‐‐‐‐‐‐ Forwarded Message ‐‐‐‐‐‐‐
kmail | ----------  Forwarded Message  ----------
ukr.net | --- Переслане повідомлення ---
abv.bg | -------- Препратено писмо --------
"""
