"""Letters out of mailboxes: stored first, moved away second, remembered third. Any of the three may be cut off and
done again.

A letter is known by UIDVALIDITY and UID. Nothing on the server is deleted; what cannot be stored stays where it is,
and the
mailbox says so in its `problem` until it works again. The first run takes everything that is in the folder.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DatabaseError, close_old_connections, connections
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from firstline.intake import acceptance
from firstline.intake.acceptance import NotDurable
from firstline.intake.channels import email_breaker, email_session
from firstline.intake.channels.email_session import LARGEST_LETTER, Folder, WrongAddress
from firstline.intake.models import Inbound
from firstline.lib import clock, failpoints, log
from firstline.post.models import Account

BATCH = 50
POLL_SECONDS = 10.0
AT_ONCE = 8  # mailboxes that are looked into at the same time, where each is looked into once
LOOK_FOR_MAILBOXES_SECONDS = 5.0


class Trouble(Exception):
    """Some letters of a mailbox could not be taken; they are still on the server."""


TROUBLES = (Trouble, WrongAddress, NotDurable, IMAPClientError, DatabaseError, OSError)
_logger = log.get(__name__)


@dataclass
class _Round:
    """What one look into a folder did. `solid`: everything up to this UID is stored and out of the way."""

    solid: int
    taken: int = 0
    waiting: int = 0
    problems: list[str] = field(default_factory=list)


def mailboxes() -> list[Account]:
    """The active mailboxes that are fetched from."""
    return list(
        Account.objects.filter(kind=Account.Kind.EMAIL, is_active=True)
        .exclude(imap="")
        .filter(paused_at=None)
        .order_by("id")
    )


def fetch_once(account: Account, at: datetime) -> int:
    """Takes everything new of one mailbox and returns how many letters. Raises one of TROUBLES, noted on the
    account.
    """
    try:
        with email_session.opened(account.imap) as folder:
            taken = _look(account, folder)
    except TROUBLES as problem:
        _note(account, at, problem)
        raise
    return taken


def fetch_all_once() -> bool:
    """Each mailbox once, several at the same time: one that does not answer does not hold up the others. True where all
    went well."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="mailbox") as threads:
        return all(list(threads.map(_fetched, mailboxes())))


def _fetched(account: Account) -> bool:
    try:
        fetch_once(account, clock.now())
    except TROUBLES:
        return False  # noted on the account
    finally:
        connections.close_all()  # this thread's own
    return True


def fetch_forever(stop: threading.Event, beat: Callable[[], None] = lambda: None) -> None:
    """One thread a mailbox until `stop` is set; mailboxes that are added, changed or switched off are noticed.

    `beat` is called in every round: the fetcher's sign of life.
    """
    running: dict[int, tuple[str, threading.Event, threading.Thread]] = {}
    while not stop.is_set():
        close_old_connections()
        try:
            wanted = {account.pk: account for account in mailboxes()}
            beat()
        except DatabaseError as problem:
            _logger.warning("database away", problem=type(problem).__name__)
            stop.wait(POLL_SECONDS)
            continue
        for number, (address, halt, thread) in list(running.items()):
            if number not in wanted or wanted[number].imap != address or not thread.is_alive():
                halt.set()
                del running[number]
        for number, account in wanted.items():
            if number not in running:
                halt = threading.Event()
                thread = threading.Thread(
                    target=_watch, args=(number, stop, halt), name=f"mailbox-{number}", daemon=True
                )
                thread.start()
                running[number] = (account.imap, halt, thread)
        stop.wait(LOOK_FOR_MAILBOXES_SECONDS)
    for _address, _halt, thread in running.values():
        thread.join(timeout=5)


def _watch(number: int, stop: threading.Event, halt: threading.Event) -> None:
    """One mailbox: look, wait for news, look again; after a trouble connect anew."""
    while not (stop.is_set() or halt.is_set()):
        close_old_connections()
        try:
            account = Account.objects.get(pk=number)
            if email_breaker.is_left_alone(account, clock.now()):
                stop.wait(POLL_SECONDS)
                continue
            try:
                with email_session.opened(account.imap) as folder:
                    while not (stop.is_set() or halt.is_set()):
                        close_old_connections()
                        account.refresh_from_db()
                        _look(account, folder)
                        _wait_for_news(folder, stop, halt)
            except TROUBLES as problem:
                _note(account, clock.now(), problem)
        except (DatabaseError, Account.DoesNotExist) as problem:
            _logger.warning("mailbox not read", mailbox=number, problem=type(problem).__name__)
        stop.wait(POLL_SECONDS)


