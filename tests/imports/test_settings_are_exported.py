"""What is exported, applied to an empty desk and exported again, is the same to the letter; no secret is in it; applied
to the same desk it changes nothing."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from firstline.cli.main import main
from firstline.imports import export, stage
from firstline.imports.apply_tables import TABLES
from firstline.lib import toml_text
from firstline.people.models import Client, Person
from firstline.post.models import Account

MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
EXAMPLE = (Path(__file__).resolve().parents[2] / "examples" / "desk.toml").read_text(encoding="utf-8")
MORE = """
[[mailbox]]
address = "box@desk.example"
team = "first-line"
imap = "imaps://box%40desk.example:s3cret-imap@imap.desk.example/INBOX?timeout=20"
smtp = "smtps://box%40desk.example:s3cret-smtp@smtp.desk.example"
name = { ru = "Ящик", en = "Box" }
relays = ["mx.desk.example"]

[[ladder]]
slug = "vip"
name = "VIP"
hours = "weekdays"
wait = 10
conditions = [{ field = "vip", values = ["yes"] }]
rungs = [
  { what = "clock", metric = "resolution", mark = 75, tell = ["line_lead", "on_call"] },
  { what = "clock", mark = 100, tell = ["manager"], channels = ["mail"], priority = 1 },
]

[[person]]
login = "partner"
name = 'Партнёр "Плюс"\\один'
role = "requester"
reserve = true
password = "correct horse battery staple"
further_phones = ["+359 2 555 0310"]

[[answer_template]]
owner = "keeper"
name = "Роутер"
body = "{{ requester.first_name }}, перезагрузите \\"роутер\\"."
language = "ru"
shared = "nobody"

[[macro]]
slug = "no-answer"
owner = "keeper"
name = { ru = "Нет ответа", bg = "Няма отговор" }
steps = [{ deed = "tag", tag = "тихо" }, { deed = "wait", for = "client", reason = "Ещё нужна помощь?" }]

[[person]]
login = "keeper"
name = "Хранитель"
role = "lead"
team = "first-line"

[[person]]
login = "gone"
name = "Ушёл"
role = "engineer"
active = false

[[routing_rule]]
slug = "old"
name = "To him who left"
conditions = [{ field = "vip", values = ["yes"] }]
line = 2
person = "gone"

[[ladder]]
slug = "old"
name = "Told to him who left"
conditions = [{ field = "vip", values = ["no"] }]
rungs = [{ what = "clock", metric = "resolution", mark = 90, tell = ["person:gone"] }]
"""


def apply(text: str) -> set[str]:
    return {one.result for one in stage.apply(text.encode(), at=MONDAY, actor="test")}


class _Emptied(Exception):
    pass


def twice(begin: Callable[[], None]) -> tuple[str, str, set[str]]:
    """The export of a desk; the export of an empty one to which it was applied; what a second applying did there."""
    try:
        with transaction.atomic():
            begin()
            first = export.written()
            raise _Emptied
    except _Emptied:
        pass
    assert not Person.objects.exists()
    apply(first)
    return first, export.written(), apply(first)


@pytest.mark.django_db
def test_the_example_and_more_comes_back_to_the_letter() -> None:
    first, second, again = twice(lambda: apply(EXAMPLE + MORE) and None)
    assert second == first
    assert again == {"unchanged"}
    said = tomllib.loads(first)
    assert {one["login"]: one for one in said["person"]}["partner"]["name"] == 'Партнёр "Плюс"\\один'


@pytest.mark.django_db
def test_the_demo_company_comes_back_to_the_letter() -> None:
    def demo() -> None:
        for name in ("company.toml", "contracts.toml"):
            apply(resources.files("firstline.demo").joinpath(name).read_text(encoding="utf-8"))

    first, second, again = twice(demo)
    assert second == first
    assert again == {"unchanged"}


@pytest.mark.django_db
def test_no_secret_goes_out_and_the_same_desk_keeps_its_own() -> None:
    apply(EXAMPLE + MORE)
    said = export.written()
    for secret in ("s3cret", "correct horse", "password", "argon2"):
        assert secret not in said.removeprefix(export.HEAD), secret
    assert apply(said) == {"unchanged"}
    kept = Account.objects.get(address="box@desk.example")
    assert ("s3cret-imap" in kept.imap, "s3cret-smtp" in kept.smtp) == (True, True)
    apply(said.replace("imap.desk.example", "imap.evil.example"))
    kept.refresh_from_db()
    assert "s3cret-imap" not in kept.imap, "a password never goes to another server"


def test_every_table_that_can_be_applied_is_exported() -> None:
    assert set(export.EXPORTED) == set(TABLES)


@pytest.mark.django_db(transaction=True)
def test_the_command_writes_what_it_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    apply(EXAMPLE)
    file = tmp_path / "desk.toml"
    assert main(["apply", "--export", str(file)]) == 0
    capsys.readouterr()
    assert main(["apply", str(file), "--dry-run"]) == 0
    assert {json.loads(line)["result"] for line in capsys.readouterr().out.splitlines()} == {"unchanged"}
    assert main(["apply"]) == 64


PLAIN = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), PLAIN, max_size=4)))
def test_whatever_is_written_is_read_back(rows: list[dict[str, object]]) -> None:
    assert tomllib.loads(toml_text.tables({"row": rows})).get("row", []) == rows


def test_numbers_with_a_point_are_texts_that_lose_nothing() -> None:
    assert toml_text.value(Decimal("99.50")) == '"99.5"'
    assert toml_text.value(Decimal("100")) == '"100"'


@pytest.mark.django_db
def test_who_left_a_closed_client_and_a_former_partner_come_back_to_the_letter() -> None:
    more = (
        MORE
        + """
[[person]]
login = "aaron"
name = "Аарон"
role = "administrator"
email = "aaron@desk.example"
active = false

[[person]]
login = "zoya"
name = "Зоя"
role = "administrator"

[[person]]
login = "former"
name = "Бывший"
role = "requester"
reserve = true

[[shift]]
slug = "former"
person = "former"
begins_on = 2026-03-02
weekly = { mon = [["09:00", "18:00"]] }

[[client]]
slug = "left"
name = "Ушли"
closed = true
"""
    )

    def begin() -> None:
        apply(EXAMPLE + more)
        Person.objects.filter(login="former").update(in_reserve=False)

    first, second, again = twice(begin)
    assert second == first
    assert again == {"unchanged"}
    said = tomllib.loads(first)
    assert {one["login"]: one.get("active", True) for one in said["person"]}["aaron"] is False
    assert Client.objects.get(slug="left").closed_at == MONDAY
    apply(first.replace("closed = true", "closed = false"))
    assert Client.objects.get(slug="left").closed_at is None
