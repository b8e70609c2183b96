"""Secrets at rest: unreadable in the database, plain in the program, and what another key sealed is kept as it is."""

from __future__ import annotations

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from firstline.lib import sealed
from firstline.post.models import Account

URL = "imaps://desk:pa55word@mail.example:993/"


def test_sealed_text_says_nothing_and_comes_back() -> None:
    one, other = sealed.seal("key", URL), sealed.seal("key", URL)
    assert "pa55word" not in one
    assert one != other
    assert sealed.opened("key", one) == sealed.opened("key", other) == URL


@pytest.mark.parametrize(
    "spoilt", [lambda text: text[:-6] + "AAAAA=", lambda text: text[:40], lambda text: "sealed:1:é"]
)
def test_another_key_or_a_changed_text_opens_nothing(spoilt: object) -> None:
    assert callable(spoilt)
    with pytest.raises(sealed.CannotOpen):
        sealed.opened("other key", sealed.seal("key", URL))
    with pytest.raises(sealed.CannotOpen):
        sealed.opened("key", spoilt(sealed.seal("key", URL)))


@pytest.mark.django_db
class TestMailboxes:
    def stored(self) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT imap FROM post_account")
            return str(cursor.fetchone()[0])

    def test_the_database_never_holds_the_password(self) -> None:
        account = Account.objects.create(address="desk@firm.example", imap=URL)
        assert sealed.is_sealed(self.stored())
        Account.objects.filter(pk=account.pk).update(imap=URL.replace("pa55word", "other"))
        assert "other" not in self.stored()
        account.refresh_from_db()
        assert account.imap == URL.replace("pa55word", "other")

    def test_what_was_plain_before_is_read_as_it_stands(self) -> None:
        Account.objects.create(address="desk@firm.example", imap=URL)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE post_account SET imap = %s", [URL])
        assert Account.objects.get().imap == URL

    def test_with_another_key_nothing_is_opened_and_nothing_lost(self, settings: Settings) -> None:
        account = Account.objects.create(address="desk@firm.example", imap=URL)
        kept, key = self.stored(), settings.SECRET_KEY
        settings.SECRET_KEY = "another key"
        account.refresh_from_db()
        assert sealed.is_sealed(account.imap)
        account.save()
        settings.SECRET_KEY = key
        assert self.stored() == kept
        assert Account.objects.get().imap == URL

    def test_a_mailbox_without_a_server_is_still_found_by_that(self) -> None:
        Account.objects.create(address="pipe@firm.example")
        Account.objects.create(address="desk@firm.example", imap=URL)
        assert [one.address for one in Account.objects.exclude(imap="")] == ["desk@firm.example"]