def _wait_for_news(folder: Folder, stop: threading.Event, halt: threading.Event) -> None:
    """Until the server tells of something new, at most POLL_SECONDS."""
    if not folder.server.has_capability("IDLE"):
        stop.wait(POLL_SECONDS)
        return
    folder.server.idle()
    try:
        end = clock.elapsed() + POLL_SECONDS
        while clock.elapsed() < end and not (stop.is_set() or halt.is_set()):
            if folder.server.idle_check(timeout=1):
                break
    finally:
        folder.server.idle_done()


def _look(account: Account, folder: Folder) -> int:
    """Takes what is above the watermark. A new UIDVALIDITY begins anew: what we have already is recognised by its
    bytes.
    """
    first = account.last_uid + 1 if account.uid_validity == folder.validity else 1
    round_ = _Round(solid=first - 1)
    uids = folder.uids_from(first)
    round_.waiting = len(uids)
    for start in range(0, len(uids), BATCH):
        batch = uids[start : start + BATCH]
        sizes, known = folder.sizes(batch), _known(account, folder, batch)
        for uid in batch:
            try:
                taken = _take(account, folder, uid, sizes.get(uid, 0), uid in known)
            except (IMAPClientAbortError, OSError):
                if round_.taken:
                    _remember(account, folder, round_)  # it gave us something: it is not a server that only fails
                raise
            except (IMAPClientError, Trouble) as problem:
                # This letter stays on the server; the watermark stays below it, and the others go on.
                round_.problems.append(f"letter {uid}: {problem}")
                continue
            round_.taken, round_.waiting = round_.taken + taken, round_.waiting - 1
            if not round_.problems:
                round_.solid = uid
        _remember(account, folder, round_)
    _remember(account, folder, round_, done=True)
    if round_.problems:
        raise Trouble("; ".join(round_.problems[:3]))
    return round_.taken


def _take(account: Account, folder: Folder, uid: int, size: int, is_known: bool) -> bool:
    """One letter: bytes, commit, move. Returns whether it was new. Raises what the server, the disk or the
    database says.
    """
    if not is_known:
        if size > LARGEST_LETTER:
            raise Trouble(f"larger than {LARGEST_LETTER // 1024 // 1024} MB, stays on the server")
        raw = folder.content(uid)
        if raw is None:
            if folder.still_has(uid):
                raise Trouble("the server gave no content")
            return False  # somebody took it away between our question and our reading
        key = f"{folder.validity}:{uid}"
        acceptance.accept_email(raw, source=_source(account), source_key=key, account=account, at=clock.now())
    failpoints.reach("fetch.before_move")
    folder.move(uid)
    failpoints.reach("fetch.after_move")
    return not is_known


def _known(account: Account, folder: Folder, uids: list[int]) -> set[int]:
    """Letters that are ours already: cut off between commit and move, or on a server that cannot move."""
    keys = {f"{folder.validity}:{uid}": uid for uid in uids}
    rows = Inbound.objects.filter(source=_source(account), source_key__in=list(keys))
    return {keys[key] for key in rows.values_list("source_key", flat=True)}


def _source(account: Account) -> str:
    return f"imap:{account.address}"


def _remember(account: Account, folder: Folder, round_: _Round, *, done: bool = False) -> None:
    now = clock.now()
    changes: dict[str, object] = {"uid_validity": folder.validity, "last_uid": round_.solid, "checked_at": now}
    changes |= {"waiting": max(0, round_.waiting), "failures": 0, "closed_until": None}
    if round_.taken:
        changes["received_at"] = now
    if done and not round_.problems:
        changes |= {"problem": "", "problem_since": None}
    Account.objects.filter(pk=account.pk).update(**changes)
    account.uid_validity, account.last_uid = folder.validity, round_.solid


def words_of(problem: Exception) -> str:
    """A problem for people, without the password that a library may quote."""
    return f"{type(problem).__name__}: {problem}".replace("\x00", "")[:300]


def _note(account: Account, at: datetime, problem: Exception) -> None:
    """On the account, with the moment since when; the database may be what is away."""
    _logger.warning("mailbox trouble", mailbox=account.pk, problem=type(problem).__name__)
    try:
        if not isinstance(problem, (Trouble, NotDurable, DatabaseError)):  # those are no failures of the server
            email_breaker.failed(account, at)
        told = words_of(problem)
        Account.objects.filter(pk=account.pk).update(problem=told)
        Account.objects.filter(pk=account.pk, problem_since__isnull=True).update(problem_since=at)
    except DatabaseError:
        _logger.warning("mailbox trouble not noted", mailbox=account.pk)
