"""What is set: how long a box is for a category on a line, and what happens when it is over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.audit import trail
from firstline.contracts.models import Category
from firstline.lines import box
from firstline.lines.box import Limit, Policy
from firstline.lines.box_models import BoxLimit
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.tickets.refusals import WrongValue

LONGEST = 1440


def of(category_id: int | None, line: int) -> Limit:
    """The category's own, else the line's, else the one that holds where nothing is set: one statement."""
    rows = {row.category_id: row for row in BoxLimit.objects.filter(line=line)}
    row = rows.get(category_id) or rows.get(None)
    return box.default(line) if row is None else Limit(row.minutes or None, Policy(row.policy))


def put(
    line: int, minutes: int | None, policy: str, *, category: Category | None, by: Person, at: datetime
) -> BoxLimit | None:
    """Sets a box; `minutes` None: nothing of its own any more, 0: no box. Raises NotAllowed, WrongValue."""
    demand(by, "edit catalogue")
    return keep(line, minutes, policy, category=category, actor=by.actor, at=at)[0]


def keep(
    line: int, minutes: int | None, policy: str, *, category: Category | None, actor: str, at: datetime
) -> tuple[BoxLimit | None, str]:
    """The same for a file; also says whether it was created, changed or unchanged."""
    if line not in {1, 2, 3}:
        raise WrongValue("line", "1, 2 or 3")
    if policy not in set(Policy):
        raise WrongValue("policy", f"one of {', '.join(Policy)}")
    if minutes is not None and not 0 <= minutes <= LONGEST:
        raise WrongValue("minutes", f"0 to {LONGEST}")
    if policy == Policy.HAND_OVER and line == 3:
        raise WrongValue("policy", "there is no line after this one")
    with transaction.atomic():
        kept = BoxLimit.objects.filter(line=line, category=category).first()
        before = (kept.minutes, kept.policy) if kept else None
        after = None if minutes is None else (minutes, policy)
        if before == after:
            return kept, "unchanged"
        if kept is not None and minutes is None:
            kept.delete()
            kept = None
        else:
            kept = kept or BoxLimit(line=line, category=category)
            kept.minutes, kept.policy = minutes or 0, policy
            kept.save()
        slug = category.slug if category else "*"
        trail.note(
            at=at, actor=actor, action="box set", target=f"category:{slug}", line=line, before=before, after=after
        )
        return kept, "created" if before is None else "changed"
