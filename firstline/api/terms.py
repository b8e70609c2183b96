"""Terms as somebody sends them: checked as those of an apply file, their problems named as they stand in the body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpResponse

from firstline.contracts.refusals import WrongTerms
from firstline.imports import apply_file

OUTSIDE = frozenset({"valid_from", "valid_to", "slug", "names", "number", "terms"})
REVISION = re.compile(rb'"revision":"([0-9a-f]+)"')


def checked(terms: dict[str, Any]) -> dict[str, Any]:
    """The same terms. Raises WrongTerms with every problem: `terms.target[0].goal`."""
    if problems := apply_file.terms_problems(terms):
        raise WrongTerms(problems)
    return terms


@contextmanager
def placed() -> Iterator[None]:
    """What a verb finds wrong with terms is named as it stands in the body, too."""
    try:
        yield
    except WrongTerms as wrong:
        raise WrongTerms([_in_terms(one) for one in wrong.problems]) from wrong


def _in_terms(problem: str) -> str:
    return problem if re.split(r"[.\[:]", problem)[0] in OUTSIDE else f"terms.{problem}"


def with_revision(response: HttpResponse) -> HttpResponse:
    """The revision that the body says is the ETag, too."""
    found = REVISION.search(response.content)
    if found is not None:
        response.headers["ETag"] = f'"{found[1].decode()}"'
    return response
