"""A letter that was read becomes exactly one visible thing: a ticket, words on one, a mark on one, or a row in the
quarantine.

Everything here runs in one transaction with the row's end state. A letter has the rights of its written sender on the
client's side and none on the desk's: From is only a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from firstline.intake import agents_mail, matching, proof, ruling, senders, trust
from firstline.intake.bounces import Bounce
from firstline.intake.letters import Letter
from firstline.intake.models import Desk, Inbound
from firstline.lib import clock, tokens
from firstline.people.models import Client, Person
from firstline.post import own, probes
from firstline.post.models import Account, Delivery
from firstline.tickets import conversation, history, opening
from firstline.tickets.models import Channel, Event, Kind, Message, Participant, Ticket
from firstline.tickets.opening import File, Words

Outcome = Inbound.Outcome
MOST_IN_COPY = 20
MOST_NEW_IN_COPY = 10
ANSWERED_AN_HOUR = 3  # then an address gets no more acknowledgements: it may be a machine that does not say so (F1)
LONGEST_SUBJECT = 300
UNPROVEN_AGENT = "an agent's address: kept as an internal note"


@dataclass(frozen=True)
class Result:
    """How an item ended: the columns of its row."""

    outcome: Inbound.Outcome
    reason: str = ""
    ticket: Ticket | None = None
    message: Message | None = None
    account: Account | None = None


def register(row: Inbound, letter: Letter, files: Sequence[File]) -> Result:
    """The one end state of this letter. Call it in the transaction that also finishes the row."""
    account = row.account or _addressed(letter)
    if (probe := _probe(row, letter, account)) is not None:
        return probe
    if (twin := _same_bytes(row, account)) is not None:
        return Result(Outcome.DUPLICATE, f"the same bytes as intake {twin.pk}", ticket=twin.ticket, account=account)
    if (copy := _copy(row, letter, account)) is not None:
        return copy
    if letter.bounce is not None or _came_back(letter):
        return _bounce(row, letter, account)
    if not letter.readable or letter.from_email is None:
        return Result(Outcome.QUARANTINE, _why_unreadable(letter), account=account)
    if (echo := _own(letter)) is not None:
        return Result(Outcome.IGNORED, echo, account=account)
    if why := proof.disowned(letter.verdict):
        return Result(Outcome.QUARANTINE, why, account=account)
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
        return _automatic(row, letter, files, person, match, account)
    if match.ticket is not None and person is not None:
        if match.by_agent:
            return _from_agents_address(row, letter, files, person, match.ticket, account)
        return _reply(row, letter, files, person, match.ticket, account)
    return _new_ticket(row, letter, files, person, match.claimed, account, rule)


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


def _same_bytes(row: Inbound, account: Account | None) -> Inbound | None:
    same = Inbound.objects.filter(sha256=row.sha256, source=row.source, account=account).exclude(pk=row.pk)
    return same.exclude(state=Inbound.State.NEW).exclude(outcome=Outcome.DUPLICATE).order_by("id").first()


def _copy(row: Inbound, letter: Letter, account: Account | None) -> Result | None:
    """The same letter by another road joins the first one's ticket (product.md, "duplicates")."""
    words = matching.same_words(letter)
    others = Inbound.objects.exclude(pk=row.pk).exclude(state=Inbound.State.NEW).exclude(outcome=Outcome.DUPLICATE)
    first = others.filter(sha256=row.sha256).order_by("id").first()
    if first is None and words and letter.message_id:
        key = matching.key_of(letter.message_id)
        first = others.filter(mail_key=key, same_words=words).order_by("id").first()
    if first is None:
        return None
    if first.ticket is None or first.outcome not in (Outcome.TICKET, Outcome.REPLY):
        return Result(Outcome.DUPLICATE, f"a copy of intake {first.pk}", ticket=first.ticket, account=account)
    held = history.locked(first.ticket)
    also = account.address if account else row.source
    history.record(
        held, Kind.COPY, by=None, at=row.received_at, learnt_at=clock.now(), also=also, inbound=row.pk, first=first.pk
    )
    return Result(Outcome.REPLY, "copy", ticket=held, account=account)


def _came_back(letter: Letter) -> bool:
    """A report in a form that nobody knows: a machine wrote it to the return address of a mail of ours. A responder's
    note of absence goes there too, and is none."""
    is_machine = letter.auto == "auto-generated" or (letter.auto is None and letter.return_path == "")
    return is_machine and matching.returned(letter) is not None


