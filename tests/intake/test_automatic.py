"""What a machine wrote is known as such, so that no machine is ever answered; what a person wrote is not (rule 6)."""

from __future__ import annotations

import pytest

from firstline.intake.reading import letters
from tests.intake.writing import REST, letter, mixed, text


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ("Auto-Submitted: auto-replied", "auto-reply"),
        ("Auto-Submitted: Auto-Replied; owner-email=x", "auto-reply"),
        ("Auto-Submitted: auto-generated", "auto-generated"),
        ("Auto-Submitted: auto-notified", "auto-generated"),
        ("Auto-Submitted: something-new", "auto-generated"),
        ("X-Autoreply: yes", "auto-reply"),
        ("X-Autorespond: vacation", "auto-reply"),
        ("X-Auto-Response-Suppress: OOF\nAuto-Submitted: auto-generated", "auto-reply"),
        ("Precedence: auto_reply", "auto-reply"),
        ("Precedence: list", "list"),
        ("Precedence: bulk", "list"),
        ("Precedence: junk", "auto-generated"),
        ("List-Id: <news.example.com>", "list"),
        ("List-Unsubscribe: <mailto:u@x.example>", "list"),
        ("Return-Path: <>", "auto-generated"),
        ("Return-Path: <MAILER-DAEMON>", "auto-generated"),
    ],
)
def test_headers_of_machines_are_known(headers: str, kind: str) -> None:
    assert letters.read(letter(more=headers + "\n")).auto == kind


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: no",
        "Auto-Submitted: auto-forwarded",
        "Auto-Submitted: auto-forwarded\nReturn-Path: <>",
        "X-Auto-Response-Suppress: All",
        "X-Autoreply: no",
        "Precedence: normal",
        "Precedence: first-class",
        "Return-Path: <ivan@client.example>",
        "X-MS-Exchange-Organization-AuthAs: Internal\nX-Auto-Response-Suppress: DR, OOF, AutoReply",
    ],
)
def test_headers_that_a_persons_letter_may_have_are_no_mark(headers: str) -> None:
    assert letters.read(letter(more=headers + "\n")).auto is None


@pytest.mark.parametrize(
    "subject",
    [
        "Out of office: Printer",
        "Automatic reply: Printer",
        "Auto: Out of the office",
        "AUTO: Ivan Petrov is out of the office (returning 05.05.2026)",
        "Автоответ: Принтер",
        "Автоматический ответ: Принтер",
        "Re: Нахожусь в отпуске",
        "В отпуске до 5 мая",
        "Автоматичен отговор: Принтер",
        "Отсъствам от офиса",
        "Abwesenheitsnotiz: Drucker",
        "Automatische Antwort: Drucker",
        "Réponse automatique : Imprimante",
        "Respuesta automática: Impresora",
        "Risposta automatica: Stampante",
        "Automatyczna odpowiedź: Drukarka",
        "Away until May 5",
        "Auto reply: Printer",
        "I am on vacation",
        "Automatisch antwoord: Printer",
        "Автоматична відповідь: Принтер",
    ],
)
def test_absence_notes_are_known_by_their_subject_in_many_languages(subject: str) -> None:
    assert letters.read(letter(subject=subject)).auto == "auto-reply"


@pytest.mark.parametrize(
    "subject",
    [
        "Printer is out of order",
        "Не работает автоответчик",
        "Настройте автоответ на время отпуска",
        "Заявка на отпуск",
        "Away team cannot log in",
        "Autodesk license",
        "Отсутствует интернет",
        "Отсутствуют права в 1С",
        "Отсъства звук",
        "Automatic doors are broken",
        "Нет на месте кабеля питания",
        "Absence of sound",
        "Automation server down",
        "Automatic reply does not work",
        "Out of office message must be changed",
        "Auto: new tyres for the company car",
    ],
)
def test_subjects_about_such_things_are_requests(subject: str) -> None:
    assert letters.read(letter(subject=subject)).auto is None


def test_a_receipt_is_a_receipt_and_a_complaint_a_complaint() -> None:
    receipt = (
        b"Content-Type: message/disposition-notification\n\nDisposition: manual-action/MDN-sent-manually; displayed\n"
    )
    complaint = b"Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n"
    assert (
        letters.read(mixed(text("read"), receipt, kind="report; report-type=disposition-notification")).auto
        == "read-receipt"
    )
    read = letters.read(mixed(text("abuse"), complaint, kind="report; report-type=feedback-report"))
    assert (read.auto, read.bounce) == ("feedback-report", None)


@pytest.mark.parametrize("sender", ["noreply@shop.example", "no-reply@shop.example", "MAILER-DAEMON@shop.example"])
def test_who_cannot_be_answered_is_still_read(sender: str) -> None:
    read = letters.read(f"From: Shop <{sender}>\n".encode() + REST + b"Subject: Your order\n\nthank you")
    assert read.from_email == sender
    assert read.readable
