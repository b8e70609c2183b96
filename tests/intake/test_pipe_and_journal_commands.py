"""`firstline intake …` and `firstline mail inspect` as an operator and a mail server use them."""

from __future__ import annotations

import hashlib
import json
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.intake.mail import letter
from tests.real import engine
from tests.real.site import COMMAND, ROOT, Site, new_site

LINE = {"intake", "state", "outcome", "ticket", "message", "reason", "sha256"}


@pytest.fixture(scope="module")
def desk() -> Iterator[Site]:
    site = new_site("pipe", FIRSTLINE_DISK_FLOOR_MB="1")
    yield site
    site.close()


def lines(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_a_letter_on_standard_input_is_durable_and_waits(desk: Site) -> None:
    raw = letter(text="через трубу")
    done = desk.run("intake", "email", input=raw)
    assert done.returncode == 0
    (line,) = lines(done)
    assert set(line) == LINE
    assert (line["state"], line["outcome"], line["ticket"], line["message"]) == ("new", "pending", None, None)
    assert line["sha256"] == hashlib.sha256(raw).hexdigest()
    assert desk.run("intake", "raw", str(line["intake"])).stdout == raw


def test_wait_prints_the_end_state_and_drain_the_counts(desk: Site, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.eml", tmp_path / "bad.eml"
    good.write_bytes(letter(text="сразу"))
    bad.write_bytes(b"Subject: nobody\n\nx")
    done = desk.run("intake", "email", "--wait", str(good), str(bad))
    assert done.returncode == 0
    first, second = lines(done)
    assert (first["state"], first["outcome"]) == ("done", "ticket")
    assert int(first["ticket"]) > 0
    assert first["message"] > 0
    assert (second["state"], second["outcome"]) == ("quarantine", "quarantine")
    assert second["reason"]
    (counts,) = desk.must("intake", "drain")
    assert counts["new"] == 0
    assert counts["quarantine"] >= 1
    listed = desk.must("intake", "list", "--state", "quarantine")
    assert second["intake"] in [row["intake"] for row in listed]
    (shown,) = desk.must("intake", "show", str(first["intake"]))
    assert (shown["ticket"], shown["sender"]) == (first["ticket"], "ivan@north.example")


def test_an_unknown_mailbox_is_wrong_usage_and_takes_nothing(desk: Site) -> None:
    before = len(desk.must("intake", "list"))
    done = desk.run("intake", "email", "--mailbox", "nobody@nowhere.example", input=letter())
    assert (done.returncode, done.stdout) == (64, b"")
    assert len(desk.must("intake", "list")) == before


def test_of_several_files_one_that_cannot_be_read_is_75_and_the_others_are_taken(desk: Site, tmp_path: Path) -> None:
    good = tmp_path / "good.eml"
    good.write_bytes(letter(text="рядом"))
    done = desk.run("intake", "email", str(tmp_path / "missing.eml"), str(good))
    assert done.returncode == 75
    first, second = lines(done)
    assert (first["intake"], second["state"]) == (None, "new")


@pytest.mark.parametrize(
    "broken",
    [
        {"DATABASE_URL": "postgresql://127.0.0.1:1/nothing"},
        {"DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"},
        {"DATABASE_URL": "mysql://x/y"},
        {"FIRSTLINE_DISK_FLOOR_MB": "999999999"},
        {"FIRSTLINE_DISK_FLOOR_MB": "much"},
    ],
)
def test_on_any_doubt_the_mail_server_is_asked_to_come_again(desk: Site, broken: dict[str, str]) -> None:
    done = subprocess.run(
        [COMMAND, "intake", "email"],
        input=letter(),
        capture_output=True,
        env={**desk.environment, **broken},
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert done.returncode == 75
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("size", [400_000, 2_000])
def test_a_disk_that_takes_nothing_more_is_75_and_nothing_is_half_done(desk: Site, tmp_path: Path, size: int) -> None:
    """The kernel refuses to let any file grow, as a full disk does: the blob of a large letter, the database of a
    small one.
    """
    if size < 300_000 and engine.ENGINE == "postgresql":
        pytest.skip("the database is another process's disk")
    raw = letter(text=f"{tmp_path.name}\n" + "строка\n" * (size // 13))
    before = len(desk.must("intake", "list"))
    done = subprocess.run(
        [COMMAND, "intake", "email"],
        input=raw,
        capture_output=True,
        env=desk.environment,
        cwd=ROOT,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000)),
    )
    assert done.returncode == 75
    assert b"Traceback" not in done.stderr
    assert len(desk.must("intake", "list")) == before
    assert desk.run("intake", "email", input=raw).returncode == 0  # room again: nothing has to be repaired by hand


def test_no_such_item_is_wrong_data(desk: Site) -> None:
    assert desk.run("intake", "show", "999999").returncode == 65
    assert desk.run("intake", "raw", "999999").returncode == 65


def test_inspect_needs_neither_settings_nor_database(tmp_path: Path) -> None:
    good = tmp_path / "письмо.eml"
    good.write_bytes(letter(subject="Проверка", text="Привет"))
    garbage = tmp_path / "garbage.eml"
    garbage.write_bytes(bytes(range(256)) * 20)
    done = subprocess.run(
        [COMMAND, "mail", "inspect", good, garbage, tmp_path / "missing.eml"],
        capture_output=True,
        timeout=60,
        check=False,
        env={"PATH": "/usr/bin:/bin", "DATABASE_URL": "nonsense", "LC_ALL": "C"},
        cwd=tmp_path,
    )
    assert done.returncode == 65  # one file is missing
    first, second, third = lines(done)
    assert (first["file"], first["subject"], first["text"].strip()) == (str(good), "Проверка", "Привет")
    assert second["file"] == str(garbage)
    assert third["defects"]
    assert set(first) == set(second) == set(third)
    assert b"Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["garbage.eml", "письмо.eml"]
