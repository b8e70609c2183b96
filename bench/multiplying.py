"""The rows of a desk copied within the database: each ticket so many times, with everything that is its own.

A copy has the numbers right behind those of the row that it is of. What else differs from ticket to ticket follows from
its number; `EXPRESSIONS` says how, by the name of the hole (casting.py) and the engine. {c} is the column, {t} the
column with the ticket's number, `j` the number of the copy, from 0.
"""

from __future__ import annotations

from collections.abc import Mapping

NUMBER = "({t} + j)"
GROWS = "{c} + j"
_MAIL = f"'<' || {NUMBER} || '@bench>'"
_BOTH = {
    "ticket": GROWS,
    "event": GROWS,
    "message": GROWS,
    "delivery": GROWS,
    "target": "'ticket:' || (CAST(substr({c}, 8) AS bigint) + j)",
    "subject": f"replace({{c}}, '(' || {{t}} || ')', '(' || {NUMBER} || ')')",
    "message_id": f"'<bench.' || {NUMBER} || '@firstline.example>'",
    "received": f"replace({{c}}, '#' || {{t}}, '#' || {NUMBER})",
    "source_key": f"'bench-' || {NUMBER}",
    "mail_id": _MAIL,
}
_LITE_RAW = f"CAST(replace(CAST(raw AS text), '<' || {{t}} || '@bench>', {_MAIL}) AS blob)"
_BIG_RAW = f"convert_to(replace(convert_from(raw, 'UTF8'), '<' || {{t}} || '@bench>', {_MAIL}), 'UTF8')"
EXPRESSIONS: Mapping[str, Mapping[str, str]] = {
    "sqlite": _BOTH
    | {
        "audit": """'{{"event": ' || (json_extract({c}, '$.event') + j) || '}}'""",
        "uuid": "lower(hex(randomblob(16)))",
        "raw": _LITE_RAW,
        "size": f"length({_LITE_RAW})",
        "checksum": f"sha256_of({_LITE_RAW})",
        "mail_key": f"sha256_of({_MAIL})",
        "found_by": f"replace(' ' || {{c}} || ' ', ' ' || {{t}} || ' ', ' ' || {NUMBER} || ' ')",
    },
    "postgresql": _BOTH
    | {
        "audit": "jsonb_build_object('event', ({c}->>'event')::bigint + j)",
        "uuid": "gen_random_uuid()",
        "raw": _BIG_RAW,
        "size": f"octet_length({_BIG_RAW})",
        "checksum": f"encode(sha256({_BIG_RAW}), 'hex')",
        "mail_key": f"encode(sha256(convert_to({_MAIL}, 'UTF8')), 'hex')",
        "found_by": f"ts_delete({{c}}, {{t}}::text) || setweight(({NUMBER}::text || ':1')::tsvector, 'A')",
    },
}
SERIES = {
    "sqlite": "(WITH RECURSIVE n(j) AS (SELECT 0 UNION ALL SELECT j + 1 FROM n WHERE j < {last}) SELECT j FROM n)",
    "postgresql": "(SELECT generate_series(0, {last}) AS j)",
}
# The terms of a ticket's subject hold its number: of the column after the number, on both engines.
SEARCH = {"rowid": "ticket", "number": "ticket", "subject": "found_by", "terms": "found_by"}


def statement(engine: str, table: str, base: str, columns: tuple[str, ...], kinds: Mapping[str, str], last: int) -> str:
    """Writes all copies of the rows of `base` into `table`; `kinds` are the holes of its columns."""
    number = next((column for column in columns if kinds.get(column) == "ticket"), "")
    known = EXPRESSIONS[engine]

    def expression(column: str) -> str:
        kind = kinds.get(column, "")
        return known[kind].format(c=f'"{column}"', t=f'"{number}"') if kind in known else f'"{column}"'

    names = ", ".join(f'"{column}"' for column in columns)
    said = ", ".join(map(expression, columns))
    order = f'"{columns[0]}", j' if "id" in columns or number == columns[0] else "j"
    order = f" ORDER BY {order}" if engine == "postgresql" else ""
    series = SERIES[engine].format(last=last)
    return f"INSERT INTO {table} ({names}) SELECT {said} FROM {base} CROSS JOIN {series} AS copies{order}"  # noqa: S608
