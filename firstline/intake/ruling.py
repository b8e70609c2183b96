"""The rules of the desk applied to a letter that is being registered.

What an administrator wrote runs in a savepoint: a rule that cannot be asked or applied is passed over, named on /readyz
and on the ticket, and the letter is registered without it (architecture.md, rule 4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Coalesce

from firstline.intake import rules
from firstline.intake.models import Inbound, MailRule
from firstline.intake.reading import tongues
from firstline.intake.reading.letters import Letter
from firstline.intake.rules import Condition, Decision, Facts, Rule
from firstline.lib import clock, log
from firstline.post.models import Account
from firstline.tickets import history
from firstline.tickets.models import Kind, Ticket, Type

MOST_RULES = 200
LINKED = ("client", "service", "category", "team")
_logger = log.get(__name__)


@dataclass(frozen=True)
class Ruling:
    """What the rules say of one letter. `values` go to `opening.open_ticket`."""

    decision: Decision = field(default_factory=Decision)
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """`quarantine`, `ignore`, `ticket` (a machine's letter is a request all the same), or empty."""
        return self.decision.outcome

    @property
    def is_aside(self) -> bool:
        return self.decision.outcome in rules.ASIDE

    @property
    def reason(self) -> str:
        return f"rule ‘{self.decision.applied[-1][0].name}’" if self.decision.applied else ""


def of(row: Inbound, letter: Letter, account: Account | None) -> Ruling:
    """What the rules say of this letter, in the transaction that registers it. Raises only what the database raises."""
    asked = in_force()
    if not asked:
        return Ruling()
    by_number = {rule.pk: rule for rule in asked}
    decision = rules.decide([as_rule(rule) for rule in asked], facts_of(letter, row.size, account))
    for rule, problem in decision.broken:
        _say_broken(by_number[rule.number], problem, clock.now())
    values: dict[str, Any] = {}
    for rule, new in decision.applied:
        values |= {name: getattr(by_number[rule.number], name) for name in new if name in rules.SETS}
    return Ruling(decision, _as_arguments(values))


def open_by(ruling: Ruling, open_ticket: Callable[..., Ticket], **plain: Any) -> Ticket:
    """The ticket with what the rules set, else without it; what they did, or why they could not, is said on it."""
    ticket, failed = None, ""
    if ruling.values:
        try:
            with transaction.atomic():
                ticket = open_ticket(**{**plain, **ruling.values})
        except (OperationalError, InterfaceError):
            raise
        except Exception as problem:
            failed = f"{type(problem).__name__}: {problem}"[:200]
            _logger.error("rules not applied", exc_info=problem)
    made = ticket if ticket is not None else open_ticket(**plain)
    _tell(made, ruling, failed, at=clock.now())
    return made


def in_force() -> list[MailRule]:
    """The rules that are on, in their order. What they name is looked up apart: most desks have few rules or none, and
    a join of eight tables costs more than all else that is asked of them."""
    rows = MailRule.objects.filter(is_on=True).order_by("position", "id")
    return list(rows.prefetch_related(*LINKED, "service__team", "category__service__team")[:MOST_RULES])


def as_rule(row: MailRule) -> Rule:
    """The row as `intake.rules` asks it. What cannot be read in it makes a rule that cannot be asked."""
    then: dict[str, Any] = {name: getattr(row, name).slug for name in LINKED if getattr(row, f"{name}_id") is not None}
    then |= {name: getattr(row, name) for name in ("priority", "type", "tag") if getattr(row, name)}
    if row.outcome:
        then["outcome"] = row.outcome
    return Rule(row.pk or 0, row.name, conditions_of(row), then, row.any_of, row.goes_on)


def conditions_of(row: MailRule) -> tuple[Condition, ...]:
    """The conditions of a row; one that is no condition becomes one that cannot be asked."""
    found = []
    for given in row.conditions if isinstance(row.conditions, list) else [None]:
        try:
            found.append(Condition(**given))
        except TypeError:
            found.append(Condition("unreadable", "", ""))
    return tuple(found)


# ---- facts -----------------------------------------------------------------------------------------


def facts_of(letter: Letter, size: int, account: Account | None) -> Facts:
    """What can be asked of a letter that was read."""
    headers = rules.headers_of(letter.headers_text)
    return Facts(
        sender=(letter.from_email or "").lower(),
        name=letter.from_name or "",
        to=tuple(address.email.lower() for address in (*letter.to, *letter.cc)[:50]),
        subject=letter.subject,
        size=size,
        spam=rules.spam_of(headers),
        files=sum(not part.inline for part in letter.attachments),
        auto=letter.auto or "",
        mailbox=account.address if account else "",
        language=tongues.guessed(letter.reply_text or letter.text),
        headers=headers,
        proofs=rules.proofs_of(letter.verdict.said, letter.verdict.result),
    )


def kept(letter: Letter | None) -> dict[str, Any] | None:
    """What the journal keeps of the facts, so that a rule can be tried on old letters without reading them again."""
    if letter is None:
        return None
    facts = facts_of(letter, 0, None)
    return {
        "name": facts.name[:200], "to": list(facts.to[:20]), "spam": facts.spam, "files": facts.files,
        "auto": facts.auto, "language": facts.language,
    }  # fmt: skip


def _as_arguments(values: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in values.items() if name != "tag"}
    service = given.get("service") or (given["category"].service if given.get("category") else None)
    if "team" not in given and service is not None and service.team_id is not None:
        given["team"] = service.team  # what it is about says more than where it was sent to
    if "type" in given:
        given["type"] = Type(given["type"]) if given["type"] in Type.values else given["type"]
    if "tag" in values:
        given["tags"] = (values["tag"],)
    return given


# ---- what is said ----------------------------------------------------------------------------------


def _tell(ticket: Ticket, ruling: Ruling, failed: str, *, at: datetime) -> None:
    applied = [(rule, new) for rule, new in ruling.decision.applied if new]
    if failed:
        history.trouble(history.locked(ticket), at=at, what="rule", error=f"{ruling.reason}: {failed}")
        _say_broken_by_number([rule.number for rule, _new in applied], failed, at)
        applied = []
    for rule, problem in ruling.decision.broken:
        history.trouble(history.locked(ticket), at=at, what="rule", error=f"rule ‘{rule.name}’: {problem}")
    for rule, new in applied:
        history.record(
            history.locked(ticket), Kind.RULED, by=None, at=at, rule=rule.name, number=rule.number, set=dict(new)
        )
    if failed or applied or ruling.decision.broken:
        ticket.refresh_from_db()


def _say_broken(rule: MailRule, problem: str, at: datetime) -> None:
    if rule.problem != problem:
        _say_broken_by_number([rule.pk], problem, at)


def _say_broken_by_number(numbers: list[int], problem: str, at: datetime) -> None:
    MailRule.objects.filter(pk__in=numbers).update(
        problem=problem[:300] or "broken", problem_since=Coalesce("problem_since", at)
    )
