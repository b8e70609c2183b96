"""A desk whose processes are killed, a ledger of what was acknowledged, and the oracle that counts afterwards.

reliability_security.md §5.2: every letter carries its number in the subject. Acknowledged means: the pipe ended
with 0, or the
letter left the mailbox's folder. Then each acknowledged number must be there exactly once, as a message or in the
quarantine, and
every other one at most once.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.real.site import COMMAND, ROOT, Site
from tests.real.zygote import Running, Zygote

SOAK = os.environ.get("FIRSTLINE_SOAK") == "1"
KILLED = -9
TRY_AGAIN = 75
BIG = 300 * 1024  # above what lies in a row: such a letter is a blob

_numbers = itertools.count(1)


def numbered(size: int = 0) -> tuple[int, bytes]:
    """A letter with its number, `size` bytes or more."""
    number = next(_numbers)
    body = f"Номер {number}\n" + "строка\n" * (size // 13)
    head = (
        f"From: ivan{number}@north.example\nTo: desk@firm.example\nSubject: N-{number:06d}-\n"
        f"Message-ID: <n{number}.{os.getpid()}@north.example>\nDate: Mon, 02 Mar 2026 09:00:00 +0300\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    )
    return number, (head + body).replace("\n", "\r\n").encode()


def is_stopped(number: int) -> bool:
    """Whether this process stands still (SIGSTOP), with all its threads."""
    threads = list(Path(f"/proc/{number}/task").glob("*/stat"))
    return all(one.read_text().rpartition(")")[2].split()[0] == "T" for one in threads)


class Rig:
    """The command of one desk, whole or with a failpoint or a deliberate fault in it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.zygote: Zygote | None = None

    def quick(self) -> Rig:
        """From now on its commands are forked, not started anew: for who calls many. In the long run they are not."""
        if not SOAK:
            self.zygote = Zygote(self.environment())
        return self

    def close(self) -> None:
        if self.zygote is not None:
            self.zygote.close()
        self.site.close()

    def environment(self, failpoint: str = "") -> dict[str, str]:
        return {**self.site.environment, "FIRSTLINE_FAILPOINT": failpoint}

    def run(
        self, *arguments: str, failpoint: str = "", broken: str = "", input: bytes | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """`firstline ARGUMENTS`; `broken` names a fault of tests.faults.broken that is built in."""
        if self.zygote is not None:
            module = ["-m", "tests.faults.broken", broken] if broken else []
            return self.zygote.run(*module, *arguments, failpoint=failpoint, input=input)
        command = [sys.executable, "-m", "tests.faults.broken", broken] if broken else [str(COMMAND)]
        return subprocess.run(
            [*command, *arguments],
            input=input,
            capture_output=True,
            timeout=120,
            env=self.environment(failpoint),
            cwd=ROOT,
            check=False,
        )

    def start(self, *arguments: str, failpoint: str = "", broken: str = "") -> Running | subprocess.Popen[bytes]:
        """The same, on its way; it reads and says nothing."""
        module = ["-m", "tests.faults.broken", broken] if broken else []
        if self.zygote is not None:
            return self.zygote.start(*module, *arguments, failpoint=failpoint)
        return subprocess.Popen(
            [sys.executable, *module, *arguments] if broken else [str(COMMAND), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self.environment(failpoint),
            cwd=ROOT,
        )

    def must(self, *arguments: str, **how: Any) -> subprocess.CompletedProcess[bytes]:
        """The same, and it must end with 0."""
        done = self.run(*arguments, **how)
        assert done.returncode == 0, done.stderr.decode()[-3000:]
        return done

    def settle(self) -> None:
        """Everything that waits is understood. A long run leaves more than one drain's time on a busy machine."""
        for _turn in range(10 if SOAK else 1):
            done = self.run("intake", "drain", "--timeout", "80")
            if done.returncode != TRY_AGAIN:
                break
        assert done.returncode == 0, done.stderr.decode()[-3000:]

    def mailbox(self, address: str, imap: str) -> None:
        """A mailbox of this desk."""
        code = (
            "import django, sys; django.setup()\n"
            "from firstline.post.models import Account\n"
            "Account.objects.update(is_active=False)\n"
            "Account.objects.create(address=sys.argv[1], imap=sys.argv[2])\n"
        )
        self.python(code, address, imap)

    def python(self, code: str, *arguments: str) -> None:
        """`python -c CODE ARGUMENTS…` in the environment of the desk."""
        if self.zygote is not None:
            done = self.zygote.run("-c", code, *arguments)
            assert done.returncode == 0, done.stderr.decode()
            return
        environment = {**self.site.environment, "DJANGO_SETTINGS_MODULE": "firstline.settings"}
        subprocess.run([sys.executable, "-c", code, *arguments], env=environment, cwd=ROOT, check=True)

    def query(self, question: str) -> list[tuple[Any, ...]]:
        """Straight from the tables: the oracle must not trust the program."""
        url = self.site.environment["DATABASE_URL"]
        if urlsplit(url).scheme == "sqlite":
            with sqlite3.connect(Path(url.removeprefix("sqlite:///")), timeout=20) as connection:
                return list(connection.execute(question))
        with psycopg.connect(url) as server:
            return list(server.execute(question.encode()).fetchall())

    def leases_are_over(self) -> None:
        """As if whoever holds an item had held it for too long: it may be taken over, though he lives."""
        sqlite = self.site.environment["DATABASE_URL"].startswith("sqlite")
        # What a transaction holds just now it holds: nobody waits for its end.
        rest = "" if sqlite else " FOR UPDATE SKIP LOCKED"
        for table in ("intake_inbound", "post_delivery"):
            held = f"SELECT id FROM {table} WHERE lease_until IS NOT NULL{rest}"  # noqa: S608
            self.change(f"UPDATE {table} SET lease_until = '2000-01-01' WHERE id IN ({held})")  # noqa: S608

    def change(self, statement: str) -> None:
        """Straight in the tables, like `query`."""
        url = self.site.environment["DATABASE_URL"]
        if urlsplit(url).scheme == "sqlite":
            file = Path(url.removeprefix("sqlite:///"))
            with contextlib.closing(sqlite3.connect(file, timeout=60)) as connection, connection:
                connection.execute(statement)
            return
        with psycopg.connect(url) as server:
            server.execute(statement.encode())

    def found(self) -> Counter[int]:
        """How often each number is there, as a ticket's message or in the quarantine."""
        out: Counter[int] = Counter()
        tickets = self.query("SELECT t.subject FROM tickets_ticket t JOIN tickets_message m ON m.ticket_id = t.id")
        quarantined = self.query("SELECT subject FROM intake_inbound WHERE state = 'quarantine'")
        for (subject,) in [*tickets, *quarantined]:
            if match := re.search(r"N-(\d{6})-", subject):
                out[int(match[1])] += 1
        return out

    def violations(self, sent: Iterable[int], acknowledged: Iterable[int]) -> list[str]:
        """What is wrong afterwards; empty is good."""
        found, acked = self.found(), set(acknowledged)
        out = []
        for number in sent:
            if number in acked and found[number] != 1:
                out.append(f"{number} was acknowledged and is there {found[number]} times")
            elif found[number] > 1:
                out.append(f"{number} is there {found[number]} times")
        waiting = self.query("SELECT COUNT(*) FROM intake_inbound WHERE state = 'new'")[0][0]
        alone = self.query(
            "SELECT COUNT(*) FROM intake_inbound WHERE state = 'done' AND outcome = 'ticket' "
            "AND (ticket_id IS NULL OR message_id IS NULL)"
        )[0][0]
        no_start = self.query(
            "SELECT COUNT(*) FROM tickets_ticket t WHERE NOT EXISTS "
            "(SELECT 1 FROM tickets_event e WHERE e.ticket_id = t.id AND e.kind = 'created')"
        )[0][0]
        for count, words in (
            (waiting, "still waiting"),
            (alone, "done without a ticket"),
            (no_start, "tickets without a start"),
        ):
            if count:
                out.append(f"{count} {words}")
        return out

    def lines(self, done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
        """The JSON lines of a command."""
        return [json.loads(line) for line in done.stdout.decode().splitlines() if line.startswith("{")]
