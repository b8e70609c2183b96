"""A reply is shown without the letter it answers and without the signature; own words are never lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstline.intake.reading import replies
from firstline.intake.reading.addresses import Address
from firstline.lib import html

QUOTED = "> Здравствуйте! Перезапустите принтер.\n> С уважением, служба поддержки"
HEADS = {
    "gmail ru": "пт, 20 нояб. 2026 г. в 14:05, Служба поддержки <desk@firstline.example>:",
    "gmail bg": "На пт, 20.11.2026 г. в 14:05 Поддръжка <desk@firstline.example> написа:",
    "gmail en": "On Fri, Nov 20, 2026 at 2:05 PM Desk <desk@firstline.example> wrote:",
    "gmail en folded": "On Fri, Nov 20, 2026 at 2:05 PM Service desk of the company\n<desk@firstline.example> wrote:",
    "gmail uk": "пт, 20 лист. 2026 р. о 14:05 Служба підтримки <desk@firstline.example> пише:",
    "gmail de": "Am Fr., 20. Nov. 2026 um 14:05 Uhr schrieb Desk <desk@firstline.example>:",
    "gmail fr": "Le ven. 20 nov. 2026 à 14:05, Desk <desk@firstline.example> a écrit :",
    "gmail es": "El vie, 20 nov 2026 a las 14:05, Desk (<desk@firstline.example>) escribió:",
    "gmail pl": "pt., 20 lis 2026 o 14:05 Desk <desk@firstline.example> napisał(a):",
    "gmail it": "Il giorno ven 20 nov 2026 alle ore 14:05 Desk <desk@firstline.example> ha scritto:",
    "gmail nl": "Op vr 20 nov 2026 om 14:05 schreef Desk <desk@firstline.example>:",
    "gmail pt": "Em sex., 20 de nov. de 2026 às 14:05, Desk <desk@firstline.example> escreveu:",
    "yandex": '20.11.2026, 14:05, "Служба поддержки" <desk@firstline.example>:',
    "thunderbird ru": "20.11.2026 14:05, Служба поддержки пишет:",
    "thunderbird bg": "На 20.11.2026 г. в 14:05, Поддръжка написа:",
    "apple": "On 20 Nov 2026, at 14:05, Desk <desk@firstline.example> wrote:",
    "the bat": "Вы писали 20 ноября 2026 г., 14:05:11:",
    "mail.ru": ">Пятница, 20 ноября 2026, 14:05 +03:00 от Служба <desk@firstline.example>:\n>",
}
LABELS = {
    "outlook ru": "От|Отправлено|Кому|Тема",
    "outlook bg": "От|Изпратено|До|Относно",
    "outlook uk": "Від|Надіслано|Кому|Тема",
    "outlook en": "From|Sent|To|Subject",
    "outlook en bold": "*From|*Sent|*To|*Subject",
    "outlook de": "Von|Gesendet|An|Betreff",
    "outlook fr": "De |Envoyé |À |Objet ",
    "outlook es": "De|Enviado|Para|Asunto",
    "outlook pl": "Od|Wysłano|Do|Temat",
    "outlook it": "Da|Inviato|A|Oggetto",
    "outlook nl": "Van|Verzonden|Aan|Onderwerp",
    "outlook pt": "De|Enviada em|Para|Assunto",
}
VALUES = ("Desk <desk@firstline.example>", "20 November 2026 14:05", "Ivan", "RE: Printer")
BLOCKS = {
    name: "\n".join(
        f"{label}:{'*' if label.startswith('*') else ''} {value}"
        for label, value in zip(labels.split("|"), VALUES, strict=True)
    )
    for name, labels in LABELS.items()
}
BLOCKS["hotmail"] = (
    "Date: Fri, 20 Nov 2026 14:05:00 +0300\nSubject: Re: Printer\nFrom: desk@firstline.example\nTo: ivan@client.example"
)
RULES = [
    "",
    "-----Исходное сообщение-----\n",
    "-----Original Message-----\n",
    "________________________________\n",
    "-----Оригинално съобщение-----\n",
]
OWN = "Спасибо, заработало!\nНо печатает бледно."


def plain(text: str, subject: str = "Re: Printer", sender: Address | None = None) -> str:
    return replies.strip(text, None, subject, sender).text


def marked(markup: str, subject: str = "Re: Printer") -> replies.Reply:
    return replies.strip(html.text(markup), html.tidied(markup), subject, None)


@pytest.mark.parametrize("head", HEADS)
def test_what_stands_below_a_line_that_names_the_writer_is_gone(head: str) -> None:
    assert plain(f"{OWN}\n\n{HEADS[head]}\n\n{QUOTED}\n") == OWN
    assert plain(f"{OWN}\n{HEADS[head]}\n{QUOTED}\n") == OWN


@pytest.mark.parametrize("head", [name for name in HEADS if name not in ("mail.ru", "the bat")])
def test_a_quotation_without_marks_is_gone_too(head: str) -> None:
    assert plain(f"{OWN}\n\n{HEADS[head]}\n\nЗдравствуйте! Перезапустите принтер.\n") == OWN


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("rule", RULES)
def test_what_stands_below_the_head_of_a_letter_is_gone(block: str, rule: str) -> None:
    assert plain(f"{OWN}\n\n{rule}{BLOCKS[block]}\n\nПерезапустите принтер.") == OWN


def test_words_below_the_quotation_are_own_words() -> None:
    assert plain(f"{HEADS['gmail en']}\n{QUOTED}\n\n{OWN}") == OWN


def test_words_between_quotations_are_own_words() -> None:
    text = f"{HEADS['gmail ru']}\n> Перезапустили?\n> Или нет?\n\nДа, два раза.\n\n> Помогло?\n> Совсем?\n\nНет."
    assert plain(text) == "Да, два раза.\n\nНет."


@pytest.mark.parametrize(
    "text",
    [
        "One outstanding question: it does not print.",
        "On Monday it worked.\nOn Tuesday it did not:\nthe light is red.",
        "Нажимаю кнопку и пишет:\nошибка 0x80070005\nчто делать?",
        "В 14:05 принтер пишет:\n«Нет бумаги»",
        "From: это поле пустое\nпомогите",
        "Sent from my desk, is much easier then my mobile phone.",
        "Here is a fix -- this is not a signature.\n\nkthxbai",
        "Отправлено с ошибкой, повторите, пожалуйста",
        "Команда:\n> dir\nничего не делает",
        "To: do list\nSubject: none",
        "Тема: принтер\nне печатает",
    ],
)
def test_a_letter_that_only_looks_like_a_quotation_stays_whole(text: str) -> None:
    assert plain(text, subject="Printer") == text


@pytest.mark.parametrize(
    "text",
    [
        QUOTED,
        f"{HEADS['gmail en']}\n{QUOTED}",
        BLOCKS["outlook ru"] + "\n\nтекст",
        "-- \nИван",
        "С уважением,\nИван",
        "-----Original Message-----\ntext",
        "> ok",
    ],
)
def test_a_letter_of_nothing_else_is_shown_whole(text: str) -> None:
    assert plain(text).split() == text.split()


@pytest.mark.parametrize(
    "head",
    [
        "---------- Forwarded message ---------",
        "-------- Перенаправленное сообщение --------",
        "-------- Пересылаемое сообщение --------",
        "Begin forwarded message:",
        "-------- Препратено съобщение --------",
        "---------- Пересилане повідомлення ----------",
    ],
)
def test_a_letter_that_is_passed_on_keeps_what_it_passes_on(head: str) -> None:
    text = f"Посмотрите, пожалуйста.\n\n{head}\n{BLOCKS['outlook ru']}\n\nНе печатает принтер.\n\nС уважением,\nАнна"
    assert plain(text, subject="Fwd: Принтер") == text
    assert plain(text, subject="Принтер") == text


def test_a_subject_that_says_forwarded_keeps_a_bare_head_too() -> None:
    text = f"Посмотрите.\n\n{BLOCKS['outlook ru']}\n\nНе печатает."
    assert plain(text, subject="FW: Принтер") == text
    assert plain(text, subject="RE: Принтер") == "Посмотрите."


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nИван Петров\n+7 495 000-00-00",
        "--\nIvan",
        "С уважением,\nИван Петров",
        "С уважением, Иван Петров",
        "Поздрави,\nИван",
        "Best regards,\nIvan Petrov\nClient Ltd.",
        "Mit freundlichen Grüßen\nIvan",
        "Sent from my iPhone",
        "Отправлено с iPhone",
        "Изпратено от моя iPhone",
        "Get Outlook for iOS",
        "Отправлено из мобильной Яндекс Почты",
        "Sent from Mail for Windows",
        "Спасибо,\nИван Петров",
        "З повагою,\nІван",
        "Иван Петров\nivan@client.example\n+7 495 000-00-00",
    ],
)
def test_a_signature_is_gone(signature: str) -> None:
    sender = Address("Иван Петров", "ivan@client.example")
    assert plain(f"{OWN}\n\n{signature}", sender=sender) == OWN
    assert plain(f"{OWN}\n\n{signature}\n\n{HEADS['gmail ru']}\n{QUOTED}", sender=sender) == OWN


@pytest.mark.parametrize(
    "line",
    [
        "Это сообщение и любые вложения предназначены только для адресата.",
        "Цей лист призначений лише для отримувача.",
        "This message is intended only for the named recipient.",
    ],
)
def test_a_short_line_of_lawyers_hides_no_signature(line: str) -> None:
    said = f"Вопрос решён, закрывайте.\n\nС уважением,\n\nОльга Кузнецова\nбухгалтер\n\n{line}"
    assert replies.strip(said, None, "Re: x", Address("Ольга Кузнецова", "olga@client.example")).text == (
        "Вопрос решён, закрывайте."
    )


def test_a_letter_that_says_whom_it_is_for_says_it() -> None:
    said = "Добрый день.\n\nЭто письмо предназначено для бухгалтерии, передайте его, пожалуйста."
    assert replies.strip(said, None, "x", None).text == said


def test_days_from_and_to_are_no_head_of_a_letter() -> None:
    said = "Прошу исправить в карточке:\nОт: 01.12.2026\nДо: 31.12.2026 г.\nТема: отпуск\n\nСпасибо, жду."
    assert replies.strip(said, None, "x", None).text == said


def test_thanks_of_an_unknown_writer_stay() -> None:
    assert plain("Hi. I am fine.\n\nThanks,\nAlex") == "Hi. I am fine.\n\nThanks,\nAlex"


@pytest.mark.parametrize(
    "markup",
    [
        (
            '<div dir="ltr">Спасибо</div><br><div class="gmail_quote"><div class="gmail_attr">пт, 20 '
            'нояб. 2026 г. в 14:05, Desk &lt;d@x.example&gt;:<br></div><blockquote class="gmail_quote">'
            "Перезапустите</blockquote></div>"
        ),
        (
            '<p>Спасибо</p><div><hr><div id="divRplyFwdMsg"><b>От:</b> Desk<br><b>Отправлено:</b> 20 '
            "ноября<br></div><div>Перезапустите</div></div>"
        ),
        (
            '<p>Спасибо</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Desk<br>'
            "<b>Sent:</b> Friday<br><b>To:</b> Ivan</p></div><p>Перезапустите</p>"
        ),
        (
            '<div>Спасибо</div><blockquote type="cite"><div>On 20 Nov 2026, at 14:05, Desk wrote:</div>'
            "Перезапустите</blockquote>"
        ),
        '<p>Спасибо</p><p>20.11.2026, 14:05, "Desk" &lt;d@x.example&gt;:</p><blockquote>Перезапустите</blockquote>',
        "<HTML><BODY><p>Спасибо</p><br>Пятница, 20 ноября 2026, 14:05 +03:00 от Desk "
        "&lt;d@x.example&gt;:<br><blockquote style='border-left:1px solid "
        "#0857A6'>Перезапустите</blockquote></BODY></HTML>",
        (
            '<div>Спасибо</div><div class="moz-cite-prefix">20.11.2026 14:05, Desk пишет:<br></div>'
            '<blockquote type="cite" cite="mid:1">Перезапустите</blockquote>'
        ),
        (
            '<div>Спасибо</div><div class="ydp1yahoo_quoted" id="yahoo_quoted_1">On Friday, Desk '
            "wrote: Перезапустите</div>"
        ),
        (
            '<div>Спасибо</div><div class="protonmail_quote">On Friday Desk wrote:<blockquote>'
            "Перезапустите</blockquote></div>"
        ),
        "<p class=MsoNormal>Спасибо</p><p class=MsoNormal><b>От:</b> Desk<br><b>Отправлено:</b> 20 "
        "ноября<br><b>Кому:</b> Иван<br><b>Тема:</b> RE: x</p><p class=MsoNormal>Перезапустите</p>",
        (
            '<div>Спасибо</div><div id="appendonsend"></div><hr><div><b>Von:</b> Desk<br><b>Gesendet:</b>'
            " Freitag<br></div>Перезапустите"
        ),
    ],
)
def test_the_quotation_in_html_is_found_by_its_structure(markup: str) -> None:
    reply = marked(markup)
    assert reply.text == "Спасибо"
    assert reply.html == "<p>Спасибо</p>"


def test_a_blockquote_of_the_writer_himself_stays() -> None:
    reply = marked("<p>The light says</p><blockquote>PC LOAD LETTER</blockquote><p>what now?</p>", subject="Printer")
    assert reply.text.split() == "The light says PC LOAD LETTER what now?".split()  # noqa: SIM905


def test_own_html_keeps_its_form() -> None:
    reply = marked(
        "<p>Ошибка <b>0x80</b></p><ul><li>раз</li></ul>"
        '<div class="gmail_quote">On Fri, Nov 20, 2026 at 2:05 PM D &lt;d@x.example&gt; wrote: x</div>'
    )
    assert reply.html == "<p>Ошибка <strong>0x80</strong></p><ul><li>раз</li></ul>"


_LINE = st.sampled_from(
    [
        "own words",
        "",
        "> quoted",
        ">> deeper",
        "-- ",
        "On Mon, 1 Jan 2026, X <x@y.example> wrote:",
        "From: X",
        "Sent: now",
        "To: Y",
        "Subject: Z",
        "-----Original Message-----",
        "С уважением,",
        "Иван",
        "_" * 30,
        "Sent from my iPhone",
        "---------- Forwarded message ---------",
        "  ",
        "•",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(_LINE, max_size=25), st.sampled_from(["Re: x", "Fwd: x", ""]))
def test_words_never_become_nothing_and_nothing_is_made_up(lines: list[str], subject: str) -> None:
    text = "\n".join(lines)
    reply = plain(text, subject)
    assert bool(reply.strip()) == bool(text.strip())
    # Every line of the reply stood in the letter, in the same order.
    rest = iter(line.rstrip() for line in lines)
    assert all(any(line.rstrip() == other for other in rest) for line in reply.split("\n") if line.strip())


@settings(max_examples=200, deadline=None)
@given(st.lists(_LINE, max_size=25))
def test_words_in_html_never_become_nothing(lines: list[str]) -> None:
    markup = "".join(f"<div>{line.replace('>', '&gt;') or '<br>'}</div>" for line in lines)
    reply = marked(markup)
    assert bool(reply.text.strip()) == bool(html.text(markup).strip())


@pytest.mark.parametrize(
    "line",
    ["> quoted\n", "On a@b wrote:\n", "From: x\nTo: y\nSubject: z\n", "word\n", "-- \n", "\n", "On Mon, 1 Jan 2026\n"],
)
def test_the_time_grows_with_the_text_and_not_with_its_square(line: str) -> None:
    def seconds(count: int) -> float:
        text = line * count
        started = time.process_time()
        plain(text)
        return time.process_time() - started

    seconds(100)
    small = min(seconds(4_000) for _turn in range(3))
    large = min(seconds(32_000) for _turn in range(2))
    assert large < max(2.0, small * 8 * 4), "eight times the text would cost 64 times with its square"
