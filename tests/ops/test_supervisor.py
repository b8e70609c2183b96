"""The supervisor restarts what dies and leaves nothing behind, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from firstline.cli import running
from firstline.cli.main import main
from firstline.lib.processes import Part
from firstline.worker import loop

SCRIPT = """
import os, signal, sys, tempfile, time
from firstline.lib.processes import Part, Supervisor
folder, how = sys.argv[1:]
child = "import os, sys, time; open(os.path.join(sys.argv[1], str(os.getpid())), 'w').close(); time.sleep(60)"
def run():
    open(os.path.join(folder, str(os.getpid())), "w").close()
    time.sleep(60)
command = [sys.executable, "-c", child, folder]
supervisor = Supervisor([Part("one", command, run if how == "forked" else None)], environment=os.environ, patience=5)
signal.signal(signal.SIGTERM, supervisor.stop)
sys.exit(supervisor.run())
"""
ENDING = """
import sys, tempfile
from pathlib import Path
from firstline.lib.processes import Forked
def run(how):
    assert sys.stdin.read() == ""
    if how == "exit":
        sys.exit(3)
    return 1 / 0 if how == "fault" else 4
with tempfile.TemporaryDirectory() as folder:
    codes = [Forked(lambda how=how: run(how)).wait(20) for how in ("exit", "fault", "code")]
    print(codes, Path(folder).is_dir())
"""


GIVING_WAY = """
import os, signal, sys, time
from firstline.lib.processes import Part, Supervisor, give_way
folder, how = sys.argv[1:]
def run():
    give_way(5)
    open(os.path.join(folder, str(os.getpid())), "w").close()
    time.sleep(60)
child = "import os, sys, time; from firstline.lib.processes import give_way; give_way(5)"
child += "; open(os.path.join(sys.argv[1], str(os.getpid())), 'w').close(); time.sleep(60)"
command = [sys.executable, "-c", child, folder]
supervisor = Supervisor([Part("one", command, run if how == "forked" else None)], environment=os.environ, patience=5)
signal.signal(signal.SIGTERM, supervisor.stop)
sys.exit(supervisor.run())
"""
ALONE = """
import os
from firstline.lib.processes import give_way
give_way(5)
print(os.getpriority(os.PRIO_PROCESS, 0))
"""


def children(folder: Path) -> list[int]:
    return sorted(int(path.name) for path in folder.iterdir())


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"


def wait(condition: object, seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.1)


@pytest.fixture(params=["started", "forked"])
def supervised(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(tmp_path), request.param])
    wait(lambda: children(tmp_path))
    yield process, tmp_path
    process.kill()
    process.wait()


def test_a_part_that_is_killed_is_started_again(supervised: tuple[subprocess.Popen[bytes], Path]) -> None:
    _, folder = supervised
    first = children(folder)[0]
    os.kill(first, signal.SIGKILL)
    wait(lambda: len(children(folder)) == 2)
    assert not alive(first)


def test_sigterm_ends_every_child(supervised: tuple[subprocess.Popen[bytes], Path]) -> None:
    process, folder = supervised
    process.terminate()
    assert process.wait(timeout=15) == 0
    assert not any(alive(pid) for pid in children(folder))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_children_do_not_outlive_a_supervisor_that_was_killed(supervised: tuple[subprocess.Popen[bytes], Path]) -> None:
    process, folder = supervised
    process.kill()
    process.wait()
    wait(lambda: not any(alive(pid) for pid in children(folder)))


def test_a_forked_child_ends_with_its_own_code_and_does_nothing_of_its_parents_end() -> None:
    ran = subprocess.run([sys.executable, "-c", ENDING], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout == "[3, 1, 4] True\n"
    assert "ZeroDivisionError" in ran.stderr


def test_what_works_behind_the_pages_gives_way_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[int] = []
    monkeypatch.setattr(running, "give_way", steps.append)
    monkeypatch.setattr(loop, "drain", lambda: True)
    monkeypatch.setattr(running.email_fetch, "fetch_all_once", lambda: True)
    monkeypatch.setattr(running.email_fetch, "fetch_forever", lambda *_: None)
    started: list[Part] = []
    monkeypatch.setattr(running, "_supervise", lambda _arguments, others: started.extend(others) or 0)
    monkeypatch.setattr(running.first_start, "make_ready", lambda: None)

    assert main(["serve"]) == 0
    worker, fetcher = (next(part for part in started if part.name == name) for name in ("worker", "fetcher"))
    assert main([*list(worker.command)[3:], "--drain"]) == 0
    assert main([*list(fetcher.command)[3:], "--once"]) == 0
    monkeypatch.setattr(loop, "run_forever", lambda _stop: None)
    for part in (worker, fetcher):
        assert part.run is not None
        assert part.run() == 0

    assert steps == [running.GENTLY] * 4
    assert main(["worker", "--drain"]) == 0
    assert len(steps) == 4


@pytest.mark.parametrize("how", ["started", "forked"])
def test_a_part_that_gives_way_does_so_for_its_whole_session(how: str, tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", GIVING_WAY, str(tmp_path), how])
    try:
        wait(lambda: children(tmp_path))
        part = children(tmp_path)[0]
        assert os.getpriority(os.PRIO_PROCESS, part) == os.getpriority(os.PRIO_PROCESS, process.pid) + 5
        if weight := _of_session(part):
            # By its own step alone it would give way to nobody: sessions are weighed against each other first.
            assert weight == str(os.getpriority(os.PRIO_PROCESS, part))
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_a_command_at_a_terminal_gives_way_alone_and_not_with_its_whole_session() -> None:
    before = _of_session(os.getpid())
    ran = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, timeout=60, check=True)
    assert int(ran.stdout) == os.getpriority(os.PRIO_PROCESS, 0) + 5
    assert before == _of_session(os.getpid())


def _of_session(pid: int) -> str:
    """Its session's step; empty where the kernel weighs no sessions, and for a process that is in no group of them."""
    file = Path(f"/proc/{pid}/autogroup")
    return file.read_text().rpartition(" ")[2].strip() if file.exists() else ""
