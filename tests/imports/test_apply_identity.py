"""As whom a mailbox sends and whose word about its letters is believed: by the apply file, seen by the doctor."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from firstline.imports import stage
from firstline.imports.apply_file import WrongFile
from firstline.ops import doctor
from firstline.post.models import Account
from tests.cast import MONDAY_NINE
from tests.intake import signed

pytestmark = pytest.mark.django_db
IDENTITY = """
[[mailbox]]
address = "help@desk.example"
sent_as = "Help@firm.example"
plus_tags = true
dkim_selector = "s1"
dkim_key = "dkim.pem"
authserv_id = "MX.desk.example"
relays = ["mx.desk.example", "198.51.100.0/28"]
"""


def test_a_mailbox_has_an_identity_and_a_server_that_is_believed(settings: Settings, tmp_path: Path) -> None:
    settings.FIRSTLINE_HOME = tmp_path
    (tmp_path / "dkim.pem").write_bytes(signed.pem("ed25519"))
    stage.apply(IDENTITY.encode(), at=MONDAY_NINE, actor="test")
    account = Account.objects.get()
    assert (account.sent_as, account.plus_tags, account.dkim_selector) == ("help@firm.example", True, "s1")
    assert (account.authserv_id, account.relays) == ("mx.desk.example", "mx.desk.example, 198.51.100.0/28")
    row = next(row for row in doctor.report() if row.get("check") == "dkim help@desk.example")
    assert row["value"].startswith('s1._domainkey.firm.example TXT "v=DKIM1; k=ed25519; p=')
    assert row["problem"] is None
    # A file that says nothing of it leaves it.
    stage.apply(b'[[mailbox]]\naddress = "help@desk.example"\n', at=MONDAY_NINE, actor="test")
    account.refresh_from_db()
    assert (account.sent_as, account.relays != "") == ("help@firm.example", True)


@pytest.mark.parametrize(
    ("was", "now", "path"),
    [
        ("Help@firm.example", "help at firm", "mailbox[0].sent_as"),
        ("dkim.pem", "gone.pem", "mailbox[0].dkim_key"),
        ('dkim_selector = "s1"', "", "mailbox[0].dkim_key"),
        ("mx.desk.example", "mx desk", "mailbox[0].relays"),
        ("plus_tags = true", 'plus_tags = "yes"', "mailbox[0].plus_tags"),
    ],
)
def test_an_identity_that_cannot_be_is_refused_with_its_place(
    settings: Settings, tmp_path: Path, was: str, now: str, path: str
) -> None:
    settings.FIRSTLINE_HOME = tmp_path
    (tmp_path / "dkim.pem").write_bytes(signed.pem("ed25519"))
    with pytest.raises(WrongFile) as refused:
        stage.apply(IDENTITY.replace(was, now).encode(), at=MONDAY_NINE, actor="test")
    assert str(refused.value).startswith(f"{path}:")
    assert not Account.objects.exists()
