"""The deeds of the plan, done by the verbs of the product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import resources
from random import Random

from firstline.assets.models import Equipment
from firstline.blobs import store
from firstline.contracts.models import Category, Service, Vendor
from firstline.demo.company import Deed
from firstline.demo.plan import Act
from firstline.demo.story import Story
from firstline.knowledge import solutions
from firstline.knowledge.models import Article
from firstline.people.models import Person
from firstline.sla import breaches, standstills
from firstline.tickets import (
    conversation,
    due,
    handover,
    lifecycle,
    merging,
    opening,
    pausing,
    ratings,
    relations,
    statuses,
    swarm,
    vendor_requests,
)  # fmt: skip
from firstline.tickets.models import Channel, Level, LinkKind, Ticket, Type
from firstline.tickets.opening import File, Words
from firstline.tickets.vendor_models import OPEN, VendorRequest
from firstline.worklog import entries

ROUND = timedelta(hours=4)  # how often the program looks at its clocks in between
KINDS = {"png": "image/png", "txt": "text/plain", "log": "text/plain", "csv": "text/csv"}


@dataclass
class Stage:
    """The tickets made so far, by their names in the plan, and those who act."""

    comments: Mapping[str, Mapping[str, Sequence[str]]]
    tickets: dict[str, int] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    rng: Random = field(default_factory=lambda: Random("comments"))  # noqa: S311

    def person(self, login: str) -> Person:
        if login not in self.people:
            self.people[login] = Person.objects.select_related("client", "team").get(login=login)
        return self.people[login]

    def ticket(self, told: str) -> Ticket:
        return Ticket.objects.get(pk=self.tickets[told])


def deeds(acts: Sequence[Act], stage: Stage) -> list[Deed]:
    """The acts of a plan as what is to be done, each with its moment."""

    def deed(act: Act) -> Deed:
        return act.at, lambda: _do(act, stage)

    return [deed(act) for act in acts]


def play(deeds: Sequence[Deed], *, ends: datetime) -> None:
    """Everything in its order; between the deeds time does what it does by itself."""
    looked = deeds[0][0]
    for moment, do in deeds:
        while looked + ROUND <= moment:
            looked += ROUND
            pass_time(looked)
        do()
    pass_time(ends)


def pass_time(at: datetime) -> None:
    """Holds end, clients are reminded, what was solved is closed, breaches are recorded."""
    for job in (due.resume_held, due.close_solved, breaches.record_due, standstills.remind_due):
        while job(at=at):
            pass
    vendor_requests.record_late(at)


def _do(act: Act, stage: Stage) -> None:
    if act.verb == "open":
        stage.tickets[act.told] = _open(act, stage).pk
    elif act.told in stage.tickets:
        ticket = stage.ticket(act.told)
        if ticket.merged_into_id is None:
            _step(ticket, act, stage.person(act.by), stage)


def _open(act: Act, stage: Stage) -> Ticket:
    subject, text, road, by, thing, story = act.words
    service, _space, category = story.about.partition(" ")
    return opening.open_ticket(
        subject=subject,
        words=Words(text=text, files=_files(story) if not by else ()),
        requester=stage.person(act.by),
        channel=Channel(road),
        at=act.at,
        by=stage.person(by) if by else None,
        type=Type(story.kind),
        impact=Level(story.impact),
        urgency=Level(story.urgency),
        service=Service.objects.filter(slug=service).first(),
        category=Category.objects.filter(slug=category).first(),
        equipment=Equipment.objects.filter(slug=thing).first() if thing else None,
        answered=by is not None,
        tags=story.tags,
    )


def _files(story: Story) -> tuple[File, ...]:
    if not story.file:
        return ()
    content = resources.files("firstline.demo").joinpath("full", "files", story.file).read_bytes()
    return (File(store.keep(content), story.file, KINDS[story.file.rpartition(".")[2]]),)


def _step(ticket: Ticket, act: Act, by: Person, stage: Stage) -> None:
    at = act.at
    match act.verb, act.words:
        case "take", ():
            if ticket.status in statuses.OPEN:
                lifecycle.take(ticket, by=by, at=at)
        case "answer", (text,):
            conversation.answer(ticket, Words(text=text), by=by, at=at)
        case "note", (text,):
            conversation.note(ticket, Words(text=text), by=by, at=at)
        case "reply", (text, road):
            conversation.reply(ticket, Words(text=text), by=by, at=at, channel=Channel(road))
        case "call", (text,):
            conversation.call(ticket, text, by=by, at=at, seconds=60 + len(text) * 2)
        case "work", (kind, minutes):
            entries.log_time(ticket, minutes=minutes, kind=kind, by=by, at=at)
        case "hand_over", (line, symptom, tried, reason):
            handover.hand_over(
                ticket, to_line=line, symptom=symptom, tried=tried, impact=ticket.impact, reason=reason, by=by, at=at
            )
        case "send_back", (why,):
            handover.send_back(ticket, why=why, by=by, at=at)
        case "rate", (score, language):
            words = stage.rng.choice(list(stage.comments[language][str(score)]))
            if ticket.status in {statuses.RESOLVED, statuses.CLOSED}:
                ratings.rate(ticket, score=score, comment=words, by=by, at=at)
        case _:
            _move(ticket, act, by, stage)


def _move(ticket: Ticket, act: Act, by: Person, stage: Stage) -> None:
    """What changes the status, and what ties tickets and vendors together."""
    at = act.at
    match act.verb, act.words:
        case "wait", (reason,):
            known = pausing.reasons_for(ticket, (statuses.WAITING_FOR_CLIENT,))
            pause = known[0].slug if known else ""
            lifecycle.wait(ticket, on="client", reason=reason, by=by, at=at, pause=pause)
        case "hold", (until, reason):
            lifecycle.hold(ticket, until=until, reason=reason, by=by, at=at)
        case "resolve", (how, article, remote):
            found = article if Article.objects.filter(slug=article).exists() else None
            if ticket.status in statuses.OPEN:
                solutions.resolve_with(ticket, how=how, remote=remote, article_slug=found, by=by, at=at)
        case "confirm", ():
            if ticket.status == statuses.RESOLVED:
                lifecycle.confirm(ticket, by=by, at=at)
        case "cancel", (why,):
            lifecycle.cancel(ticket, why=why, by=by, at=at)
        case "invite", (login, why):
            swarm.invite(ticket, stage.person(login), by=by, at=at, why=why)
        case "merge", (into,):
            merging.merge(ticket, stage.ticket(into), by=by, at=at)
        case "child", (parent,):
            lifecycle.take(ticket, by=by, at=at)
            relations.link(ticket, stage.ticket(parent), LinkKind.CHILD, by=by, at=at)
        case "solve_with", (parent,):
            number = stage.tickets[parent]
            solutions.resolve_with(ticket, how=f"#{number}", remote=True, by=by, at=at)
        case "ask_vendor", (slug, subject, text):
            vendor = Vendor.objects.get(slug=slug)
            vendor_requests.ask(ticket, vendor=vendor, subject=subject, words=Words(text=text), wait=True, by=by, at=at)
        case "vendor_answers", (text,):
            _vendor_answers(ticket, text, by, at)
        case _:
            raise ValueError(f"the plan: {act}")


def _vendor_answers(ticket: Ticket, text: str, by: Person, at: datetime) -> None:
    request = VendorRequest.objects.filter(ticket=ticket, state__in=OPEN).order_by("pk").first()
    if request is not None:
        vendor_requests.answered(request, Words(text=text), by=None, at=at)
        vendor_requests.close(request, solved=True, by=by, at=at + timedelta(minutes=1))
