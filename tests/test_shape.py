"""The shape of the code is a behaviour too: these tests keep it small, one-way and free of its old diseases."""

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "firstline"
CODE = [path for path in sorted(HOUSE.rglob("*.py")) if "migrations" not in path.parts]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted(HOUSE.rglob("templates/**/*.html"))
VAGUE = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "signals",
    "services",
    "service",
    "managers",
    "tools",
    "base",
}
NAMED_BY_DJANGO = {"firstline/lib/sqlite/base.py"}  # where it looks for the way to a database
FILE_LIMIT, FUNCTION_LIMIT = 400, 60
# The one place that may import late: models exist only when Django calls it.
LATE_IMPORT_ALLOWED = {"firstline/apps.py"}
# Modules that the architecture marks as pure (◦), by package.
PURE = {
    "calendars": {"working_time"},
    "contracts": {"targets"},
    "intake": {"reading", "rules", "sender_checks", "silence"},
    "lib": {"periods", "language"},
    "lines": {"rules", "box", "ladder", "order", "forecast", "staffing"},
    "reports": {"kpi"},
    "roster": {"pattern", "hours", "holes"},
    "sla": {"reading", "penalties", "indicators"},
    "tickets": {"statuses", "priority"},
    "worklog": {"rounding"},
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", [*CODE, *TESTS], ids=name)
def test_a_file_is_small_and_named_for_what_it_holds(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert path.stem not in VAGUE or name(path) in NAMED_BY_DJANGO, "name the file for what it holds"
    assert source.count("\n") <= FILE_LIMIT, "split the file by behaviour"
    long = [
        f"{function.name} ({function.end_lineno - function.lineno + 1} lines)"
        for function in functions(ast.parse(source))
        if function.end_lineno is not None and function.end_lineno - function.lineno >= FUNCTION_LIMIT
    ]
    assert not long, "does too much"


@pytest.mark.parametrize("path", CODE, ids=name)
def test_nothing_is_imported_inside_a_function(path: Path) -> None:
    if name(path) in LATE_IMPORT_ALLOWED:
        return
    hidden = [
        f"line {node.lineno} in {function.name}"
        for function in functions(ast.parse(path.read_text(encoding="utf-8")))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not hidden, "an import inside a function hides a cycle"


@pytest.mark.parametrize("path", CODE, ids=name)
def test_effects_are_called_and_never_signalled(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    found = re.findall(
        r"\b(?:pre|post)_(?:save|delete)\b|\bm2m_changed\b|@receiver\b|\bdef (?:save|delete)\(self", source
    )
    assert not found, "call it, list it in reactions.py; do not signal it and do not override save()"


@pytest.mark.parametrize("path", CODE, ids=name)
def test_no_error_is_swallowed(path: Path) -> None:
    silent = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ExceptHandler):
            continue
        kinds = {part.id for part in ast.walk(node.type) if isinstance(part, ast.Name)} if node.type else {"everything"}
        only_pass = all(isinstance(step, ast.Pass | ast.Continue) for step in node.body)
        if node.type is None or (only_pass and kinds & {"Exception", "BaseException"}):
            silent.append(f"line {node.lineno}: {', '.join(sorted(kinds))}")
    assert not silent, "name the expected refusal; all else crashes loudly"


@pytest.mark.parametrize("path", [path for path in CODE if path != HOUSE / "lib" / "clock.py"], ids=name)
def test_there_is_one_clock(path: Path) -> None:
    found = re.findall(
        r"\btimezone\.now\(|\bdatetime\.(?:now|utcnow|today)\(|\bdate\.today\(|\btime\.time\(",
        path.read_text(encoding="utf-8"),
    )
    assert not found, "lib.clock.now() is the only clock; tests move it"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_has_nothing_that_the_policy_would_block(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if "notices/" in name(path):
        return  # letters carry their styles inside them; no page shows them
    assert not re.search(r"\sstyle=[\"']", text), "a style attribute"
    assert not re.search(r"<style\b", text), "an inline style sheet"
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", text), "an inline script"
    assert not re.search(r"\son[a-z]+=[\"']|\shx-on", text), "an inline handler"
    assert not re.search(r"(?:src|href)=[\"']https?://(?!www\.w3\.org)", text), "something of another host"


def test_every_package_is_placed_in_the_layers() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ][0]
    placed = {part.strip(" ()") for line in contract["layers"] for part in line.split("|")}
    packages = {path.parent.name for path in HOUSE.glob("*/__init__.py")}
    assert packages - placed == set(), "a new package is placed on purpose"


def test_every_pure_module_of_the_architecture_is_kept_pure() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    kept = {
        module for contract in contracts if contract["type"] == "forbidden" for module in contract["source_modules"]
    }
    there = {
        f"firstline.{package}.{module}"
        for package, modules in PURE.items()
        for module in modules
        if (HOUSE / package / f"{module}.py").exists() or (HOUSE / package / module).is_dir()
    }
    assert there - kept == set(), "add it to the contract in pyproject.toml"


def test_no_two_tests_of_one_file_have_the_same_name() -> None:
    twice = {}
    for path in TESTS:
        counted = Counter(
            function.name
            for function in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(function, ast.FunctionDef)
        )
        if again := [function for function, count in counted.items() if count > 1]:
            twice[name(path)] = again
    assert not twice, "the second hides the first"


def test_nothing_is_left_for_later() -> None:
    left = [
        f"{name(path)}:{number}"
        for path in [*CODE, *TEMPLATES, *TESTS]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|(?i:coming soon)", line) and path != Path(__file__)
    ]
    assert not left, "do it, or file it as an issue"
