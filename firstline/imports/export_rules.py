"""Rules for mail and of routing, what categories need and what people are given at the most, templates for answers and
macros, as rows of an apply file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from firstline.imports.export_rows import Row, said, slug_of, texts
from firstline.intake.models import MailRule
from firstline.lines.ladder_models import Ladder
from firstline.lines.routing_models import RoutingRule, Share, SkillNeed
from firstline.tickets.macro_models import Macro
from firstline.tickets.template_models import AnswerTemplate

NEGATED = {"negated": "not"}


def named() -> set[int]:
    """The people whom rules of routing and limits name."""
    ruled = RoutingRule.objects.filter(person__isnull=False).values_list("person_id", flat=True)
    limited = Share.objects.filter(most__isnull=False).values_list("person_id", flat=True)
    return {one for one in ruled if one is not None} | set(limited)


def _mail_rules() -> Sequence[Row]:
    linked = ("client", "service", "category", "team")
    return [
        {"slug": one.slug, "name": one.name, "conditions": [_condition(each) for each in one.conditions],
         "active": one.is_on}
        | said(any=one.any_of, go_on=one.goes_on, outcome=one.outcome, priority=one.priority, type=one.type,
               tag=one.tag, **{name: slug_of(getattr(one, name)) for name in linked})
        for one in MailRule.objects.select_related(*linked).order_by("position", "id")
    ]  # fmt: skip


def _routing_rules() -> Sequence[Row]:
    return [
        {"slug": one.slug, "name": one.name, "conditions": [_condition(each) for each in one.conditions],
         "active": one.is_on, "strategy": one.strategy, "level": one.level}
        | said(line=one.line, team=slug_of(one.team), person=one.person.login if one.person else "",
               skill=slug_of(one.skill), sticks=one.sticks)
        for one in RoutingRule.objects.select_related("team", "person", "skill").order_by("position", "id")
    ]  # fmt: skip


def _ladders() -> Sequence[Row]:
    return [
        {"slug": one.slug, "name": one.name, "conditions": [_condition(each) for each in one.conditions],
         "rungs": one.rungs, "wait": one.wait, "active": one.is_on}
        | said(hours=slug_of(one.hours))
        for one in Ladder.objects.select_related("hours").order_by("position", "id")
    ]  # fmt: skip


def _needs() -> Sequence[Row]:
    rows = SkillNeed.objects.select_related("category", "skill").order_by("category__slug", "skill__slug")
    return [{"category": one.category.slug, "skill": one.skill.slug, "level": one.level} for one in rows]


def _limits() -> Sequence[Row]:
    rows = Share.objects.filter(most__isnull=False).select_related("person").order_by("person__login")
    return [{"person": one.person.login, "most": one.most} for one in rows]


def _templates() -> Sequence[Row]:
    rows = AnswerTemplate.objects.filter(removed_at__isnull=True, owner__is_active=True).select_related("owner")
    return [
        {"owner": one.owner.login, "name": one.name, "body": one.body, "shared": one.shared}
        | said(language=one.language)
        for one in rows.order_by("owner__login", "name")
    ]


def _macros() -> Sequence[Row]:
    rows = Macro.objects.filter(removed_at__isnull=True, owner__is_active=True).select_related("owner")
    return [
        {"slug": one.slug, "owner": one.owner.login, "name": texts(one.name, one.names), "steps": one.steps,
         "shared": one.shared}
        for one in rows.order_by("slug")
    ]  # fmt: skip


def _condition(kept: Mapping[str, Any]) -> Row:
    return {
        NEGATED.get(key, key): list(value) if isinstance(value, (list, tuple)) else value
        for key, value in kept.items()
        if value not in (None, "", False)
    }


EXPORTED: dict[str, Callable[[], Sequence[Row]]] = {
    "mail_rule": _mail_rules, "ladder": _ladders, "routing_rule": _routing_rules, "skill_need": _needs,
    "ticket_limit": _limits, "answer_template": _templates, "macro": _macros,
}  # fmt: skip
