"""Replies as mail programs of eleven languages send them, with the words their writer added."""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from tests.intake import reply_heads
from tests.intake.reply_dates import pieces
from tests.intake.reply_forms import ATTRIBUTIONS, table

MOMENTS = (
    datetime(2026, 11, 20, 14, 5, 11, tzinfo=UTC),
    datetime(2026, 5, 4, 9, 41, 3, tzinfo=UTC),
    datetime(2025, 2, 12, 16, 20, 0, tzinfo=UTC),
    datetime(2026, 8, 30, 23, 59, 59, tzinfo=UTC),
)
SUBJECTS = {"ru": "Принтер на складе", "uk": "Принтер на складі", "bg": "Принтерът в склада"}


class Words(NamedTuple):
    """What one language's people are called and say."""

    desk: str
    writer: str
    own: tuple[str, ...]
    quoted: str


WORDS = {
    "ru": Words(
        "Служба поддержки ООО «Ромашка»",
        "Пётр Сидоров",
        (
            "Спасибо, заработало!\nНо печатает бледно.",
            "Здравствуйте!\n\nПерезагрузил, не помогло. Пишет: ошибка 0x80070005.\nЧто делать дальше?",
            "Да",
            "Добрый день, Мария.\n\n1) Принтер HP, инв. номер 1042\n2) Кабинет 214\n\nТел. для связи: +7 495 123-45-67",
        ),
        "Здравствуйте!\n\nПерезапустите, пожалуйста, принтер и напишите результат.\n\n-- \nС уважением,\nСлужба поддержки",
    ),
    "uk": Words(
        "Служба підтримки",
        "Олена Шевченко",
        (
            "Дякую, запрацювало!\nАле друкує блідо.",
            "Доброго дня!\n\nПерезавантажила, не допомогло. Пише: помилка 0x80070005.\nЩо робити далі?",
            "Так",
        ),
        "Вітаю!\n\nПерезапустіть, будь ласка, принтер і напишіть результат.\n\n-- \nЗ повагою,\nСлужба підтримки",
    ),
    "bg": Words(
        "Поддръжка",
        "Иван Димитров",
        (
            "Благодаря, заработи!\nНо печата бледо.",
            "Здравейте,\n\nРестартирах го, не помогна. Пише: грешка 0x80070005.\nКакво да правя?",
            "Да",
        ),
        "Здравейте!\n\nМоля, рестартирайте принтера и пишете какво стана.\n\n-- \nПоздрави,\nПоддръжка",
    ),
    "en": Words(
        "Service Desk",
        "John Carter",
        (
            "Thanks, it works now!\nBut the print is pale.",
            "Hello Mary,\n\nI restarted it, no luck. It says: error 0x80070005.\nWhat next?",
            "Yes",
        ),
        "Hello,\n\nPlease restart the printer and tell us what happened.\n\n-- \nBest regards,\nService Desk",
    ),
    "de": Words(
        "IT-Hilfe",
        "Jürgen Müller",
        (
            "Danke, es geht wieder!\nAber der Druck ist blass.",
            "Guten Tag,\n\nNeustart hat nicht geholfen. Was nun?",
            "Ja",
        ),
        "Guten Tag,\n\nbitte starten Sie den Drucker neu.\n\n-- \nMit freundlichen Grüßen\nIT-Hilfe",
    ),
    "fr": Words(
        "Support informatique",
        "Hélène Dupont",
        ("Merci, ça marche !\nMais l'impression est pâle.", "Bonjour,\n\nLe redémarrage n'a rien changé. Que faire ?"),
        "Bonjour,\n\nVeuillez redémarrer l'imprimante.\n\n-- \nCordialement,\nSupport",
    ),
    "es": Words(
        "Soporte",
        "José García",
        ("Gracias, ya funciona.\nPero imprime muy claro.", "Hola:\n\nLo reinicié y nada. ¿Qué hago?"),
        "Hola:\n\nReinicie la impresora, por favor.\n\n-- \nSaludos,\nSoporte",
    ),
    "pl": Words(
        "Pomoc techniczna",
        "Łukasz Kowalski",
        ("Dziękuję, działa!\nAle druk jest blady.", "Dzień dobry,\n\nrestart nie pomógł. Co dalej?"),
        "Dzień dobry,\n\nproszę ponownie uruchomić drukarkę.\n\n-- \nPozdrawiam,\nPomoc",
    ),
    "it": Words(
        "Assistenza",
        "Niccolò Rossi",
        ("Grazie, ora funziona!\nMa la stampa è pallida.", "Buongiorno,\n\nriavviata, ma niente. Che faccio?"),
        "Buongiorno,\n\nriavvii la stampante, per favore.\n\n-- \nCordiali saluti,\nAssistenza",
    ),
    "nl": Words(
        "Helpdesk",
        "Daan de Vries",
        ("Dank u, het werkt!\nMaar de afdruk is bleek.", "Goedendag,\n\nherstart hielp niet. Wat nu?"),
        "Goedendag,\n\nherstart de printer alstublieft.\n\n-- \nMet vriendelijke groet,\nHelpdesk",
    ),
    "pt": Words(
        "Suporte",
        "João Conceição",
        ("Obrigado, já funciona!\nMas a impressão está fraca.", "Bom dia,\n\nreiniciei e nada. O que faço?"),
        "Bom dia,\n\nreinicie a impressora, por favor.\n\n-- \nCumprimentos,\nSuporte",
    ),
}
DESK = "desk@firstline.example"
ADDRESS = "writer@client.example"


