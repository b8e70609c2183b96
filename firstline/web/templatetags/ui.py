"""The small words of every template: icons, statuses, priorities, faces, clocks and moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firstline.assets import remote
from firstline.contracts.models import Outage, OutageUpdate
from firstline.contracts.terms import Standing
from firstline.lib import clock as time
from firstline.lib import html
from firstline.people.models import Person
from firstline.sla.models import Clock
from firstline.tickets.models import Priority, Status
from firstline.web import clock_faces, durations

register = template.Library()

SPRITE = "vendor/icons.svg"
GLYPHS = {
    Status.NEW: "new",
    Status.IN_PROGRESS: "open",
    Status.WAITING_FOR_CLIENT: "wait",
    Status.WAITING_FOR_VENDOR: "vendor",
    Status.ON_HOLD: "hold",
    Status.RESOLVED: "resolved",
    Status.CLOSED: "closed",
    Status.CANCELLED: "cancel",
}
PRIORITIES: dict[int, str | Promise] = dict(Priority.choices)
CHANNEL_ICONS = {
    "email": "mail",
    "portal": "globe",
    "phone": "phone",
    "sms": "smartphone",
    "web": "globe",
    "walk_up": "user",
    "api": "code",
}
DAY = timedelta(hours=24)
MINUTE = timedelta(minutes=1)


@lru_cache(maxsize=1024)
def drawn(name: str, css: str) -> SafeString:
    """A drawing of the sprite; the words beside it say what it means, so it is hidden from screen readers."""
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, static(SPRITE), name)


@register.simple_tag
def icon(name: str, css: str = "i") -> SafeString:
    """`{% icon "clock" %}`, `{% icon "clock" "i i-sm dim" %}`."""
    return drawn(name, css)


@register.simple_tag
def channel_icon(channel: str, css: str = "i i-sm") -> SafeString:
    """The drawing of the road by which something came."""
    return drawn(CHANNEL_ICONS[channel], css)


@register.simple_tag
def status(value: str, text: bool = False) -> SafeString:
    """The glyph of a ticket's status with its word; `text` shows the word, else only screen readers hear it."""
    return _status(value, text, get_language())


@lru_cache(maxsize=256)
def _status(value: str, text: bool, language: str | None) -> SafeString:
    known = Status(value)
    glyph = GLYPHS[known]
    return format_html(
        '{}<span class="{}">{}</span>', drawn(f"st-{glyph}", f"st st-{glyph}"), "" if text else "sr-only", known.label
    )


@register.simple_tag
def prio(value: int, text: bool = False) -> SafeString:
    """The glyph of a priority (1 to 4) with its word, shown or only heard."""
    return _prio(value, text, get_language())


@lru_cache(maxsize=256)
def _prio(value: int, text: bool, language: str | None) -> SafeString:
    return format_html(
        '{}<span class="{}">{}</span>',
        drawn(f"pr-{value}", f"pr pr-{value}"),
        "" if text else "sr-only",
        PRIORITIES[int(value)],
    )


@register.simple_tag
def avatar(person: Person | None, css: str = "") -> SafeString:
    """The initials of somebody, in a colour of his own; a dashed circle for nobody. The name stands beside it."""
    if person is None:
        return format_html('<span class="av av-none {}" aria-hidden="true">{}</span>', css, drawn("user", "i i-sm"))
    return _avatar(person.pk % 8, person.initials, css)


@lru_cache(maxsize=4096)
def _avatar(colour: int, initials: str, css: str) -> SafeString:
    return format_html('<span class="av av-{} {}" aria-hidden="true">{}</span>', colour, css, initials)


@register.simple_tag
def sla(clock: Clock | dict[str, Any] | None, css: str = "") -> SafeString:
    """A clock of a ticket (sla.clocks.of, or `values()` of the model) as a chip that keeps ticking."""
    if clock is None:
        return SafeString()
    return clock_chip(clock_faces.face(clock, time.now()), css)


