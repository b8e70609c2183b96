"""`firstline apply`: the same file twice changes nothing; the past is never rewritten; a slip is named by its place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from firstline.calendars.models import CalendarVersion
from firstline.contracts.models import ContractVersion
from firstline.imports import stage
from firstline.imports.apply_file import WrongFile
from firstline.intake import mail_rules
from firstline.intake.mail_rules import Wanted
from firstline.intake.models import MailRule
from firstline.intake.rules import Condition
from firstline.lib import clock
from firstline.people.models import Client, Person
from firstline.sla import clocks
from firstline.tickets.models import Channel
from firstline.tickets.opening import Words, open_ticket

pytestmark = pytest.mark.django_db
EXAMPLE = (Path(__file__).resolve().parents[2] / "examples" / "desk.toml").read_text(encoding="utf-8")
MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def apply(text: str, at: datetime = MONDAY, *, dry_run: bool = False) -> dict[str, str]:
    results = stage.apply(text.encode(), at=at, actor="test", dry_run=dry_run)
    return {f"{one.kind} {one.key}": one.result for one in results}


def test_the_example_is_applied_once_and_then_changes_nothing() -> None:
    assert set(apply(EXAMPLE).values()) == {"created"}
    assert set(apply(EXAMPLE, MONDAY + timedelta(days=3)).values()) == {"unchanged"}


def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    assert set(apply(EXAMPLE, dry_run=True).values()) == {"created"}
    assert not Client.objects.exists()


def test_one_changed_line_changes_one_thing() -> None:
    apply(EXAMPLE)
    results = apply(EXAMPLE.replace('name = "Вера Соколова"', 'name = "Вера Соколова-Белая"'))
    assert {key for key, result in results.items() if result != "unchanged"} == {"person vera"}


def test_an_edited_calendar_holds_from_the_day_of_the_edit() -> None:
    apply(EXAMPLE)
    apply(EXAMPLE.replace('[["09:00", "13:00"]] }', "[] }"), MONDAY + timedelta(days=2))
    versions = CalendarVersion.objects.order_by("number")
    assert [(version.number, version.valid_from and version.valid_from.isoformat()) for version in versions] == [
        (1, None), (2, "2026-03-04"),
    ]  # fmt: skip


def test_open_tickets_keep_the_terms_they_began_with() -> None:
    apply(EXAMPLE)
    words = Words(text="Тормозит")

    def ask(at: datetime) -> int:
        person = Person.objects.get(login="petrov")
        ticket = open_ticket(subject="Тормозит", words=words, requester=person, channel=Channel.EMAIL, at=at, by=None)
        return ticket.pk

    first = ask(MONDAY)
    apply(EXAMPLE.replace("minutes = 60", "minutes = 30"), MONDAY + timedelta(hours=1))
    second = ask(MONDAY + timedelta(hours=1))
    promised = {clock.ticket_id: clock.target_minutes for clock in clocks.Clock.objects.filter(metric="first_response")}
    assert promised == {first: 60, second: 30}
    assert [version.number for version in ContractVersion.objects.order_by("number")] == [1, 2]


def test_who_wrote_before_he_was_introduced_keeps_his_tickets() -> None:
    Person.objects.create(login="petrov@sever.example", name="petrov", email="petrov@sever.example")
    apply(EXAMPLE)
    assert Person.objects.get(email="petrov@sever.example").login == "petrov"


@pytest.mark.parametrize(
    ("was", "becomes", "place"),
    [
        ('role = "manager"', 'role = "boss"', "person[2].role"),
        ('role = "manager"', 'rôle = "manager"', "(file)"),
        ('client = "sever"\nname', 'client = "nowhere"\nname', "site[0].client"),
        ("line = 1", "line = 4", "team[0].line"),
        ('slug = "engineers"', 'slug = "first-line"', "team[1]"),
        ("minutes = 60", "minutes = 0", "target[0].minutes"),
        ("minutes = 60", 'minutes = "an hour"', "target[0].minutes"),
        ('metric = "resolution"', 'metric = "speed"', "target[2].metric"),
        ("valid_from = 2026-01-01", 'valid_from = "soon"', "contract[0].valid_from"),
        ('time_zone = "Europe/Moscow"\ncountry', 'time_zone = "Moscow"\ncountry', "calendar[0].time_zone"),
        ('["14:00", "17:00"]', '["14:00", "14:00"]', "calendar[0].weekly"),
        ('country = "RU"', 'country = "XX"', "calendar[0]"),
        ('address = "help@desk.example"', 'address = "help"', "mailbox[0].address"),
        ("[[mailbox]]", "[[letterbox]]", "letterbox"),
        ('language = "bg"', 'language = "de"', "person[1].language"),
        ('scope = ["sever"]', 'scope = "some"', "person[0].scope"),
        ('scope = ["sever"]', 'scope = ["south"]', "person[0].scope"),
        ('bg = "Първо ниво"', 'bg = "a\\u0000b"', "team[0].name.bg"),
        ('vendor_pauses = true', 'vendor_pause = true', "contract[0].vendor_pause"),
    ],
)  # fmt: skip
def test_a_slip_is_named_by_its_place_and_nothing_is_applied(was: str, becomes: str, place: str) -> None:
    assert was in EXAMPLE
    with pytest.raises(WrongFile) as refused:
        apply(EXAMPLE.replace(was, becomes, 1))
    assert any(problem.startswith(place) for problem in refused.value.problems), refused.value.problems
    assert not Client.objects.exists()


RULES = """
[[client]]
slug = "bank"
name = "Банк"