class Reply(NamedTuple):
    """A letter's parts, and what must be left of it."""

    name: str
    language: str
    sender: str
    subject: str
    text: str
    html: str | None
    own: str


def marked(text: str, sign: str = "> ") -> str:
    return "\n".join(f"{sign}{line}".rstrip() for line in text.split("\n"))


def filled(form: str, language: str, at: datetime) -> str:
    words = WORDS[language]
    return form.format(
        n=words.desk,
        e=DESK,
        to=words.writer,
        s=SUBJECTS.get(language, "Printer in the store"),
        **pieces(language, at),
    )


def plain(name: str, language: str, text: str, own: str, page: str | None = None, subject: str = "") -> Reply:
    words = WORDS[language]
    topic = subject or f"Re: {SUBJECTS.get(language, 'Printer in the store')}"
    return Reply(f"{language}: {name}", language, f"{words.writer} <{ADDRESS}>", topic, text, page, own)


def attributed() -> Iterator[Reply]:
    """The answer above what it answers, and below, with ``>`` and without."""
    for language, forms in ATTRIBUTIONS.items():
        words = WORDS[language]
        for number, (program, form) in enumerate(table(forms).items()):
            line = filled(form, language, MOMENTS[number % len(MOMENTS)])
            own = words.own[number % len(words.own)]
            yield plain(f"{program}, above", language, f"{own}\n\n{line}\n\n{marked(words.quoted)}\n", own)
            yield plain(f"{program}, tight", language, f"{own}\n{line}\n{marked(words.quoted)}\n", own)
            yield plain(f"{program}, below", language, f"{line}\n{marked(words.quoted)}\n\n{own}\n", own)
            if not program.startswith(("old outlook", "horde", "gnus")):
                yield plain(f"{program}, unmarked", language, f"{own}\n\n{line}\n\n{words.quoted}\n", own)
            quoted = marked(f"{line}\n\n{words.quoted}")
            if program.startswith(("apple", "mail.ru", "gmail")):
                yield plain(f"{program}, inside", language, f"{own}\n\n{quoted}\n", own)


def headed() -> Iterator[Reply]:
    """The answer above the head of the letter it answers."""
    for language, forms in reply_heads.HEADS.items():
        words = WORDS[language]
        for number, (program, form) in enumerate(table(forms).items()):
            head = filled(form, language, MOMENTS[number % len(MOMENTS)])
            own = words.own[number % len(words.own)]
            quoted = marked(words.quoted) if program.startswith(("orange", "abv.bg")) else words.quoted
            yield plain(f"{program}", language, f"{own}\n\n{head}\n\n{quoted}\n", own)
            yield plain(f"{program}, tight", language, f"{own}\n{head}\n{quoted}\n", own)


def telephones() -> Iterator[Reply]:
    """A telephone's last line, with a quotation below it and without."""
    for language, lines in reply_heads.TELEPHONES.items():
        words = WORDS[language]
        forms = list(table(ATTRIBUTIONS[language]).values())
        for number, line in enumerate(lines.replace("\n", "|").split("|")):
            own = words.own[number % len(words.own)]
            head = filled(forms[number % len(forms)], language, MOMENTS[number % len(MOMENTS)])
            yield plain(f"{line}, alone", language, f"{own}\n\n{line}\n", own)
            yield plain(f"{line}, quoting", language, f"{own}\n\n{line}\n\n{head}\n\n{marked(words.quoted)}\n", own)
            yield plain(f"{line}, delimited", language, f"{own}\n\n-- \n{line}\n", own)


def closed() -> Iterator[Reply]:
    """A closing formula with a name, a job and telephones, above a quotation."""
    for language, lines in reply_heads.CLOSINGS.items():
        words = WORDS[language]
        head = next(iter(table(reply_heads.HEADS[language]).values()))
        quoted = f"{filled(head, language, MOMENTS[0])}\n\n{words.quoted}"
        cards = (
            words.writer,
            f"{words.writer}\n+7 495 123-45-67",
            f"{words.writer}\nIT\nACME Ltd.\ntel.: +359 2 123 45 67, mob. +359 88 123 4567\n{ADDRESS}\nwww.client.example",
            words.writer.split()[0],
        )
        for number, (closing, card) in enumerate(itertools.product(lines.split("|"), cards)):
            own = words.own[number % len(words.own)]
            signature = f"{closing}\n{card}"
            yield plain(f"{closing} {number}, alone", language, f"{own}\n\n{signature}\n", own)
            yield plain(f"{closing} {number}, quoting", language, f"{own}\n\n{signature}\n\n{quoted}\n", own)
            yield plain(f"{closing} {number}, delimited", language, f"{own}\n\n-- \n{signature}\n", own)
            if number % 4 == 0:
                yield plain(f"{closing}, one line", language, f"{own}\n\n{closing} {card}\n", own)


def forwarded() -> Iterator[Reply]:
    """A letter passed on: nothing of it is cut away."""
    for number, (program, line) in enumerate(table(reply_heads.FORWARDS).items()):
        language = next((each for each in WORDS if f" {each}" in f" {program}"), "ru")
        words = WORDS[language]
        form = list(table(reply_heads.HEADS[language]).values())[number % 3]
        head = filled(form.removeprefix(reply_heads.OUTLOOK), language, MOMENTS[0])
        own = words.own[number % len(words.own)]
        text = f"{own}\n\n{line}\n{head}\n\n{words.quoted}"
        yield plain(f"forwarded, {program}", language, text, text, subject=f"Fwd: {words.own[0].split()[0]}")
        yield plain(f"forwarded without a mark, {program}", language, text, text, subject="Printer")


def escaped(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
