"""A letter that was read becomes exactly one visible thing: a ticket, words on one, a mark on one, or a row in the
quarantine.

Everything here runs in one transaction with the row's end state. A letter has the rights of its written sender on the
client's side and none on the desk's: From is only a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from firstline.intake import (
    agents_mail,
    in_copy,
    letter_words,
    matching,
    passing_on,
    proof,
    returns,
    reunion,
    ruling,
    senders,
    speaks_for,
    twins,
    vendor_mail,
)
from firstline.intake.matching import Match
from firstline.intake.models import Desk, Inbound
from firstline.intake.reading.letters import Letter
from firstline.intake.results import Outcome, Result, learnt
from firstline.intake.sender_checks import trust
from firstline.people.models import Person
from firstline.post import own, probes, undeliverable
from firstline.post.models import Account
from firstline.post.own import House
from firstline.tickets import conversation, opening
from firstline.tickets.models import Channel, Kind, Message, Participant, Ticket
from firstline.tickets.opening import File, Words
from firstline.tickets.vendor_models import VendorRequest

__all__ = ["Result", "register"]

ANSWERED_AN_HOUR = 3  # then an address gets no more acknowledgements: it may be a machine that does not say so (F1)
LONGEST_SUBJECT = 300
UNPROVEN_AGENT = "an agent's address: kept as an internal note"


def register(row: Inbound, letter: Letter, files: Sequence[File]) -> Result:
    """The one end state of this letter. Call it in the transaction that also finishes the row."""
    house = own.house()
    account = row.account or _addressed(letter, house)
    if (probe := _probe(row, letter, account)) is not None:
        return probe
    if (twin := twins.of(row, letter, account)) is not None:
        return twin
    if returns.came_back(letter):
        return returns.bounce(row, letter, account)
    if not letter.readable or letter.from_email is None:
        return Result(Outcome.QUARANTINE, _why_unreadable(letter), account=account)
    if (echo := _own(letter, house)) is not None:
        return Result(Outcome.IGNORED, echo, account=account)
    if why := proof.disowned(letter.verdict):
        return Result(Outcome.QUARANTINE, why, account=account)
    if (asked := vendor_mail.request_of(letter)) is not None:
        return _from_vendor(row, letter, files, asked, account)
    rule = ruling.of(row, letter, account)
    if rule.is_aside:
        aside = Outcome.QUARANTINE if rule.outcome == "quarantine" else Outcome.IGNORED
        return Result(aside, rule.reason, account=account)
    person = senders.find(letter.from_email)
    match = matching.find(letter, person)
    if letter.verdict.result == trust.FAIL and match.ticket is not None:
        # Tried and not proven: nobody's tickets are opened to it without an agent's decision (always-true 6).
        match = matching.Match(claimed=match.ticket)
    if letter.auto is not None and letter.auto != "list" and (match.ticket or rule.outcome != "ticket"):
        return returns.automatic(row, letter, files, person, match, account)
    undeliverable.heard_from(letter.from_email)
    if match.ticket is not None and person is not None:
        if match.by_agent:
            return _from_agents_address(row, letter, files, person, match.ticket, account)
        return _reply(row, letter, files, person, match, match.ticket, account, house)
    return _new_ticket(row, letter, files, person, match.claimed, account, rule, house)


def _from_vendor(
    row: Inbound, letter: Letter, files: Sequence[File], asked: VendorRequest, account: Account | None
) -> Result:
    """Stays inside the desk. What his machine says (a number given, an absence) wakes nothing."""
    if letter.auto is not None and letter.auto != "list":
        words = letter_words.of(letter, files, "automatic", letter.auto)
        held, message = letter_words.silently(row, asked.ticket, Kind.AUTOMATIC, words, None, auto=letter.auto)
        return Result(Outcome.AUTO, letter.auto, ticket=held, message=message, account=account)
    ticket, said = vendor_mail.answer(asked, row, letter, files, learnt_at=learnt(row))
    return Result(Outcome.REPLY, ticket=ticket, message=said, account=account)


# ---- what is no word of a person -------------------------------------------------------------------


def _probe(row: Inbound, letter: Letter, account: Account | None) -> Result | None:
    """A letter that a mailbox wrote to itself to see that it comes back, or the report that it could not."""
    if letter.bounce is not None:
        named = letter.bounce.original_message_id or ""
        if (sent := probes.marked(named, *matching.references(letter))) is None:
            return None
        probes.returned(sent, f"{letter.bounce.status or ''} {letter.bounce.reason}".strip(), row.received_at)
        return Result(Outcome.BOUNCE, letter.bounce.reason[:300], account=account)
    probe = probes.marked(letter.message_id or "", letter.subject)
    # Its own mailbox wrote it: whoever copies the mark into a letter of his writes a letter like any other.
    if probe is None or (letter.from_email or "").lower() != probe.account.address:
        return None
    probes.arrived(probe, row.received_at)
    return Result(Outcome.IGNORED, "probe", account=account)


def _own(letter: Letter, house: House) -> str | None:
    """Why this letter is our own voice coming back; it goes into the visible loop bin."""
    if matching.is_ours(letter.message_id):
        return "a letter of our own came back"
    if house.has(letter.from_email or ""):
        return "sent from an address of our own"
    return None


def _why_unreadable(letter: Letter) -> str:
    what = "its sender cannot be read" if letter.from_email is None else "its content cannot be read"
    defects = [defect for defect in letter.defects if defect not in ("no-date", "no-message-id")]
    return f"{what}: {', '.join(defects)}"[:300] if defects else what


# ---- words of people -------------------------------------------------------------------------------


def _reply(
    row: Inbound,
    letter: Letter,
    files: Sequence[File],
    person: Person,
    match: Match,
    ticket: Ticket,
    account: Account | None,
    house: House,
) -> Result:
    words = letter_words.of(letter, files)
    if not words.text.strip() and not files:
        words = Words(text=letter.subject.strip() or "—", files=files, flags=(*words.flags, "empty"))
    if (still := returns.kept_still(row, letter, files, person, ticket, account)) is not None:
        return still
    beside = in_copy.of(letter, ticket.client, person, house)
    on = conversation.reply(
        ticket, words, by=person, at=row.received_at, channel=Channel.EMAIL, learnt_at=learnt(row), facts=beside.facts
    )
    for colleague in beside.colleagues:
        if colleague.pk != on.requester_id:
            Participant.objects.get_or_create(ticket=on, person=colleague, defaults={"since": row.received_at})
    message = _newest(on, person)
    if on.pk != ticket.pk:
        return Result(Outcome.TICKET, f"follows up #{ticket.pk}", on, message, account)
    reunion.bring_earlier(letter, on, at=learnt(row))
    return Result(Outcome.REPLY, match.how, on, message, account)


def _from_agents_address(
    row: Inbound, letter: Letter, files: Sequence[File], person: Person, ticket: Ticket, account: Account | None
) -> Result:
    """Whoever writes as an agent is not one because he says so (intake/agents_mail.py)."""
    taken = agents_mail.read(row, letter, files, person, ticket)
    if taken.public:
        said = agents_mail.words(letter, files)
        held = conversation.answer(
            ticket, said, by=person, at=row.received_at, channel=Channel.EMAIL, learnt_at=learnt(row)
        )
        how = "+".join(letter.verdict.means)
        return Result(Outcome.REPLY, f"an agent's answer, proven by {how}", held, _newest(held, person), account)
    words = letter_words.of(letter, files, taken.flag)
    held, message = letter_words.silently(
        row, ticket, Kind.MESSAGE, words, person, by=person if taken.in_his_name else None,
        by_agent=taken.in_his_name, channel="email", unverified=not taken.in_his_name,
    )  # fmt: skip
    reason = "an agent's letter: kept as his internal note" if taken.in_his_name else UNPROVEN_AGENT
    return Result(Outcome.REPLY, reason, held, message, account)


def _new_ticket(
    row: Inbound,
    letter: Letter,
    files: Sequence[File],
    person: Person | None,
    claimed: Ticket | None,
    account: Account | None,
    rule: ruling.Ruling,
    house: House,
) -> Result:
    desk = Desk.objects.select_related("team", "client").filter(account=account).first() if account else None
    sender = letter.from_email or ""
    passed = passing_on.read(letter, person) if person is not None else None
    spoken = None if passed else speaks_for.read(letter, house)
    asks = passed.writer if passed else spoken.person if spoken else person
    theirs = (asks.client if asks else None) or (desk.client if desk else None) or senders.client_of(sender)
    client = rule.values.get("client") or theirs
    requester = asks or senders.make(
        email=sender, name=proof.shown_name(letter), client=client, words=letter.reply_text
    )
    flags = [*([f"claims #{claimed.pk}"] if claimed else []), *(speaks_for.FLAGS if spoken else ())]
    if requester.is_agent and not agents_mail.is_proven(letter):
        flags.append(agents_mail.UNVERIFIED)
    beside = in_copy.of(letter, client, requester, house)
    paused = {} if spoken else _writes_too_often(sender, row.received_at)
    told_enough = bool(paused) or (spoken is not None and spoken.has_enough(row.received_at))
    ticket = ruling.open_by(
        rule,
        opening.open_ticket,
        subject=(passing_on.subject(passed, letter) if passed else "") or _subject(letter, requester),
        words=passing_on.words(passed, letter, files)
        if passed
        else letter_words.of(spoken.letter if spoken else letter, files, *flags),
        requester=requester,
        channel=Channel.EMAIL,
        at=row.received_at,
        by=None,
        learnt_at=learnt(row),
        client=client,
        team=desk.team if desk else None,
        participants=beside.colleagues,
        quiet=letter.auto is not None or told_enough or (passed is not None and not passed.proven),
        facts={**beside.facts, **paused, **({"passed_on_by": person.login} if passed and person else {})},
    )
    if passed and person:
        passing_on.note_what_was_said(passed, row, ticket, person)
    else:
        matching.await_original(letter, row)
    if claimed and letter.verdict.result != trust.FAIL:  # an answer that came before it is spoken of, too
        came = reunion.bring_home(letter, ticket, at=learnt(row))
        claimed = _still_claimed(claimed, came, ticket)
    reason = f"claims #{claimed.pk}, its sender takes no part in it" if claimed else ""
    if claimed and letter.verdict.result == trust.FAIL:
        reason = f"claims #{claimed.pk}, its sender is not proven"
    return Result(Outcome.TICKET, reason, ticket, ticket.first_words, account)


def _still_claimed(claimed: Ticket | None, came: set[int], ticket: Ticket) -> Ticket | None:
    """The ticket that the letter speaks of, None where it has become a part of the letter's own."""
    if claimed is None or claimed.pk not in came:
        return claimed
    if (first := ticket.first_words) is not None:
        first.flags = [flag for flag in first.flags if flag != f"claims #{claimed.pk}"]
        first.save(update_fields=["flags"])
    return None


