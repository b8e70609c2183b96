"""Starting real servers for tests: found or loudly missing, on a free port, in a private folder, gone with the test."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


class RealPartMissing(Exception):
    """A server or browser that the tests need is not here. The message is the line that installs it."""


def find_program(name: str, *, folders: Sequence[Path] = (), package: str) -> Path:
    """Return the program's path, looking in `folders` first. Raises RealPartMissing with the line that installs it."""
    for folder in folders:
        if os.access(folder / name, os.X_OK):
            return folder / name
    for path in (os.environ.get("PATH", ""), "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"):
        if found := shutil.which(name, path=path):
            return Path(found)
    raise RealPartMissing(f"{name} is not installed. Install it with: sudo apt-get install -y {package}")


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ordinary_user(*preferred: str) -> str | None:
    """Return a user without rights to run a server as, or None where the tests do not run as root anyway."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in (*preferred, "nobody") if name in known)


def end_with_parent() -> None:
    """Ask the kernel (Linux) to end this child when the tests are killed: no server may outlive its run."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGTERM)


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    user: str | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a server in its own process group, its words in `log`, nothing on its standard input."""
    with log.open("ab") as words:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=cwd,
            user=user,
            extra_groups=[] if user else None,
            group=pwd.getpwnam(user).pw_gid if user else None,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )


def wait_until(
    ready: Callable[[], bool], *, seconds: float, what: str, process: subprocess.Popen[bytes], log: Path
) -> None:
    """Return when `ready` says so. Raises RuntimeError with the end of the log when the process ends or time is up."""
    end = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            state = f"ended with {process.returncode}" if process.poll() is not None else f"not ready in {seconds:g} s"
            tail = log.read_text(errors="replace")[-4000:] if log.exists() else ""
            raise RuntimeError(f"{what} {state}:\n{tail}")
        time.sleep(0.2)


def answers(port: int) -> bool:
    """Whether somebody listens on that port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def stop(process: subprocess.Popen[Any], *, by: signal.Signals = signal.SIGTERM, seconds: float = 15) -> int:
    """End a started server and what it started; kill the group when it does not go. Returns its exit code."""
    if process.poll() is None:
        process.send_signal(by)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    try:
        os.killpg(process.pid, signal.SIGKILL)  # children that stayed behind
    except (ProcessLookupError, PermissionError):
        pass
    return process.wait()
