"""One's own language, looks and phone."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import cast

pytestmark = pytest.mark.django_db
GOOD = {"phone": "8 (921) 555-01-43", "language": "bg", "theme": "dark"}


def test_what_is_saved_is_used_at_once(client: Client) -> None:
    ivan = cast.stage().ivan
    client.force_login(ivan)
    assert client.post("/portal/profile/", GOOD).status_code == 302
    ivan.refresh_from_db()
    assert (ivan.phone_e164, ivan.language, ivan.theme) == ("+79215550143", "bg", "dark")
    page = client.get("/portal/profile/")
    assert page["Content-Language"] == "bg"
    assert 'data-theme="dark"' in page.content.decode()


@pytest.mark.parametrize(("field", "value"), [("phone", "call me"), ("language", "de"), ("theme", "pink")])
def test_a_wrong_value_changes_nothing(client: Client, field: str, value: str) -> None:
    ivan = cast.stage().ivan
    client.force_login(ivan)
    assert client.post("/portal/profile/", {**GOOD, field: value}).status_code == 422
    ivan.refresh_from_db()
    assert (ivan.phone_e164, ivan.language, ivan.theme) == ("+79215550142", "ru", "")


def test_the_remote_help_page_is_for_everybody(client: Client) -> None:
    page = client.get("/portal/remote-help/")
    assert page.status_code == 200
    for name in ("AnyDesk", "TeamViewer", "RustDesk"):
        assert name in page.content.decode()
