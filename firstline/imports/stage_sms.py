"""SMS gateways of an apply file: the same verb as their page. A key that is not there leaves what the page set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from firstline.imports.apply_file import Row, WrongFile
from firstline.imports.put import CHANGED, CREATED, UNCHANGED, Result
from firstline.post import gateways
from firstline.post.hook_accounts import WrongAccount
from firstline.post.models import Gateway

KEYS = ("name", "sender", "url", "secret", "authorization", "form", "fields", "answer_id", "answer_error", "prefixes")


def put_gateways(rows: list[Row], at: datetime) -> list[Result]:
    """Makes or changes each. Raises WrongFile."""
    return [Result("sms_gateway", row["slug"], _put(row, f"sms_gateway[{n}]", at)) for n, row in enumerate(rows)]


def _put(row: Row, path: str, at: datetime) -> str:
    wanted = gateways.Wanted(
        slug=row["slug"], is_active=row.get("active"), **{key: row[key] for key in KEYS if key in row}
    )
    try:
        _kept, changed, is_new = gateways.set_up(wanted, by="apply", at=at)
    except WrongAccount as wrong:
        raise WrongFile([f"{path}.{wrong.field}: {wrong.why}"]) from wrong
    return CREATED if is_new else CHANGED if changed else UNCHANGED


def exported() -> Sequence[Row]:
    """What can be read again, without anything secret: an address may carry a password, too."""
    return [
        {"slug": one.slug, "name": one.name, "active": one.is_active, "form": one.form}
        | {
            key: value
            for key in ("sender", "fields", "answer_id", "answer_error", "prefixes")
            if (value := getattr(one, key))
        }
        for one in Gateway.objects.order_by("slug")
    ]
