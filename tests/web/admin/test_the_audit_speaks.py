"""Whatever the program writes into the audit has words there, in three languages; none is shown as the code has it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

import firstline
from firstline.audit.models import Row
from firstline.lib import clock
from firstline.roster.models import CallUp, Swap
from firstline.sla.statement_models import StatementState
from firstline.tickets.models import Kind
from firstline.web.admin import audit
from firstline.web.admin.audit_words import ACTIONS, OF_TICKETS, THINGS

ROOT = Path(firstline.__file__).parent
Found = tuple[Path, int, str]


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def texts(node: ast.AST) -> Iterator[str]:
    """The words that an expression may be: both sides of a condition, of an f-string what is before its first gap."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        first = node.values[0]
        yield f"{first.value if isinstance(first, ast.Constant) else ''}…"


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def named(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def written(keyword: str) -> Iterator[Found]:
    """Every text given to the audit as `action` (or `target`), also by a helper with a parameter of that name."""
    trees = list(modules())
    helpers = {
        (path if node.name.startswith("_") else None, node.name): [one.arg for one in node.args.args]
        for path, tree in trees
        if "firstline.audit" in path.read_text(encoding="utf-8") or "decisions" in path.stem
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and keyword in {one.arg for one in [*node.args.args, *node.args.kwonlyargs]}
    }
    for path, tree in trees:
        for call in calls(tree):
            name = named(call)
            places = helpers.get((path, name), helpers.get((None, name)))
            if places is None and not (name == "note" and "trail" in ast.unparse(call.func)):
                continue
            given = [one.value for one in call.keywords if one.arg == keyword]
            if places and keyword in places and len(call.args) > places.index(keyword):
                given.append(call.args[places.index(keyword)])
            for node in given:
                for text in texts(node):
                    yield path.relative_to(ROOT), call.lineno, text


def test_every_action_has_words() -> None:
    found = list(written("action"))
    assert len(found) > 90, "the search itself finds them"
    wrong = [
        one
        for one in found
        if one[2] not in ACTIONS
        and not (one[2].endswith("…") and any(key.startswith(one[2][:-1]) for key in ACTIONS))
        and not (one[0].parts[0] == "knowledge" and f"article_{one[2]}" in ACTIONS)
    ]
    assert not wrong
    assert set(OF_TICKETS) == {kind.value for kind in Kind}
    for begin, values in {
        "statement ": [to.value for to in StatementState if to != StatementState.ASKED], "swap_": Swap.State.values,
        "call_up_": [to for to in CallUp.Answer.values if to != CallUp.Answer.SILENT],
    }.items():  # fmt: skip
        assert {f"{begin}{value}" for value in values} <= set(ACTIONS)


def test_every_thing_has_a_name() -> None:
    things = {text.partition(":")[0].rstrip("…") for _path, _line, text in written("target")} - {""}
    assert {"ticket", "person", "mailbox"} <= things
    assert things <= set(THINGS)


@pytest.mark.parametrize("language", ["ru", "bg"])
def test_in_each_language(language: str) -> None:
    with override(language):
        for key, words in [*ACTIONS.items(), *OF_TICKETS.items(), *THINGS.items()]:
            assert not str(words).isascii() or "VIP" in str(words), (key, str(words))


def test_a_ticket_is_spoken_of_as_one() -> None:
    def row(action: str, target: str) -> Row:
        return Row(at=clock.now(), actor="system", action=action, target=target, data={})

    with override("en"):
        assert audit.said(row("merged", "ticket:7")) == "ticket merged into another"
        assert audit.said(row("people merged", "person:7")) == "two records merged"
