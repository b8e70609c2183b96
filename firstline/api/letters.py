"""Raw letters, as `firstline intake email` takes them: durable first, then acknowledged, understood later."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import schemas
from firstline.api.auth import RAW, caller
from firstline.api.outcomes import FOR_WRITING
from firstline.api.problems import Refused
from firstline.api.tickets import Search
from firstline.intake import acceptance, journal
from firstline.intake.models import Inbound
from firstline.lib import clock
from firstline.once.answers import OtherQuestion
from firstline.people.permissions import NotAllowed
from firstline.post.models import Account

router = Router(tags=["Intake"])
LARGEST_LETTER = 40 * 1024 * 1024


@router.post(
    "/email",
    response={202: schemas.IntakeLine, **FOR_WRITING},
    summary="Take a letter",
    url_name=RAW,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"message/rfc822": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def take(request: HttpRequest, mailbox: Search = "") -> HttpResponse:
    """The body is the message as it is (RFC 5322), whatever its declared type. 202: it is ours, for good. 503: it is
    not,
    come again. `mailbox`: the address at which it arrived."""
    who, key = caller(request), answering.key_of(request)
    if not who.person.is_agent:
        raise NotAllowed("intake")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > LARGEST_LETTER:
        raise Refused(413, f"A letter may have {LARGEST_LETTER} bytes.")
    raw = request.body
    if not raw:
        raise Refused(422, "empty", field="body")
    source_key = answering.inner_key(who, f"{mailbox} {key}") if key else acceptance.new_key()
    if key and (first := acceptance.first_of(SOURCE, source_key)) is not None:
        return _acknowledged(first, raw, again=True)
    inbound = acceptance.accept_email(
        raw, source=SOURCE, source_key=source_key, account=_account(mailbox), at=clock.now()
    )
    return _acknowledged(inbound, raw)


SOURCE = "api"


def _acknowledged(inbound: Inbound, raw: bytes, *, again: bool = False) -> HttpResponse:
    if inbound.sha256 != answering.sha256(raw):
        raise OtherQuestion(inbound.source_key)
    # What is said is what was known when the bytes became durable: the same line however often it is asked.
    line = {**journal.line(inbound), **(PENDING if again else {})}
    response = answering.plain(line, status=202)
    if again:
        response.headers["Idempotency-Replayed"] = "true"
    return response


PENDING = {"state": "new", "outcome": "pending", "ticket": None, "message": None, "reason": ""}


def _account(mailbox: str) -> Account | None:
    if not mailbox:
        return None
    account = None if "\x00" in mailbox else Account.objects.filter(address__iexact=mailbox, is_active=True).first()
    if account is None:
        raise Refused(422, "not one of our mailboxes", field="mailbox")
    return account
