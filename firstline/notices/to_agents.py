"""Letters to people of the desk: what happened, with what is needed to go on, and the ticket one click away."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstline.intake import agents_mail
from firstline.notices import envelope
from firstline.notices import late_alarms as collected
from firstline.notices.letter import Letter, Link, Quoted
from firstline.notices.occasion import Occasion
from firstline.tickets.handover import Reason
from firstline.tickets.models import Event, Kind, Priority


def assigned(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("Assigned to you: %(subject)s") % subject_of(about),
        _("%(name)s assigned this ticket to you") % {"name": about.author},
    )


def handed_over(about: Occasion) -> Letter:
    """With the card, so that nobody asks the client twice."""
    card = about.data
    facts = [(_("Symptom"), card["symptom"]), (_("Tried"), card["tried"])]
    if card.get("reason"):
        facts.append((_("Reason"), str(Reason(card["reason"]).label)))
    if card.get("articles"):
        facts.append((_("Articles read"), ", ".join(card["articles"])))
    return letter_of(
        about,
        _("Handed over: %(subject)s") % subject_of(about),
        _("%(name)s handed this ticket over to line %(line)s") % {"name": about.author, "line": card["to_line"]},
        facts=facts,
    )


def client_answered(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("The client answered: %(subject)s") % subject_of(about),
        _("%(name)s answered") % {"name": about.author},
        quoted=said(about),
    )


def call_wanted(about: Occasion) -> Letter:
    when = about.data.get("until")
    words = _("%(name)s wants to be called: %(phone)s, as soon as possible")
    if when:
        words = _("%(name)s wants to be called: %(phone)s, %(moment)s")
    said_of = {"name": about.author, "phone": about.data.get("phone", ""), "moment": about.moment(when) if when else ""}
    return letter_of(about, _("A call is wanted: %(subject)s") % subject_of(about), words % said_of)


def colleague_answered(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("The client was answered: %(subject)s") % subject_of(about),
        _("%(name)s answered the client") % {"name": about.author},
        quoted=said(about),
        paragraphs=[_("You are told because you handed this ticket over and stay in charge of the contact.")],
    )


def colleague_solved(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("Solved: %(subject)s") % subject_of(about),
        _("%(name)s solved this ticket") % {"name": about.author},
        quoted=Quoted(about.data["how"]),
        paragraphs=[_("You are told because you handed this ticket over and stay in charge of the contact.")],
    )


def solved_seen(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("Solved: %(subject)s") % subject_of(about),
        _("%(name)s solved this ticket") % {"name": about.author},
        quoted=Quoted(about.data["how"]),
        paragraphs=[_you_asked()],
    )


def closed_seen(about: Occasion) -> Letter:
    """Confirmed, closed by time, or cancelled."""
    why = str(about.data.get("why") or "")
    if about.event.kind == Kind.CANCELLED:
        subject, headline = _("Cancelled: %(subject)s"), _("%(name)s cancelled the request")
    else:
        subject, headline, why = _("Closed: %(subject)s"), _("The ticket is closed"), ""
    return letter_of(
        about, subject % subject_of(about), headline % {"name": about.author}, quoted=Quoted(why) if why else None,
        paragraphs=[_you_asked()],
    )  # fmt: skip


def _you_asked() -> str:
    return _("You are told because your profile says so.")


def colleague_went_around(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("Workaround given: %(subject)s") % subject_of(about),
        _("%(name)s gave a workaround") % {"name": about.author},
        quoted=Quoted(about.data["how"]),
        paragraphs=[_("You are told because you handed this ticket over and stay in charge of the contact.")],
    )


def reopened(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("Reopened: %(subject)s") % subject_of(about),
        _("%(name)s reopened this ticket") % {"name": about.author},
        quoted=Quoted(about.data["why"]),
    )


def cancelled_by_client(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("Cancelled by the client: %(subject)s") % subject_of(about),
        _("%(name)s cancelled the request") % {"name": about.author},
        quoted=Quoted(about.data["why"]),
    )


def no_contract(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("No contract: %(subject)s") % subject_of(about),
        _("A request came that no contract covers"),
        paragraphs=[_("It was registered without promised times (“no SLA”). You are told once a day for each client.")],
    )


def client_was_silent(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("Closed without an answer: %(subject)s") % subject_of(about),
        _("The client was reminded and warned, and did not answer"),
    )


def sla_warning(about: Occasion) -> Letter:
    due = about.data.get("due_at")
    moment = {"moment": about.moment(due) if due else ""}
    if about.data.get("metric") == "first_response":
        headline = _("The first response is due on %(moment)s") % moment
    elif about.data.get("metric") == "resolution":
        headline = _("The solution is due on %(moment)s") % moment
    else:
        headline = _("A promised time ends on %(moment)s") % moment
    return letter_of(about, _("Due soon: %(subject)s") % subject_of(about), headline)


def sla_breach(about: Occasion) -> Letter:
    due = about.data.get("due_at")
    moment = {"moment": about.moment(due) if due else ""}
    if about.data.get("metric") == "first_response":
        headline = _("The first response was due on %(moment)s and was not given in time") % moment
    elif about.data.get("metric") == "resolution":
        headline = _("The solution was due on %(moment)s and did not come in time") % moment
    else:
        headline = _("A promised time ended on %(moment)s and was not kept") % moment
    return letter_of(about, _("SLA breach: %(subject)s") % subject_of(about), headline)


def inner_term(about: Occasion) -> Letter:
    stages = {
        "intake": _("Nobody has taken it, and the share of the time for that is used up"),
        "line1": _("Line 1 has used up its share of the time"),
        "line2": _("Line 2 has used up its share of the time"),
        "line3": _("Line 3 has used up its share of the time"),
    }
    return letter_of(about, _("Hurry: %(subject)s") % subject_of(about), stages[about.data["stage"]])


def late_alarms(about: Occasion) -> Letter:
    """After an outage: what was due while nobody looked, in one letter."""
    if about.person is None:
        raise LookupError("a digest for nobody")
    events, more = collected.alarms_of(about.delivery, about.person)
    broken = sum(event.kind == Kind.SLA_BREACH for event in events)
    facts = [(f"#{event.ticket_id}", _alarm_line(about, event)) for event in events]
    return Letter(
        subject=_("While the desk was down: %(n)s alarms") % {"n": f"{len(events)}+" if more else len(events)},
        headline=_("These times ended while nobody was looking"),
        paragraphs=[
            ngettext("%(n)d promise was broken.", "%(n)d promises were broken.", broken) % {"n": broken},
            *([_("There are more: the queue shows them all.")] if more else []),
        ],
        facts=facts,
        button=Link(_("Open the queue"), f"{settings.FIRSTLINE_BASE_URL}/desk/queue/"),
    )


def _alarm_line(about: Occasion, event: Event) -> str:
    broken = event.kind == Kind.SLA_BREACH
    if event.kind == Kind.ESCALATED:
        words = _("escalation (%(moment)s): %(subject)s")
        moment = event.data.get("reached_at") or event.happened_at
        return words % {"moment": about.moment(moment), "subject": event.ticket.subject}
    words = _("broken since %(moment)s: %(subject)s") if broken else _("due soon (%(moment)s): %(subject)s")
    return words % {"moment": about.moment(event.happened_at), "subject": event.ticket.subject}


def undelivered(about: Occasion) -> Letter:
    address = about.data.get("to") or about.data.get("recipient") or about.ticket.requester.email
    reason = about.data.get("error") or about.data.get("reason") or ""
    return letter_of(
        about,
        _("Not delivered: %(subject)s") % subject_of(about),
        _("A mail to %(address)s did not arrive") % {"address": address},
        quoted=Quoted(str(reason)) if reason else None,
        paragraphs=[_("Please reach the requester in another way, or correct the address and send it again.")],
    )


def vendor_answered(about: Occasion) -> Letter:
    return letter_of(
        about,
        _("The vendor answered: %(subject)s") % subject_of(about),
        _("%(vendor)s answered on %(number)s") % {"vendor": about.data["name"], "number": about.data["number"]},
        quoted=said(about),
    )


def vendor_late(about: Occasion) -> Letter:
    data = about.data
    if data["owed"] == "response":
        headline = _("%(vendor)s has not answered on %(number)s by %(moment)s")
    else:
        headline = _("%(vendor)s has not solved %(number)s by %(moment)s")
    named = {"vendor": data["name"], "number": data["number"], "moment": about.moment(data["due_at"])}
    return letter_of(about, _("The vendor is late: %(subject)s") % subject_of(about), headline % named)


def letter_of(
    about: Occasion, subject: str, headline: str, *, quoted: Quoted | None = None,
    facts: list[tuple[str, str]] | None = None, paragraphs: list[str] | None = None,
) -> Letter:  # fmt: skip
    ticket = about.ticket
    language = about.delivery.language
    surroundings = [
        (_("Subject"), ticket.subject),
        (_("Requester"), ticket.requester.name or ticket.requester.email),
    ]
    if ticket.client is not None:
        surroundings.append((_("Client"), ticket.client.label(language)))
    surroundings.append((_("Priority"), str(Priority(ticket.priority).label)))
    # The headline of a letter about a deadline names its moment: the ticket's nearest one may be another clock's.
    if ticket.due_at is not None and "due_at" not in about.data:
        surroundings.append((_("Due date"), about.moment(ticket.due_at)))
    return Letter(
        subject=subject,
        headline=headline,
        paragraphs=paragraphs or [],
        quoted=quoted,
        facts=[*(facts or []), *surroundings],
        button=Link(_("Open the ticket"), ticket.url),
        afterword=[_said_of_answers()] if _may_be_answered(about) else [],
    )


def _may_be_answered(about: Occasion) -> bool:
    """Whether an answer to this letter may become his answer to the client (intake/agents_mail.py)."""
    if about.delivery.kind not in agents_mail.ANSWERABLE or about.person is None or not about.person.solves:
        return False
    return agents_mail.are_possible(envelope.mailbox_of(about.ticket))


def _said_of_answers() -> str:
    return _("An answer to this letter goes to the requester in your name, if your mail is proven to be yours.")


def subject_of(about: Occasion) -> dict[str, str]:
    return {"subject": about.ticket.subject}


def said(about: Occasion) -> Quoted | None:
    if about.message is None:
        return None
    return Quoted(about.message.reply_text or about.message.text)


LETTERS = {
    "assigned": assigned,
    "handed_over": handed_over,
    "client_answered": client_answered,
    "call_wanted": call_wanted,
    "colleague_answered": colleague_answered,
    "colleague_solved": colleague_solved,
    "colleague_went_around": colleague_went_around,
    "solved_seen": solved_seen,
    "closed_seen": closed_seen,
    "reopened": reopened,
    "cancelled_by_client": cancelled_by_client,
    "client_was_silent": client_was_silent,
    "no_contract": no_contract,
    "inner_term": inner_term,
    "late_alarms": late_alarms,
    "sla_warning": sla_warning,
    "sla_breach": sla_breach,
    "undelivered": undelivered,
    "vendor_answered": vendor_answered,
    "vendor_late": vendor_late,
}