def _subject(letter: Letter, requester: Person) -> str:
    subject = " ".join(letter.subject.split())
    if subject:
        return subject[:LONGEST_SUBJECT]
    first = next((line.strip() for line in letter.reply_text.splitlines() if line.strip()), "")
    with translation.override(requester.language):
        return first[:120] or _("(no subject)")


def _writes_too_often(sender: str, at: datetime) -> dict[str, Any]:
    """What the ticket says of it where an address writes as only machines do; nothing for people."""
    hour = Inbound.objects.filter(sender=sender.lower()[:254], received_at__gt=at - timedelta(hours=1))
    moments = list(hour.filter(outcome=Outcome.TICKET).order_by("received_at").values_list("received_at", flat=True))
    if len(moments) < ANSWERED_AN_HOUR:
        return {}
    minutes = max(1, round((at - moments[0]).total_seconds() / 60))
    return {"answers_paused": {"address": sender, "letters": len(moments) + 1, "minutes": minutes}}


def _addressed(letter: Letter, house: House) -> Account | None:
    """Which mailbox of ours it was sent to, where the road does not say: it only chooses whose queue it is."""
    return house.mailbox_among([*letter.delivered_to, *(address.email for address in (*letter.to, *letter.cc))])


def _newest(ticket: Ticket, person: Person) -> Message | None:
    return Message.objects.filter(ticket=ticket, author=person).order_by("-id").first()
