"""What is found out about a letter's sender before it is registered: who proves him, and what pretends.

The verdict is found once and kept in the letter's row: keys and records in the DNS change, what was true on arrival
does not.
"""

from __future__ import annotations

import os
import threading
from dataclasses import asdict, replace
from typing import Any

from django.conf import settings

from firstline.intake import senders
from firstline.intake.models import Inbound
from firstline.intake.reading.letters import Letter
from firstline.intake.sender_checks import disguise, own_checks, trust
from firstline.intake.sender_checks.trust import Border, Verdict
from firstline.lib import clock, confined, log
from firstline.lib.name_servers import NameServers, Questions
from firstline.people.models import EmailDomain, Person
from firstline.people.roles import DESK_SIDE
from firstline.post.models import Account

NOT_PROVEN = "not-proven"
CHECK_SECONDS = 6.0  # for all questions about one letter
LARGEST_CHECKED = 30 * 1024 * 1024

_logger = log.get(__name__)


def border_of(row: Inbound) -> Border:
    """Our receiving server on the road that this letter came by. The road says so, never the letter."""
    account = row.account
    if account is not None and account.authserv_id:
        return trust.border(account.authserv_id, account.relays)
    return trust.border(settings.FIRSTLINE_AUTHSERV_ID, settings.FIRSTLINE_RELAYS)


def judged(letter: Letter, row: Inbound, raw: bytes) -> Letter:
    """The letter with its verdict: the kept one, where there is one. Needs no database; asks the DNS where told to."""
    if row.trust.get("result"):
        return replace(letter, verdict=trust.from_plain(row.trust))
    try:
        return replace(letter, verdict=_found(letter, raw, border_of(row)))
    except Exception as problem:  # strangers wrote head and DNS: what nobody foresaw proves nothing
        _logger.error("sender not checked", intake=row.pk, exc_info=problem)
        return letter


def _found(letter: Letter, raw: bytes, ours: Border) -> Verdict:
    verdict = trust.by_own_server(letter.trace, letter.from_email, ours)
    if verdict.result == trust.UNKNOWN and settings.FIRSTLINE_DNS and len(raw) <= LARGEST_CHECKED:
        return _checked(letter, raw, ours)
    return verdict


def _checked(letter: Letter, raw: bytes, ours: Border) -> Verdict:
    """Our own check, which is over in a few seconds whatever the DNS does."""
    tools = _tools()
    questions = Questions(tools.servers, clock.elapsed() + CHECK_SECONDS)
    try:
        return own_checks.judge(raw, letter.trace, letter.from_email, ours, questions, tools.pool.call)
    except (confined.Killed, confined.Failed, OSError) as problem:
        _logger.warning("signatures not checked", error=str(problem))
        return Verdict()


class _Tools:
    """Of this process: the name servers with what they answered, and the child that checks signatures."""

    def __init__(self) -> None:
        self.process, self.where = os.getpid(), settings.FIRSTLINE_DNS
        self.servers = NameServers(self.where)
        self.pool = confined.Pool("firstline.intake.sender_checks.dkim_check.check_packed", 1)


_kept_tools: list[_Tools] = []
_lock = threading.Lock()


def _tools() -> _Tools:
    with _lock:
        if not _kept_tools or (_kept_tools[0].process, _kept_tools[0].where) != (os.getpid(), settings.FIRSTLINE_DNS):
            _kept_tools[:] = [_Tools()]
        return _kept_tools[0]


def with_signs(letter: Letter) -> Letter:
    """The letter with what pretends in its sender's name and address."""
    email, name = letter.from_email or "", letter.from_name or ""
    if not email or letter.bounce is not None:
        return letter  # a report's sender is a server, whatever it calls itself
    return replace(letter, signs=tuple(_signs(name, email)))


def _signs(name: str, email: str) -> list[disguise.Sign]:
    is_clients = senders.client_of(email) is not None
    names: list[str] = []
    addresses: list[str] = []
    if name:
        agents = list(Person.objects.filter(role__in=DESK_SIDE, is_active=True).values_list("name", "email"))
        addresses = [address for _name, address in agents]
        # Namesakes among a client's own people are nobody's disguise.
        names = [] if is_clients else [one for one, _address in agents]
    domains: set[str] = set()
    if not is_clients:
        ours = [*Account.objects.values_list("address", flat=True), settings.FIRSTLINE_MAIL_FROM, *addresses]
        domains = {address.rpartition("@")[2].lower() for address in ours if "@" in address}
        domains |= set(EmailDomain.objects.values_list("domain", flat=True))
    return disguise.signs(name, email, names=names, addresses=addresses, domains=domains)


def shown_name(letter: Letter) -> str:
    """The name that a new person gets: his address, where the name that he gives himself is somebody else's."""
    pretends = any(sign.kind != disguise.LOOKS_LIKE for sign in letter.signs)
    return (letter.from_email or "") if pretends else (letter.from_name or "")


def flags(letter: Letter) -> list[str]:
    """What is to be seen on its message."""
    failed = [NOT_PROVEN] if letter.verdict.result == trust.FAIL else []
    return [*failed, *dict.fromkeys(sign.kind for sign in letter.signs)]


def kept(letter: Letter) -> dict[str, Any]:
    """For the row of the letter."""
    found: dict[str, Any] = letter.verdict.to_plain()
    if letter.signs:
        found |= {"name": (letter.from_name or "")[:300], "signs": [asdict(sign) for sign in letter.signs]}
    return found


def disowned(verdict: Verdict) -> str:
    """Why a letter waits in quarantine whose domain asks not to take it; "" where it need not wait."""
    if not verdict.is_refused or settings.FIRSTLINE_DMARC_FAIL != "quarantine":
        return ""
    return f"not proven to come from {verdict.domain}, which asks not to take such letters: {verdict.said}"[:300]
