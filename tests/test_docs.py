"""What is written about Firstline is true: links lead somewhere, and what is named is there."""

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).parents[1]
PAGES = [path for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md",
                           *sorted((ROOT / "docs").rglob("*.md"))] if path.exists()]  # fmt: skip
PROMISES = ROOT / "docs" / "promises.md"
SETTINGS = ROOT / "docs" / "settings.md"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
COMMAND = re.compile(r"\bfirstline ([a-z][a-z-]+)")
# Words that follow the product's name in prose where no command is meant.
NOT_COMMANDS = {"is", "and", "on", "as", "in", "with", "from", "to", "keeps", "has", "runs", "needs", "the", "for"}
REGISTRIES = re.compile(
    r"files\.pythonhosted\.org|\bpypi\.org|registry\.npmjs\.org|registry\.yarnpkg\.com|deb\.debian\.org"
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users)/[\w.]")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+\s+(.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_pages_that_everybody_looks_for_are_there() -> None:
    wanted = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE"]
    wanted += [f"docs/{page}.md" for page in ("promises", "settings", "operations", "apply", "api")]
    assert [page for page in wanted if not (ROOT / page).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = []
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        place = (page.parent / file).resolve() if file else page
        if not place.exists() or (anchor and place.suffix == ".md" and anchor not in anchors(place)):
            dead.append(target)
    assert not dead


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_test_that_is_named_exists(page: Path) -> None:
    lies = []
    for file, function in NAMED_TEST.findall(page.read_text(encoding="utf-8")):
        path = ROOT / file
        if not path.exists() or (function and not re.search(rf"\bdef {function}\(", path.read_text(encoding="utf-8"))):
            lies.append(f"{file}::{function}")
    assert not lies


def test_every_promise_names_a_test() -> None:
    lines = PROMISES.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if re.match(r"\|(?!\s*(-|promise \|))", line)]
    assert rows, "docs/promises.md has no table of promises"
    assert [row for row in rows if not NAMED_TEST.search(row)] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_that_is_named_exists(page: Path, command_names: set[str]) -> None:
    code = re.findall(r"`([^`\n]+)`|^\s*(?:\$ )?(firstline .+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    named = {word for pair in code for text in pair for word in COMMAND.findall(text)} - NOT_COMMANDS
    assert named - command_names == set()


@pytest.fixture(scope="module")
def command_names() -> set[str]:
    """The first words that `firstline --help` lists."""
    command = ROOT / ".venv" / "bin" / "firstline"
    text = subprocess.run([command, "--help"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"[a-z][a-z-]+", text))


def test_every_setting_is_described_and_every_described_setting_is_read() -> None:
    described = set(re.findall(r"^\|\s*`([A-Z][A-Z_]+)`", SETTINGS.read_text(encoding="utf-8"), re.MULTILINE))
    read = {setting.name for setting in settings.ENVIRONMENT.read}
    assert described == read


def tracked_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return [file for file in listed.split("\0") if file]


def test_what_a_running_desk_writes_is_not_tracked() -> None:
    """Its keys above all: a home made in passing (`./var` of whatever folder one stood in) was once committed."""
    assert [file for file in tracked_files() if re.search(r"(^|/)var/|\.(key|pem|p12|sqlite3)$", file)] == []


def test_no_tracked_file_names_a_registry_or_a_path_of_this_machine() -> None:
    found = []
    for file in tracked_files():
        path = ROOT / file
        if path == Path(__file__):
            continue  # it names them to find them
        if not path.exists() or b"\0" in (raw := path.read_bytes())[:4096]:
            continue
        text = raw.decode("utf-8", "replace")
        found += [f"{file}: {hit[0]}" for pattern in (REGISTRIES, MACHINE_PATHS) if (hit := pattern.search(text))]
    assert found == []
