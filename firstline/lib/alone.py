"""One of many due things, tried alone: whatever is wrong with it is logged and holds up no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from structlog.stdlib import BoundLogger

from firstline.lib.claims import LeaseLost


@dataclass
class Tried:
    """What became of it: `problem` is what was wrong. A row that another process took over has none."""

    problem: Exception | None = None


@contextmanager
def alone(log: BoundLogger, trouble: str, **about: object) -> Iterator[Tried]:
    """Around the work on one thing, which `about` names in the log. A row that was claimed is found again when its
    lease ends; a caller who knows better looks at the problem.

    Raises OperationalError and InterfaceError: where the database is away, the others fare no better.
    """
    tried = Tried()
    try:
        yield tried
    except (OperationalError, InterfaceError):
        raise
    except LeaseLost:
        log.warning("taken over by another process", **about)
    except Exception as problem:
        log.exception(trouble, **about)
        tried.problem = problem
