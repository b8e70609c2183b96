"""What comes in about contracts, vendors, statements, outages, calendars and the catalogue, read as in api.bodies."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from firstline.api.bodies import Body, Metric, Moment, Named, Sentence, Slug, SupportLine, Words
from firstline.lib.language import CODES

DEEPEST = 8
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _written_day(value: Any) -> Any:
    if not (isinstance(value, str) and ISO_DAY.fullmatch(value)):
        raise ValueError("a day is text: 2026-01-31")
    return value


def _of_this_age(day: date) -> date:
    if not 1970 <= day.year < 2200:
        raise ValueError("a day from 1970 to 2199")
    return day


def _plain(value: Any, depth: int = 0) -> Any:
    """Texts without NUL, not nested for ever."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        for key, one in value.items():
            _plain(key, depth + 1)
            _plain(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            _plain(one, depth + 1)
    elif isinstance(value, str) and "\x00" in value:
        raise ValueError("a NUL character is not text")
    elif isinstance(value, int) and abs(value) > 2**53:
        raise ValueError("a number beyond 2^53")
    return value


def _texts(value: dict[str, str]) -> dict[str, str]:
    if strangers := value.keys() - set(CODES):
        raise ValueError(f"{min(strangers)!r} is not one of {', '.join(CODES)}")
    return {code: text.strip() for code, text in value.items() if text.strip()}


Day = Annotated[date, BeforeValidator(_written_day), AfterValidator(_of_this_age)]
Terms = Annotated[
    dict[str, Any],
    AfterValidator(_plain),
    Field(description="as a contract's table of an apply file has them (docs/apply.md); decimals are texts"),
]
Language = Literal["ru", "bg", "en"]
Text = Annotated[Words, StringConstraints(max_length=10_000)]
Texts = Annotated[dict[str, Text], AfterValidator(_texts), Field(description="by language: ru, bg, en")]
ShortName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$")]
Flag = Annotated[bool, Field(strict=True)]
Minutes = Annotated[int, Field(strict=True, ge=1, lt=2**31)]
Step = Literal["reviewed", "disputed", "agreed", "posted"]


class NewContract(Body):
    client: Slug
    number: Annotated[Named, StringConstraints(min_length=1, max_length=60)]
    name: Annotated[Named, StringConstraints(max_length=200)] = ""


class ChangedContract(Body):
    """The slug, by which files and addresses know it, stays."""

    number: Annotated[Named, StringConstraints(max_length=60)] | None = None
    names: Texts | None = None


class NewVersion(Body):
    """A draft begins from one of the three; without any, from nothing but the first calendar."""

    valid_from: Day
    terms: Terms | None = None
    version: Annotated[int, Field(strict=True, ge=1, lt=2**31)] | None = Field(
        None, description="number of a version of this contract"
    )
    template: Slug | None = Field(None, description="slug of a template")


class ChangedDraft(Body):
    """What is absent stays; `terms` are all of them, `valid_to` null is for an open end."""

    valid_from: Day = Field(default_factory=date.today)
    valid_to: Day | None = None
    terms: Terms = Field(default_factory=dict)


class NewTemplate(Body):
    slug: ShortName
    names: Texts
    terms: Terms


class ChangedTemplate(Body):
    names: Texts = Field(default_factory=dict)
    terms: Terms = Field(default_factory=dict)


class Retired(Body):
    retired: Flag


class ChangedVendor(Body):
    """What is absent stays."""

    names: Texts = Field(default_factory=dict)
    calendar: Slug = ""
    email: Annotated[Named, StringConstraints(max_length=254)] = ""
    phone: Annotated[Named, StringConstraints(max_length=60)] = ""
    language: Language = "ru"
    targets: dict[Metric, Minutes] = Field(default_factory=dict, description="minutes by metric")


class NewVendor(ChangedVendor):
    slug: ShortName
    names: Texts
    calendar: Slug


class ToVendor(Body):
    """`heard`: the vendor said it, by telephone say; else the words go to him by mail."""

    body: Words
    heard: Flag = False


class VendorDone(Body):
    solved: Flag


class VendorNumber(Body):
    their_number: Annotated[Named, StringConstraints(max_length=60)]


class NewStatement(Body):
    contract: Slug
    version: Annotated[int, Field(strict=True, ge=1, lt=2**31)]
    month: Annotated[str, StringConstraints(pattern=r"^(19[7-9][0-9]|2[01][0-9]{2})-(0[1-9]|1[0-2])$")] = Field(
        description="2026-03"
    )


class NextStep(Body):
    to: Step
    words: Sentence = Field("", description="why it is disputed; the invoice where it is posted")


class Touched(Body):
    """Whom an announcement touches: no clients and no sites: everybody; no services: all of them."""

    clients: list[Slug] = Field(default_factory=list, max_length=500)
    sites: list[Slug] = Field(default_factory=list, max_length=500)
    services: list[Slug] = Field(default_factory=list, max_length=500)


class NewOutage(Touched):
    """Planned work needs an end, a notice needs words; only what is everybody's is public. `client`, `service` and
    `planned` say the same of one as the lists and `kind` do."""

    kind: Literal["outage", "planned", "notice"] | None = None
    client: Slug | None = None
    service: Slug | None = None
    public: Flag = False
    starts_at: Moment
    ends_at: Moment | None = None
    planned: Flag = False
    announced: Flag = True
    words: Texts = Field(default_factory=dict)


class NewOutageUpdate(Body):
    words: Texts


class Following(Body):
    follow: Flag = True


class OutageEnd(Body):
    ends_at: Moment | None = Field(None, description="now, where it is not said")


class Shown(Body):
    shown: Flag


class Excused(Body):
    excused: Flag


class ChangedService(Body):
    """What is absent stays; null empties owner, calendar, team and line."""

    names: Texts = Field(default_factory=dict)
    descriptions: Texts = Field(default_factory=dict)
    qualities: Texts = Field(default_factory=dict)
    advice: Texts = Field(default_factory=dict)
    checklist: Texts = Field(default_factory=dict, description='an item a line; "! " before it: not solved without it')
    owner: Named | None = Field(None, description="login")
    calendar: Slug | None = None
    team: Slug | None = None
    line: SupportLine | None = None


class NewService(ChangedService):
    slug: ShortName
    names: Texts


Hours = Annotated[list[Annotated[list[str], Field(min_length=2, max_length=2)]], Field(max_length=20)]


class ChangedCalendar(Body):
    """What is absent stays. A change is a new version from today."""

    names: Texts = Field(default_factory=dict)
    weekly: dict[str, Hours] = Field(default_factory=dict, description='{"mon": [["09:00", "18:00"]]}')


class NewCalendar(Body):
    """Without `weekly` the usual office hours of the country; its public holidays are written down as exceptions."""

    slug: ShortName
    names: Texts
    time_zone: Annotated[Named, StringConstraints(min_length=1, max_length=60)]
    country: Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")] = ""
    weekly: dict[str, Hours] | None = None


class NewCalendarDay(Body):
    """Absent or null: as the week has it; an empty list: a day off."""

    day: Day
    hours: Hours | None = None


Short = Annotated[Named, StringConstraints(max_length=200)]
RemoteIds = Annotated[dict[Short, Short], Field(max_length=20, description='{"anydesk": "123 456 789"}')]


class ChangedThing(Body):
    names: Texts = Field(default_factory=dict)
    kind: Short = ""
    inventory: Short = Field("", description="the number on its label")
    serial: Short = ""
    site: Slug | None = None
    remote_ids: RemoteIds = Field(default_factory=dict)


class NewThing(ChangedThing):
    client: Slug
    names: Texts
    slug: ShortName | Literal[""] = ""


class ChangedSite(Body):
    names: Texts = Field(default_factory=dict)
    address: Annotated[Named, StringConstraints(max_length=600)] = ""


class NewSite(ChangedSite):
    client: Slug
    names: Texts
    slug: ShortName | Literal[""] = ""


class NewForm(Body):
    """The whole form in its order. A field: {"key": "start_day", "kind": "date", "names": {"en": "First day"},
    "hints": {}, "required": true, "desk": false, "options": [{"key": "office", "names": {}}], "shown_when": {"field":
    "place", "is": ["office"]}}; kinds: line, text, number, choice, choices, yes_no, date, moment, person, equipment,
    file."""

    fields: Annotated[list[dict[str, Any]], Field(max_length=200)]