[[mail_rule]]
slug = "bank-vip"
name = "VIP из банка"
conditions = [{ field = "from", test = "is", value = "@bank.example" }]
client = "bank"
priority = 1

[[mail_rule]]
slug = "shops"
name = "Магазины"
conditions = [
  { field = "header", header = "List-Id", test = "contains", value = "shop" },
  { field = "auto", test = "is", value = "list", not = true },
]
any = true
outcome = "ignore"
"""


def test_rules_for_mail_are_applied_in_order_and_once() -> None:
    mail_rules.keep(Wanted("By hand", [Condition("spam", "above", "9")], {"tag": "x"}), by="person:1", at=clock.now())
    first = stage.apply(RULES.encode(), at=clock.now(), actor="test")
    assert [one.result for one in first if one.kind == "mail_rule"] == ["created", "created"]
    assert list(MailRule.objects.values_list("slug", flat=True)) == ["bank-vip", "shops", "by-hand"]
    again = stage.apply(RULES.encode(), at=clock.now(), actor="test")
    assert {one.result for one in again} == {"unchanged"}
    other = stage.apply(RULES.replace("priority = 1", "priority = 2").encode(), at=clock.now(), actor="test")
    assert [one.result for one in other if one.kind == "mail_rule"] == ["changed", "unchanged"]
    assert MailRule.objects.get(slug="shops").conditions[1]["negated"] is True


@pytest.mark.parametrize(
    ("slip", "place"),
    [
        (('test = "is", value = "@bank', 'test = "regex", value = "@bank'), "mail_rule[0].conditions[0].test"),
        (('client = "bank"', 'client = "none"'), "mail_rule[0].client"),
        (("priority = 1", "priority = 9"), "mail_rule[0].priority"),
        (("not = true", "nt = true"), "mail_rule[1].conditions[1].nt"),
    ],
)
def test_a_slip_in_a_rule_is_named_by_its_place(slip: tuple[str, str], place: str) -> None:
    with pytest.raises(WrongFile) as wrong:
        stage.apply(RULES.replace(*slip).encode(), at=clock.now(), actor="test")
    assert any(problem.startswith(place) for problem in wrong.value.problems), wrong.value.problems
    assert not MailRule.objects.exists()


@pytest.mark.parametrize("weekly", ["{}", "{ mon = [] }"])
def test_a_calendar_that_never_opens_is_refused(weekly: str) -> None:
    with pytest.raises(WrongFile) as refused:
        apply(f'[[calendar]]\nslug = "never"\ntime_zone = "UTC"\nweekly = {weekly}\n')
    assert refused.value.problems == ["calendar[0].weekly: never opens"]


MORE = """
[[branding]]
slug = "house"
logo = "abcd"
[[hours]]
contract = "2026-01"
minutes = 600
carry_over = 1
[[equipment]]
slug = "front-desk"
client = "sever"
name = "PC"
serial = "AB-12"
"""


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('name = "Север-Сервис"', f'name = "{"я" * 201}"', "client[0].name"),
        ('name = "Север-Сервис"', f'name = {{ bg = "{"я" * 201}" }}', "client[0].name"),
        ('ru = "Первая линия", bg = "Първо ниво", en = "First line"', f'bg = "{"я" * 201}"', "team[0].name"),
        ('en = "Head office"', f'en = "{"я" * 201}"', "site[0].name"),
        ('en = "Slow computer"', f'en = "{"x" * 201}"', "category[0].name"),
        ('en = "Tills"', f'en = "{"x" * 201}"', "skill[0].name"),
        ('en = "Computer, programs, sign-in"', f'en = "{"x" * 301}"', "service[0].description"),
        ('serial = "AB-12"', f'serial = "{"x" * 101}"', "equipment[0].serial"),
        ('slug = "sever-office"', 'slug = "sever office"', "site[0].slug"),
        ('slug = "front-desk"', 'slug = "пост"', "equipment[0].slug"),
        ('slug = "first-line-days"', f'slug = "{"x" * 61}"', "shift[0].slug"),
        ('slug = "engineers-nights"', 'slug = "engineers/nights"', "on_call[0].slug"),
        ("least = 1", "least = 9223372036854775808", "cover[0].least"),
        ("least = 1", "least = 40000", "cover[0].least"),
        ("carry_over = 1", "carry_over = -1", "hours[0].carry_over"),
        ('country = "RU"', 'country = "XX"', "calendar[0].country"),
        ("people = [\"boris\"]", 'people = ["boris"]\nchanges_at = "nine"', "on_call[0].changes_at"),
        ('cycle = ["08:00-20:00", "08:00-20:00", "20:00-08:00", "20:00-08:00", "", "", "", ""]', "weekly = {}",
         "shift[1].weekly"),
        ('logo = "abcd"', 'logo = "лого"', "branding[0].logo"),
        ('address = "help@desk.example"', 'address = "help@desk.example"\nimap = "imap://[::1"', "mailbox[0].imap"),
        ('address = "help@desk.example"', 'address = "help@desk.example"\nsmtp = "http://["', "mailbox[0].smtp"),
    ],
)  # fmt: skip
def test_what_no_engine_keeps_is_named_by_its_key_on_each_of_them(old: str, new: str, place: str) -> None:
    text = EXAMPLE + MORE
    assert old in text
    with pytest.raises(WrongFile) as wrong:
        apply(text.replace(old, new, 1))
    assert wrong.value.problems[0].split(": ")[0] == place, wrong.value.problems
    assert not Client.objects.exists()


def test_the_name_of_a_person_may_be_a_table_and_he_has_it_in_his_language() -> None:
    text = EXAMPLE.replace('name = "Борис Димов"', 'name = { ru = "Борис Димов", bg = "Борис Димов-младши" }')
    assert apply(text)["person boris"] == "created"
    assert Person.objects.get(login="boris").name == "Борис Димов-младши"
    assert apply(text)["person boris"] == "unchanged"


def test_a_file_that_an_editor_began_with_a_byte_order_mark_is_the_same_file() -> None:
    results = stage.apply(b"\xef\xbb\xbf" + EXAMPLE.encode(), at=MONDAY, actor="test")
    assert {one.result for one in results} == {"created"}
