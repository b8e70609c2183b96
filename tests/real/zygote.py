"""A process that has the program loaded and forks for each command: a process of its own, as real and as mortal as
`firstline …`, without a second or two of importing each time.

`zygote.start("intake", "drain", failpoint="worker.after_parse:kill")` returns at once, `.run(…)` waits. What comes
first may also be `-m` and a module or `-c` and words, as of `python`. With FIRSTLINE_SOAK=1 the fault tests do without
it: there every command is a fresh interpreter.
"""

from __future__ import annotations

import ctypes
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from tests.real.programs import start, stop, wait_until

ROOT = Path(__file__).resolve().parents[2]
LONGEST_ORDER = 65_536
START_SECONDS = 60


class Running:
    """A command that runs: as much of Popen as the fault tests use."""

    def __init__(self, told: socket.socket) -> None:
        self._told, self._words = told, b""
        self.pid = int(self._next(60))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code (negative: killed by that signal), or None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float = 120) -> int:
        """The same, as soon as it ends. Raises TimeoutError."""
        code = self._ended(timeout)
        if code is None:
            raise TimeoutError(f"process {self.pid} goes on after {timeout:g} s")
        return code

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout: float) -> int | None:
        if self.returncode is None:
            try:
                self.returncode = int(self._next(timeout))
            except (TimeoutError, BlockingIOError):
                return None
            self._told.close()
        return self.returncode

    def _next(self, timeout: float) -> bytes:
        """The next line that we are told."""
        end = time.monotonic() + timeout
        while b"\n" not in self._words:
            self._told.settimeout(max(0.0, end - time.monotonic()))
            piece = self._told.recv(100)
            if not piece:
                raise RuntimeError("the zygote is gone")
            self._words += piece
        line, _, self._words = self._words.partition(b"\n")
        return line


class Zygote:
    """Make it in the thread that outlives its commands: a process ends with the thread that started it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="zygote-")
        self._socket, log = Path(self._folder.name) / "s", Path(self._folder.name) / "log"
        command = [sys.executable, "-m", "tests.real.zygote", str(self._socket)]
        self._process = start(command, log=log, env=environment, cwd=ROOT)
        wait_until(self._socket.exists, seconds=START_SECONDS, what="the zygote", process=self._process, log=log)

    def start(
        self,
        *arguments: str,
        failpoint: str = "",
        stdin: IO[bytes] | None = None,
        stdout: IO[bytes] | None = None,
        stderr: IO[bytes] | None = None,
    ) -> Running:
        """A command, on its way; without files it reads and says nothing."""
        with ExitStack() as stack:
            nothing = stack.enter_context(open(os.devnull, "r+b"))
            files = [(one or nothing).fileno() for one in (stdin, stdout, stderr)]
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.connect(str(self._socket))
            order = json.dumps({"arguments": arguments, "failpoint": failpoint}).encode()
            assert len(order) < LONGEST_ORDER
            socket.send_fds(line, [order], files)
            return Running(line)

    def run(
        self, *arguments: str, failpoint: str = "", input: bytes | None = None, timeout: float = 120
    ) -> subprocess.CompletedProcess[bytes]:
        """A command, to its end."""
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            given.write(input or b"")
            given.seek(0)
            running = self.start(*arguments, failpoint=failpoint, stdin=given, stdout=out, stderr=err)
            try:
                code = running.wait(timeout)
            finally:
                running.kill()
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(arguments, code, out.read(), err.read())

    def close(self) -> None:
        """It and what it still runs end."""
        stop(self._process)
        self._folder.cleanup()


# ---- its own side ----------------------------------------------------------------------------------


def main(path: str) -> int:
    """Forks for each order; returns in each child, with the exit code of its command."""
    import django  # noqa: PLC0415 - only the zygote itself loads the program

    os.environ["DJANGO_SETTINGS_MODULE"] = "firstline.settings"
    django.setup()
    from firstline.cli.main import GROUPS  # noqa: PLC0415
    from firstline.cli.main import main as command  # noqa: PLC0415

    for group in GROUPS:
        __import__(f"firstline.cli.{group}")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who attend
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(f"{path}.new")
        listening.listen(64)
        Path(f"{path}.new").rename(path)
        while True:
            line, _ = listening.accept()
            if not os.fork():
                listening.close()
                break
            line.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    return _attend(line, command)


def _attend(line: socket.socket, command: Any) -> int:
    """Starts one command and tells its number and its end; returns in the command's process only."""
    words, files, _, _ = socket.recv_fds(line, LONGEST_ORDER, 3)
    order = json.loads(words)
    if pid := os.fork():
        line.sendall(b"%d\n" % pid)
        _, status = os.waitpid(pid, 0)
        line.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
        os._exit(0)
    line.close()
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # ends with who attends it, and he with the group of the zygote
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ["FIRSTLINE_FAILPOINT"] = order["failpoint"]
    first, *rest = order["arguments"]
    if first == "-c":
        sys.argv = ["-c", *rest[1:]]
        exec(rest[0], {"__name__": "__main__"})  # noqa: S102 - what the test wrote
        return 0
    if first == "-m":
        sys.argv = ["", *rest[1:]]
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
        return 0
    sys.argv = ["firstline", first, *rest]
    return int(command([first, *rest]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
