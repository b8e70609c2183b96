"""What an apply file says of the lines' work: the boxes by category and line."""

from __future__ import annotations

from datetime import datetime

from firstline.contracts.models import Category
from firstline.imports.apply_file import Row, WrongFile
from firstline.imports.put import Result
from firstline.lines import limits
from firstline.tickets.refusals import WrongValue


def put_boxes(rows: list[Row], at: datetime) -> list[Result]:
    """One result a row. Raises WrongFile."""
    results = []
    for number, row in enumerate(rows):
        category = Category.objects.get(slug=row["category"]) if "category" in row else None
        try:
            _kept, result = limits.keep(
                row["line"], row["minutes"], row.get("policy", "remind"), category=category, actor="apply", at=at
            )
        except WrongValue as wrong:
            raise WrongFile([f"box[{number}].{wrong.field}: {wrong.problem}"]) from wrong
        results.append(Result("box", f"{row['category'] if category else 'line'} {row['line']}", result))
    return results
