"""`python -m tests.faults.broken FAULT ARGUMENTS…`: the command with one deliberate fault, to prove that the oracle
sees it.

Each fault is a mistake that a real program of this kind has made (reliability_security.md §3, J and K).
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import django
from django.db import transaction

from firstline.cli.main import main


def instead(place: Any, name: str, fault: Callable[..., Any]) -> Any:
    """The fault takes the place of what is there: a name that is gone would leave a control that cannot fail."""
    real = getattr(place, name)
    setattr(place, name, fault)
    return real


def acknowledge_before_commit() -> None:
    """The pipe says yes first and stores afterwards."""
    from firstline.intake import acceptance  # noqa: PLC0415 - after django.setup()

    def too_early(raw: bytes, **how: Any) -> Any:
        if os.fork():
            os._exit(0)
        return real(raw, **how)

    real = instead(acceptance, "accept_email", too_early)


def move_before_commit() -> None:
    """The fetcher takes the letter out of the folder before it is stored (J1, J3)."""
    from firstline.intake.channels import email_fetch, email_session  # noqa: PLC0415

    def content(self: email_session.Folder, uid: int, size: int = 0) -> bytes | None:
        body: bytes | None = real_content(self, uid)
        real_move(self, uid)
        return body

    real_content = instead(email_session.Folder, "content", content)
    real_move = instead(email_session.Folder, "move", lambda self, uid: None)
    assert email_fetch


def done_before_the_ticket() -> None:
    """The worker marks the item as done in one transaction and makes the ticket in the next (J7)."""
    from firstline.intake import processing, registration  # noqa: PLC0415
    from firstline.intake.models import Inbound  # noqa: PLC0415

    def two_transactions(row: Inbound, letter: Any) -> None:
        Inbound.objects.filter(pk=row.pk).update(state="done", outcome="ignored", lease_owner="")
        with transaction.atomic():
            registration.register(row, letter, [])
            processing.failpoints.reach("register.before_commit")

    instead(processing, "_register_letter", two_transactions)


def ticket_before_done() -> None:
    """The worker makes the ticket in one transaction and marks the item in the next (K1, K2)."""
    from firstline.intake import processing, registration, twins  # noqa: PLC0415

    instead(twins, "of", lambda *rest: None)

    def two_transactions(row: Any, letter: Any) -> None:
        with transaction.atomic():
            result = registration.register(row, letter, [])
        processing.failpoints.reach("register.before_commit")
        time.sleep(0.2)  # a wide window, so that a kill at random finds it
        with transaction.atomic():
            processing._finish(row, result, letter)

    instead(processing, "_register_letter", two_transactions)


def believe_every_copy() -> None:
    """The same bytes again are taken for something new."""
    from firstline.intake import twins  # noqa: PLC0415

    instead(twins, "of", lambda *rest: None)


def say_yes_when_the_database_is_away() -> None:
    """The API takes what it cannot store, and means to do it later; it forgets."""
    from django.db import InterfaceError, OperationalError  # noqa: PLC0415

    from firstline.api import problems  # noqa: PLC0415

    for one in (OperationalError, InterfaceError, problems.NotDurable):
        assert one in problems.HANDLERS
        problems.HANDLERS[one] = lambda request, no: problems.answer(202, "Taken.")


def blame_the_letter() -> None:
    """Whatever goes wrong while a letter is read is the letter's fault."""
    from dataclasses import replace  # noqa: PLC0415

    from firstline.intake import processing  # noqa: PLC0415

    def blaming(row: Any, pool: Any) -> Any:
        return replace(real(row, pool), again=False)

    real = instead(processing, "_read", blaming)


def believe_every_lease() -> None:
    """Who finishes an item is not asked whether it is still his."""
    from firstline.lib import claims  # noqa: PLC0415

    def finish(row: Any, **changes: Any) -> None:
        type(row)._default_manager.filter(pk=row.pk).update(lease_until=None, lease_owner="", **changes)
        for name, value in changes.items():
            setattr(row, name, value)

    instead(claims, "finish", finish)


def answer_everything() -> None:
    """No limit on what machines are written (F1)."""
    from firstline.intake import registration  # noqa: PLC0415
    from firstline.post import limits  # noqa: PLC0415

    instead(limits, "why_held_back", lambda delivery, at: "")
    instead(registration, "_writes_too_often", lambda *rest: {})


def a_letter_in_the_middle_of_a_backup() -> None:
    """No fault: between two tables of the backup a letter comes, and is a ticket before the next table is read."""
    from firstline.ops import archive  # noqa: PLC0415

    def write_table(packed: Any, name: str, rows: Any) -> tuple[int, str]:
        written: tuple[int, str] = real(packed, name, rows)
        if name == "tickets.ticket":
            command = [sys.executable, "-m", "firstline", "intake", "email", "--wait", os.environ["IN_THE_MIDDLE"]]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return written

    real = instead(archive, "write_table", write_table)


def a_backup_without_a_snapshot() -> None:
    """Each table as it is when its turn comes."""
    from firstline.ops import backup  # noqa: PLC0415

    instead(backup, "_snapshot", contextlib.nullcontext)
    a_letter_in_the_middle_of_a_backup()


FAULTS: dict[str, Callable[[], None]] = {
    one.__name__: one
    for one in (
        acknowledge_before_commit,
        move_before_commit,
        done_before_the_ticket,
        ticket_before_done,
        believe_every_copy,
        believe_every_lease,
        blame_the_letter,
        say_yes_when_the_database_is_away,
        answer_everything,
        a_letter_in_the_middle_of_a_backup,
        a_backup_without_a_snapshot,
    )
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstline.settings")
    django.setup()
    FAULTS[sys.argv[1]]()
    sys.exit(main(sys.argv[2:]))
