"""Which gateway takes a text message, and how an administrator sets one up.

The environment (FIRSTLINE_SMS_URL) makes one, called `environment`, that is asked where no row of ours fits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Left, Substr
from django.utils.translation import gettext_noop

from firstline.audit import trail
from firstline.lib import phones
from firstline.post import hook_accounts
from firstline.post.hook_accounts import TOO_LONG, WrongAccount
from firstline.post.models import Delivery, Gateway, Outlet
from firstline.post.transports import sms

OF_ENVIRONMENT = "environment"
ROAD = "sms:"
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164, with no fewer digits than any country has
_PREFIX = re.compile(r"\+[1-9][0-9]{0,6}")
Sending = Callable[[], list[Gateway]]
NO_URL = gettext_noop("is no address that begins with https:// or http://")
NO_MARKS = gettext_noop("has {to} and {text} in some field")
NO_PREFIX = gettext_noop("is beginnings of numbers such as +7,+359")


@dataclass(frozen=True)
class Wanted:
    """What a gateway is to be. None: as it is, or as a new one begins."""

    slug: str
    name: str | None = None
    sender: str | None = None
    url: str | None = None
    secret: str | None = None
    authorization: str | None = None
    form: str | None = None
    fields: Mapping[str, str] | None = None
    answer_id: str | None = None
    answer_error: str | None = None
    prefixes: str | None = None
    is_active: bool | None = None


def is_number(to: str) -> bool:
    """Whether it can be written to: a whole number, with its country."""
    return NUMBER.fullmatch(to) is not None


def for_number(to: str, known: Sending | None = None) -> Gateway | None:
    """The gateway whose beginning fits the number best; without beginnings any number fits. Only such as send."""
    best: tuple[int, Gateway] | None = None
    for one in (known or sending)():
        beginnings = [part for part in one.prefixes.split(",") if part]
        fits = max((len(part) for part in beginnings if to.startswith(part)), default=-1 if beginnings else 0)
        if fits >= 0 and (best is None or fits > best[0]):
            best = (fits, one)
    return best[1] if best else None


def reaches(to: str, known: Sending | None = None) -> bool:
    """Whether a text message to this number would leave the house and could be read there. `known`: `sending`, cached
    by whoever asks for many numbers."""
    return is_number(to) and phones.takes_texts(to) and for_number(to, known) is not None


def by_slug(slug: str) -> Gateway | None:
    """The one that calls our hook; switched off it is nobody."""
    row = Gateway.objects.filter(slug=slug, is_active=True).first()
    given = _of_environment() if row is None and slug == OF_ENVIRONMENT else None
    return row or given


def provider_of(gateway: Gateway) -> sms.Provider:
    """How it is asked."""
    return sms.Provider(
        url=gateway.url, secret=gateway.secret, authorization=gateway.authorization,
        is_json=gateway.form == Gateway.Form.JSON, fields=gateway.fields or dict(sms.USUAL_FIELDS),
        answer_id=gateway.answer_id, answer_error=gateway.answer_error,
    )  # fmt: skip


def road_name(gateway: Gateway) -> str:
    return f"{ROAD}{gateway.slug}"


def set_up(
    wanted: Wanted, *, by: str, at: datetime, gateway: Gateway | None = None, must_be_new: bool = False
) -> tuple[Gateway, list[str], bool]:
    """Makes a gateway, or changes `gateway` (else the one of this name, unless it `must_be_new`): the row, what
    changed, whether it is new. `by` is an actor ("person:7", "apply"). Raises WrongAccount."""
    values = _checked(wanted)
    with transaction.atomic():
        kept = hook_accounts.found(Gateway, values["slug"], gateway, must_be_new=must_be_new)
        is_new, before = kept.pk is None, road_name(kept)
        changed = hook_accounts.fill(kept, values)
        if changed:
            kept.save()
            # Another place, or another key: what was wrong with the last one is over, and it is tried at once.
            Outlet.objects.filter(address__in={before, road_name(kept)}).update(
                failures=0, closed_until=None, problem="", problem_since=None
            )
            if not is_new and before != road_name(kept):
                _rename_receipts(before, road_name(kept))
            trail.note(at=at, actor=by, action="sms gateway set up", target=f"gateway:{kept.pk}", changed=changed)
    return kept, changed, is_new


def _rename_receipts(before: str, after: str) -> None:
    """Under the new name he still reports what he took under the old one."""
    took = Delivery.objects.filter(receipt__startswith=f"{before} ")
    took.update(receipt=Left(Concat(Value(after), Substr("receipt", len(before) + 1)), 120))


def _checked(wanted: Wanted) -> dict[str, object]:
    values = hook_accounts.checked(wanted, reserved=OF_ENVIRONMENT)
    _check_texts(values)
    _check_address(values)
    if (sent := values.get("fields")) is not None:
        values["fields"] = _checked_fields(sent)
    return values


def _check_texts(values: dict[str, object]) -> None:
    longest = {"sender": 20, "answer_id": 60, "answer_error": 60, "url": 1000, "authorization": 1000}
    for name, most in longest.items():
        if len(str(values.get(name) or "")) > most:
            raise WrongAccount(name, TOO_LONG)
    if "form" in values and values["form"] not in Gateway.Form.values:
        raise WrongAccount("form", "json or form")
    if "prefixes" in values:
        given = [part.strip() for part in str(values["prefixes"]).split(",") if part.strip()]
        if not all(_PREFIX.fullmatch(part) for part in given) or len(",".join(given)) > 200:
            raise WrongAccount("prefixes", NO_PREFIX)
        values["prefixes"] = ",".join(given)


def _check_address(values: dict[str, object]) -> None:
    url = str(values.get("url") or "")
    if not url:
        return
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and url.isascii()
    except ValueError:
        fits = False
    if not fits or " " in url:
        raise WrongAccount("url", NO_URL)


def _checked_fields(given: object) -> dict[str, str]:
    if not isinstance(given, Mapping) or not all(isinstance(one, str) for pair in given.items() for one in pair):
        raise WrongAccount("fields", NO_MARKS)
    kept = {name.strip(): value.strip() for name, value in given.items() if name.strip()}
    said = "".join(kept.values())
    if kept and not ("{to}" in said and "{text}" in said):
        raise WrongAccount("fields", NO_MARKS)
    if len(str(kept)) > 4000:
        raise WrongAccount("fields", TOO_LONG)
    return kept


def sending() -> list[Gateway]:
    """Those by which text messages leave."""
    rows = [one for one in Gateway.objects.filter(is_active=True).order_by("pk") if one.url]
    given = _of_environment()
    return [*rows, given] if given is not None else rows


def _of_environment() -> Gateway | None:
    if not settings.FIRSTLINE_SMS_URL:
        return None
    return Gateway(
        slug=OF_ENVIRONMENT, name="FIRSTLINE_SMS_URL", url=settings.FIRSTLINE_SMS_URL,
        secret=settings.FIRSTLINE_SMS_SECRET, sender=settings.FIRSTLINE_SMS_FROM,
        authorization=settings.FIRSTLINE_SMS_AUTHORIZATION,
    )  # fmt: skip
