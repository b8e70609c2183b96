"""What happened to a ticket, in words: one line of its thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firstline.notices.recipients import STILL, UNDELIVERED
from firstline.sla.indicators import CONTENT
from firstline.tickets.handover import Reason
from firstline.tickets.lifecycle import UNANSWERED
from firstline.tickets.models import Channel, Event, Kind, Level, Status, Type
from firstline.web import (
    bounce_words,
    clock_faces,
    durations,
    ladder_words,
    line_words,
    link_words,
    routing_words,
    vendor_words,
    whose_time,
)
from firstline.web.event_line import Line, Names, say, who
from firstline.web.templatetags import ui
from firstline.worklog.models import WorkKind

FIELDS: dict[str, str | Promise] = {
    "subject": gettext_lazy("Subject"),
    "type": gettext_lazy("Type"),
    "impact": gettext_lazy("Impact"),
    "urgency": gettext_lazy("Urgency"),
    "priority": gettext_lazy("Priority"),
    "service": gettext_lazy("Service"),
    "category": gettext_lazy("Category"),
    "equipment": gettext_lazy("Equipment"),
    "tags": gettext_lazy("Tags"),
    "client": gettext_lazy("Client"),
    "requester": gettext_lazy("Requester"),
    "team": gettext_lazy("Team"),
    "tag": gettext_lazy("Tag"),
}


def line(event: Event, names: Names) -> Line:
    """The event as a line. Every kind has words; one that came later says its name."""
    told = TELLERS.get(Kind(event.kind))
    made = told(event, names) if told else Line("circle-dot", conditional_escape(event.kind))
    if cause := event.data.get("macro"):
        return replace(made, words=made.words + say(_(" (macro “{macro}”)"), macro=cause["name"]))
    return made


def logins_in(events: list[Event]) -> set[str]:
    """The logins that the words of these events need names for."""
    found = {event.data.get(key) for event in events for key in ("assignee", "before", "person")}
    for event in events:
        requester = event.data.get("changed", {}).get("requester", {})
        found |= {requester.get("from"), requester.get("to")}
    return {login for login in found if isinstance(login, str)}


def _created(event: Event, names: Names) -> Line:
    if event.data.get("split_from"):
        return _other(gettext_lazy("{who} split it off from {number}"), "split_from", "split")(event, names)
    channel = Channel(event.data.get("channel", Channel.WEB)).label
    if event.by is not None and event.by.is_agent:
        return Line("circle-plus", say(_("{who} registered the ticket ({channel})"), who=who(event), channel=channel))
    return Line("circle-plus", say(_("The ticket came in ({channel})"), channel=channel))


def _called(event: Event, names: Names) -> Line:
    seconds = event.data.get("seconds")
    if seconds:
        return Line(
            "phone-call", say(_("{who} spoke by phone, {time}"), who=who(event), time=durations.words(seconds / 60))
        )
    return Line("phone-call", say(_("{who} spoke by phone"), who=who(event)))


def _assigned(event: Event, names: Names) -> Line:
    assignee, team = event.data.get("assignee"), event.data.get("team")
    if assignee:
        return Line(
            "user", say(_("{who} assigned it to {assignee}"), who=who(event), assignee=names.get(assignee, assignee))
        )
    return Line(
        "users", say(_("{who} gave it to the team {team}"), who=who(event), team=names.get(f"team:{team}", team or ""))
    )


def _handed_over(event: Event, names: Names) -> Line:
    data = event.data
    reason = Reason(data["reason"]).label if data.get("reason") in Reason.values else ""
    pattern = _("{who} handed over from line {old} to line {new}: {reason}")
    words = say(pattern, who=who(event), old=data.get("from_line"), new=data.get("to_line"), reason=reason)
    card = [(_("Symptom"), data.get("symptom", "")), (_("Tried"), data.get("tried", ""))]
    if data.get("impact") in Level.values:
        card.append((_("Impact"), str(Level(data["impact"]).label)))
    if data.get("articles"):
        card.append((_("Articles read"), ", ".join(data["articles"])))
    return Line("chevrons-up", words, "\n\n".join(f"{title}: {text}" for title, text in card if text), "esc")


def _waiting(event: Event, names: Names) -> Line:
    vendor = event.data.get("for") == "vendor"
    pattern = _("{who} waits for the vendor") if vendor else _("{who} waits for the client")
    return Line("hourglass", say(pattern, who=who(event)), event.data.get("reason", ""))


def _rated(event: Event, names: Names) -> Line:
    score = event.data.get("score", 0)
    words = say(_("{who} rated it {score} of 5"), who=who(event), score=score)
    return Line("star", words, event.data.get("comment", ""), "good" if score >= CONTENT else "warn")


def _reminded(event: Event, names: Names) -> Line:
    if event.data.get("deed") == "warn":
        return Line("hourglass", say(_("The client was warned: without an answer it is closed")), tone="warn")
    return Line("mail", say(_("The client was reminded")))


def _held(event: Event, names: Names) -> Line:
    until = event.data.get("until")
    moment = formats.date_format(timezone.localtime(datetime.fromisoformat(until)), "DATETIME_FORMAT") if until else ""
    return Line(
        "pause",
        say(_("{who} put it on hold until {until}"), who=who(event), until=moment),
        event.data.get("reason", ""),
    )


def _resumed(event: Event, names: Names) -> Line:
    if event.data.get("why") == "vendor":
        return Line("play", say(_("Back in progress: the vendor has answered")))
    if event.by is None:
        return Line("play", say(_("Back in progress: the time of holding is over")))
    if event.data.get("why") == "answer":
        return Line("play", say(_("Back in progress: {who} answered"), who=who(event)))
    return Line("play", say(_("{who} went on with it"), who=who(event)))


def _resolved(event: Event, names: Names) -> Line:
    remote = event.data.get("remote")
    pattern = _("{who} resolved it remotely") if remote else _("{who} resolved it")
    return Line("circle-check", say(pattern, who=who(event)), event.data.get("how", ""), "good")


def _closed(event: Event, names: Names) -> Line:
    if event.data.get("why") == UNANSWERED:
        return Line("check-check", say(_("Closed by itself: the client did not answer")))
    return Line("check-check", say(_("Closed by itself: nobody objected in time")))


def _reopened(event: Event, names: Names) -> Line:
    return Line("rotate-ccw", say(_("{who} reopened it"), who=who(event)), event.data.get("why", ""), "esc")


def _changed(event: Event, names: Names) -> Line:
    changes = event.data.get("changed", {})
    rows = [
        _("{field}: {old} → {new}")
        .replace("{field}", str(FIELDS.get(field, field)))
        .replace("{old}", value(field, change.get("from"), names))
        .replace("{new}", value(field, change.get("to"), names))
        for field, change in changes.items()
    ]
    return Line("pencil", say(_("{who} changed: {what}"), who=who(event), what="; ".join(rows)))


def _ruled(event: Event, names: Names) -> Line:
    rows = [
        _("{field}: {new}")
        .replace("{field}", str(FIELDS.get(field, field)))
        .replace("{new}", value(field, given, names))
        for field, given in event.data.get("set", {}).items()
        if field in FIELDS
    ]
    rule = event.data.get("rule", "")
    if not rows:
        return Line("workflow", say(_("The rule “{rule}” made a ticket of it"), rule=rule))
    return Line("workflow", say(_("The rule “{rule}” set: {what}"), rule=rule, what="; ".join(rows)))


def value(field: str, given: Any, names: Names) -> str:
    """A value of history as people read it."""
    if given in (None, "", []):
        return "–"
    choices: dict[str, Any] = {"type": Type, "impact": Level, "urgency": Level, "status": Status}
    if field in choices and given in choices[field].values:
        return str(choices[field](given).label)
    if field == "priority" and given in ui.PRIORITIES:
        return str(ui.PRIORITIES[given])
    if field == "tags":
        return ", ".join(map(str, given))
    key = str(given) if field == "requester" else f"{field}:{given}"
    return names.get(key, str(given))


def _other(pattern: str | Promise, key: str, icon: str) -> Callable[[Event, Names], Line]:
    """A sentence about another ticket, by its number."""

    def told(event: Event, names: Names) -> Line:
        return Line(icon, say(str(pattern), who=who(event), number=f"#{event.data.get(key)}"))

    return told


def _joined(event: Event, names: Names) -> Line:
    if event.data.get("name"):
        return Line("user-plus", say(_("{who} added {name} to the ticket"), who=who(event), name=event.data["name"]))
    return Line("user-plus", say(_("{who} takes part from now on"), who=who(event)))


def _bounced(event: Event, names: Names) -> Line:
    address = event.data.get("to") or event.data.get("recipient", "")
    reason = bounce_words.reason(str(event.data.get("reason") or ""), str(event.data.get("status") or ""))
    if event.data.get("failed", event.data.get("hard", True)):
        return Line("mail-x", say(_("A letter to {address} came back"), address=address), reason, "bad")
    pattern = _("A letter to {address} is not delivered yet: the server goes on trying")
    return Line("mail-warning", say(pattern, address=address), reason, "warn")


def _kept_apart(event: Event, names: Names) -> Line:
    numbers = ", ".join(f"#{number}" for number in event.data.get("claimed", []))
    return Line("split", say(_("{who} said that it does not belong to {number}"), who=who(event), number=numbers))


def _moved_away(event: Event, names: Names) -> Line:
    if event.data.get("split"):
        return _other(gettext_lazy("{who} split a message off as {number}"), "to", "split")(event, names)
    if event.by is None:
        return _other(gettext_lazy("A message was moved to {number}, where it belongs"), "to", "move")(event, names)
    return _other(gettext_lazy("{who} moved a message to {number}"), "to", "move")(event, names)


def _moved_here(event: Event, names: Names) -> Line:
    if event.data.get("back"):
        return _other(gettext_lazy("{who} moved a message back from {number}"), "source", "move")(event, names)
    if event.by is None:
        return _other(gettext_lazy("A message came here from {number}: it answers this ticket"), "source", "move")(
            event, names
        )
    return _other(gettext_lazy("{who} moved a message here from {number}"), "source", "move")(event, names)


def _worked(event: Event, names: Names) -> Line:
    kind = event.data.get("kind")
    label = str(WorkKind(kind).label) if kind in WorkKind.values else ""
    words = say(
        _("{who} logged {time} ({kind})"),
        who=who(event),
        time=durations.words(event.data.get("minutes", 0)),
        kind=label,
    )
    return Line("clock", words, event.data.get("note", ""))


def _inner_term(event: Event, names: Names) -> Line:
    stage = str(whose_time.NAMES.get(event.data.get("stage", ""), event.data.get("stage", "")))
    return Line("timer", say(_("{stage}: its share of the time is used up"), stage=stage), tone="warn")


def _sla(pattern: str | Promise, icon: str, tone: str) -> Callable[[Event, Names], Line]:
    def told(event: Event, names: Names) -> Line:
        metric = clock_faces.METRICS.get(event.data.get("metric", ""), event.data.get("metric", ""))
        return Line(icon, say(str(pattern), clock=metric), tone=tone)

    return told


def _excused(event: Event, names: Names) -> Line:
    metric = clock_faces.METRICS.get(event.data.get("metric", ""), event.data.get("metric", ""))
    if event.by is None:  # its reason is a code of the program
        return Line("shield-check", say(_("{clock}: the breach is excused"), clock=metric))
    words = say(_("{who} excused the breach: {clock}"), who=who(event), clock=metric)
    return Line("shield-check", words, str(event.data.get("reason", "")))


def _simple(icon: str, pattern: str | Promise, tone: str = "", more: str = "") -> Callable[[Event, Names], Line]:
    def told(event: Event, names: Names) -> Line:
        return Line(icon, say(str(pattern), who=who(event)), str(event.data.get(more, "")) if more else "", tone)

    return told


def _call_wanted(event: Event, names: Names) -> Line:
    pattern = _("{who} called and nobody answered") if event.data.get("missed") else _("{who} wants to be called")
    return Line("phone-call", say(pattern, who=who(event)), event.data.get("phone", ""), "warn")


def _call_settled(event: Event, names: Names) -> Line:
    pattern = _("{who} called and reached him") if event.data.get("reached") else _("{who} called and reached nobody")
    return Line("phone", say(pattern, who=who(event)))


def _trouble(event: Event, names: Names) -> Line:
    # A letter of ours that failed or was given up is as bad as one that came back.
    return (_not_delivered if event.data.get("what") == UNDELIVERED else _went_on_without)(event, names)


def _automatic(event: Event, names: Names) -> Line:
    return (_kept_still if event.data.get("auto") in STILL else _of_a_machine)(event, names)


_of_a_machine = _simple("mail-warning", gettext_lazy("An automatic answer came: kept, not counted as an answer"))
_kept_still = _simple(
    "mail-warning", gettext_lazy("Answers reopened it again and again: one more is kept, and reopens nothing"), "warn"
)


def _answers_paused(event: Event, names: Names) -> Line:
    pattern = _("Automatic mail to {address} is held back: the limit of {limit} an hour is reached")
    address, limit = event.data.get("address", ""), event.data.get("limit", "")
    return Line("pause", say(pattern, address=address, limit=limit), tone="warn")


_not_delivered = _simple("mail-x", gettext_lazy("A letter could not be delivered"), "bad", "error")
_went_on_without = _simple(
    "triangle-alert", gettext_lazy("A rule or a template failed; the ticket went on without it"), "bad", "error"
)

TELLERS: dict[Kind, Callable[[Event, Names], Line]] = {
    Kind.CREATED: _created,
    Kind.MESSAGE: _simple("message-circle", gettext_lazy("{who} wrote")),
    Kind.CALLED: _called,
    Kind.TAKEN: _simple("user", gettext_lazy("{who} took it")),
    Kind.ASSIGNED: _assigned,
    Kind.HANDED_OVER: _handed_over,
    Kind.WAITING: _waiting,
    Kind.HELD: _held,
    Kind.RESUMED: _resumed,
    Kind.REMINDED: _reminded,
    Kind.RESOLVED: _resolved,
    Kind.WORKAROUND: _simple("wrench", gettext_lazy("{who} gave a workaround"), "good", "how"),
    Kind.ARRIVED: _simple("map-pin", gettext_lazy("{who} is on site")),
    Kind.NO_VISIT: _simple("map-pin", gettext_lazy("{who}: no visit is needed"), more="why"),
    Kind.CONFIRMED: _simple("thumbs-up", gettext_lazy("{who} confirmed that it is solved"), "good"),
    Kind.CLOSED: _closed,
    Kind.REOPENED: _reopened,
    Kind.CANCELLED: _simple("circle-x", gettext_lazy("{who} cancelled it"), more="why"),
    Kind.RATED: _rated,
    Kind.CHANGED: _changed,
    Kind.LINKED: link_words.linked,
    Kind.UNLINKED: link_words.unlinked,
    Kind.CALL_WANTED: _call_wanted,
    Kind.CALL_SETTLED: _call_settled,
    Kind.FROM_OUTAGE: _simple("zap", gettext_lazy("{who} linked it with a known outage")),
    Kind.NOT_FROM_OUTAGE: _simple("zap", gettext_lazy("{who}: it does not come from the outage")),
    Kind.WORKED: _worked,
    Kind.JOINED: _joined,
    Kind.COPY: _simple("copy", gettext_lazy("The same letter came by another road too"), more="reason"),
    Kind.BOUNCED: _bounced,
    Kind.AUTOMATIC: _automatic,
    Kind.ANSWERS_PAUSED: _answers_paused,
    Kind.MERGED: _other(gettext_lazy("{who} merged it into {number}"), "into", "merge"),
    Kind.MERGED_HERE: _other(gettext_lazy("{who} merged {number} into this ticket"), "source", "merge"),
    Kind.UNMERGED: _other(gettext_lazy("{who} separated it from {number} again"), "out_of", "split"),
    Kind.UNMERGED_HERE: _other(gettext_lazy("{who} separated {number} from this ticket again"), "source", "split"),
    Kind.MOVED_AWAY: _moved_away,
    Kind.MOVED_HERE: _moved_here,
    Kind.KEPT_APART: _kept_apart,
    Kind.SLA_WARNING: _sla(gettext_lazy("{clock}: the time is nearly up"), "timer", "warn"),
    Kind.SLA_BREACH: _sla(gettext_lazy("{clock}: the promised time was missed"), "triangle-alert", "bad"),
    Kind.SLA_EXCUSED: _excused,
    Kind.RULED: _ruled,
    Kind.INNER_TERM: _inner_term,
    **vendor_words.TELLERS,
    **routing_words.TELLERS,
    **line_words.TELLERS,
    **ladder_words.TELLERS,
    Kind.TROUBLE: _trouble,
}
