"""What the palette can do: the deeds on a ticket, the way to each section, what concerns oneself. Each is known by its
name in all our languages, and by other words for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from firstline.lib.language import CODES
from firstline.people.models import Person
from firstline.search.fitting import fits
from firstline.tickets.models import Ticket
from firstline.web.agent import sidebar
from firstline.web.agent.ticket import Deeds, deeds_of


@dataclass(frozen=True)
class Deed:
    """`href` is a page, the address of a form, or "#id" of something on the page: the page's own button is pressed
    where it has one, else the way leads there (`instead`, where `href` is no page)."""

    label: str
    icon: str
    href: str
    key: str = ""
    instead: str = ""
    names: tuple[str, ...] = field(default=(), repr=False)


# What the deed needs (of ticket.Deeds): label, icon, address below the ticket or "#id", key, other words for it.
_ON_TICKET = (
    ("take", gettext_noop("Take"), "user-plus", "take/", "a", "assign me взять мне поеми"),
    ("answer", gettext_noop("Answer to the client"), "send", "#mode-reply", "r", "reply ответ отговор"),
    ("note", gettext_noop("Internal note"), "lock", "#mode-note", "n", "comment комментарий коментар"),
    ("hand_over", gettext_noop("Hand over"), "chevrons-up", "hand-over/", "e", "escalate эскалация ескалация"),
    ("resolve", gettext_noop("Resolve"), "check", "resolution/", "shift+r", "close solve done закрыть готово затвори"),
    ("wait", gettext_noop("Wait for client or vendor"), "hourglass", "wait/", "w", "snooze отложить ожидание изчакай"),
    ("wait", gettext_noop("Put on hold"), "pause", "hold/", "", "postpone snooze отложить"),
    ("resume", gettext_noop("Go on"), "play", "resume/", "", "resume возобновить"),
    ("assign", gettext_noop("Assign"), "user", "assignment/", "shift+a", "assignee исполнитель изпълнител"),
    ("direct", gettext_noop("Change properties"), "sliders-horizontal", "properties/", "p",
     "priority type service category tag приоритет тип услуга категория метка етикет"),
    ("log", gettext_noop("Log time"), "clock", "#mode-time", "t", "worklog трудозатраты отработено"),
    ("vendor", gettext_noop("Ask a vendor"), "building-2", "vendors/new/", "", "supplier подрядчик доставчик"),
    ("resolve", gettext_noop("Workaround given"), "wrench", "workaround/", "", "bypass обход"),
    ("resolve", gettext_noop("On site"), "map-pin", "arrival/", "", "visit выезд посещение"),
    ("link", gettext_noop("Link with a ticket"), "link", "link/", "", "related связать свържи"),
    ("merge", gettext_noop("Merge into a ticket"), "merge", "merge/", "m", "duplicate дубликат слияние"),
    ("note", gettext_noop("Run a macro"), "list-todo", "macros/", "shift+m", "macro макрос"),
    ("cancel", gettext_noop("Cancel the ticket"), "circle-x", "cancellation/", "", "reject отклонить отмяна"),
)  # fmt: skip
_ANYWHERE = (
    (gettext_noop("New ticket"), "plus", "/desk/calls/new/", "c", "create call звонок обаждане создать"),
    (gettext_noop("Search"), "search", "/desk/search/", "/", "find найти"),
    (gettext_noop("Keys"), "keyboard", "#open-keys", "?", "shortcuts hotkeys горячие бързи"),
    (gettext_noop("My time"), "timer", "/desk/timer/", "", "timer таймер"),
    (gettext_noop("My profile"), "sliders-horizontal", "/desk/profile/", "",
     "settings language theme dark настройки язык тема език тъмна тёмная"),
    (gettext_noop("Macros"), "list-todo", "/desk/macros/", "", "macro макрос макросы макроси"),
    (gettext_noop("Templates for answers"), "file-text", "/desk/templates/", "", "canned шаблон шаблоны шаблони"),
    (gettext_noop("API tokens"), "key-round", "/desk/tokens/", "", "ключ"),
    (gettext_noop("Sign out"), "log-out", "/account/logout/", "", "exit выход"),
)  # fmt: skip
_INSTEAD = {"#open-keys": "/desk/profile/", "/account/logout/": "/desk/menu/"}
_FORMS = frozenset({"take/", "resume/"})


def on_ticket(person: Person, ticket: Ticket) -> list[Deed]:
    """What this person may do with this ticket now."""
    may: Deeds = deeds_of(person, ticket)
    page = f"/desk/tickets/{ticket.pk}/"
    made = []
    for needed, label, icon, where, key, also in _ON_TICKET:
        if getattr(may, needed):
            href = where if where.startswith("#") else page + where
            instead = page if where.startswith("#") or where in _FORMS else ""
            made.append(Deed(gettext(label), icon, href, key, instead, (*_in_all(label), also)))
    return made


def anywhere(person: Person) -> list[Deed]:
    """What can be done from every page, and the way to every section that this person has."""
    made = [
        Deed(gettext(label), icon, href, key, _INSTEAD.get(href, ""), (*_in_all(label), also))
        for label, icon, href, key, also in _ANYWHERE
        if href != "/desk/timer/" or person.solves
    ]
    names = _names_of_sections(person)
    for group in sidebar.sections(person, Counter()):
        for entry in group.entries:
            made.append(Deed(entry.label, entry.icon, entry.href, entry.key, "", (entry.label, *names[entry.href])))
    return made


def fitting(typed: str, deeds: Iterable[Deed]) -> list[Deed]:
    """Those that what was typed may mean, in their order."""
    return [deed for deed in deeds if fits(typed, [" ".join(deed.names)])]


def _in_all(label: str) -> list[str]:
    """A label in each of our languages."""
    names = []
    for code in CODES:
        with translation.override(code):
            names.append(gettext(label))
    return names


def _names_of_sections(person: Person) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for code in CODES:
        with translation.override(code):
            for group in sidebar.sections(person, Counter()):
                for entry in group.entries:
                    names.setdefault(entry.href, []).append(entry.label)
    return names
