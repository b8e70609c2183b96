"""What the tests let confined children do: none of it may get out."""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path
from typing import Any


def echo(data: bytes) -> Any:
    return {"size": len(data), "text": data[:20].decode("latin-1"), "bytes": data, "list": [1, None, True, "ж"]}


def do(data: bytes) -> Any:
    """Whatever the word says."""
    word, _, rest = data.partition(b" ")
    return _DEEDS[word.decode()](rest)


def _spin(_rest: bytes) -> None:
    while True:
        pass


def _grow(_rest: bytes) -> int:
    return len(bytearray(2_000_000_000))


def _hoard(_rest: bytes) -> int:
    kept: list[bytes] = []
    while True:
        kept.append(os.urandom(1_000_000))


def _sleep(_rest: bytes) -> None:
    time.sleep(60)


def _nap(_rest: bytes) -> str:
    time.sleep(0.5)
    return "rested"


def _crash(_rest: bytes) -> None:
    os.abort()


def _raise(rest: bytes) -> None:
    raise ValueError("the word was " + rest.decode())


def _recurse(rest: bytes) -> Any:
    return _recurse(rest)


def _environment(_rest: bytes) -> dict[str, str]:
    return dict(os.environ)


def _write(rest: bytes) -> str:
    try:
        Path(rest.decode()).write_bytes(b"x" * 10)
    except OSError as refused:
        return type(refused).__name__
    return "written"


def _files(_rest: bytes) -> int:
    kept = []
    try:
        while len(kept) < 500:
            kept.append(open(os.devnull, "rb"))  # noqa: SIM115
    except OSError:
        return len(kept)
    return -1


def _connect(rest: bytes) -> str:
    try:
        socket.create_connection(("127.0.0.1", int(rest)), 2).close()
    except OSError as refused:
        return type(refused).__name__
    return "connected"


def _print(_rest: bytes) -> str:
    print("this must not look like an answer")
    sys.stdout.flush()
    return "said"


_DEEDS = {
    "spin": _spin,
    "grow": _grow,
    "hoard": _hoard,
    "sleep": _sleep,
    "nap": _nap,
    "crash": _crash,
    "raise": _raise,
    "recurse": _recurse,
    "environment": _environment,
    "write": _write,
    "files": _files,
    "connect": _connect,
    "print": _print,
    "pid": lambda _rest: os.getpid(),
}
