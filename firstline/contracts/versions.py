"""What an account manager does with a contract: a draft, its terms, in force, and never again changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from firstline.audit import trail
from firstline.blobs.models import Blob
from firstline.calendars.models import Calendar, CalendarVersion
from firstline.calendars.question import parse_calendar
from firstline.contracts import written
from firstline.contracts.models import Contract, ContractVersion
from firstline.contracts.refusals import Frozen, NotReady, WrongTerms
from firstline.contracts.validity import Span, gap_after, gap_before
from firstline.lib.language import filled, named
from firstline.people.models import Client, Person
from firstline.people.permissions import demand


def slug_of(number: str) -> str:
    """By what files and addresses know a contract of this number; "" where it has no digit and no Latin letter."""
    return slugify(re.sub(r"[/\\.]", "-", number), allow_unicode=False)[:60]


@transaction.atomic
def agree(client: Client, *, slug: str, number: str, name: str, by: Person, at: datetime) -> Contract:
    """A new contract of a client, without any terms yet. Raises WrongTerms."""
    demand(by, "edit contracts")
    if Contract.objects.filter(slug=slug).exists():
        raise WrongTerms(["number: there is a contract with this number"])
    contract = Contract.objects.create(client=client, slug=slug, number=number, name=name)
    trail.note(
        at=at,
        actor=by.actor,
        action="contract made",
        target=f"contract:{slug}",
        client=client.slug,
        number=number,
    )
    return contract


@transaction.atomic
def rename(contract: Contract, *, number: str, names: Mapping[str, str], by: Person, at: datetime) -> Contract:
    """What stands on the paper; the slug, by which files and addresses know it, stays. Raises WrongTerms."""
    demand(by, "edit contracts")
    name, texts = named(filled(names), settings.LANGUAGE_CODE)
    problems = [] if number.strip() else ["number: is missing"]
    problems += ["number: longer than 60 characters"] if len(number.strip()) > 60 else []
    problems += ["names: longer than 200 characters"] if any(len(text) > 200 for text in texts.values()) else []
    if problems:
        raise WrongTerms(problems)
    _hold(contract)
    held = Contract.objects.get(pk=contract.pk)
    before = {"number": held.number, "name": held.name, "names": held.names}
    held.number, held.name, held.names = number.strip(), name, texts
    now = {"number": held.number, "name": held.name, "names": held.names}
    if now != before:
        held.save(update_fields=["number", "name", "names"])
        trail.note(
            at=at, actor=by.actor, action="contract renamed", target=f"contract:{held.slug}", before=before,
            **now,
        )  # fmt: skip
    return held


@transaction.atomic
def begin(
    contract: Contract, terms: Mapping[str, Any], *, valid_from: date, by: Person, at: datetime
) -> ContractVersion:
    """A draft of the next version, from these terms (those of another version, or of a template). Raises NotReady where
    there is a draft already, WrongTerms."""
    demand(by, "edit contracts")
    _hold(contract)
    if (there := contract.versions.filter(frozen_at__isnull=True).first()) is not None:
        raise NotReady("a draft is there", number=there.number)
    draft = draft_of(contract, terms, valid_from=valid_from, at=at)
    _note(draft, "contract draft begun", by, at, terms=written.terms_of(draft))
    return draft


@transaction.atomic
def edit(
    draft: ContractVersion,
    terms: Mapping[str, Any],
    *,
    valid_from: date,
    valid_to: date | None,
    by: Person,
    at: datetime,
    seen: str = "",
) -> ContractVersion:
    """Other terms for a draft. `seen` is the fingerprint of what the person looked at: NotReady where somebody else has
    changed it since. Raises Frozen, WrongTerms."""
    demand(by, "edit contracts")
    held = _held_draft(draft)
    if seen and seen != fingerprint(held):
        raise NotReady("changed since", number=held.number)
    if valid_to is not None and valid_to < valid_from:
        raise WrongTerms(["valid_to: before valid_from"])
    held.valid_from, held.valid_to = valid_from, valid_to
    written.write(held, terms)
    _note(held, "contract draft edited", by, at, terms=written.terms_of(held), valid_from=valid_from.isoformat())
    return held


@transaction.atomic
def put_in_force(draft: ContractVersion, *, by: Person, at: datetime) -> ContractVersion:
    """From now on its terms never change; tickets that come on its days begin under it. Raises Frozen, NotReady."""
    demand(by, "edit contracts")
    held = _held_draft(draft)
    demand_hours(held)
    own, others = span(held), [span(one) for one in in_force_of(held.contract)]
    if gap := gap_before(own, others) or gap_after(own, others):
        raise NotReady("a gap", since=gap[0], to=gap[1])
    held.frozen_at = at
    held.save(update_fields=["frozen_at"])
    _note(held, "contract in force", by, at, terms=written.terms_of(held), valid_from=held.valid_from.isoformat())
    return held


@transaction.atomic
def discard(draft: ContractVersion, *, by: Person, at: datetime) -> None:
    """The draft is gone, its terms are in the audit trail. Raises Frozen."""
    demand(by, "edit contracts")
    held = _held_draft(draft)
    _note(held, "contract draft discarded", by, at, terms=written.terms_of(held))
    delete(held)


@transaction.atomic
def sign(version: ContractVersion, document: Blob, *, name: str, by: Person, at: datetime) -> ContractVersion:
    """The signed paper of a version. A draft may get another; beside terms in force it stays. Raises Frozen."""
    demand(by, "edit contracts")
    _hold(version.contract)
    held = ContractVersion.objects.select_related("contract").get(pk=version.pk)
    if held.document_id is not None and not held.is_draft:
        raise Frozen
    held.document, held.document_name = document, name[:200]
    held.save(update_fields=["document", "document_name"])
    _note(held, "contract signed", by, at, sha256=document.pk, name=name[:200])
    return held


def draft_of(
    contract: Contract, terms: Mapping[str, Any], *, valid_from: date, at: datetime, frozen_at: datetime | None = None
) -> ContractVersion:
    """A draft with these terms, for the verbs here and the apply file; what the file puts in force (`frozen_at`)
    is none, and may stand beside one. Raises WrongTerms."""
    calendar = Calendar.objects.filter(slug=terms.get("calendar", "")).first()
    if calendar is None:
        raise WrongTerms([f"calendar: there is no calendar {terms.get('calendar', '')!r}"])
    newest = contract.versions.aggregate(newest=Max("number"))["newest"] or 0
    draft = ContractVersion.objects.create(
        contract=contract,
        number=newest + 1,
        valid_from=valid_from,
        calendar=calendar,
        created_at=at,
        frozen_at=frozen_at,
    )
    written.write(draft, terms)
    return draft


def demand_hours(version: ContractVersion) -> None:
    """Every calendar that the version names opens at some time. Raises NotReady."""
    named = [version.calendar, *(one.calendar for one in version.targets.select_related("calendar") if one.calendar)]
    named += [one.calendar for one in version.duties.select_related("calendar") if one.calendar]
    for calendar in named:
        if not opens(calendar):
            raise NotReady("an empty calendar", calendar=calendar)


def opens(calendar: Calendar) -> bool:
    """Whether it has any hour at all, by its newest version."""
    newest = CalendarVersion.objects.filter(calendar=calendar).order_by("-number").first()
    if newest is None:
        return False
    hours = parse_calendar({"time_zone": newest.time_zone, "weekly": newest.weekly, "exceptions": newest.exceptions})
    return any(hours.weekly.values()) or any(hours.exceptions.values())


def in_force_of(contract: Contract) -> list[ContractVersion]:
    """The versions that were put in force, in order."""
    return list(contract.versions.filter(frozen_at__isnull=False).order_by("number"))


def span(version: ContractVersion) -> Span:
    return Span(version.number, version.valid_from, version.valid_to)


def fingerprint(version: ContractVersion) -> str:
    """Tells whether anything of a draft was changed."""
    said = [version.valid_from.isoformat(), str(version.valid_to), written.terms_of(version)]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:16]


def delete(version: ContractVersion) -> None:
    """A version that no ticket began under, with its rows."""
    for rows in _rows_of(version):
        rows.all().delete()
    version.delete()


def _rows_of(version: ContractVersion) -> Iterable[Any]:
    return (
        version.targets, version.pause_reasons, version.inner_terms, version.duties, version.indicators,
        version.penalties, version.hours,
    )  # fmt: skip


def _held_draft(draft: ContractVersion) -> ContractVersion:
    _hold(draft.contract)
    held = ContractVersion.objects.select_related("contract", "calendar").filter(pk=draft.pk).first()
    if held is None or not held.is_draft:
        raise Frozen
    return held


def _hold(contract: Contract) -> None:
    """One at a time at one contract."""
    Contract.objects.select_for_update().get(pk=contract.pk)


def _note(version: ContractVersion, action: str, by: Person, at: datetime, **data: Any) -> None:
    trail.note(
        at=at,
        actor=by.actor,
        action=action,
        target=f"contract:{version.contract.slug}",
        version=version.number,
        **data,
    )
