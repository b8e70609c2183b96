"""A notice that may be answered by mail says so, and only where an answer could be proven."""

from __future__ import annotations

from typing import Any

import pytest

from firstline.notices import wording
from firstline.post.models import Delivery
from tests import cast
from tests.intake.mail import mailbox

pytestmark = pytest.mark.django_db
HINT = "Ответ на это письмо уйдёт заявителю от вашего имени"


def told(kind: str, login: str = "olga", **data: Any) -> str:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    person = getattr(stage, login)
    delivery = Delivery.objects.create(
        kind=kind, to=person.email, language="ru", ticket=ticket.pk, person=person.pk, data=data,
        event=ticket.events.order_by("id").values_list("id", flat=True).last(),
    )  # fmt: skip
    return wording.render(delivery).text


@pytest.mark.parametrize(
    ("kind", "login", "server", "by_mail", "expected"),
    [
        ("client_answered", "olga", "mx.firm.example", "dmarc", True),
        ("assigned", "olga", "mx.firm.example", "dkim", True),
        ("client_answered", "olga", "", "dmarc", False),
        ("client_answered", "olga", "mx.firm.example", "no", False),
        ("colleague_answered", "olga", "mx.firm.example", "dmarc", False),
        ("client_answered", "anna", "mx.firm.example", "dmarc", False),
    ],
)
def test_who_may_answer_by_mail_is_told(
    settings: Any, kind: str, login: str, server: str, by_mail: str, expected: bool
) -> None:
    settings.FIRSTLINE_AUTHSERV_ID, settings.FIRSTLINE_AGENTS_BY_MAIL = server, by_mail
    assert (HINT in told(kind, login)) is expected


def test_the_mailbox_of_the_ticket_has_a_server_of_its_own(settings: Any) -> None:
    settings.FIRSTLINE_AUTHSERV_ID = ""
    mailbox(authserv_id="mx.firm.example")
    assert HINT in told("client_answered")
