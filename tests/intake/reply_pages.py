"""Replies in HTML, with the marks that mail programs leave around what they quote."""

from __future__ import annotations

from collections.abc import Iterator

from tests.intake import reply_heads
from tests.intake.reply_dates import pieces
from tests.intake.reply_forms import ATTRIBUTIONS, table
from tests.intake.reply_letters import MOMENTS, WORDS, Reply, escaped, filled, plain

# ``{own}`` with line ends as <br>, ``{divs}`` as <div>, ``{ps}`` as Word's <p>; ``{line}`` says who wrote,
# ``{head}`` is a head with bold labels, ``{q}`` the quoted text, ``{sig}`` the signature.
PAGES = """
gmail | <div dir="ltr">{divs}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{line}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">{q}</blockquote></div>
gmail signed | <div dir="ltr">{divs}<div><br clear="all"></div><div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature"><div dir="ltr">{sig}</div></div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{line}<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{q}</blockquote></div>
gmail android | <p dir="ltr">{own}</p><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{line}<br></div><blockquote class="gmail_quote">{q}</blockquote></div>
gmail below | <div dir="ltr"><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{line}<br></div><blockquote class="gmail_quote">{q}</blockquote></div>{divs}</div>
outlook desktop | <html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {{margin:0cm}} --></style></head><body lang=RU link="#0563C1"><div class=WordSection1>{ps}<p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal>{head}<o:p></o:p></p></div></div><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>{q}</p></div></body></html>
outlook unruled | <body><div class=WordSection1>{ps}<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>{head}<o:p></o:p></p><p class=MsoNormal>{q}</p></div></body>
outlook signed | <body><div class=WordSection1>{ps}<p class=MsoNormal><o:p>&nbsp;</o:p></p>{psig}<p class=MsoNormal><o:p>&nbsp;</o:p></p><div style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal>{head}</p></div><p class=MsoNormal>{q}</p></div></body>
outlook 2003 | <body><div class=Section1>{ps}<div><div class=MsoNormal align=center style='text-align:center'><hr size=2 width="100%" align=center tabindex=-1></div><p class=MsoNormal>{head}</p></div><p class=MsoNormal>{q}</p></div></body>
outlook web | <html><body dir="ltr"><div style="font-family:Calibri">{own}</div><div><br></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">{head}</font><div>&nbsp;</div></div><div>{q}</div></body></html>
outlook new | <body><div class="elementToProof" style="font-family:Aptos">{own}</div><div id="Signature" class="elementToProof"><p>{sig}</p></div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font>{head}</font></div><div>{q}</div></body>
outlook ios | <html><body><div dir="ltr">{own}</div><div id="ms-outlook-mobile-body-separator-line" dir="ltr"><br></div><div id="ms-outlook-mobile-signature" dir="ltr">{tel}</div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font>{head}</font></div><blockquote>{q}</blockquote></body></html>
outlook ios new | <body><div dir="ltr">{own}</div><br><div id="ms-outlook-mobile-signature">{tel}</div><div id="mail-editor-reference-message-container"><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" style="font-size:11pt">{head}</div><div>{q}</div></div></body>
outlook mac | <body><div class="WordSection1">{ps}<p class="MsoNormal">&nbsp;</p><div id="mail-editor-reference-message-container"><div><div><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{head}</p></div>{q}</div></div></div></div></body>
windows mail | <body><div class=WordSection1>{ps}<p class=MsoNormal>{tel}</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div style='mso-element:para-border-div;border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal style='border:none;padding:0cm'>{head}</p></div><p class=MsoNormal>{q}</p></div></body>
apple mail | <html><body style="overflow-wrap: break-word;">{own}<br><div><br><blockquote type="cite"><div>{line}</div><br class="Apple-interchange-newline"><div>{q}</div></blockquote></div><br></body></html>
iphone | <html><body dir="auto">{divs}<div><br></div><div dir="ltr">{tel}</div><div dir="ltr"><br><blockquote type="cite">{line}<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">\ufeff{q}</div></blockquote></body></html>
iphone signature class | <body dir="auto">{own}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">{tel}</div><div dir="ltr"><br><blockquote type="cite">{line}<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">{q}</div></blockquote></body>
thunderbird | <html><body><p>{own}</p><div class="moz-cite-prefix">{line}<br></div><blockquote type="cite" cite="mid:1@x">{q}</blockquote></body></html>
thunderbird below | <html><body><div class="moz-cite-prefix">{line}<br></div><blockquote type="cite" cite="mid:1@x">{q}</blockquote><p>{own}</p><div class="moz-signature">-- <br>{sig}</div></body></html>
thunderbird signed | <html><body><p>{own}</p><pre class="moz-signature" cols="72">-- ~{name}</pre><div class="moz-cite-prefix">{line}<br></div><blockquote type="cite" cite="mid:1@x">{q}</blockquote></body></html>
mail.ru | <HTML><BODY><div>{own}</div><div>&nbsp;</div><div data-signature-widget="container"><div data-signature-widget="content"><div>--<br>{name}</div></div></div><div>&nbsp;</div><div>&nbsp;</div><blockquote style="border-left:1px solid #0857A6;margin:10px;padding:0 0 0 10px;">{line}<br>&nbsp;<div id=""><div class="js-helper js-readmsg-msg"><div><div id="style_1_BODY">{q}</div></div></div></div></blockquote></BODY></HTML>
mail.ru old | <HTML><BODY>{own}<br><br><br><blockquote style="border-left:1px solid #0857A6; margin:10px; padding:0 0 0 10px;">{line}<br>{q}</blockquote></BODY></HTML>
yandex | <div>{own}</div><div>\u00a0</div><div>{line}</div><blockquote><p>{q}</p></blockquote><div>\u00a0</div><div>\u00a0</div><div>--\u00a0<br />{sig}</div>
yandex above | <div>{own}</div><div> </div><div>-- <br />{sig}</div><div> </div><div> </div><div>{line}</div><blockquote><p>{q}</p></blockquote>
yandex new | <div><div>{own}</div><div> </div></div><div>----------------</div><div>{ynew}</div><blockquote><div>{q}</div></blockquote>
yandex plain | <div xmlns="http://www.w3.org/1999/xhtml">{own}</div><div>{line}</div><blockquote class="210e7a848e8fcb45wmi-quote"><p>{q}</p></blockquote>
rambler | <div>{own}</div><div><br></div><div>{line}</div><blockquote style="margin-left:0;padding-left:10px;border-left:1px solid #cccccc">{q}</blockquote>
ukr.net | <div style="font-family:Arial">{own}</div><div><br></div><article style="margin:15px 5px"><article><i><span>{line}</span></i></article><blockquote style="border-left: 1px solid #ccc;margin: 0;padding: 0 0 0 20px;">{q}</blockquote></article>
abv.bg | {own}<br><br> <blockquote style="margin: 0 0 0 .8ex; border-left: 1px #ccc solid; padding-left: 1ex;">-------- Оригинално писмо --------<br>{head}<br><br>{q}</blockquote>
samsung | <html><body><div dir="auto">{own}</div><div dir="auto"><br></div><div id="composer_signature" dir="auto"><div style="font-size:12px;color:#575757" dir="auto">{tel}</div></div><div dir="auto"><br></div><div align="left" dir="auto" style="font-size:100%;color:#000000"><div>{orig}</div><div>{head}</div><div><br></div></div>{q}</body></html>
yahoo | <html><body><div class="ydp1 yahoo-style-wrap" style="font-family:Helvetica"><div dir="ltr">{own}</div><div><br></div></div><div id="yahoo_quoted_7217" class="yahoo_quoted"><div style="font-family:'Helvetica Neue'"><div>{line}</div><div><br></div><div><br></div><div>{q}</div></div></div></body></html>
yahoo android | {own} <br><br><div id="ymail_android_signature"><a href="https://x.example">{tel}</a></div> <br> <blockquote style="margin: 0 0 20px 0;"> <div style="font-family:Roboto"> <div>{line}</div> </div> <div style="padding: 10px 0 0 20px; border-left: 1px solid #6D00F6;">{q}</div></blockquote>
gmx | <html><head></head><body><div style="font-family: Verdana;font-size: 12.0px;"><div>{own}</div><div>&nbsp;<div name="quote" style="margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5; word-wrap: break-word;"><div style="margin:0 0 10px 0;">{head}</div><div name="quoted-content">{q}</div></div></div></div></body></html>
orange | <p>{own}</p><blockquote style="border-left: 2px solid #cccccc; padding-left: 5px; margin-left: 5px;">> {head}<br>> {q}</blockquote>
zimbra | <html><body><div style="font-family: arial">{divs}<div><br></div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">{head}<br></div><div><br></div><div data-marker="__QUOTED_TEXT__">{q}</div></div></body></html>
zimbra old | <div>{own}</div><br><hr id="zwchr"><blockquote style="border-left:2px solid #1010FF;margin-left:5px;padding-left:5px;">{head}<br><br>{q}</blockquote>
roundcube | <html><body><p>{own}</p><p id="reply-intro">{line}</p><blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px solid; margin: 0">{q}</blockquote></body></html>
roundcube signed | <body><p>{own}</p><div id="signature"><p>---<br>{sig}</p></div><p>{line}</p><blockquote type="cite" style="border-left: #1010ff 2px solid">{q}</blockquote></body>
sogo | <html><p>{own}</p><br><br>{line}<br>&nbsp;<blockquote type="cite" cite="1@x">{q}</blockquote></html>
proton | <div style="font-family: Arial, sans-serif; font-size: 14px;">{own}</div><div class="protonmail_signature_block" style="font-size: 14px;"><div class="protonmail_signature_block-proton">{tel}</div></div><div class="protonmail_quote">{line}<br><blockquote class="protonmail_quote" type="cite">{q}</blockquote><br></div>
spark | <html><body><div name="messageBodySection"><div dir="auto">{own}</div></div><div name="messageSignatureSection"><br><div class="matchFont">{name}</div></div><div name="messageReplySection">{line}<br><blockquote type="cite" style="border-left-color: grey; border-left-width: thin; border-left-style: solid">{q}</blockquote></div></body></html>
evolution | <html><body><div>{own}</div><div><br></div><div>{line}</div><blockquote type="cite" style="margin:0 0 0 .8ex; border-left:2px #729fcf solid;padding-left:1ex"><div>{q}</div></blockquote></body></html>
kmail | <html><body><p style="margin-top:0">{own}</p><br /><p>{line}</p><blockquote style="border-left: 2px solid; padding-left: 4px;">{q}</blockquote></body></html>
em client | <html><body><div>{own}</div><div><br></div><div id="signature_old"><div>{sig}</div></div><div>{orig}</div><div>{head}</div><div><br></div><blockquote cite="1@x" type="cite" class="cite2">{q}</blockquote></body></html>
k-9 | <!DOCTYPE html><html><body><div dir="auto">{own}</div><div dir="auto">-- <br>{tel}</div><div class="gmail_quote"><div dir="auto">{line}</div><blockquote class="gmail_quote" style="margin: 0pt 0pt 0pt 0.8ex;">{q}</blockquote></div></body></html>
notes | <font size=2 face="sans-serif">{own}</font><br><br><br><br><font size=1 color=#5f5f5f face="sans-serif">{head}</font><br><hr noshade><br><br><font size=2>{q}</font>
the bat | <html><head><title>Re</title></head><body><span style="font-family:'Courier New'">{own}<br><br>{line}<br><br></span><table bgcolor=#ffffff><tr><td width=2 bgcolor=#0000ff><br></td><td><span>{q}</span></td></tr></table></body></html>
fastmail | <!DOCTYPE html><html><body><div>{own}</div><div><br></div><div>{line}</div><blockquote type="cite" id="qt" style=""><div>{q}</div></blockquote></body></html>
tutanota | <html><body><div>{own}</div><div><br></div><div>{line}<br></div><blockquote class="tutanota_quote" style="border-left: 1px solid #93A3B8;">{q}</blockquote></body></html>
front | <html><body><div>{own}</div><br><div class="front-signature">{sig}</div><br><div class="front-blockquote-wrapper">{line}<br><blockquote type="cite" class="front-blockquote">{q}</blockquote></div></body></html>
zoho | <html><body><div style="font-family: Verdana">{own}</div><br><div id="Zm-_Id_-Sgn" data-sigid="1"><div>{sig}</div></div><div class="zmail_extra" style=""><div id="Zm-_Id_-Sgn1">{line}</div><br><blockquote style="border-left: 1px solid rgb(204,204,204)">{q}</blockquote></div></body></html>
huawei | <html><body><div dir="auto">{own}</div><div><br></div><div style="line-height:1.5"><div style="font-size:14px">{orig}<br>{head}</div><br>{q}</div></body></html>
miui | <div>{own}</div><div class="quote" style="line-height: 1.5"><br>{line}<br type='attribution'></div><blockquote class="quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">{q}</blockquote>
unmarked | <p>{own}</p><p>{line}</p><p>{q}</p>
"""
LABELS = {
    "ru": "От Отправлено Кому Тема",
    "uk": "Від Надіслано Кому Тема",
    "bg": "От Изпратено До Относно",
    "en": "From Sent To Subject",
    "de": "Von Gesendet An Betreff",
    "fr": "De Envoyé À Objet",
    "es": "De Enviado Para Asunto",
    "pl": "Od Wysłano Do Temat",
    "it": "Da Inviato A Oggetto",
    "nl": "Van Verzonden Aan Onderwerp",
    "pt": "De Enviado Para Assunto",
}
ORIGINALS = {
    "ru": "-------- Исходное сообщение --------",
    "uk": "-------- Вихідне повідомлення --------",
    "bg": "-------- Оригинално съобщение --------",
    "en": "-------- Original message --------",
    "de": "-------- Ursprüngliche Nachricht --------",
    "fr": "-------- Message d'origine --------",
    "es": "-------- Mensaje original --------",
    "pl": "-------- Oryginalna wiadomość --------",
    "it": "-------- Messaggio originale --------",
    "nl": "-------- Oorspronkelijk bericht --------",
    "pt": "-------- Mensagem original --------",
}


