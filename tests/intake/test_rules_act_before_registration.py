"""What rules set stands on the ticket with who set it; a broken rule never refuses a letter."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.intake import again, processing, ruling
from firstline.intake.models import Inbound, MailRule
from firstline.lib import clock
from firstline.ops import health
from firstline.tickets import opening
from firstline.tickets.models import Kind, Ticket
from tests import cast
from tests.intake.mail import letter, mailbox, process, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage() -> Any:
    return cast.stage()


def rule(
    name: str = "VIP из банка", field: str = "from", test: str = "is", value: str = "@north.example", **fields: Any
):
    conditions = fields.pop("conditions", [{"field": field, "test": test, "value": value}])
    return MailRule.objects.create(
        slug=f"r{MailRule.objects.count()}",
        name=name,
        position=MailRule.objects.count(),
        conditions=conditions,
        **fields,
    )


def test_what_a_rule_sets_stands_on_the_ticket_and_is_said(stage: Any) -> None:
    mailbox(team=stage.line1)
    made = rule(client=stage.south, service=stage.network, priority=1, type="fault", tag="банк", goes_on=True)
    row = process(letter())
    ticket = row.ticket
    assert (ticket.client, ticket.service, ticket.team, ticket.priority, ticket.type, ticket.tags) == (
        stage.south, stage.network, stage.line2, 1, "fault", ["банк"],
    )  # fmt: skip
    told = ticket.events.get(kind=Kind.RULED)
    assert (told.public, told.data["rule"], told.data["number"]) == (False, made.name, made.pk)
    assert told.data["set"] == {
        "client": "south", "service": "network", "priority": 1, "type": "fault", "tag": "банк",
    }  # fmt: skip
    assert ticket.events.get(kind=Kind.CREATED).data["priority"] == 1


def test_a_rule_that_does_not_hold_or_is_off_does_nothing(stage: Any) -> None:
    rule(value="@other.example", priority=1)
    rule(priority=2, is_on=False)
    ticket = process(letter()).ticket
    assert ticket.priority == 3
    assert not ticket.events.filter(kind__in=[Kind.RULED, Kind.TROUBLE]).exists()


@pytest.mark.parametrize(
    ("outcome", "ends"), [("quarantine", ("quarantine", "quarantine")), ("ignore", ("done", "ignored"))]
)
def test_a_letter_is_put_aside_with_the_rules_name_and_a_person_may_decide_otherwise(
    stage: Any, outcome: str, ends: tuple[str, str]
) -> None:
    made = rule("Рассылка", outcome=outcome)
    row = process(letter())
    assert (row.state, row.outcome, row.reason, row.ticket) == (*ends, "rule ‘Рассылка’", None)
    made.delete()
    again.run_again(row, by=stage.lev, at=clock.now())
    assert row.outcome == "ticket"


def test_a_machine_whose_letters_are_requests_gets_a_ticket_and_no_answer(stage: Any) -> None:
    rule("Мониторинг", value="monitor@zabbix.example", outcome="ticket", client=stage.north)
    raw = letter(sender="Zabbix <monitor@zabbix.example>", Auto_Submitted="auto-generated", subject="Диск")
    row = process(raw)
    assert (row.outcome, row.ticket.client) == ("ticket", stage.north)
    assert row.ticket.events.get(kind=Kind.CREATED).data["quiet"] is True
    other = process(letter(sender="x@y.example", Auto_Submitted="auto-generated"))
    assert other.outcome == "auto"


def test_a_broken_rule_is_named_and_the_letter_goes_on(stage: Any) -> None:
    broken = rule("Сломанное", field="colour")
    unreadable = rule("Не список", conditions={"field": "from"})
    rule("Целое", priority=2)
    row = process(letter())
    assert (row.outcome, row.ticket.priority) == ("ticket", 2)
    assert row.ticket.events.filter(kind=Kind.TROUBLE).count() == 2
    for one in (broken, unreadable):
        one.refresh_from_db()
        assert one.problem
        assert one.problem_since is not None
    named = [problem for problem in health.problems(clock.now()) if problem.name.startswith("rule ")]
    assert [problem.name for problem in named] == [f"rule {broken.slug}", f"rule {unreadable.slug}"]
    assert not any(problem.stops for problem in named)


def test_values_that_cannot_be_applied_leave_the_ticket_as_it_would_have_been(stage: Any) -> None:
    made = rule("Неприменимое", priority=1)
    MailRule.objects.filter(pk=made.pk).update(tag="т" * 40)
    with pytest.MonkeyPatch.context() as patch:
        whole = opening.open_ticket

        def refuses(**given: Any) -> Ticket:
            ticket = whole(**given)
            if given.get("tags"):
                raise ValueError("the catalogue does not know it")
            return ticket

        patch.setattr(opening, "open_ticket", refuses)
        row = process(letter())
    assert (row.outcome, row.ticket.priority) == ("ticket", 3)
    assert Ticket.objects.count() == 1
    assert "the catalogue does not know it" in row.ticket.events.get(kind=Kind.TROUBLE).data["error"]
    assert not row.ticket.events.filter(kind=Kind.RULED).exists()
    made.refresh_from_db()
    assert "the catalogue does not know it" in made.problem


def test_rules_cost_one_statement_a_letter_however_many_there_are(stage: Any) -> None:
    def statements() -> int:
        row = take(letter())
        reading = processing.read(row)
        assert reading.letter is not None
        with CaptureQueriesContext(
            connection,
        ) as asked:
            ruling.of(row, reading.letter, None)
        return len(asked)

    assert statements() == 1
    for number in range(30):
        rule(f"n{number}", value="@nobody.example")
    assert statements() == 1


def test_the_journal_keeps_what_rules_look_at(stage: Any) -> None:
    row = process(
        letter(text="Добрый день, принтер не печатает, посмотрите.", files=(("a.pdf", b"x"),), X_Spam_Score="6.5")
    )
    assert row.facts == {
        "name": "Иван Петров", "to": ["desk@firm.example"], "spam": 6.5, "files": 1, "auto": "", "language": "ru",
    }  # fmt: skip
    assert Inbound.objects.get(pk=row.pk).facts == row.facts