@register.simple_tag
def sla_face(face: clock_faces.Face | None) -> SafeString:
    """A clock's face that a list has made already."""
    return SafeString() if face is None else clock_chip(face)


@register.simple_tag
def face_of(pk: int, initials: str, name: str) -> SafeString:
    """Somebody of whom a list knows only these: his initials, and his name for who hovers or listens."""
    return format_html(
        '<span class="av av-{}" aria-hidden="true" title="{}">{}</span><span class="sr-only">{}</span>',
        pk % 8,
        name,
        initials,
        name,
    )


def clock_chip(face: clock_faces.Face, css: str = "") -> SafeString:
    """The chip of a clock's face: ring or sign, time, and what ends then."""
    if face.tone in ("ok", "warn", "crit"):
        sign = (
            '<svg class="ring" viewBox="0 0 16 16" aria-hidden="true"><circle class="bg" cx="8" cy="8" r="6"/>'
            f'<circle class="fg" cx="8" cy="8" r="6" pathLength="100" stroke-dasharray="{face.percent} 100"/></svg>'
        )
    else:
        sign = str(drawn({"paused": "pause", "met": "check", "breach": "triangle-alert"}[face.tone], "i i-sm"))
    text, label = escape(face.text), escape(face.label[:1].lower() + face.label[1:])
    look = f"sla sla-{face.tone} {escape(css)}"
    if face.due is None or face.start is None:
        chip = f'<span class="{look}">{sign}<span>{text}</span> <span class="k">{label}</span></span>'
    else:
        warn = f' warn="{face.warn.isoformat()}"' if face.warn else ""
        chip = (
            f'<sla-clock class="{look}" start="{face.start.isoformat()}" due="{face.due.isoformat()}"{warn}>{sign}'
            f'<span data-left>{text}</span> <span class="k">{label}</span></sla-clock>'
        )
    return mark_safe(chip)  # noqa: S308 - its words are escaped


@register.simple_tag
def moment(at: datetime | None, css: str = "") -> SafeString:
    """A moment: relative within a day ("in 12 min", "3 h ago"), else the date; the exact local time in the title."""
    if at is None:
        return SafeString()
    return format_html(
        '<time class="{}" datetime="{}" title="{}">{}</time>',
        css,
        at.astimezone(UTC).isoformat(),
        exactly(at),
        near(at, time.now()),
    )


@register.simple_tag
def age(at: datetime) -> SafeString:
    """How long ago, without a word around it: for columns. The exact local time is in the title."""
    now = time.now()
    zone, language = timezone.get_current_timezone(), get_language()
    if now - at >= DAY:
        return _age_in_days(at, timezone.localtime(now, zone).year, zone, language)
    return _aged(at, exactly(at), durations.words(now - at))


@lru_cache(maxsize=8192)
def _age_in_days(at: datetime, this_year: int, zone: tzinfo, language: str | None) -> SafeString:
    """The same tickets are shown again and again, and what is older than a day says the same until the year ends."""
    local = timezone.localtime(at, zone)
    return _aged(at, exactly(at), _day_of(local.date(), local.year == this_year, language))


def _aged(at: datetime, exact: str, words: str) -> SafeString:
    return mark_safe(  # noqa: S308 - a moment, and words that are escaped
        f'<time datetime="{at.astimezone(UTC).isoformat()}" title="{escape(exact)}">{escape(words)}</time>'
    )


@register.simple_tag
def clock_time(at: datetime | None, css: str = "") -> SafeString:
    """A moment as the clock on the wall says it: the hour today, else with the date."""
    if at is None:
        return SafeString()
    zone = timezone.get_current_timezone()
    return _clock_time(at, timezone.localtime(time.now(), zone).date(), zone, get_language(), css)