def _parts(language: str, number: int) -> dict[str, str]:
    words = WORDS[language]
    at = MOMENTS[number % len(MOMENTS)]
    forms = [form for name, form in table(ATTRIBUTIONS[language]).items() if "fold" not in name and "horde" not in name]
    line = filled(forms[number % len(forms)], language, at)
    own = words.own[number % len(words.own)]
    closing = reply_heads.CLOSINGS[language].split("|")[number % 3]
    telephone = reply_heads.TELEPHONES[language].replace("\n", "|").split("|")[number % 8].partition("<")[0]
    date = "{d} {month} {y} {tt}".format(**pieces(language, at))
    values = (f"{words.desk} <desk@firstline.example>", date, words.writer, "RE: Printer")
    labels = LABELS[language].split()
    head = "<br>".join(f"<b>{label}:</b> {escaped(value)}" for label, value in zip(labels, values, strict=True))
    signature = f"{closing}\n{words.writer}\n+7 495 123-45-67"
    dotted = "{dd}.{mm}.{y}, {tt}".format(**pieces(language, at))
    return {
        "own": escaped(own),
        "divs": "".join(f"<div>{escaped(each) or '<br>'}</div>" for each in own.split("\n")),
        "ps": "".join(
            f"<p class=MsoNormal><span style='font-size:11.0pt'>{escaped(each) or '&nbsp;'}<o:p></o:p></span></p>"
            for each in own.split("\n")
        ),
        "psig": "".join(f"<p class=MsoNormal>{escaped(each)}<o:p></o:p></p>" for each in signature.split("\n")),
        "line": escaped(line),
        "head": head,
        "q": escaped(words.quoted),
        "sig": escaped(signature),
        "name": escaped(words.writer),
        "tel": escaped(telephone),
        "orig": ORIGINALS[language],
        "ynew": f"Кому: {words.writer} (writer@client.example);<br>Тема: Принтер;<br>{dotted}, "
        f"&quot;{words.desk}&quot; &lt;desk@firstline.example&gt;:",
    }


def pages() -> Iterator[Reply]:
    """HTML alone, and HTML beside its plain form."""
    programs = table(PAGES)
    for number, (program, form) in enumerate(programs.items()):
        for place, language in enumerate(WORDS):
            parts = _parts(language, number + place)
            own = WORDS[language].own[(number + place) % len(WORDS[language].own)]
            yield plain(f"{program}, html", language, "", own, form.format(**parts))
