"""Whole contracts of an apply file: every table is applied once, terms in force never change, slips are named."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from firstline.audit.models import Row as Audited
from firstline.contracts import versions, written
from firstline.contracts.models import Contract, Outage, Service, TermsTemplate, Vendor
from firstline.imports import stage
from firstline.imports.apply_file import WrongFile

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
FILE = """
[[calendar]]
slug = "office"
time_zone = "Europe/Moscow"
weekly = { mon = [["09:00", "18:00"]], tue = [["09:00", "18:00"]] }

[[client]]
slug = "sever"
name = "Север"

[[team]]
slug = "first"
name = "Первая линия"
line = 1

[[site]]
slug = "depot"
client = "sever"

[[equipment]]
slug = "till-1"
client = "sever"
site = "depot"
name = { ru = "Касса 1", bg = "Каса 1" }
kind = "till"
remote_ids = { anydesk = "123 456 789" }

[[person]]
login = "anna"
name = "Анна"
role = "account_manager"

[[service]]
slug = "mail"
name = "Почта"
owner = "anna"
calendar = "office"
line = 1
quality = { ru = "Ящик не меньше 50 ГБ" }
advice = "Попросите координатора согласовать заказ"

[[service]]
slug = "network"
name = "Сеть"

[[contract]]
slug = "118-24"
client = "sever"
number = "118/24"
name = { ru = "Сопровождение", bg = "Поддръжка" }
valid_from = 2026-01-01
valid_to = 2026-06-30
calendar = "office"

[[contract]]
slug = "118-24"
client = "sever"
number = "118/24"
name = { ru = "Сопровождение", bg = "Поддръжка" }
valid_from = 2026-07-01
calendar = "office"
currency = "RUB"
monthly_fee = 120000.50
services = ["mail"]
billable = ["network"]
equipment = ["till-1"]
warnings = [{ share = 0.5, tell = ["assignee", "line_lead"] }, { share = "0.9", tell = ["manager"] }]
quality = "По ГОСТ"

[[target]]
contract = "118-24"
metric = "resolution"
minutes = 240
goal = 99.5
warnings = [{ share = "0.7", tell = ["account_manager"] }]

[[target]]
contract = "118-24"
valid_from = 2026-01-01
metric = "resolution"
minutes = 480

[[pause_reason]]
contract = "118-24"
slug = "no-answer"
name = { ru = "Клиент не отвечает", bg = "Клиентът не отговаря" }
whose = "client"
status = "waiting_for_client"
reminders = [540, 1080]
warn_minutes = 2160
close_minutes = 2700

[[inner_term]]
contract = "118-24"
stage = "line1"
share = 40

[[duty]]
contract = "118-24"
slug = "access"
side = "client"
name = "Доступ в серверную"
minutes = 60

[[indicator]]
contract = "118-24"
kind = "sla_share"
goal = "95"
metric = "resolution"

[[penalty]]
contract = "118-24"
kind = "bands"
metric = "resolution"
bands = [{ after = 60, costs = "1 %" }, { after = 240, costs = "500" }]
cap = "5 %"

[[hours]]
contract = "118-24"
minutes = 1200
price = "40000"
overage_rate = "2400"

[[vendor]]
slug = "printfix"
name = "ПринтФикс"
email = "Help@PrintFix.example"
calendar = "office"
targets = { first_response = 120, resolution = 1080 }

[[outage]]
slug = "mail-1"
service = "mail"
starts_at = 2026-02-01T10:00:00+03:00
ends_at = 2026-02-01T11:00:00+03:00
words = "Почта не работала"

