"""The refusals that an operation documents, by kind of operation."""

from __future__ import annotations

from firstline.api.schemas import Problem

FOR_READING: dict[int, type[Problem]] = dict.fromkeys((400, 401, 403, 404, 405, 422, 500, 503), Problem)
FOR_WRITING: dict[int, type[Problem]] = dict.fromkeys((400, 401, 403, 404, 405, 409, 413, 415, 422, 500, 503), Problem)
