"""Which statements read a big table from end to end, by the plans of the database that holds it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django
from django.db import connection

BIG = 10_000
Asked = list[tuple[str, Any]]


@contextmanager
def asked() -> Iterator[Asked]:
    """Each statement that reads, with its values."""
    seen: Asked = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and sql.lstrip("( ").upper().startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
            seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def big_tables() -> set[str]:
    """Tables of more than BIG rows."""
    names = connection.introspection.table_names()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [BIG])
            return {row[0] for row in cursor.fetchall()} & set(names)
        found = set()
        for name in names:
            cursor.execute(f'SELECT count(*) FROM (SELECT 1 FROM "{name}" LIMIT {BIG + 1})')  # noqa: S608
            if cursor.fetchone()[0] > BIG:
                found.add(name)
        return found


def whole_readings(statements: Asked, big: set[str]) -> list[str]:
    """The steps that read all of a big table, each with the beginning of its statement."""
    found = []
    for sql, params in statements:
        steps = _steps_of_postgresql(sql, params) if connection.vendor == "postgresql" else _steps(sql, params)
        found += [f"{step}: {sql[:2000]}" for table, step in steps if table in big]
    return found


def _steps_of_postgresql(sql: str, params: Any) -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        answer = cursor.fetchone()[0]
    plans = json.loads(answer) if isinstance(answer, str) else answer
    todo = [plans[0]["Plan"]]
    while todo:
        node = todo.pop()
        todo += node.get("Plans", [])
        if node["Node Type"] == "Seq Scan":
            yield node["Relation Name"], f"Seq Scan on {node['Relation Name']}"


def _steps(sql: str, params: Any) -> Iterator[tuple[str, str]]:
    """SQLite says SCAN of a table whole or of an index whole; a full-text index is asked as INDEX of its own."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        steps = [str(row[-1]) for row in cursor.fetchall()]
        names = _names(sql)
    for step in steps:
        words = step.split()
        if words[0] == "SCAN" and "VIRTUAL" not in words and "USING" not in words:
            yield names.get(words[1], words[1]), step
        if step.startswith("USING ROWID SEARCH ON TABLE"):  # each of its rows is looked for in another table
            yield names.get(words[5], words[5]), step


def _names(sql: str) -> dict[str, str]:
    """The tables behind the short names that Django gives them in subqueries."""
    words = sql.replace("(", " ").replace(")", " ").replace('"', "").split()
    return {
        words[place + 2] if words[place + 2].upper() != "AS" else words[place + 3]: words[place + 1]
        for place in range(len(words) - 3)
        if words[place].upper() in ("FROM", "JOIN")
    }


def main() -> None:
    """A statement that nothing but reading everything can answer: whether it is seen."""
    with asked() as statements, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tickets_ticket WHERE subject LIKE %s", ["%x%"])
    print(json.dumps({"whole": whole_readings(statements, big_tables())}))


if __name__ == "__main__":
    django.setup()
    main()