def _bounce(row: Inbound, letter: Letter, account: Account | None) -> Result:
    """A mail of ours came back: said on its delivery and its ticket, never answered."""
    bounce = letter.bounce or Bounce(None, None, False, letter.subject, None)
    named = [bounce.original_message_id] if bounce.original_message_id else []
    delivery = matching.delivery_of([*named, *matching.references(letter)]) or matching.returned(letter)
    reason = f"{bounce.status or 'no status'} {bounce.reason}"[:300]
    if delivery is None:
        return Result(Outcome.BOUNCE, reason, account=account)
    if bounce.hard or (bounce.status or "").startswith("5"):
        Delivery.objects.filter(pk=delivery.pk, bounced_at__isnull=True).update(bounced_at=row.received_at)
    ticket = Ticket.objects.filter(pk=delivery.ticket).first() if delivery.ticket else None
    if ticket is None:
        return Result(Outcome.BOUNCE, reason, account=account)
    held = history.locked(ticket)
    history.record(
        held,
        Kind.BOUNCED,
        by=None,
        at=row.received_at,
        learnt_at=clock.now(),
        delivery=delivery.pk,
        recipient=(bounce.recipient or delivery.to)[:254],
        status=bounce.status,
        hard=bounce.hard,
        reason=bounce.reason,
    )
    return Result(Outcome.BOUNCE, reason, ticket=held, account=account)


def _automatic(
    row: Inbound,
    letter: Letter,
    files: Sequence[File],
    person: Person | None,
    match: matching.Match,
    account: Account | None,
) -> Result:
    """A machine's word stands on the ticket it answers, moves nothing and gets no answer."""
    if match.ticket is None:
        return Result(Outcome.AUTO, letter.auto or "", account=account)
    words = _words(letter, files, "automatic", letter.auto or "")
    held, message = _silently(row, match.ticket, Kind.AUTOMATIC, words, person, auto=letter.auto)
    return Result(Outcome.AUTO, letter.auto or "", ticket=held, message=message, account=account)


def _own(letter: Letter) -> str | None:
    """Why this letter is our own voice coming back; it goes into the visible loop bin."""
    if matching.is_ours(letter.message_id):
        return "a letter of our own came back"
    if own.is_ours(letter.from_email or ""):
        return "sent from an address of our own"
    return None


def _why_unreadable(letter: Letter) -> str:
    what = "its sender cannot be read" if letter.from_email is None else "its content cannot be read"
    defects = [defect for defect in letter.defects if defect not in ("no-date", "no-message-id")]
    return f"{what}: {', '.join(defects)}"[:300] if defects else what


# ---- words of people -------------------------------------------------------------------------------


def _reply(
    row: Inbound, letter: Letter, files: Sequence[File], person: Person, ticket: Ticket, account: Account | None
) -> Result:
    words = _words(letter, files)
    if not words.text.strip() and not files:
        words = Words(text=letter.subject.strip() or "—", files=files, flags=(*words.flags, "empty"))
    on = conversation.reply(ticket, words, by=person, at=row.received_at, channel=Channel.EMAIL, learnt_at=_learnt(row))
    for colleague in _in_copy(letter, on.client, person):
        if colleague.pk != on.requester_id:
            Participant.objects.get_or_create(ticket=on, person=colleague, defaults={"since": row.received_at})
    outcome = Outcome.REPLY if on.pk == ticket.pk else Outcome.TICKET
    reason = "" if on.pk == ticket.pk else f"follows up #{ticket.pk}"
    return Result(outcome, reason, ticket=on, message=_newest(on, person), account=account)