@lru_cache(maxsize=8192)
def _clock_time(at: datetime, today: date, zone: tzinfo, language: str | None, css: str) -> SafeString:
    """In the language and the zone of the page, which are in the key."""
    local = timezone.localtime(at, zone)
    hour = formats.date_format(local, "TIME_FORMAT")
    words = hour if local.date() == today else f"{_day_of(local.date(), local.year == today.year, language)} {hour}"
    return format_html(
        '<time class="{}" datetime="{}" title="{}">{}</time>', css, at.astimezone(UTC).isoformat(), exactly(at), words
    )


def exactly(at: datetime) -> str:
    """The exact moment in the person's zone and language, to the minute."""
    return _exactly(at.replace(second=0, microsecond=0), timezone.get_current_timezone(), get_language())


@lru_cache(maxsize=8192)
def _exactly(at: datetime, zone: tzinfo, language: str | None) -> str:
    """The same tickets are shown again and again."""
    return formats.date_format(timezone.localtime(at, zone), "DATETIME_FORMAT")


def near(at: datetime, now: datetime) -> str:
    """A moment as seen from `now`."""
    distance = at - now
    if abs(distance) < MINUTE:
        return _("just now")
    if abs(distance) >= DAY:
        return _day(timezone.localtime(at), timezone.localtime(now))
    pattern = _("in {time}") if distance > timedelta() else _("{time} ago")
    return pattern.replace("{time}", durations.words(distance))


def _day(local: datetime, today: datetime) -> str:
    """Without the year in this year. `E` is the month as it stands in a date: «23 ноября», not «Ноябрь»."""
    return _day_of(local.date(), local.year == today.year, get_language())


@lru_cache(maxsize=2048)
def _day_of(day: date, is_of_this_year: bool, language: str | None) -> str:
    """In the language of the page, which is the key."""
    pattern = formats.get_format("MONTH_DAY_FORMAT").replace("F", "E")
    return formats.date_format(day, pattern if is_of_this_year else "SHORT_DATE_FORMAT")


@register.simple_tag
def span(minutes: float | timedelta | None) -> str:
    """A length of time in words: minutes, or a timedelta."""
    return "" if minutes is None else durations.words(minutes)


@register.simple_tag
def size(count: int) -> str:
    """A number of bytes as people read it."""
    for unit, factor in ((_("{n} MB"), 1024 * 1024), (_("{n} KB"), 1024)):
        if count >= factor:
            shown = formats.number_format(count / factor, decimal_pos=1 if count < 10 * factor else 0)
            return unit.replace("{n}", shown)
    return _("{n} B").replace("{n}", str(count))


@register.simple_tag
def up_to_99(count: int) -> str:
    """A count from the index: exact up to 99, then 99+."""
    return str(count) if count < 100 else "99+"


@register.filter
def plain_paragraphs(text: str) -> SafeString:
    """Plain words as paragraphs: escaped, line ends kept, addresses made links. Safe by construction (lib.html)."""
    return mark_safe(html.from_text(text))  # noqa: S308 - escaped there


@register.filter
def what_to_do(standing: Standing) -> str:
    """What the contract, else the service, says is to be done where it is not covered."""
    return standing.what_to_do(get_language())


@register.filter
def remote_program(name: str) -> str:
    """The program of a remote session as its makers write it."""
    return remote.name_of(name)


@register.filter
def label(thing: Any) -> str:
    """The name of a client, team, service, category or site in the language of the page."""
    return "" if thing is None else str(thing.label(get_language()))


@register.filter
def said(outage: Outage | OutageUpdate) -> str:
    """What the client is told of an outage, in the reader's language."""
    return outage.said(get_language())


@register.filter
def services_of(outage: Outage) -> str:
    """What it is about: its services, and where it names places, these."""
    language = get_language()
    named = [one.label(language) for one in outage.services.all()]
    places = [one.label(language) for one in outage.sites.all()]
    words = ", ".join(named) or ("" if outage.is_notice else _("All services"))
    return " · ".join(part for part in (words, ", ".join(places)) if part)
