"""Contracts as rows of an apply file: of each day on which a version began the one that holds, and the draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from firstline.contracts import written
from firstline.contracts.models import ContractVersion
from firstline.contracts.terms_shape import LISTS
from firstline.imports.export_rows import Row, said, texts


def _versions() -> Iterator[ContractVersion]:
    kept = ContractVersion.objects.select_related("contract__client", "calendar")
    holding: dict[tuple[object, ...], ContractVersion] = {}
    for one in kept.order_by("contract__slug", "valid_from", "number"):
        holding[one.contract_id, one.valid_from, one.frozen_at is None] = one  # a later number holds in its place
    yield from holding.values()


def _contracts() -> Sequence[Row]:
    rows = []
    for one in _versions():
        contract = one.contract
        row: Row = {"slug": contract.slug, "client": contract.client.slug, "valid_from": one.valid_from}
        row |= said(number=contract.number, name=texts(contract.name, contract.names), valid_to=one.valid_to,
                    draft=one.frozen_at is None)  # fmt: skip
        rows.append(row | {key: value for key, value in written.terms_of(one).items() if key not in LISTS})
    return rows


def _of(table: str) -> Callable[[], Sequence[Row]]:
    def rows() -> Sequence[Row]:
        return [
            {"contract": one.contract.slug, "valid_from": one.valid_from, **row}
            for one in _versions()
            for row in written.terms_of(one).get(table, ())
        ]

    return rows


EXPORTED: dict[str, Callable[[], Sequence[Row]]] = {"contract": _contracts, **{name: _of(name) for name in LISTS}}
