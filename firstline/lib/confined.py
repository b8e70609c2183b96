"""Code that reads what strangers send, run in children that may neither last, grow, open files nor reach the network.

A :class:`Pool` keeps children ready; each takes one piece of bytes at a time and answers with JSON-able values
(``bytes`` values pass too). A child that dies, hangs or grows is killed and replaced, and only the one call it was
serving fails. Nothing a child says is executed: the answer is JSON and raw bytes, so even a child that was taken
over can only lie about its own input.

Limits (reliability_security.md §4.2, interfaces of issue 2): 5 s + 1 s per 5 MB of processor time (twice that on the
clock), 768 MB of address space, 64 open files, no file written, no core; where the system lets us, a network of its
own without any way out.
"""

import atexit
import ctypes
import importlib
import json
import os
import queue
import resource
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, cast

MEMORY = 768 * 1024 * 1024
OPEN_FILES = 64
_SECONDS = 5.0
_BYTES_PER_SECOND = 5_000_000
_PATIENCE = 2  # a busy machine gives a child half of a processor; that is no fault of the letter
_LARGEST_ANSWER = 512 * 1024 * 1024
_FRAME = struct.Struct("!QQ")
_START_SECONDS = 60.0
_SLICE = 0.25


class Failed(Exception):
    """The function raised; the text is the class and message, never the input."""


class Killed(Exception):
    """The child went over a limit or died; the text says how (``time``, ``memory``, ``signal 11``)."""


def allowed_seconds(size: int) -> float:
    """How much processor time one call on ``size`` bytes may take; on the clock it may take twice as much."""
    return _SECONDS + size / _BYTES_PER_SECOND


class NotStarted(Killed):
    """The child ended before it could take anything: no input's fault."""


class Pool:
    """``size`` children that run ``function_path`` (``"package.module.function"``, bytes → JSON-able). Safe to use
    from threads.
    """

    def __init__(self, function_path: str, size: int = 1) -> None:
        if size < 1:
            raise ValueError("a pool has at least one child")
        self.function_path = function_path
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        self._closed = False
        self._owner = os.getpid()
        for _number in range(size):
            self._idle.put(None)
        self._size = size
        atexit.register(self.close)

    def start(self) -> None:
        """Start the children now rather than at the first call."""
        children = [self._idle.get() or _Child(self.function_path) for _number in range(self._size)]
        for child in children:
            self._idle.put(child)

    def call(self, data: bytes) -> Any:
        """The function's answer. Raises :class:`Failed` or :class:`Killed`; waits while all children are busy."""
        if self._closed:
            raise RuntimeError("the pool is closed")
        if os.getpid() != self._owner:
            raise RuntimeError("a pool belongs to the process that made it")
        child = self._idle.get()
        kept: _Child | None = None
        try:
            if child is None or not child.is_alive():
                child = _Child(self.function_path)
            answer = child.call(data)
            kept = child
            return answer
        except Failed:
            kept = child
            raise
        finally:
            if kept is None and child is not None:
                child.end()
            self._idle.put(kept)

    def close(self) -> None:
        """End all children."""
        if self._closed or os.getpid() != self._owner:
            return
        self._closed = True
        while True:
            try:
                child = self._idle.get_nowait()
            except queue.Empty:
                return
            if child is not None:
                child.end()


