"""kill -9 of pipe, fetcher and worker at each named point: what was acknowledged is there exactly once.

Each scenario has a negative control: the same kill with a deliberate fault in the program, which the oracle must see.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.rig import BIG, KILLED, Rig, numbered
from tests.real.dovecot import Mailbox

ACCEPTING = ("intake.before_bytes", "intake.after_blob", "intake.before_commit", "intake.after_commit")
FETCHING = (*ACCEPTING, "fetch.before_move", "fetch.after_move")
WORKING = ("worker.after_claim", "worker.after_parse", "register.before_commit", "register.after_commit")


def deliver(rig: Rig, letter: bytes, failpoint: str = "", broken: str = "") -> int:
    """One attempt of a mail server to hand a letter over."""
    return rig.run("intake", "email", failpoint=failpoint, broken=broken, input=letter).returncode


@pytest.mark.parametrize("point", ACCEPTING)
def test_a_killed_pipe_is_tried_again_by_its_mail_server_and_the_letter_is_there_once(rig: Rig, point: str) -> None:
    sent, kills = [], 0
    for attempts_killed in (1, 2):
        number, letter = numbered(BIG)
        sent.append(number)
        for _ in range(attempts_killed):
            kills += deliver(rig, letter, f"{point}:kill") == KILLED
        assert deliver(rig, letter) == 0
    assert kills == 3, "the point was not reached"
    rig.settle()
    assert rig.violations(sent, acknowledged=sent) == []


@pytest.mark.parametrize("point", ACCEPTING[:3])
def test_a_pipe_that_was_killed_before_the_commit_has_taken_nothing(rig: Rig, point: str) -> None:
    number, letter = numbered(BIG)
    assert deliver(rig, letter, f"{point}:kill") == KILLED
    rig.settle()
    assert rig.found()[number] == 0


def test_a_pipe_that_fails_in_any_way_asks_the_mail_server_to_come_again(rig: Rig) -> None:
    number, letter = numbered()
    for point in ("intake.before_bytes", "intake.before_commit"):
        assert deliver(rig, letter, f"{point}:error") == 75
    rig.settle()
    assert rig.found()[number] == 0


def test_control_a_pipe_that_acknowledges_before_the_commit_is_found_out(broken_rig: Rig) -> None:
    number, letter = numbered()
    assert deliver(broken_rig, letter, "intake.before_commit:kill", broken="acknowledge_before_commit") == 0
    broken_rig.settle()
    assert broken_rig.violations([number], acknowledged=[number])


def test_control_a_desk_that_does_not_know_its_bytes_again_is_found_out(broken_rig: Rig) -> None:
    number, letter = numbered()
    assert deliver(broken_rig, letter, "intake.after_commit:kill") == KILLED
    assert deliver(broken_rig, letter) == 0
    broken_rig.run("intake", "drain", broken="believe_every_copy")
    assert broken_rig.violations([number], acknowledged=[number])


# ---- the worker ------------------------------------------------------------------------------------


def take(rig: Rig, folder: Path, count: int) -> list[int]:
    """Letters that were acknowledged and wait."""
    files, sent = [], []
    for _ in range(count):
        number, letter = numbered()
        sent.append(number)
        files.append(folder / f"{number}.eml")
        files[-1].write_bytes(letter)
    rig.must("intake", "email", *map(str, files))
    return sent


@pytest.mark.parametrize("point", WORKING)
def test_a_killed_worker_loses_and_doubles_nothing(rig: Rig, tmp_path: Path, point: str) -> None:
    sent = take(rig, tmp_path, 6)
    codes = [rig.run("intake", "drain", failpoint=f"{point}:kill:{nth}").returncode for nth in (1, 1, 2)]
    assert codes[0] == KILLED, "the point was not reached"
    rig.settle()
    assert rig.violations(sent, acknowledged=sent) == []


@pytest.mark.parametrize("fault", ["done_before_the_ticket", "ticket_before_done"])
def test_control_a_worker_with_two_transactions_is_found_out(broken_rig: Rig, tmp_path: Path, fault: str) -> None:
    sent = take(broken_rig, tmp_path, 3)
    killed = broken_rig.run("intake", "drain", failpoint="register.before_commit:kill:2", broken=fault)
    assert killed.returncode == KILLED
    # A program with this fault does not know its own tickets again either.
    broken_rig.run("intake", "drain", broken="believe_every_copy")
    assert broken_rig.violations(sent, acknowledged=sent)


# ---- the fetcher -----------------------------------------------------------------------------------


def fill(mailbox: Mailbox, count: int) -> list[int]:
    sent = []
    for _ in range(count):
        number, letter = numbered(BIG)
        mailbox.append(letter)
        sent.append(number)
    return sent


def moved(mailbox: Mailbox, sent: list[int]) -> list[int]:
    """The numbers that left the folder: acknowledged. Nothing may have vanished from the server."""
    inbox, processed = mailbox.messages(), mailbox.messages("Processed")

    def numbers(letters: list[bytes]) -> set[int]:
        return {number for number in sent for letter in letters if f"N-{number:06d}-".encode() in letter}

    assert numbers(inbox) | numbers(processed) == set(sent), "a letter vanished from the server"
    return sorted(set(sent) - numbers(inbox))


@pytest.mark.parametrize("point", FETCHING)
def test_a_killed_fetcher_loses_and_doubles_nothing(rig: Rig, mailbox: Mailbox, point: str) -> None:
    sent = fill(mailbox, 4)
    rig.mailbox(f"{mailbox.login}@firm.example", mailbox.url)
    codes = [rig.run("fetch-mail", "--once", failpoint=f"{point}:kill:{nth}").returncode for nth in (2, 1)]
    assert codes[0] == KILLED, "the point was not reached"
    rig.settle()
    assert rig.violations(sent, acknowledged=moved(mailbox, sent)) == []
    rig.must("fetch-mail", "--once")
    rig.settle()
    assert moved(mailbox, sent) == sent
    assert rig.violations(sent, acknowledged=sent) == []


def test_control_a_fetcher_that_moves_before_it_stores_is_found_out(broken_rig: Rig, mailbox: Mailbox) -> None:
    sent = fill(mailbox, 3)
    broken_rig.mailbox(f"{mailbox.login}@firm.example", mailbox.url)
    killed = broken_rig.run(
        "fetch-mail", "--once", failpoint="intake.before_commit:kill:2", broken="move_before_commit"
    )
    assert killed.returncode == KILLED
    broken_rig.settle()
    assert broken_rig.violations(sent, acknowledged=moved(mailbox, sent))
