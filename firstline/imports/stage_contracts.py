"""Contracts of an apply file, with the lists of their versions. What was put in force is never rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings

from firstline.contracts import versions, written
from firstline.contracts.models import Contract, ContractVersion
from firstline.contracts.refusals import NotReady, WrongTerms
from firstline.contracts.terms_shape import LISTS, Terms
from firstline.contracts.validity import Span, gap_after, gap_before, overlap
from firstline.imports.apply_file import Row, WrongFile, day_of
from firstline.imports.apply_tables import OF_A_VERSION
from firstline.imports.put import CHANGED, CREATED, UNCHANGED, named
from firstline.people.models import Client
from firstline.sla import into_force

_OF_A_CONTRACT = ("slug", "client", "number", "name", "valid_from", "valid_to", "draft")
_IN_A_LIST = re.compile(r"^(\w+)\[(\d+)\](.*)$", re.DOTALL)


@dataclass
class _Said:
    """One [[contract]] of the file with the rows of its lists, each with its number in the file."""

    place: int
    row: Row
    rows: dict[str, list[tuple[int, Row]]] = field(default_factory=lambda: {table: [] for table in LISTS})

    @property
    def path(self) -> str:
        return f"contract[{self.place}]"

    @property
    def since(self) -> date:
        found = day_of(self.row["valid_from"])
        if found is None:
            raise WrongFile([f"{self.path}.valid_from: is missing"])
        return found

    @property
    def to(self) -> date | None:
        return day_of(self.row.get("valid_to"))

    @property
    def terms(self) -> Terms:
        said: Terms = {key: value for key, value in self.row.items() if key not in _OF_A_CONTRACT}
        for key in ("quality", "advice"):
            if isinstance(said.get(key), str):
                said[key] = {settings.LANGUAGE_CODE: said[key]}
        for table, rows in self.rows.items():
            said[table] = [{k: v for k, v in row.items() if k not in OF_A_VERSION} for _, row in rows]
        return said

    def placed(self, problem: str) -> str:
        """A problem of the terms, with its place in the file."""
        found = _IN_A_LIST.match(problem)
        if found is None or found[1] not in self.rows:
            return f"{self.path}.{problem}"
        return f"{found[1]}[{self.rows[found[1]][int(found[2])][0]}]{found[3]}"


def put_contracts(tables: dict[str, list[Row]], at: datetime) -> Iterator[tuple[str, str]]:
    """One (slug, result) a version. Rows of one slug with other `valid_from` are versions of one contract.

    A row of a list without `valid_from` belongs to the newest of them in the file. Terms that were put in force are
    never changed: other terms from the same day make a version of the next number, which holds in its place; tickets
    keep the version they began with. A draft is changed in place. Raises WrongFile.
    """
    said = _said(tables)
    _refuse_holes(said)
    for one in sorted(said, key=lambda one: (one.row["slug"], str(one.since))):
        try:
            yield one.row["slug"], _put_version(one, at)
        except WrongTerms as wrong:
            raise WrongFile([one.placed(problem) for problem in wrong.problems]) from wrong
        except NotReady as wrong:
            raise WrongFile([f"{one.path}.{_in_words(wrong)}"]) from wrong


def _said(tables: dict[str, list[Row]]) -> list[_Said]:
    said = [_Said(place, row) for place, row in enumerate(tables["contract"])]
    for table in LISTS:
        for number, row in enumerate(tables[table]):
            same = [one for one in said if one.row["slug"] == row["contract"]]
            if "valid_from" in row:
                same = [one for one in same if one.since == day_of(row["valid_from"])]
            if not same:
                raise WrongFile([f"{table}[{number}].contract: its [[contract]] is not in this file"])
            max(same, key=lambda one: one.since).rows[table].append((number, row))
    return said


def _refuse_holes(said: list[_Said]) -> None:
    """Versions of one contract follow one another: no day has two, none between them has none."""
    problems = []
    for one in said:
        if one.to is not None and one.to < one.since:
            problems.append(f"{one.path}.valid_to: before valid_from")
    for slug in {one.row["slug"] for one in said}:
        spans = {one.since: Span(0, one.since, one.to) for one in said if one.row["slug"] == slug}
        kept = ContractVersion.objects.filter(contract__slug=slug, frozen_at__isnull=False).order_by("number")
        newest = {version.valid_from: versions.span(version) for version in kept}
        spans = {**newest, **spans}
        for one in [one for one in said if one.row["slug"] == slug]:
            own = spans[one.since]
            others = [span for since, span in spans.items() if since != one.since]
            both = overlap([own, *(other for other in others if other.since < own.since)])
            if both is not None and both[1] == own:
                problems.append(
                    f"{one.path}.valid_from: overlaps the version before it, which ends on {both[0].to}: end that "
                    "one on the day before, or leave out its valid_to"
                )
            elif gap := gap_before(own, others):
                problems.append(f"{one.path}.valid_from: no version holds from {gap[0]} to {gap[1]}")
            elif gap := gap_after(own, others):
                problems.append(f"{one.path}.valid_to: no version holds from {gap[0]} to {gap[1]}")
    if problems:
        raise WrongFile(sorted(set(problems)))


def _put_version(one: _Said, at: datetime) -> str:
    contract, result = _put_contract(one)
    terms, draft = written.checked(one.terms), bool(one.row.get("draft", False))
    same_day = contract.versions.filter(valid_from=one.since)
    kept = same_day.filter(frozen_at__isnull=draft).order_by("-number").first()
    if kept is not None and kept.valid_to == one.to and written.terms_of(kept) == terms:
        return result
    unfinished = contract.versions.filter(frozen_at__isnull=True).first()
    if draft and unfinished is not None:
        version = unfinished
        version.valid_from = one.since
        version.valid_to = one.to
        written.write(version, terms)
    else:
        version = versions.draft_of(contract, terms, valid_from=one.since, at=at, frozen_at=None if draft else at)
    version.valid_to, version.frozen_at = one.to, None if draft else at
    version.save(update_fields=["valid_from", "valid_to", "frozen_at"])
    versions.demand_hours(version)
    if not draft:
        into_force.demand_unsettled(contract, one.since)
        into_force.work_out_again(version, at=at)
    return CREATED if result == CREATED or kept is None else CHANGED


def _put_contract(one: _Said) -> tuple[Contract, str]:
    client = Client.objects.get(slug=one.row["client"])
    name = named(one.row.get("name", ""))
    contract, is_new = Contract.objects.get_or_create(slug=one.row["slug"], defaults={"client": client})
    if contract.client_id != client.pk:
        raise WrongFile(
            [f"{one.path}.client: the contract is {contract.client.slug}'s; another client needs another contract"]
        )
    values: dict[str, Any] = {"number": one.row.get("number", ""), **name}
    if all(getattr(contract, key) == value for key, value in values.items()):
        return contract, CREATED if is_new else UNCHANGED
    Contract.objects.filter(pk=contract.pk).update(**values)
    return contract, CREATED if is_new else CHANGED


def _in_words(refusal: NotReady) -> str:
    if refusal.problem == "an empty calendar":
        return f"calendar: {refusal.values['calendar'].slug} never opens"  # type: ignore[attr-defined]
    if refusal.problem == "settled":
        return f"valid_from: the statements before {refusal.values['since']} are settled and stay"
    return refusal.problem