class _Child:
    """One child process and the two pipes to it."""

    def __init__(self, function_path: str) -> None:
        # Nothing of our environment goes along: no database address, no secret.
        environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "LC_ALL": "C.UTF-8",
            "PYTHONHASHSEED": "random",
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": "/nonexistent",
            "OMP_NUM_THREADS": "1",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "firstline.lib.confined", function_path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            close_fds=True,
            start_new_session=True,
            bufsize=0,
        )
        self.patience = _START_SECONDS
        self.ready = False

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def call(self, data: bytes) -> Any:
        if not self.ready:
            self.patience = _START_SECONDS
            try:
                began = self._read(1)
            except Killed as problem:
                raise NotStarted(f"the child did not start: {problem}") from problem
            if began != b"+":
                raise NotStarted("the child did not start")
            self.ready = True
        self.patience = _PATIENCE * allowed_seconds(len(data))
        self._write(_FRAME.pack(len(data), 0))
        self._write(data)
        head, blobs = _FRAME.unpack(self._read(_FRAME.size))
        if head > _LARGEST_ANSWER or blobs > _LARGEST_ANSWER:
            raise Killed("answer too large")
        try:
            plain = json.loads(self._read(head))
            rest = self._read(blobs)
            answer = _restored(plain["value"], rest)
        except (ValueError, KeyError, TypeError, IndexError, RecursionError) as problem:
            raise Killed("answer unreadable") from problem
        if plain.get("failed"):
            raise Failed(str(answer)[:500])
        return answer

    def _write(self, data: bytes) -> None:
        pipe = cast(Any, self.process.stdin)
        os.set_blocking(pipe.fileno(), False)
        view = memoryview(data)
        while view:
            self._wait([], [pipe.fileno()])
            try:
                view = view[os.write(pipe.fileno(), view[:1_048_576]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError as problem:
                raise Killed(self._why()) from problem

    def _read(self, size: int) -> bytes:
        pipe = cast(Any, self.process.stdout)
        out = bytearray()
        while len(out) < size:
            self._wait([pipe.fileno()], [])
            chunk = os.read(pipe.fileno(), min(1_048_576, size - len(out)))
            if not chunk:
                raise Killed(self._why())
            out += chunk
        return bytes(out)

    def _wait(self, readable: list[int], writable: list[int]) -> None:
        poll = select.poll()  # select() fails above descriptor 1023
        for number in readable:
            poll.register(number, select.POLLIN)
        for number in writable:
            poll.register(number, select.POLLOUT)
        # In slices: the time in which this process or the whole machine was stopped is no time of the child's.
        is_ready = False
        while not is_ready:
            began = time.monotonic()
            is_ready = bool(poll.poll(_SLICE * 1000))
            self.patience -= min(time.monotonic() - began, _SLICE)
            if self.patience <= 0:
                raise Killed("time")

    def _why(self) -> str:
        try:
            code = self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return "closed its pipe"
        if code in (-signal.SIGXCPU, -signal.SIGPROF):
            return "time"
        return "memory" if code == _OUT_OF_MEMORY else f"signal {-code}" if code < 0 else f"exit {code}"

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


_BLOB = "\x00blob"


def _restored(value: Any, rest: bytes) -> Any:
    """The answer with its bytes back in place; ``["\\0blob", offset, length]`` stands for them (no JSON text of
    ours holds NUL).
    """
    if isinstance(value, list):
        if len(value) == 3 and value[0] == _BLOB:
            return rest[int(value[1]) : int(value[1]) + int(value[2])]
        return [_restored(each, rest) for each in value]
    if isinstance(value, dict):
        return {name: _restored(each, rest) for name, each in value.items()}
    return value


# ---- the child -------------------------------------------------------------------------------------

_OUT_OF_MEMORY = 77
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


def _confine() -> None:
    """Give up what this process does not need. What the system does not offer is left: the other limits still hold."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    if sys.platform != "linux":
        return  # macOS refuses RLIMIT_AS and has no namespaces
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        # Anybody may have a network of his own inside a user namespace; root may where those are forbidden.
        if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
            libc.unshare(_CLONE_NEWNET)
    except (OSError, AttributeError):
        return


def _function(path: str) -> Callable[[bytes], Any]:
    module, _, name = path.rpartition(".")
    return cast(Callable[[bytes], Any], getattr(importlib.import_module(module), name))


def _serve(path: str) -> int:
    function = _function(path)
    _confine()
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not look like an answer
    outgoing.write(b"+")
    outgoing.flush()
    while True:
        head = incoming.read(_FRAME.size)
        if len(head) < _FRAME.size:
            return 0
        data = incoming.read(_FRAME.unpack(head)[0])
        spent = resource.getrusage(resource.RUSAGE_SELF)
        until = int(spent.ru_utime + spent.ru_stime + allowed_seconds(len(data))) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
        # RLIMIT_CPU counts whole seconds; this one ends the process in time for the answer that it was too slow.
        signal.setitimer(signal.ITIMER_PROF, 0.9 * allowed_seconds(len(data)))
        blobs: list[bytes] = []
        try:
            answer = json.dumps({"value": _without_blobs(function(data), blobs)}, ensure_ascii=False).encode("utf-8")
        except MemoryError:
            return _OUT_OF_MEMORY
        except Exception as problem:  # noqa: BLE001 any failure of the function is the caller's to know, and the child lives on
            blobs = []
            answer = json.dumps({"failed": True, "value": f"{type(problem).__name__}: {str(problem)[:400]}"}).encode(
                "utf-8"
            )
        signal.setitimer(signal.ITIMER_PROF, 0)
        del data
        outgoing.write(_FRAME.pack(len(answer), sum(map(len, blobs))))
        outgoing.write(answer)
        for blob in blobs:
            outgoing.write(blob)
        outgoing.flush()


def _without_blobs(value: Any, blobs: list[bytes]) -> Any:
    if isinstance(value, bytes):
        offset = sum(map(len, blobs))
        blobs.append(value)
        return [_BLOB, offset, len(value)]
    if isinstance(value, list | tuple):
        return [_without_blobs(each, blobs) for each in value]
    if isinstance(value, dict):
        return {str(name): _without_blobs(each, blobs) for name, each in value.items()}
    return value


if __name__ == "__main__":
    sys.exit(_serve(sys.argv[1]))
