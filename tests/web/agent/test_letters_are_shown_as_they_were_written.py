"""What a letter said stays as it was written: quotations folded, pictures in place, others only for whoever asks."""

from __future__ import annotations

import base64
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone, translation

from firstline.blobs import store
from firstline.intake.reading import appointments
from firstline.people.models import Person
from firstline.tickets.models import Message, Ticket
from firstline.tickets.opening import File, Words
from firstline.web.agent import appointment_words
from tests import cast
from tests.intake.mail import mailbox, process

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PAGE = (
    '<div>Вот <b>фото</b>: <img src="cid:photo@1" alt="панель"> <img src="https://ads.example/t.gif" alt="чужая"></div>'
    '<div class="gmail_quote"><div class="gmail_attr">пт, 20 нояб. 2026 г. в 14:05, Desk &lt;d@x.example&gt;:<br></div>'
    '<blockquote class="gmail_quote">Пришлите фото</blockquote></div>'
)
INVITATION = (
    "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Замена <b>принтера</b>\nLOCATION:Склад\n"
    "DTSTART:20261120T140500Z\nDTEND:20261120T150000Z\nORGANIZER;CN=Иван:mailto:ivan@north.example\n"
    "END:VEVENT\nEND:VCALENDAR\n"
)


def raw(page: str = PAGE, sender: str = "Иван <ivan@north.example>") -> bytes:
    head = f"From: {sender}\nTo: desk@firm.example\nSubject: Re: Printer\nMessage-ID: <p1@north.example>\n"
    head += "Date: Fri, 20 Nov 2026 14:05:00 +0300\nMIME-Version: 1.0\n"
    picture = base64.encodebytes(PIXEL).decode()
    return (
        f"{head}Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\n\n{page}\n"
        f"--b\nContent-Type: image/png\nContent-ID: <photo@1>\nContent-Transfer-Encoding: base64\n\n{picture}\n--b--\n"
    ).encode()


@pytest.fixture
def letter(stage: SimpleNamespace) -> Message:
    mailbox()
    row = process(raw(sender=f"Ivan <{stage.ivan.email}>"))
    return Message.objects.get(inbound=row)


