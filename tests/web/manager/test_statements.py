"""The statement's pages: worked out, reviewed, read and answered by the client, posted."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.contracts.models import ContractVersion, Indicator, PenaltyRule, Service
from firstline.sla import breaches, statements, what_if
from firstline.sla.models import Statement, StatementState
from firstline.tickets import lifecycle
from tests import cast

pytestmark = pytest.mark.django_db
APRIL = datetime(2026, 4, 2, 6, tzinfo=UTC)


@pytest.fixture
def s(client: Client) -> SimpleNamespace:
    stage = cast.stage()
    ContractVersion.objects.filter(pk=stage.version.pk).update(currency="RUB", monthly_fee=Decimal("90000.00"))
    PenaltyRule.objects.create(
        version=stage.version, kind="started", terms={"metric": "resolution", "costs": "1.5 %", "cap": "5000"}
    )
    Indicator.objects.create(version=stage.version, kind="remote_share", goal=Decimal(90), source="по заявкам")
    stage.late = cast.ticket(stage)
    at = cast.MONDAY_NINE + timedelta(hours=50)
    breaches.record_due(at=at)
    lifecycle.resolve(stage.late, how="готово", remote=True, by=stage.olga, at=at)
    client.force_login(stage.anna)
    return stage


def made(client: Client, s: SimpleNamespace) -> Statement:
    sent = client.post("/desk/statements/new/", {"version": s.version.pk, "month": "2026-03"})
    row = Statement.objects.get(starts_on=date(2026, 3, 1))
    assert sent["Location"] == f"/desk/statements/{row.pk}/"
    assert "hx-trigger" in client.get(sent["Location"]).content.decode()
    assert statements.compute_due(at=APRIL + timedelta(days=365)) == 1
    row.refresh_from_db()
    return row


def plain(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def test_a_month_is_worked_out_and_read_line_by_line(client: Client, s: SimpleNamespace) -> None:
    row = made(client, s)

    page = plain(client, f"/desk/statements/{row.pk}/")

    assert f'href="/desk/tickets/{s.late.pk}/"' in page
    assert "5 000,00 ₽" in page
    assert "5 400,00 ₽" in page  # what it was before the cap of one ticket
    assert "1,5 % абонентской платы" in page  # by the reader's comma, and of what it is a share
    assert "100,0 %" in page  # solved remotely
    assert "по заявкам" in page
    assert 'hx-trigger="every 2s"' not in page
    assert "5 000,00 ₽" in plain(client, "/desk/statements/")


def test_both_sides_read_that_the_month_was_not_over(client: Client, s: SimpleNamespace) -> None:
    row, early = made(client, s), "Рассчитана до конца месяца"
    coordinator = Client()
    coordinator.force_login(s.kira)
    statements.move(row, StatementState.REVIEWED, by=s.anna, at=APRIL)
    for at, is_told in ((APRIL, False), (cast.MONDAY_NINE + timedelta(days=5), True)):
        Statement.objects.filter(pk=row.pk).update(computed_at=at)
        assert (early in plain(client, f"/desk/statements/{row.pk}/")) is is_told
        assert (early in plain(coordinator, f"/portal/statements/{row.pk}/")) is is_told


def test_a_month_that_goes_on_is_shown_to_nobody_for_signature(client: Client, s: SimpleNamespace) -> None:
    row = made(client, s)
    Statement.objects.filter(pk=row.pk).update(computed_at=cast.MONDAY_NINE + timedelta(days=5))
    page = plain(client, f"/desk/statements/{row.pk}/")
    assert "/reviewed/" not in page
    assert "01.04.2026 она рассчитается заново сама" in page
    assert "Бланк на подпись" not in page
    paper = plain(client, f"/desk/statements/{row.pk}/paper/")
    assert "Промежуточные цифры по договору" in paper
    assert "pp-line" not in paper, "no place for a signature"
    refused = client.post(f"/desk/statements/{row.pk}/reviewed/")
    assert (refused.status_code, "Месяц: Рассчитана до конца месяца" in refused.content.decode()) == (422, True)
    row.refresh_from_db()
    assert row.state == StatementState.COMPUTED


def test_what_was_shown_early_once_is_not_agreed_but_objected_to_and_worked_out_again(
    client: Client, s: SimpleNamespace
) -> None:
    row = made(client, s)
    coordinator = Client()
    coordinator.force_login(s.kira)
    statements.move(row, StatementState.REVIEWED, by=s.anna, at=APRIL)
    Statement.objects.filter(pk=row.pk).update(computed_at=cast.MONDAY_NINE + timedelta(days=5))  # by older versions
    page = plain(coordinator, f"/portal/statements/{row.pk}/")
    assert ("/agreement/" in page, "/objection/" in page) == (False, True)
    assert coordinator.post(f"/portal/statements/{row.pk}/agreement/").status_code == 422
    assert coordinator.post(f"/portal/statements/{row.pk}/objection/", {"words": "рано"}).status_code == 302
    statements.ask(row.version, row.starts_on, by=s.anna, at=APRIL)
    assert statements.compute_due(at=APRIL) == 1
    row.refresh_from_db()
    assert (row.state, statements.is_whole(row)) == (StatementState.COMPUTED, True)


def test_an_objection_without_words_asks_for_a_text_and_not_for_a_search(client: Client, s: SimpleNamespace) -> None:
    row = made(client, s)
    statements.move(row, StatementState.REVIEWED, by=s.anna, at=APRIL)
    refused = client.post(f"/desk/statements/{row.pk}/disputed/", {"words": " "})
    assert (refused.status_code, "Текст: Заполните это поле." in refused.content.decode()) == (422, True)


def test_a_share_that_just_missed_a_tier_is_shown_as_finely_as_the_tier(client: Client, s: SimpleNamespace) -> None:
    tiers = [{"at_least": "66.67", "costs": "0"}, {"costs": "10 %"}]
    PenaltyRule.objects.create(version=s.version, kind="compliance", terms={"metric": "resolution", "tiers": tiers})
    for _ in range(2):
        lifecycle.resolve(
            cast.ticket(s), how="готово", remote=True, by=s.olga, at=cast.MONDAY_NINE + timedelta(minutes=5)
        )
    row = made(client, s)
    assert "достигнуто 66,66 %: 10 % абонентской платы" in plain(client, f"/desk/statements/{row.pk}/")


def test_the_paper_names_both_sides_what_is_left_and_who_agreed(client: Client, s: SimpleNamespace) -> None:
    row = made(client, s)
    path = f"/statements/{row.pk}/paper/"
    assert f'href="/desk{path}"' in plain(client, f"/desk/statements/{row.pk}/")
    coordinator = Client()
    coordinator.force_login(s.kira)
    assert coordinator.get(f"/portal{path}").status_code == 404  # not reviewed yet

    client.post(f"/desk/statements/{row.pk}/reviewed/")
    before = plain(coordinator, f"/portal{path}")
    coordinator.post(f"/portal/statements/{row.pk}/agreement/")
    page = plain(coordinator, f"/portal{path}")

    number = f"{s.version.contract}-{s.version.number}/2026-03"
    for words in (number, s.north.name, "Firstline", "90 000,00 ₽", "5 000,00 ₽", "85 000,00 ₽", s.late.subject):
        assert words in page, words
    assert s.kira.name not in before
    assert s.kira.name in page
    assert 'href="/desk/tickets' not in page  # on paper nothing leads anywhere, the client's least of all


def test_both_sides_print_the_same_moments_those_of_the_contracts_zone(client: Client, s: SimpleNamespace) -> None:
    row = made(client, s)
    statements.move(row, StatementState.REVIEWED, by=s.anna, at=APRIL)
    statements.move(row, StatementState.AGREED, by=s.kira, at=APRIL)
    coordinator = Client()
    coordinator.force_login(s.kira)
    for zone in ("Europe/Moscow", "Asia/Vladivostok"):
        type(s.kira).objects.filter(pk=s.kira.pk).update(time_zone=zone)
        for path in ("paper/", ""):
            page = plain(coordinator, f"/portal/statements/{row.pk}/{path}")
            assert "03.03.2026 16:00" in page, (zone, path)
            assert "календаря договора, Europe/Moscow" in page
        assert "02.04.2026 09:00" in plain(coordinator, f"/portal/statements/{row.pk}/paper/"), "when it was agreed"


def test_the_lines_go_to_a_spreadsheet_as_numbers(client: Client, s: SimpleNamespace) -> None:
    row = made(client, s)

    answer = client.get(f"/desk/statements/{row.pk}/lines.csv")

    head, line, together = answer.content.decode("utf-8-sig").splitlines()
    assert len(head.split(";")) == 6
    assert line.split(";")[1] == str(s.late.pk)
    assert line.split(";")[4:] == ["5000,00", "RUB"]
    assert together.split(";")[4:] == ["5000,00", "RUB"]
    assert answer["Content-Disposition"] == f'attachment; filename="statement-{row.pk}-2026-03.csv"'


def test_what_the_cap_of_the_contract_took_off_is_a_line_of_the_table(client: Client, s: SimpleNamespace) -> None:
    row = made(client, s)
    row.body, row.total = {**row.body, "cut": "1500.00", "cap": "3500.00"}, Decimal("3500.00")
    row.save()

    assert "−1 500,00 ₽" in plain(client, f"/desk/statements/{row.pk}/"), "a minus, and no hyphen"
    table = client.get(f"/desk/statements/{row.pk}/lines.csv").content.decode("utf-8-sig")

    assert [line.split(";")[4] for line in table.splitlines()[1:]] == ["5000,00", "-1500,00", "3500,00"]


def test_a_paper_that_is_not_worked_out_yet_is_not_there(client: Client, s: SimpleNamespace) -> None:
    client.post("/desk/statements/new/", {"version": s.version.pk, "month": "2026-03"})
    row = Statement.objects.get()

    assert client.get(f"/desk/statements/{row.pk}/paper/").status_code == 404
    assert client.get(f"/desk/statements/{row.pk}/lines.csv").status_code == 404


def test_the_client_opens_the_tickets_behind_a_share(client: Client, s: SimpleNamespace) -> None:
    """A tier is one line for the whole month; the promises that were missed in it stand below."""
    PenaltyRule.objects.all().delete()
    terms = {"metric": "resolution", "tiers": [{"at_least": "95", "costs": "0"}, {"costs": "500"}]}
    PenaltyRule.objects.create(version=s.version, kind="compliance", terms=terms)
    row = made(client, s)
    client.post(f"/desk/statements/{row.pk}/reviewed/")
    coordinator = Client()
    coordinator.force_login(s.kira)

    page = plain(coordinator, f"/portal/statements/{row.pk}/")

    assert "500,00 ₽" in page
    assert f'href="/portal/requests/{s.late.pk}/"' in page


def test_the_client_reads_it_when_it_is_reviewed_and_answers(client: Client, s: SimpleNamespace) -> None:
    row = made(client, s)
    coordinator = Client()
    coordinator.force_login(s.kira)
    assert coordinator.get(f"/portal/statements/{row.pk}/").status_code == 404

    client.post(f"/desk/statements/{row.pk}/reviewed/")
    page = plain(coordinator, f"/portal/statements/{row.pk}/")
    assert "5 000,00 ₽" in page
    assert f'href="/portal/requests/{s.late.pk}/"' in page

    empty = coordinator.post(f"/portal/statements/{row.pk}/objection/", {"words": ""})
    assert empty.status_code == 422
    coordinator.post(f"/portal/statements/{row.pk}/objection/", {"words": "Мы просили подождать"})
    assert "Мы просили подождать" in plain(client, f"/desk/statements/{row.pk}/")
    client.post(f"/desk/statements/{row.pk}/agreed/")
    client.post(f"/desk/statements/{row.pk}/posted/", {"words": "Счёт 44"})
    row.refresh_from_db()
    assert row.state == "posted"
    assert "Счёт 44" in plain(coordinator, f"/portal/statements/{row.pk}/")


def test_a_step_that_is_not_next_is_refused_in_words(client: Client, s: SimpleNamespace) -> None:
    row = made(client, s)
    assert client.post(f"/desk/statements/{row.pk}/posted/", {"words": "Счёт 1"}).status_code == 409


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "1999-01", "вчера"])
def test_a_month_that_is_none_or_before_the_contract_is_refused(client: Client, s: SimpleNamespace, month: str) -> None:
    assert client.post("/desk/statements/new/", {"version": s.version.pk, "month": month}).status_code == 422


def test_the_indicators_now_and_what_last_year_would_have_cost(client: Client, s: SimpleNamespace) -> None:
    path = f"/desk/versions/{s.version.pk}/numbers/"
    assert "по заявкам" in plain(client, path)

    assert client.post(f"/desk/versions/{s.version.pk}/what-if/")["Location"] == f"{path}#what-if"
    assert 'hx-trigger="every 2s"' in plain(client, path)
    later = APRIL + timedelta(days=365)
    while what_if.compute_due(at=later):
        pass

    page = plain(client, path)
    assert 'hx-trigger="every 2s"' not in page
    assert page.count("wi-bar") == 12


def test_it_says_it_in_bulgarian_too(client: Client, s: SimpleNamespace) -> None:
    row = made(client, s)
    s.anna.language = "bg"
    s.anna.save()
    assert "За приспадане" in plain(client, f"/desk/statements/{row.pk}/")


def test_the_newest_month_stands_first_in_whatever_order_they_were_asked_for(
    client: Client, s: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firstline.web.manager.statements.PAGE", 2)
    for month in ("2026-05", "2026-03", "2026-04"):
        client.post("/desk/statements/new/", {"version": s.version.pk, "month": month})
    of = {row.starts_on.month: row.pk for row in Statement.objects.all()}

    first = client.get("/desk/statements/")
    shown = re.findall(r'href="/desk/statements/(\d+)/"', first.content.decode())
    assert shown == [str(of[5]), str(of[4])]
    rest = client.get(first.context["next"]).content.decode()
    assert re.findall(r'href="/desk/statements/(\d+)/"', rest) == [str(of[3])]


def test_an_indicator_names_its_service_and_shows_as_many_digits_as_its_goal(
    client: Client, s: SimpleNamespace
) -> None:
    Indicator.objects.create(
        version=s.version, kind="availability", goal=Decimal("99.95"), service=Service.objects.get(slug="printing")
    )
    page = plain(client, f"/desk/versions/{s.version.pk}/indicators/")
    assert "Доступность: Печать" in page
    assert "100,00 %" in page
