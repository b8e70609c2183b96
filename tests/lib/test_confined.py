"""A child that reads what strangers send cannot last, grow, write or reach out, and takes only its own call with it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from firstline.lib import confined
from tests.lib import confined_tasks

TASK = f"{confined_tasks.__name__}.do"


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[confined.Pool]:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    made = confined.Pool(TASK, 1)
    yield made
    made.close()


def test_bytes_go_in_and_values_with_bytes_come_out() -> None:
    pool = confined.Pool(f"{confined_tasks.__name__}.echo", 2)
    data = bytes(range(256)) * 20_000
    assert pool.call(data) == confined_tasks.echo(data)
    assert pool.call(b"") == confined_tasks.echo(b"")
    pool.close()


def test_a_child_serves_many_calls(pool: confined.Pool) -> None:
    assert pool.call(b"pid") == pool.call(b"pid") != os.getpid()


def test_a_failure_of_the_function_is_told_and_the_child_lives_on(pool: confined.Pool) -> None:
    child = pool.call(b"pid")
    with pytest.raises(confined.Failed, match="ValueError: the word was ж"):
        pool.call("raise ж".encode())
    with pytest.raises(confined.Failed, match="RecursionError"):
        pool.call(b"recurse")
    assert pool.call(b"pid") == child


@pytest.mark.parametrize("deed", [b"crash", b"grow", b"hoard"])
def test_a_child_that_dies_takes_only_its_call_with_it(pool: confined.Pool, deed: bytes) -> None:
    before = pool.call(b"pid")
    with pytest.raises(confined.Killed):
        pool.call(deed)
    assert pool.call(b"pid") != before


@pytest.mark.parametrize("deed", [b"spin", b"sleep"])
def test_a_child_that_does_not_come_back_is_killed_in_time(
    pool: confined.Pool, deed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = pool.call(b"pid")
    monkeypatch.setattr(confined, "allowed_seconds", lambda size: 0.7)
    started = time.monotonic()
    with pytest.raises(confined.Killed, match="time"):
        pool.call(deed)
    assert time.monotonic() - started < 50  # either deed takes a minute
    assert not Path(f"/proc/{before}").exists()
    monkeypatch.undo()
    assert pool.call(b"pid") != before


STOPPED = f"""
import os, signal, subprocess, sys
from firstline.lib import confined
confined.allowed_seconds = lambda size: 0.7
pool = confined.Pool({TASK!r}, 1)
pool.start()
pool.call(b"pid")
subprocess.Popen(["sh", "-c", "sleep 0.2; kill -STOP $PPID; sleep 2.5; kill -CONT $PPID"])
print(pool.call(b"nap"))
"""


def test_the_time_in_which_the_caller_was_stopped_is_not_the_childs() -> None:
    done = subprocess.run([sys.executable, "-c", STOPPED], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout == "rested\n", done.stderr


def test_time_grows_with_the_size() -> None:
    assert confined.allowed_seconds(0) == 5
    assert confined.allowed_seconds(25_000_000) == 10


def test_nothing_of_our_environment_goes_along(pool: confined.Pool) -> None:
    assert "DATABASE_URL" not in pool.call(b"environment")
    assert not any("secret" in value for value in pool.call(b"environment").values())


def test_nothing_can_be_written(pool: confined.Pool, tmp_path: Path) -> None:
    target = tmp_path / "leak"
    with pytest.raises(confined.Killed):  # SIGXFSZ, or an error where the system sends none
        if pool.call(b"write " + str(target).encode()) != "written":
            raise confined.Killed("refused")
    assert not target.exists() or target.stat().st_size == 0


def test_few_files_can_be_open(pool: confined.Pool) -> None:
    assert 0 < pool.call(b"files") < confined.OPEN_FILES


def can_have_a_network_of_its_own() -> bool:
    """Whether this system lets a process leave the network at all."""
    ask = "import ctypes, sys; u = ctypes.CDLL(None).unshare; sys.exit(u(0x50000000) != 0 and u(0x40000000) != 0)"
    return subprocess.run([sys.executable, "-c", ask], check=False).returncode == 0


def test_no_way_leads_out_where_the_system_can_close_it(pool: confined.Pool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = pool.call(b"connect " + str(server.getsockname()[1]).encode())
    assert (answer != "connected") is can_have_a_network_of_its_own()


def test_a_stray_print_is_no_answer(pool: confined.Pool) -> None:
    assert pool.call(b"print") == "said"
    assert pool.call(b"print") == "said"


def test_threads_share_a_pool_and_their_children_outlive_them() -> None:
    pool = confined.Pool(TASK, 2)
    seen: list[int] = []

    def ask() -> None:
        seen.extend(pool.call(b"pid") for _number in range(5))

    threads = [threading.Thread(target=ask) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 20
    assert len(set(seen)) <= 2
    assert pool.call(b"pid") in seen
    pool.close()


def test_a_closed_pool_leaves_no_process_and_refuses() -> None:
    pool = confined.Pool(TASK, 1)
    child = pool.call(b"pid")
    pool.close()
    assert not Path(f"/proc/{child}").exists()
    with pytest.raises(RuntimeError):
        pool.call(b"pid")


def test_a_function_that_is_not_there_is_a_killed_child() -> None:
    pool = confined.Pool("tests.lib.confined_tasks.nothing", 1)
    with pytest.raises(confined.Killed):
        pool.call(b"x")
    pool.close()
