"""Named places where a test may kill the process or raise, to prove that nothing is lost there.

`FIRSTLINE_FAILPOINT=name:kill|stop|error[:nth]`, refused at the start without `FIRSTLINE_TESTING=1` or with a name
that is not in the list: a test whose failpoint is never reached would prove nothing.
"""

from __future__ import annotations

import os
import re
import signal
import threading
from collections import Counter

from firstline.lib.environment import WrongSetting

# The whole list, in the order in which a letter meets them. `firstline doctor --failpoints` prints it.
NAMES = (
    "intake.before_bytes",  # nothing is stored yet, nothing was acknowledged
    "intake.after_blob",  # the file is on disk, its row is not
    "intake.before_commit",  # the row is written, not committed
    "intake.after_commit",  # durable, not yet acknowledged
    "fetch.before_move",  # the letter is ours, the mailbox still shows it
    "fetch.after_move",  # moved, the watermark not yet written
    "worker.after_claim",  # claimed, not yet parsed
    "worker.after_parse",  # parsed, not yet registered
    "register.before_commit",  # ticket, events and outbox rows written, not committed
    "register.after_commit",  # committed, the worker not yet aware
    "web.before_commit",  # a verb of a page or the API, not committed
    "web.after_commit",  # committed, the answer not yet sent
    "post.after_claim",  # a delivery is taken, not yet handed to the server
    "post.before_send",  # the attempt is recorded, the connection not yet open
    "post.after_send",  # the server has it, our row does not say so yet
)


class Failed(Exception):
    """What a failpoint of kind `error` raises."""


_reached: Counter[str] = Counter()


def check() -> None:
    """Raises WrongSetting where FIRSTLINE_FAILPOINT is set and could not work."""
    wanted = os.environ.get("FIRSTLINE_FAILPOINT", "")
    if not wanted:
        return
    if os.environ.get("FIRSTLINE_TESTING") != "1":
        raise WrongSetting("FIRSTLINE_FAILPOINT is for tests only: it needs FIRSTLINE_TESTING=1")
    written = re.fullmatch(r"([a-z_.]+):(kill|stop|error)(:[1-9][0-9]*)?", wanted)
    if written is None or written[1] not in NAMES:
        raise WrongSetting(f"FIRSTLINE_FAILPOINT: {wanted!r} is not name:kill|stop|error[:nth] of a known name")


def reach(name: str) -> None:
    """Does nothing, unless a test asked for this place by name."""
    wanted = os.environ.get("FIRSTLINE_FAILPOINT", "")
    if not wanted or os.environ.get("FIRSTLINE_TESTING") != "1":
        return
    place, _, rest = wanted.partition(":")
    kind, _, nth = rest.partition(":")
    if place != name:
        return
    _reached[name] += 1
    if _reached[name] != int(nth or 1):
        return
    if kind == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "stop":  # until somebody continues it (SIGCONT): longer than its lease, if the test wants
        # To this thread: sent to the process, the signal may wake another one first, and this one goes on meanwhile.
        signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)
        return
    raise Failed(name)