def page(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_answer_keeps_its_own_look_and_its_pictures(olga: Client, letter: Message) -> None:
    html = page(olga, f"/desk/tickets/{letter.ticket_id}/")
    picture = letter.attachments.get()

    before = html[: html.index("Whole letter with quotation")]
    assert "<strong>фото</strong>" in before
    assert f'<img src="/desk/files/{picture.pk}/picture" alt="панель"' in before
    assert "Пришлите фото" not in before
    assert "Пришлите фото" in html
    assert olga.get(f"/desk/files/{picture.pk}/picture").content == PIXEL


def test_a_picture_within_the_words_is_not_named_as_a_file_again(olga: Client, letter: Message) -> None:
    picture = letter.attachments.get()
    assert f'href="/desk/files/{picture.pk}" download' not in page(olga, f"/desk/tickets/{letter.ticket_id}/")


def test_pictures_of_other_hosts_are_shown_to_whoever_asks_in_the_frame_only(olga: Client, letter: Message) -> None:
    ticket = page(olga, f"/desk/tickets/{letter.ticket_id}/")
    assert 'src="https://ads.example' not in ticket
    assert f'href="/desk/messages/{letter.pk}/?pictures=yes"' in ticket

    quiet = olga.get(f"/desk/messages/{letter.pk}/original")
    assert "https:" not in quiet["Content-Security-Policy"]
    assert b'src="https://ads.example' not in quiet.content
    assert b"data:image/png;base64," in quiet.content

    asked = olga.get(f"/desk/messages/{letter.pk}/original?pictures=yes")
    assert "img-src 'self' data: https: http:" in asked["Content-Security-Policy"]
    assert "sandbox" in asked["Content-Security-Policy"]
    assert b'src="https://ads.example/t.gif"' in asked.content
    assert asked["Referrer-Policy"] == "no-referrer"
    assert "pictures=yes" in page(olga, f"/desk/messages/{letter.pk}/")


def test_the_client_sees_his_words_and_pictures_too(client: Client, stage: SimpleNamespace, letter: Message) -> None:
    client.force_login(stage.ivan)
    html = page(client, f"/portal/requests/{letter.ticket_id}/")
    picture = letter.attachments.get()
    path = f"/portal/requests/{letter.ticket_id}/files/{picture.pk}/picture"

    assert f'<img src="{path}"' in html[: html.index("p-quoted")]
    assert "ads.example" not in html
    shown = client.get(path)
    assert (shown.content, shown["Content-Type"]) == (PIXEL, "image/png")
    client.force_login(stage.stoyan)
    assert client.get(path).status_code == 404


def with_file(stage: SimpleNamespace, content: bytes, name: str, kind: str) -> Ticket:
    return cast.ticket(stage, words=Words(text="см. файл", files=[File(store.keep(content), name, kind)]))


def test_what_is_no_picture_is_not_shown_as_one(client: Client, stage: SimpleNamespace) -> None:
    ticket = with_file(stage, b"<svg onload=alert(1)>", "p.png", "image/png")
    client.force_login(stage.ivan)
    picture = ticket.messages.get().attachments.get()
    assert client.get(f"/portal/requests/{ticket.pk}/files/{picture.pk}/picture").status_code == 404


def test_an_invitation_says_what_when_and_who(olga: Client, stage: SimpleNamespace) -> None:
    ticket = with_file(stage, INVITATION.encode(), "invite.ics", "text/calendar")
    file = ticket.messages.get().attachments.get()
    path = f"/desk/files/{file.pk}/appointment"
    assert f'href="{path}"' in page(olga, f"/desk/tickets/{ticket.pk}/")

    for html in (page(olga, path), str(olga.get(path, headers={"HX-Request": "true"}).content.decode())):
        for words in ("Замена &lt;b&gt;принтера&lt;/b&gt;", "2026-11-20 14:05 – 15:00 UTC", "Склад", "Иван &lt;ivan@"):
            assert words in html
        assert "17:05–18:00</dd>" in html  # where Olga is
    Person.objects.filter(pk=stage.olga.pk).update(time_zone="Asia/Vladivostok")
    assert "00:05–01:00</dd>" in page(olga, path)


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        (";TZID=Europe/Sofia:20261120T140500", ";TZID=Europe/Sofia:20261120T150000", "15:05–16:00"),
        (";TZID=Europe/Sofia:20261120T140500", ":20261120T130000Z", "15:05–16:00"),
        (";TZID=FLE Standard Time:20260720T140500", ";TZID=FLE Standard Time:20260720T150000", "14:05–15:00"),
        (":20261120T200000Z", ":20261121T040000Z", "23:00 – "),
        (":20261120T140500Z", "", "17:05"),
        (":20261120T140500", ":20261120T150000", "2026-11-20 14:05 – 15:00"),
        (";TZID=Our room:20261120T140500", ";TZID=Our room:20261120T150000", "2026-11-20 14:05 – 15:00 Our room"),
        (";TZID=/etc/passwd:20261120T140500", "", "2026-11-20 14:05 /etc/passwd"),
        (";VALUE=DATE:20261120", ";VALUE=DATE:20261121", "2026-11-20"),
        (":99991231T230000Z", ":99991231T233000Z", "9999-12-31 23:00 – 23:30 UTC"),
    ],
)
def test_when_an_invitation_is_stands_in_the_readers_zone_where_its_own_is_known(
    start: str, end: str, shown: str
) -> None:
    events = appointments.read(f"BEGIN:VEVENT\nDTSTART{start}\n{f'DTEND{end}' if end else 'X:'}\nEND:VEVENT\n")
    with timezone.override("Europe/Moscow"), translation.override("ru"):
        assert shown in appointment_words.when(events[0])


def test_a_file_that_is_no_invitation_has_no_appointment(olga: Client, stage: SimpleNamespace) -> None:
    file = with_file(stage, b"BEGIN:NOTHING", "x.ics", "text/calendar").messages.get().attachments.get()
    assert olga.get(f"/desk/files/{file.pk}/appointment").status_code == 404
