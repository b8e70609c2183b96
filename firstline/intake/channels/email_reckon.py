"""A mailbox compared with the journal: each letter on the server that should be ours is there, by its bytes.

In the folder that letters are taken from everything up to the watermark is ours, by UID. In *Processed* UIDs are other
ones: there a letter is ours where the journal of this mailbox has its Message-ID as often as the server, else its
bytes. What is not found is named, and can be taken in.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from firstline.intake import acceptance, matching, reckoning
from firstline.intake.channels.email_session import LARGEST_LETTER, Folder, numbering
from firstline.intake.models import Inbound, Missing
from firstline.intake.reading import headers, letters
from firstline.intake.reckoning import Found
from firstline.lib import log
from firstline.post.models import Account

NEWEST, OLDER = 2_000, 1_000  # letters of *Processed* in one comparison: the newest, and a slice of the older ones
AT_ONCE = 200
AT_THE_SOONEST = timedelta(seconds=30)
READ_WHOLE = 200  # letters that are read whole in one comparison because nothing but their bytes can tell
_logger = log.get(__name__)
HEAD = b"BODY[HEADER.FIELDS (MESSAGE-ID)]"


def compare_if_due(account: Account, folder: Folder, at: datetime) -> bool:
    """Every ten minutes, and at once where a person wants a letter taken in. Leaves the folder selected as it was."""
    part = reckoning.mailbox(account.pk)
    known = reckoning.state_of(part)
    if known is not None and at - known.tried_at < AT_THE_SOONEST:
        return False
    wanted = list(Missing.objects.filter(part=part, wanted_by__isnull=False).values_list("key", flat=True))
    if known is not None and not wanted and at - known.tried_at < reckoning.EVERY:
        return False
    try:
        compare(account, folder, at, wanted)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as problem:
        # It can be fetched from, but not compared: that is said by the age of its last comparison.
        _logger.warning("mailbox not compared", mailbox=account.pk, problem=type(problem).__name__)
        reckoning.not_compared(part, at=at, account_id=account.pk)
    return True


def compare(account: Account, folder: Folder, at: datetime, wanted: Iterable[str] = ()) -> None:
    """One comparison, and its result written down."""
    part, before = reckoning.mailbox(account.pk), reckoning.state_of(reckoning.mailbox(account.pk))
    here = folder.server.search(["UID", f"1:{account.last_uid}"]) if account.last_uid else []
    here = [uid for uid in here if uid <= account.last_uid]
    found = _strangers(account, folder.server, folder.name, folder.validity, _unknown_uids(account, folder, here))
    processed, validity, position = 0, 0, before.round_until if before else 0
    name = folder.destination()
    try:
        validity = numbering(folder.server, name, readonly=True)
        every = sorted(folder.server.search(["ALL"]))
        processed = len(every)
        looked, position = _slice(every, position, _missing_uids(part, name))
        unknown = _unknown_ids(account, folder.server, looked)
        found += _strangers(account, folder.server, name, validity, unknown)
        found = _taken_in(account, folder.server, found, set(wanted), at)
    finally:
        folder.server.select_folder(folder.name)
    reckoning.settle(
        part, [one for one, _uid, _name in found], at=at, account_id=account.pk, round_until=position,
        numbers={"in_folder": len(here), "processed": processed},
    )  # fmt: skip


State = Inbound.State
Stranger = tuple[Found, int, str]


def _slice(every: list[int], position: int, again: set[int]) -> tuple[list[int], int]:
    """The newest, what was missing last time, and the next slice of the older ones."""
    older = [uid for uid in every[:-NEWEST] if uid > position][:OLDER]
    return sorted({*every[-NEWEST:], *older, *(again & set(every))}), older[-1] if len(older) == OLDER else 0


def _missing_uids(part: str, name: str) -> set[int]:
    keys = Missing.objects.filter(part=part, key__startswith=f"{name}:").values_list("key", flat=True)
    return {int(key.rsplit(":", 1)[1]) for key in keys}


def _unknown_uids(account: Account, folder: Folder, uids: list[int]) -> list[int]:
    unknown = []
    for start in range(0, len(uids), AT_ONCE):
        keys = {f"{folder.validity}:{uid}": uid for uid in uids[start : start + AT_ONCE]}
        known = set(_of(account).filter(source_key__in=list(keys)).values_list("source_key", flat=True))
        unknown += [uid for key, uid in keys.items() if key not in known]
    return unknown


def _unknown_ids(account: Account, server: IMAPClient, uids: list[int]) -> list[int]:
    """Letters whose Message-ID the journal of this mailbox has not, or less often than the server, or without one."""
    unknown: list[int] = []
    by_key: dict[str, list[int]] = {}
    for start in range(0, len(uids), AT_ONCE):
        for uid, data in server.fetch(uids[start : start + AT_ONCE], ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"]).items():
            named = headers.identifiers(bytes(data.get(HEAD) or b"").partition(b":")[2])
            if named:
                by_key.setdefault(matching.key_of(named[0]), []).append(uid)
            else:
                unknown.append(uid)
    keys = list(by_key)
    counted: Counter[str] = Counter()
    for start in range(0, len(keys), AT_ONCE):
        counted.update(
            key for key in _of(account).filter(mail_key__in=keys[start : start + AT_ONCE]).values_list(
                "mail_key", flat=True
            ) if key
        )  # fmt: skip
    for key, same in by_key.items():
        if counted[key] < len(same):
            unknown += same
    return sorted(unknown)


def _strangers(account: Account, server: IMAPClient, name: str, validity: int, uids: list[int]) -> list[Stranger]:
    """Of these letters those whose bytes the journal of this mailbox has not (as often as the server). The folder is
    selected. Bytes alone can tell of a letter that waits to be understood, or has no Message-ID."""
    by_hash: dict[str, list[tuple[int, bytes]]] = {}
    for uid in uids[-READ_WHOLE:]:
        data = server.fetch([uid], ["RFC822.SIZE"]).get(uid, {})
        if not data or int(data.get(b"RFC822.SIZE", 0)) > LARGEST_LETTER:
            continue
        raw = bytes(server.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]") or b"")
        if raw:
            by_hash.setdefault(hashlib.sha256(raw).hexdigest(), []).append((uid, raw))
    ours, digests = _of(account), list(by_hash)
    known = Counter(ours.filter(sha256__in=digests).exclude(state=State.NEW).values_list("sha256", flat=True))
    known.update(ours.filter(sha256__in=digests, state=State.NEW).values_list("sha256", flat=True))
    found: list[Stranger] = []
    for digest, same in by_hash.items():
        for uid, raw in same[known[digest] :]:
            head = letters.read(raw[:65_536].partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
            one = Found(f"{name}:{validity}:{uid}", reckoning.ON_SERVER, None, head.from_email or "", head.subject)
            found.append((one, uid, name))
    return found


def _taken_in(
    account: Account, server: IMAPClient, found: list[Stranger], wanted: set[str], at: datetime
) -> list[Stranger]:
    """Takes in what a person wants taken in; what is left is still missing."""
    left = []
    for one, uid, name in found:
        if one.key not in wanted:
            left.append((one, uid, name))
            continue
        server.select_folder(name, readonly=True)
        raw = bytes(server.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]") or b"")
        if raw:
            acceptance.accept_email(
                raw, source=f"imap:{account.address}", source_key=f"found:{one.key}", account=account, at=at
            )
    return left


def _of(account: Account) -> QuerySet[Inbound]:
    return Inbound.objects.filter(source=f"imap:{account.address}")
