"""A backup of a desk at work, and the desk that it becomes elsewhere (F-25)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.rig import BIG, Rig, numbered
from tests.real.site import COMMAND, ROOT, new_site

# What a restore changes on purpose: what may have been said already, and whose attempt that is.
TOUCHED = {"post.delivery", "post.attempt"}


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    """A desk with the demo company on it; each test has its own letters."""
    made = Rig(new_site("backup", FIRSTLINE_DISK_FLOOR_MB="1"))
    made.must("demo", "--json")
    yield made
    made.close()


@pytest.fixture
def elsewhere() -> Iterator[Rig]:
    """An empty home on the engine of this run."""
    made = Rig(new_site("restored", FIRSTLINE_DISK_FLOOR_MB="1"))
    yield made
    made.close()


def letters(rig: Rig, folder: Path, *sizes: int) -> list[int]:
    """Letters that the desk has acknowledged."""
    numbers = []
    for size in sizes:
        number, raw = numbered(size)
        (folder / f"{number}.eml").write_bytes(raw)
        rig.must("intake", "email", str(folder / f"{number}.eml"))
        numbers.append(number)
    return numbers


def saved(rig: Rig, file: Path, *, broken: str = "", letter: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    program = ["-m", "tests.faults.broken", broken] if broken else ["-m", "firstline"]
    environment = {**rig.environment(), "IN_THE_MIDDLE": str(letter or "")}
    return subprocess.run(
        [sys.executable, *program, "backup", str(file)], env=environment, cwd=ROOT, capture_output=True, check=False
    )


def manifest(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as packed:
        found: dict[str, Any] = json.loads(packed.read("manifest.json"))
    return found


def contents(file: Path) -> dict[str, list[Any]]:
    """The rows of each table that a restore leaves as it is. PostgreSQL keeps JSON without the order of its keys."""
    names = [one["model"] for one in manifest(file)["tables"] if one["model"] not in TOUCHED]
    with zipfile.ZipFile(file) as packed:
        return {name: [json.loads(line) for line in packed.read(f"tables/{name}.jsonl").splitlines()] for name in names}


def test_what_was_acknowledged_before_the_backup_is_whole_elsewhere_and_the_desk_goes_on(
    rig: Rig, elsewhere: Rig, tmp_path: Path
) -> None:
    before = letters(rig, tmp_path, 0, BIG, 0)
    rig.settle()
    before += letters(rig, tmp_path, BIG)  # acknowledged, not yet understood
    number, raw = numbered()
    (tmp_path / "middle.eml").write_bytes(raw)

    file = tmp_path / "desk.backup"
    done = saved(rig, file, broken="a_letter_in_the_middle_of_a_backup", letter=tmp_path / "middle.eml")
    assert done.returncode == 0, done.stderr.decode()
    assert rig.found()[number] == 1  # the desk worked on
    assert file.stat().st_mode & 0o077 == 0

    elsewhere.must("restore", str(file))
    assert elsewhere.found()[number] == 0  # after the moment of the snapshot
    elsewhere.settle()
    assert elsewhere.violations([*before, number], before) == []
    elsewhere.must("check-integrity")
    assert (elsewhere.site.home / "secret.key").read_bytes() == (rig.site.home / "secret.key").read_bytes()

    newest = elsewhere.query("SELECT max(id) FROM tickets_ticket")[0][0]
    later = letters(elsewhere, tmp_path, 0)
    elsewhere.settle()
    assert elsewhere.found()[later[0]] == 1
    assert elsewhere.query("SELECT max(id) FROM tickets_ticket")[0][0] == newest + 1


def test_control_a_backup_without_a_snapshot_is_found_out(rig: Rig, elsewhere: Rig, tmp_path: Path) -> None:
    _number, raw = numbered()
    (tmp_path / "middle.eml").write_bytes(raw)
    file = tmp_path / "desk.backup"
    done = saved(rig, file, broken="a_backup_without_a_snapshot", letter=tmp_path / "middle.eml")
    assert done.returncode == 0, done.stderr.decode()
    assert elsewhere.run("restore", str(file)).returncode != 0


def on_sqlite(rig: Rig, folder: Path) -> Callable[..., None]:
    """`on_sqlite(rig, folder)("demo")` runs the command on a SQLite desk of its own, whatever engine this run has."""
    home = folder / "home"
    home.mkdir()
    environment = {**rig.environment(), "FIRSTLINE_HOME": str(home), "DATABASE_URL": f"sqlite:///{home}/desk.sqlite3"}

    def must(*command: str) -> None:
        done = subprocess.run([COMMAND, *command], env=environment, cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()

    return must


def test_whichever_engine_wrote_it_sqlite_reads_it_and_gives_the_same_back(rig: Rig, tmp_path: Path) -> None:
    letters(rig, tmp_path, 0, BIG)
    rig.settle()
    first, second = tmp_path / "first.backup", tmp_path / "second.backup"
    assert saved(rig, first).returncode == 0

    sqlite = on_sqlite(rig, tmp_path)
    sqlite("restore", str(first))
    sqlite("check-integrity")
    sqlite("backup", str(second))

    assert contents(second) == contents(first)
    assert sorted(manifest(second)["blobs"]) == sorted(manifest(first)["blobs"])


def test_what_sqlite_wrote_moves_to_the_engine_of_this_run_and_goes_on_there(
    rig: Rig, elsewhere: Rig, tmp_path: Path
) -> None:
    sqlite = on_sqlite(rig, tmp_path)
    number, raw = numbered(BIG)
    (tmp_path / "one.eml").write_bytes(raw)
    sqlite("migrate")
    sqlite("demo")
    sqlite("intake", "email", "--wait", str(tmp_path / "one.eml"))
    first, second = tmp_path / "first.backup", tmp_path / "second.backup"
    sqlite("backup", str(first))

    elsewhere.must("restore", str(first))
    elsewhere.must("check-integrity")
    elsewhere.must("backup", str(second))

    assert contents(second) == contents(first)
    assert elsewhere.found()[number] == 1
    newest = elsewhere.query("SELECT max(id) FROM tickets_ticket")[0][0]
    later = letters(elsewhere, tmp_path, 0)
    elsewhere.settle()
    assert elsewhere.found()[later[0]] == 1
    assert elsewhere.query("SELECT max(id) FROM tickets_ticket")[0][0] == newest + 1


def test_acknowledgements_that_may_have_left_since_are_not_sent_again(rig: Rig, elsewhere: Rig, tmp_path: Path) -> None:
    letters(rig, tmp_path, 0)
    rig.settle()
    waiting = "SELECT count(*) FROM post_delivery WHERE state = 'waiting' AND at_most_once"
    assert rig.query(waiting)[0][0] > 0
    file = tmp_path / "desk.backup"
    assert saved(rig, file).returncode == 0

    elsewhere.must("restore", str(file))

    assert elsewhere.query(waiting) == [(0,)]
    told = elsewhere.query("SELECT answer FROM post_attempt WHERE outcome = 'uncertain' ORDER BY id DESC LIMIT 1")
    assert "restored from the backup" in told[0][0]


def with_steps(file: Path, made: Path, change: Callable[[list[Any]], list[Any]], *, without: str = "") -> Path:
    """The backup as another program would have made it: with other steps of the schema, and `without` a table."""
    with zipfile.ZipFile(file) as packed, zipfile.ZipFile(made, "w") as written:
        for name in packed.namelist():
            content = packed.read(name)
            if without and name == f"tables/{without}.jsonl":
                continue
            if name == "manifest.json":
                said = json.loads(content)
                said["tables"] = [one for one in said["tables"] if one["model"] != without]
                said["numbers"].pop(without.replace(".", "_"), None)
                content = json.dumps(said | {"migrations": change(said["migrations"])}).encode()
            written.writestr(name, content)
    return made


def test_an_older_backup_is_brought_up_to_the_schema_of_today(rig: Rig, tmp_path: Path) -> None:
    file = tmp_path / "desk.backup"
    assert saved(rig, file).returncode == 0
    # A step that only makes a table, and on which no other stands.
    table, youngest = "knowledge.helped", ["knowledge", "0002_helped"]
    assert youngest == max(step for step in manifest(file)["migrations"] if step[0] == "knowledge")
    older = with_steps(file, tmp_path / "older", lambda steps: [one for one in steps if one != youngest], without=table)

    sqlite = on_sqlite(rig, tmp_path)
    sqlite("restore", str(older))
    sqlite("check-integrity")
    sqlite("backup", str(tmp_path / "again"))

    again = manifest(tmp_path / "again")
    assert youngest in again["migrations"]
    assert table in {one["model"] for one in again["tables"]}
    assert contents(tmp_path / "again")["tickets.ticket"] == contents(file)["tickets.ticket"]


def test_a_damaged_backup_and_an_occupied_home_are_refused_and_nothing_is_written(
    rig: Rig, elsewhere: Rig, tmp_path: Path
) -> None:
    letters(rig, tmp_path, BIG)
    file = tmp_path / "desk.backup"
    assert saved(rig, file).returncode == 0
    assert saved(rig, file).returncode == 64  # never over another

    raw = file.read_bytes()
    damaged = {
        "cut": raw[: len(raw) // 2],
        "flipped": raw[: len(raw) // 3] + bytes([raw[len(raw) // 3] ^ 255]) + raw[len(raw) // 3 + 1 :],
        "nothing": b"",
        "words": b"no backup at all",
    }
    for name, content in damaged.items():
        (tmp_path / name).write_bytes(content)
        assert elsewhere.run("restore", str(tmp_path / name)).returncode == 65, name
        assert elsewhere.query("SELECT count(*) FROM people_person") == [(0,)], name
    later = with_steps(file, tmp_path / "later", lambda steps: [*steps, ["tickets", "9999_of_a_later_program"]])
    assert elsewhere.run("restore", str(later)).returncode == 65
    assert elsewhere.query("SELECT count(*) FROM people_person") == [(0,)]
    assert elsewhere.run("restore", "--check", str(file)).returncode == 0
    assert elsewhere.query("SELECT count(*) FROM people_person") == [(0,)]

    assert rig.run("restore", str(file)).returncode == 64
    os.unlink(file)
    assert elsewhere.run("restore", str(file)).returncode == 64
