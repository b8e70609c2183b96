"""What providers tell us: calls, text messages for us, and what became of ours. Proven by the signature of the
body and by nothing else; the same message told again changes nothing."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api.outcomes import FOR_WRITING
from firstline.api.problems import Refused
from firstline.intake.channels import sms, telephony
from firstline.lib import clock
from firstline.notices import alarms
from firstline.post import gateways, hook_accounts, texting, trunks
from firstline.post.models import Gateway
from firstline.post.transports.sms import SIGNATURE
from firstline.tickets.refusals import WrongValue

router = Router(tags=["Hooks"])
LARGEST = 64 * 1024


@router.post(
    "/sms/{slug:account}", auth=None, response={200: Any, **FOR_WRITING}, summary="Hand over a text message or a report"
)
def text_message(request: HttpRequest, account: str) -> HttpResponse:
    """`{"id", "from", "to", "text", "at"}` is a message for us. `{"id", "status": "delivered"|"failed", "error"?}` says
    what became of one of ours, by the id that the gateway gave it. `X-Firstline-Signature: sha256=HEX` is the HMAC of
    the body with the gateway's secret."""
    gateway, raw = gateways.by_slug(account), _body(request)
    if gateway is None or not hook_accounts.is_from(gateway, raw, request.headers.get(SIGNATURE, "")):
        raise _unproven()
    said = _object(raw)
    if "status" in said:
        return _report(gateway, said)
    return answering.plain({"accepted": sms.accept(gateway, said, raw).pk})


@router.post("/phone/{slug:account}", auth=None, response={200: Any, **FOR_WRITING}, summary="Tell of a call")
def call(request: HttpRequest, account: str) -> HttpResponse:
    """`{"id", "event": "ringing"|"answered"|"missed"|"ended", "from", "to", "agent"?, "at", "seconds"?,
    "recording_url"?}`. The same id and event told again changes nothing; events of a call may come in any order.
    Without `from`, or with words instead of a number, the caller hides it. `agent` is a login, a mail address, a number
    or an extension. `X-Firstline-Signature: sha256=HEX` is the HMAC of the body with the exchange's secret."""
    trunk, raw = trunks.by_slug(account), _body(request)
    if trunk is None or not hook_accounts.is_from(trunk, raw, request.headers.get(SIGNATURE, "")):
        if trunk is not None:
            trunks.refused(trunk, clock.now())
        raise _unproven()
    trunks.heard(trunk, clock.now())
    return answering.plain({"accepted": telephony.accept(trunk, _object(raw), raw).pk})


def _body(request: HttpRequest) -> bytes:
    """What came, unless it is larger than any message: then nothing, which no signature fits."""
    length = request.headers.get("Content-Length") or "0"
    return request.body if length.isdigit() and int(length) <= LARGEST else b""


def _unproven() -> Refused:
    """The same for an account that is not there: nobody learns their names."""
    return Refused(401, f"The body must carry the signature of this account in {SIGNATURE}.")


def _object(raw: bytes) -> dict[str, Any]:
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError) as wrong:
        raise Refused(400, "The body is no JSON.") from wrong
    if not isinstance(said, dict):
        raise WrongValue("body", "an object")
    return said


def _report(gateway: Gateway, said: dict[str, Any]) -> HttpResponse:
    number, status, words = said.get("id"), said["status"], said.get("error", "")
    if not isinstance(number, str) or not number.strip():
        raise WrongValue("id", "empty")
    if status not in (texting.DELIVERED, texting.FAILED):
        raise WrongValue("status", f"{texting.DELIVERED} or {texting.FAILED}")
    if not isinstance(words, str):
        raise WrongValue("error", "a text")
    try:
        known = texting.reported(
            gateway, number.strip(), status, at=clock.now(), words=words.replace("\x00", "")[:200],
            alarm=alarms.undelivered,
        )  # fmt: skip
    except texting.StillSending as early:
        raise Refused(503, "A message is being handed over whose id is not known yet. Tell it again.") from early
    return answering.plain({"known": known})