def _from_agents_address(
    row: Inbound, letter: Letter, files: Sequence[File], person: Person, ticket: Ticket, account: Account | None
) -> Result:
    """Whoever writes as an agent is not one because he says so (intake/agents_mail.py)."""
    taken = agents_mail.read(row, letter, files, person, ticket)
    if taken.public:
        said = agents_mail.words(letter, files)
        held = conversation.answer(
            ticket, said, by=person, at=row.received_at, channel=Channel.EMAIL, learnt_at=_learnt(row)
        )
        how = "+".join(letter.verdict.means)
        return Result(Outcome.REPLY, f"an agent's answer, proven by {how}", held, _newest(held, person), account)
    words = _words(letter, files, taken.flag)
    held, message = _silently(
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
) -> Result:
    desk = Desk.objects.select_related("team", "client").filter(account=account).first() if account else None
    sender = letter.from_email or ""
    theirs = (person.client if person else None) or (desk.client if desk else None) or senders.client_of(sender)
    client = rule.values.get("client") or theirs
    requester = person or senders.make(email=sender, name=proof.shown_name(letter), client=client)
    flags = [f"claims #{claimed.pk}"] if claimed else []
    if requester.is_agent and not agents_mail.is_proven(letter):
        flags.append(agents_mail.UNVERIFIED)
    ticket = ruling.open_by(
        rule,
        opening.open_ticket,
        subject=_subject(letter, requester),
        words=_words(letter, files, *flags),
        requester=requester,
        channel=Channel.EMAIL,
        at=row.received_at,
        by=None,
        learnt_at=_learnt(row),
        client=client,
        team=desk.team if desk else None,
        participants=_in_copy(letter, client, requester),
        quiet=letter.auto is not None or _writes_too_often(sender, row.received_at),
    )
    reason = f"claims #{claimed.pk}, its sender takes no part in it" if claimed else ""
    if claimed and letter.verdict.result == trust.FAIL:
        reason = f"claims #{claimed.pk}, its sender is not proven"
    return Result(Outcome.TICKET, reason, ticket, Message.objects.filter(ticket=ticket).order_by("id").first(), account)


def _silently(
    row: Inbound, ticket: Ticket, kind: Kind, words: Words, author: Person | None, by: Person | None = None,
    by_agent: bool = False, **data: object,
) -> tuple[Ticket, Message]:  # fmt: skip
    """Words that only the desk sees, in nobody's name unless told: they move no status and answer no clock."""
    held = history.locked(ticket)
    kept: list[Message] = []

    def with_words(event: Event) -> None:
        kept.append(opening.keep_words(event, words, author=author, by_agent=by_agent, channel=Channel.EMAIL))

    history.record(
        held, kind, by=by, at=row.received_at, learnt_at=_learnt(row), public=False, then=with_words,
        **data, **({"by_agent": by_agent} if kind == Kind.MESSAGE else {}),
    )  # fmt: skip
    return held, kept[0]


def _words(letter: Letter, files: Sequence[File], *flags: str) -> Words:
    return Words(
        text=letter.text,
        html=letter.html or "",
        reply_text=letter.reply_text,
        reply_html=letter.reply_html or "",
        files=files,
        flags=tuple(flag for flag in (*flags, *proof.flags(letter), *letter.defects) if flag),
    )


def _subject(letter: Letter, requester: Person) -> str:
    subject = " ".join(letter.subject.split())
    if subject:
        return subject[:LONGEST_SUBJECT]
    first = next((line.strip() for line in letter.reply_text.splitlines() if line.strip()), "")
    with translation.override(requester.language):
        return first[:120] or _("(no subject)")


def _in_copy(letter: Letter, client: Client | None, sender: Person) -> list[Person]:
    """Colleagues in To and Cc who may take part: people of the same client, known or with its domain. Nobody else's."""
    if client is None:
        return []
    written = {address.email.lower(): address.name for address in (*letter.to, *letter.cc)[: MOST_IN_COPY * 2]}
    ours = own.addresses()
    strangers = [one for one in written if tokens.untagged(one) not in ours]
    wanted = [one for one in strangers if one != (letter.from_email or "").lower()][:MOST_IN_COPY]
    out: list[Person] = []
    made = 0
    for email in wanted:
        person = senders.find(email)
        if person is None and made < MOST_NEW_IN_COPY and senders.client_of(email) == client:
            person, made = senders.make(email=email, name=written[email], client=client), made + 1
        if person is not None and person.client_id == client.pk and not person.is_agent and person.pk != sender.pk:
            out.append(person)
    return out


def _writes_too_often(sender: str, at: datetime) -> bool:
    hour = Inbound.objects.filter(sender=sender.lower()[:254], received_at__gt=at - timedelta(hours=1))
    return hour.filter(outcome=Outcome.TICKET).count() >= ANSWERED_AN_HOUR


def _addressed(letter: Letter) -> Account | None:
    """Which mailbox of ours it was sent to, where the road does not say: it only chooses whose queue it is."""
    named = [*letter.delivered_to, *(address.email for address in (*letter.to, *letter.cc))]
    if not named:
        return None
    known = {one.address.lower(): one for one in Account.objects.all()}
    plain = [tokens.untagged(email).lower() for email in named]
    return next((known[email] for email in plain if email in known), None)


def _newest(ticket: Ticket, person: Person) -> Message | None:
    return Message.objects.filter(ticket=ticket, author=person).order_by("-id").first()


def _learnt(row: Inbound) -> datetime:
    """When we understood it; never before we had it, whatever a moved clock says."""
    return max(clock.now(), row.received_at)
