"""The same letter again: from the same source a duplicate, by another road a copy that joins the first one's ticket
(product.md, "duplicates")."""

from __future__ import annotations

import re

from firstline.intake import matching
from firstline.intake.models import Inbound
from firstline.intake.reading import enclosed
from firstline.intake.reading.letters import Letter
from firstline.intake.results import Outcome, Result
from firstline.lib import clock
from firstline.post.models import Account
from firstline.tickets import history, merging
from firstline.tickets.models import Kind

LONGEST_FOOTER = 2_000
MOST_ALIKE = 5
# What a mailing list or a server puts below a letter begins with a line of such signs.
_FOOTER = re.compile(r"(?:-- ?|[_\-=*~]{3,}[ ]?.{0,60})$", re.M)


def of(row: Inbound, letter: Letter, account: Account | None) -> Result | None:
    """How the letter ends because it came before, None where it did not."""
    if not _came_before(row, letter):
        return None  # as nearly every letter
    if (twin := _same_bytes(row, account)) is not None:
        return Result(Outcome.DUPLICATE, f"the same bytes as intake {twin.pk}", ticket=twin.ticket, account=account)
    first = _first(row, letter)
    if first is None:
        return None
    ticket = first.message.ticket if first.message else first.ticket
    if ticket is None or first.outcome not in (Outcome.TICKET, Outcome.REPLY):
        return Result(Outcome.DUPLICATE, f"a copy of intake {first.pk}", ticket=first.ticket, account=account)
    held = history.locked(merging.final(ticket))
    also = account.address if account else row.source
    history.record(
        held, Kind.COPY, by=None, at=row.received_at, learnt_at=clock.now(), also=also, inbound=row.pk, first=first.pk
    )
    return Result(Outcome.REPLY, "copy", ticket=held, account=account)


def _came_before(row: Inbound, letter: Letter) -> bool:
    """Whether anything else has its bytes or its Message-ID: two looks into indexes."""
    others = Inbound.objects.exclude(pk=row.pk).exclude(state=Inbound.State.NEW)
    if others.filter(sha256=row.sha256).exists():
        return True
    named = letter.message_id
    return named is not None and others.filter(mail_key=matching.key_of(named)).exists()


def _same_bytes(row: Inbound, account: Account | None) -> Inbound | None:
    same = Inbound.objects.filter(sha256=row.sha256, source=row.source, account=account).exclude(pk=row.pk)
    return same.exclude(state=Inbound.State.NEW).exclude(outcome=Outcome.DUPLICATE).order_by("id").first()


def _first(row: Inbound, letter: Letter) -> Inbound | None:
    others = Inbound.objects.exclude(pk=row.pk).exclude(state=Inbound.State.NEW).exclude(outcome=Outcome.DUPLICATE)
    others = others.select_related("message__ticket", "ticket")
    first = others.filter(sha256=row.sha256).order_by("id").first()
    words = matching.same_words(letter)
    if first is not None or not words or not letter.message_id:
        return first
    same_id = others.filter(mail_key=matching.key_of(letter.message_id)).order_by("id")
    first = same_id.filter(same_words=words).first()
    if first is not None:
        return first
    sender = (letter.from_email or "").lower()[:254]
    for one in same_id.filter(sender=sender, message__isnull=False).exclude(account=row.account)[:MOST_ALIKE]:
        if one.message is not None and _but_for_a_footer(one.message.text, enclosed.whole(letter).text):
            return one
    return None


def _but_for_a_footer(one: str, other: str) -> bool:
    """Whether the longer text is the shorter one with a list's lines below it."""
    short, long = sorted((_plain(one), _plain(other)), key=len)
    rest = long[len(short) :].lstrip()
    if not short or not long.startswith(short) or len(rest) > LONGEST_FOOTER:
        return False
    return not rest or _FOOTER.match(rest.partition("\n")[0]) is not None


def _plain(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
