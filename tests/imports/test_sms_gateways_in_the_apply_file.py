"""[[sms_gateway]] of an apply file: made, changed, exported without its secrets."""

from __future__ import annotations

import pytest

from firstline.imports import stage_sms
from firstline.imports.apply_file import WrongFile
from firstline.post.models import Gateway
from tests import cast

pytestmark = pytest.mark.django_db
ROW = {
    "slug": "main", "name": "СМС-Центр", "url": "https://sms.example/send", "secret": "sixteen-letters-and-more",
    "form": "form", "fields": {"phones": "{to}", "mes": "{text}"}, "prefixes": "+7",
}  # fmt: skip


def put(**row: object) -> str:
    return stage_sms.put_gateways([{"slug": "main", **row}], cast.MONDAY_NINE)[0].result


def test_it_is_made_once_and_what_is_left_out_stays() -> None:
    assert put(**ROW) == "created"
    assert put(**ROW) == "unchanged"
    assert put(sender="Desk") == "changed"
    row = Gateway.objects.get()
    assert (row.url, row.secret, row.sender, row.fields) == (ROW["url"], ROW["secret"], "Desk", ROW["fields"])


def test_what_is_wrong_is_named_with_its_place() -> None:
    with pytest.raises(WrongFile) as refused:
        put(url="gopher://x")
    assert "sms_gateway[0].url" in str(refused.value)


def test_exported_it_can_be_read_again_and_says_nothing_secret() -> None:
    put(**ROW)
    (said,) = stage_sms.exported()
    assert "sixteen" not in str(said)
    assert "sms.example" not in str(said)
    assert put(**{key: value for key, value in said.items() if key != "slug"}) == "unchanged"
