"""Facts that other mail programs' suites state about their mails (data README)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from firstline.intake.reading import letters
from firstline.intake.reading.letters import Letter
from tests.corpora.mails import fold, of_folder

pytestmark = pytest.mark.corpora


def read(corpora: Path, name: str) -> Letter:
    return letters.read((corpora / name).read_bytes())


def facts(corpora: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((corpora / "redmine-mail-handler" / "expected.json").read_text())
    return found


def test_the_facts_of_redmine_hold(corpora: Path) -> None:
    checked = 0
    for fact in facts(corpora):
        if "file" not in fact:
            continue
        letter = read(corpora, f"redmine-mail-handler/{fact['file']}")
        name = fact["file"]
        if "subject" in fact:
            assert letter.subject == fact["subject"], name
        assert fact.get("subject_contains", "") in letter.subject, name
        if "description" in fact:
            # A damaged character may be shown as U+FFFD instead of "?".
            assert fold(letter.text).replace("\ufffd", "?") == fold(fact["description"]), name
        for words in (*fact.get("description_contains", []), *fact.get("body_contains", [])):
            assert words in letter.text, name
            assert words in letter.reply_text, name
        for words in fact.get("description_excludes", []):
            assert words not in letter.text, name
        for file in fact.get("attachments", []):
            part = next(part for part in letter.attachments if part.name == file["filename"])
            assert part.size == file["size"], name
            assert part.sha256 == file.get("sha256", part.sha256), name
        assert letter.from_email == fact.get("from_email", letter.from_email), name
        checked += 1
    assert checked == 28


def test_the_automatic_headers_of_redmine_are_known(corpora: Path) -> None:
    fact = next(fact for fact in facts(corpora) if "headers_prepended_to" in fact)
    raw = (corpora / "redmine-mail-handler" / fact["headers_prepended_to"]).read_bytes()
    for header in fact["must_not_create"]:
        assert letters.read(header.encode() + b"\n" + raw).auto is not None
    for header in fact["must_create"]:
        assert letters.read(header.encode() + b"\n" + raw).auto is None


def test_the_mail_without_a_sender_is_not_readable(corpora: Path) -> None:
    assert not read(corpora, "redmine-mail-handler/ticket_without_from_header.eml").readable


def test_raw_koi8_without_any_declaration_is_read(corpora: Path) -> None:
    letter = read(corpora, "rt-mail/emails/russian-subject-no-content-type")
    assert (letter.subject, letter.text) == ("тест тест", "ТЕСТ")


def test_gb18030_without_any_declaration_is_read(corpora: Path) -> None:
    letter = read(corpora, "rt-mail/emails/new-ticket-from-gb18030")
    assert (letter.subject, letter.text) == ("测试", "测试")


def test_a_uuencoded_picture_is_one_attachment(corpora: Path) -> None:
    letter = read(corpora, "rt-mail/emails/notes-uuencoded")
    assert [(part.name, part.size) for part in letter.attachments] == [("Naz_Head.jpg", 104_846)]


def test_a_russian_letter_with_nul_bytes_is_read(corpora: Path) -> None:
    letter = read(corpora, "freescout-mail/message-4-null-bytes.eml")
    assert letter.subject.startswith("актив")
    assert "Мой рабочий стол в анидеск" in letter.text


@pytest.mark.parametrize(
    ("folder", "kinds"), [("rt-mail/gnupg", ("pgp", "asc", "gpg", "sig")), ("rt-mail/smime", ("pkcs7",))]
)
def test_signatures_and_secrets_stay_attachments(corpora: Path, folder: str, kinds: tuple[str, ...]) -> None:
    count = 0
    for path in of_folder(corpora, folder):
        raw = path.read_bytes()
        if not path.name[0].isdigit():
            continue
        letter = letters.read(raw)
        inline = b"-----BEGIN PGP" in raw and b"multipart/encrypted" not in raw and b"multipart/signed" not in raw
        assert inline or any(
            any(kind in f"{part.content_type} {part.name}" for kind in kinds) for part in letter.attachments
        ), path.name
        count += 1
    assert count >= 9


def test_signed_words_can_be_read(corpora: Path) -> None:
    assert "This is a test email" in read(corpora, "rt-mail/gnupg/emails/1-signed-MIME-plain.txt").text
    assert "This is a test email" in read(corpora, "rt-mail/smime/mails/1-signed.eml").text


def test_names_of_files_of_one_reported_bug_per_mail(corpora: Path) -> None:
    for path in of_folder(corpora, "webklex-php-imap"):
        for part in letters.read(path.read_bytes()).attachments:
            assert "=?" not in part.name, path.name
            assert not any(sign in part.name for sign in ("%20", "%C", "%D", "/", "\\")), path.name
    letter = read(corpora, "webklex-php-imap/attachment_encoded_filename.eml")
    assert letter.attachments[0].name == "Prostřeno_2014_poslední volné termíny.xls"


def test_more_than_three_hundred_attachments_are_all_kept(corpora: Path) -> None:
    assert len(read(corpora, "php-mime-mail-parser/issue408.eml").attachments) == 328


def test_a_blank_body_with_an_attachment_is_a_letter(corpora: Path) -> None:
    letter = read(corpora, "django-helpdesk-mail/blank-body-with-attachment.eml")
    assert letter.readable
    assert letter.attachments


def test_the_five_reports_of_mikel_are_bounces(corpora: Path) -> None:
    mails = of_folder(corpora, "mikel-mail/emails/multipart_report_emails")
    assert len(mails) == 5
    assert {letters.read(path.read_bytes()).auto for path in mails} == {"bounce"}
