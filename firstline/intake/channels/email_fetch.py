"""Letters out of mailboxes: stored first, moved away second, remembered third. Any of the three may be cut off and
done again.

A letter is known by UIDVALIDITY and UID. Nothing on the server is deleted; what cannot be stored stays where it is,
and the
mailbox says so in its `problem` until it works again. The first run takes everything that is in the folder.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DatabaseError, close_old_connections, connections
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from firstline.intake import acceptance
from firstline.intake.acceptance import NotDurable
from firstline.intake.channels import email_breaker, email_reckon, email_session
from firstline.intake.channels.email_session import LARGEST_LETTER, Folder, Unsteady, WrongAddress
from firstline.intake.models import Inbound
from firstline.lib import clock, failpoints, log
from firstline.post import consents, server_urls
from firstline.post.consents import NotConnected
from firstline.post.models import Account

BATCH = 50
POLL_SECONDS = 10.0
BREATH_SECONDS = 0.2
MOST_BREAKS = 5  # connections anew within one look, each for another letter
AT_ONCE = 8  # mailboxes that are looked into at the same time, where each is looked into once
LOOK_FOR_MAILBOXES_SECONDS = 5.0


class Trouble(Exception):
    """Some letters of a mailbox could not be taken; they are still on the server."""


TROUBLES = (Trouble, Unsteady, NotConnected, WrongAddress, NotDurable, IMAPClientError, DatabaseError, OSError)
_logger = log.get(__name__)


@dataclass
class _Progress:
    """What is known of a mailbox across connections. `breaking`: letters at which a connection broke, by UIDVALIDITY
    and UID; they are tried after all others, so that they hold up none."""

    taken: int = 0
    breaking: set[tuple[int, int]] = field(default_factory=set)


@dataclass
class _Round:
    """What one look into a folder did. `left`: what is not yet stored and out of the way."""

    left: set[int]
    before: int
    highest: int
    taken: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def solid(self) -> int:
        """Everything up to this UID is stored and out of the way."""
        return max(self.before, min(self.left) - 1 if self.left else self.highest)


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
    progress = _Progress()
    try:
        while True:
            broke = len(progress.breaking)
            try:
                with email_session.opened(account.imap, _token(account)) as folder:
                    _look_and_compare(account, folder, progress)
                return progress.taken
            except (IMAPClientAbortError, OSError):
                if not broke < len(progress.breaking) <= MOST_BREAKS:
                    raise
    except TROUBLES as problem:
        _note(account, at, problem)
        raise


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
    progress = _Progress()
    while not (stop.is_set() or halt.is_set()):
        close_old_connections()
        try:
            account = Account.objects.get(pk=number)
            if email_breaker.is_left_alone(account, clock.now()):
                stop.wait(POLL_SECONDS)
                continue
            try:
                with email_session.opened(account.imap, _token(account)) as folder:
                    while not (stop.is_set() or halt.is_set()):
                        close_old_connections()
                        account.refresh_from_db()
                        _look_and_compare(account, folder, progress)
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
    stop.wait(BREATH_SECONDS)  # a server that tells of something new all the time is not asked all the time
    if _has_come(folder.server.noop()[1]):
        return  # what comes with the answer to IDLE itself stands in the reader's buffer, where nobody looks for it
    folder.server.idle()
    try:
        end = clock.elapsed() + POLL_SECONDS
        while clock.elapsed() < end and not (stop.is_set() or halt.is_set()):
            if folder.server.idle_check(timeout=1):
                break
    finally:
        folder.server.idle_done()


def _has_come(told: Iterable[tuple[object, ...]]) -> bool:
    """Whether the server told of more letters since it was asked last (RFC 3501, 7.3.1)."""
    return any(b"EXISTS" in one for one in told)


def _look_and_compare(account: Account, folder: Folder, progress: _Progress) -> None:
    """A look, and every ten minutes the comparison with the journal, also where a letter could not be taken."""
    try:
        _look(account, folder, progress)
    except Trouble:
        email_reckon.compare_if_due(account, folder, clock.now())
        raise
    email_reckon.compare_if_due(account, folder, clock.now())


def _look(account: Account, folder: Folder, progress: _Progress) -> None:
    """Takes what is in the folder; where nothing can be moved out of it, what is above the watermark. A new UIDVALIDITY
    begins anew: what we have already is recognised by its bytes.
    """
    same = account.uid_validity == folder.validity
    before = account.last_uid if same else 0
    uids = folder.uids_from(1 if folder.is_emptied else before + 1)
    round_ = _Round(left=set(uids), before=before, highest=uids[-1] if uids else 0)
    uids.sort(key=lambda uid: (folder.validity, uid) in progress.breaking)
    for start in range(0, len(uids), BATCH):
        batch = uids[start : start + BATCH]
        sizes, known = folder.sizes(batch), _known(account, folder, batch)
        for uid in batch:
            try:
                taken = _taken(account, folder, uid, sizes.get(uid, 0), known.get(uid))
            except (IMAPClientAbortError, OSError):
                progress.breaking.add((folder.validity, uid))
                if round_.taken:
                    _remember(account, folder, round_)  # it gave us something: it is not a server that only fails
                raise
            except (IMAPClientError, Unsteady, Trouble) as problem:
                # This letter stays on the server; the watermark stays below it, and the others go on.
                round_.problems.append(f"letter {uid}: {problem}")
                continue
            round_.taken, progress.taken = round_.taken + taken, progress.taken + taken
            round_.left.discard(uid)
            progress.breaking.discard((folder.validity, uid))
        _remember(account, folder, round_)
    _remember(account, folder, round_, done=True)
    if round_.problems:
        raise Trouble("; ".join(round_.problems[:3]))


def _taken(account: Account, folder: Folder, uid: int, size: int, known: Inbound | None) -> bool:
    """`_take`, where another client may be at the same folder: what he took away in the middle of it is no trouble."""
    try:
        return _take(account, folder, uid, size, known)
    except IMAPClientAbortError:
        raise
    except (IMAPClientError, Unsteady, Trouble):
        if folder.still_has(uid):
            raise
        return False


def _take(account: Account, folder: Folder, uid: int, size: int, known: Inbound | None) -> bool:
    """One letter: bytes, commit, move. Returns whether it was new. Raises what the server, the disk or the
    database says.
    """
    is_new = known is None or not _is_still(known, folder, uid)
    if is_new:
        if size > LARGEST_LETTER:
            raise Trouble(f"larger than {LARGEST_LETTER // 1024 // 1024} MB, stays on the server")
        raw = folder.content(uid, size)
        if raw is None:
            if folder.still_has(uid):
                raise Trouble("the server gave no content")
            return False  # somebody took it away between our question and our reading
        key = f"{folder.validity}:{uid}"
        acceptance.accept_email(raw, source=_source(account), source_key=key, account=account, at=clock.now())
    failpoints.reach("fetch.before_move")
    folder.move(uid)
    failpoints.reach("fetch.after_move")
    return is_new


def _known(account: Account, folder: Folder, uids: list[int]) -> dict[int, Inbound]:
    """Letters that are ours already: cut off between commit and move, or on a server that cannot move."""
    keys = {f"{folder.validity}:{uid}": uid for uid in uids}
    rows = Inbound.objects.filter(source=_source(account), source_key__in=list(keys)).defer("raw")
    return {keys[row.source_key]: row for row in rows}


def _is_still(known: Inbound, folder: Folder, uid: int) -> bool:
    """Whether a letter under a known number is the one that is ours: there are servers that give a number twice. Moved
    away unread, the other one would be lost."""
    head = folder.head(uid)
    return head is not None and acceptance.bytes_of(known).startswith(head.rstrip(b"\r\n"))


def _token(account: Account) -> str:
    """What it signs in with instead of a password, fetched anew where it is over. Raises NotConnected."""
    return consents.token_for(account, clock.now()) if server_urls.by_token(account.imap) else ""


def _source(account: Account) -> str:
    return f"imap:{account.address}"


def _remember(account: Account, folder: Folder, round_: _Round, *, done: bool = False) -> None:
    now = clock.now()
    changes: dict[str, object] = {"uid_validity": folder.validity, "last_uid": round_.solid, "checked_at": now}
    changes |= {"waiting": len(round_.left), "failures": 0, "closed_until": None}
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
        if isinstance(problem, LoginError) and server_urls.by_token(account.imap):
            consents.refused_by_server(account, at)
        told = words_of(problem)
        Account.objects.filter(pk=account.pk).update(problem=told)
        Account.objects.filter(pk=account.pk, problem_since__isnull=True).update(problem_since=at)
    except DatabaseError:
        _logger.warning("mailbox trouble not noted", mailbox=account.pk)