[[terms_template]]
slug = "silver"
name = "Silver 8×5"
[terms_template.terms]
calendar = "office"
currency = "EUR"
[[terms_template.terms.target]]
metric = "first_response"
minutes = 60
"""


def apply(text: str, at: datetime = MONDAY) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in stage.apply(text.encode(), at=at, actor="test"):
        found.setdefault(one.kind, set()).add(one.result)
    return found


def test_a_whole_file_is_applied_once_and_then_changes_nothing() -> None:
    assert set.union(*apply(FILE).values()) == {"created"}
    assert set.union(*apply(FILE, MONDAY + timedelta(days=1)).values()) == {"unchanged"}


def test_everything_that_was_said_is_kept() -> None:
    apply(FILE)
    contract = Contract.objects.get(slug="118-24")
    assert (str(contract), contract.label("bg")) == ("118/24", "Поддръжка")
    first, second = contract.versions.order_by("number")
    assert [(one.number, one.is_draft) for one in (first, second)] == [(1, False), (2, False)]
    assert second.monthly_fee == Decimal("120000.50")
    assert written.terms_of(first) == {"calendar": "office", "target": [{"metric": "resolution", "minutes": 480}]}
    assert written.terms_of(second) == {
        "calendar": "office", "currency": "RUB", "monthly_fee": "120000.5", "services": ["mail"],
        "billable": ["network"], "equipment": ["till-1"], "quality": {"ru": "По ГОСТ"},
        "warnings": [{"share": "0.5", "tell": ["assignee", "line_lead"]}, {"share": "0.9", "tell": ["manager"]}],
        "target": [{
            "metric": "resolution", "minutes": 240, "goal": "99.5",
            "warnings": [{"share": "0.7", "tell": ["account_manager"]}],
        }],
        "pause_reason": [{
            "slug": "no-answer", "name": {"ru": "Клиент не отвечает", "bg": "Клиентът не отговаря"}, "whose": "client",
            "status": "waiting_for_client", "reminders": [540, 1080], "warn_minutes": 2160, "close_minutes": 2700,
        }],
        "inner_term": [{"stage": "line1", "share": "40"}],
        "duty": [{"slug": "access", "side": "client", "name": "Доступ в серверную", "minutes": 60}],
        "indicator": [{"kind": "sla_share", "goal": "95", "metric": "resolution"}],
        "penalty": [{
            "kind": "bands", "metric": "resolution", "cap": "5 %",
            "bands": [{"after": 60, "costs": "1 %"}, {"after": 240, "costs": "500"}],
        }],
        "hours": [{"minutes": 1200, "price": "40000", "overage_rate": "2400"}],
    }  # fmt: skip
    vendor = Vendor.objects.get(slug="printfix")
    assert vendor.email == "help@printfix.example"
    assert {one.metric: one.minutes for one in vendor.targets.all()} == {"first_response": 120, "resolution": 1080}
    assert Outage.objects.get(slug="mail-1").starts_at == datetime(2026, 2, 1, 7, 0, tzinfo=UTC)
    assert TermsTemplate.objects.get(slug="silver").terms["target"] == [{"metric": "first_response", "minutes": 60}]
    mail = Service.objects.get(slug="mail")
    assert mail.owner is not None
    assert (mail.owner.login, mail.quality("bg"), mail.line) == ("anna", "Ящик не меньше 50 ГБ", 1)


def test_other_terms_from_the_same_day_are_the_next_version_and_the_old_one_stays() -> None:
    apply(FILE)
    before = written.terms_of(Contract.objects.get(slug="118-24").versions.get(number=2))
    changed = FILE.replace("minutes = 240\n", "minutes = 120\n").replace('share = "0.7"', 'share = "0.6"')
    assert apply(changed)["contract"] == {"changed", "unchanged"}
    contract = Contract.objects.get(slug="118-24")
    assert [one.number for one in contract.versions.order_by("number")] == [1, 2, 3]
    assert written.terms_of(contract.versions.get(number=2)) == before
    assert written.terms_of(contract.versions.get(number=3))["target"][0]["minutes"] == 120
    assert apply(changed)["contract"] == {"unchanged"}


def test_a_draft_of_the_file_is_changed_in_place_and_put_in_force_by_it() -> None:
    draft = FILE.replace('currency = "RUB"', 'currency = "RUB"\ndraft = true')
    apply(draft)
    contract = Contract.objects.get(slug="118-24")
    assert [one.is_draft for one in contract.versions.order_by("number")] == [False, True]
    assert apply(draft)["contract"] == {"unchanged"}
    apply(draft.replace("minutes = 240\n", "minutes = 120\n"))
    assert contract.versions.count() == 2
    assert contract.versions.get(number=2).targets.get().minutes == 120


def test_the_trail_says_who_applied_it() -> None:
    apply(FILE)
    row = Audited.objects.get(action="apply")
    assert ["contract", "118-24", "created"] in row.data["changed"]


@pytest.mark.parametrize(
    ("was", "becomes", "place"),
    [
        ("valid_to = 2026-06-30", "valid_to = 2026-07-01", "contract[1].valid_from: overlaps"),
        ("valid_to = 2026-06-30", "valid_to = 2026-06-29", "contract[1].valid_from: no version holds from 2026-06-30"),
        ("valid_to = 2026-06-30", "valid_to = 2025-06-30", "contract[0].valid_to: before valid_from"),
        ('currency = "RUB"\n', "", "contract[1].currency: a fee needs one"),
        ('currency = "RUB"', 'currency = "RUR"', "contract[1].currency: 'RUR'"),
        ("120000.50", "120000.505", "contract[1].monthly_fee"),
        ('billable = ["network"]', 'billable = ["mail"]', "contract[1].billable: mail stands in services too"),
        ('billable = ["network"]', 'billable = ["nothing"]', "contract[1].billable: there is no service"),
        ("share = 0.5", "share = 1", "contract[1].warnings[0].share"),
        ('tell = ["manager"]', 'tell = ["boss"]', "contract[1].warnings[1].tell"),
        ("goal = 99.5", "goal = 199.5", "target[0].goal"),
        ("close_minutes = 2700", "close_minutes = 2160", "pause_reason[0].close_minutes"),
        ("reminders = [540, 1080]", "reminders = [1080, 540]", "pause_reason[0].reminders"),
        ("share = 40", "share = 0", "inner_term[0].share"),
        ('costs = "1 %"', 'costs = "much"', "penalty[0].bands[0].costs"),
        ('cap = "5 %"', 'ceiling = "5 %"', "penalty[0].ceiling"),
        ("minutes = 1200", "minutes = 0", "hours[0].minutes"),
        ("first_response = 120", "speed = 120", "vendor[0].targets.speed"),
        ("T11:00:00+03:00", "T09:00:00+03:00", "outage[0].ends_at"),
        ("2026-02-01T10:00:00+03:00", "2026-02-01T10:00:00", "outage[0].starts_at"),
        ('metric = "first_response"\nminutes = 60', 'metric = "speed"\nminutes = 60',
         "terms_template[0].terms.target[0].metric"),
        ('calendar = "office"\ncurrency = "EUR"', 'calendar = "void"\ncurrency = "EUR"',
         "terms_template[0].terms.calendar"),
        ('owner = "anna"', 'owner = "nobody"', "service[0].owner"),
        ('site = "depot"', 'site = "nowhere"', "equipment[0].site"),
        ('{ mon = [["09:00", "18:00"]], tue = [["09:00", "18:00"]] }', "{ mon = [] }", "calendar[0].weekly: never"),
    ],
)  # fmt: skip
def test_a_slip_is_named_by_its_place(was: str, becomes: str, place: str) -> None:
    assert was in FILE
    with pytest.raises(WrongFile) as refused:
        apply(FILE.replace(was, becomes, 1))
    assert any(problem.startswith(place) for problem in refused.value.problems), refused.value.problems
    assert not Contract.objects.exists()


def test_two_targets_for_the_same_are_refused_where_the_second_stands() -> None:
    again = '\n[[target]]\ncontract = "118-24"\nmetric = "resolution"\nminutes = 60\n'
    with pytest.raises(WrongFile) as refused:
        apply(FILE + again)
    assert refused.value.problems == ["target[2]: the same stands here a second time"]


def test_a_gap_to_what_is_in_force_already_is_refused() -> None:
    apply(FILE.replace("valid_to = 2026-06-30\n", ""))
    later = FILE.replace("valid_from = 2026-07-01\n", "valid_from = 2026-07-01\nvalid_to = 2026-12-31\n")
    apply(later.replace("valid_to = 2026-06-30\n", ""))
    last = later.replace("valid_from = 2026-07-01\nvalid_to = 2026-12-31", "valid_from = 2027-02-01")
    with pytest.raises(WrongFile, match=r"contract\[1\].valid_from: no version holds from 2027-01-01 to 2027-01-31"):
        apply(last.replace("valid_to = 2026-06-30\n", ""))


def test_a_file_retires_and_restores_vendors_and_templates_and_else_leaves_them_so() -> None:
    def state() -> tuple[bool, bool]:
        return Vendor.objects.get().retired_at is not None, TermsTemplate.objects.get().retired_at is not None

    retired = FILE.replace('slug = "silver"', 'slug = "silver"\nretired = true')
    retired = retired.replace("[[vendor]]", "[[vendor]]\nretired = true")
    apply(FILE, MONDAY)
    assert state() == (False, False)
    apply(retired, MONDAY)
    since = Vendor.objects.get().retired_at
    apply(FILE, MONDAY + timedelta(days=1))
    assert (state(), Vendor.objects.get().retired_at) == ((True, True), since)
    apply(retired.replace("retired = true", "retired = false"), MONDAY)
    assert state() == (False, False)


def test_a_file_with_other_terms_is_applied_beside_a_draft_that_somebody_began_on_the_page() -> None:
    apply(FILE)
    contract = Contract.objects.get(slug="118-24")
    kept = contract.versions.get(number=2)
    versions.draft_of(contract, written.terms_of(kept), valid_from=date(2027, 1, 1), at=MONDAY)
    assert apply(FILE.replace("minutes = 240\n", "minutes = 120\n"))["contract"] == {"changed", "unchanged"}
    found = [(one.number, one.is_draft) for one in contract.versions.order_by("number")]
    assert found == [(1, False), (2, False), (3, True), (4, False)]
