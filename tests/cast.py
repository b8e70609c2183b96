"""The people of every test: one outsourcer, three clients, the same names everywhere.

`stage = cast.stage()` sets it up in the test's database; `stage.olga` is the operator, `stage.north` a client. It is
remembered: a dozen statements. Olga (line 1), Emil (line 2) and Lev (lead, line 3) look after North and South; Petra
(line 1) only South.
Nobody of the desk but the manager, the account manager, the administrator and Nadia (scope "all") sees East.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from firstline.calendars.models import Calendar, CalendarVersion
from firstline.contracts.models import Category, Contract, ContractVersion, Service, Target
from firstline.people.models import Client, EmailDomain, Person, Team
from firstline.tickets.models import Channel, Ticket
from firstline.tickets.opening import Words, open_ticket
from tests.remembered import remembered

MONDAY_NINE = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)  # Monday 09:00 in Moscow
WEEKDAYS = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
PASSWORD = "correct horse battery"


def person(login: str, name: str, role: str, **fields: Any) -> Person:
    """Somebody with login, name and role; e-mail `login@desk.example` unless given. Tests sign in by force."""
    scope = fields.pop("scope", ())
    fields.setdefault("email", f"{login}@desk.example")
    made = Person(login=login, name=name, role=role, **fields)
    made.set_unusable_password()
    made.save()
    made.scope.set(scope)
    return made


@remembered
def stage() -> SimpleNamespace:
    s = SimpleNamespace()
    s.north = Client.objects.create(slug="north", name="Север-Логистик", language="ru", time_zone="Europe/Moscow")
    s.south = Client.objects.create(slug="south", name="Юг Трейд", language="bg", time_zone="Europe/Sofia")
    s.east = Client.objects.create(slug="east", name="East Foods", language="en", time_zone="Europe/Moscow")
    EmailDomain.objects.create(domain="north.example", client=s.north)
    EmailDomain.objects.create(domain="south.example", client=s.south)
    s.line1 = Team.objects.create(slug="line1", name="Первая линия", line=1)
    s.line2 = Team.objects.create(slug="line2", name="Инженеры", line=2)
    s.line3 = Team.objects.create(slug="line3", name="Ведущие специалисты", line=3)
    both = (s.north, s.south)
    s.olga = person("olga", "Ольга Смирнова", "operator", team=s.line1, scope=both)
    s.petra = person("petra", "Петра Илиева", "operator", team=s.line1, scope=(s.south,), language="bg")
    s.nadia = person("nadia", "Надя Орлова", "operator", team=s.line1, scope_all=True)
    s.emil = person("emil", "Емил Петров", "engineer", team=s.line2, scope=both, language="bg")
    s.lev = person("lev", "Лев Соколов", "lead", team=s.line3, scope=both)
    s.maria = person("maria", "Мария Волкова", "manager")
    s.anna = person("anna", "Анна Белова", "account_manager")
    s.adam = person("adam", "Adam Clark", "administrator", language="en")
    s.ivan = person("ivan", "Иван Петров", "requester", client=s.north, email="ivan@north.example",
                    phone="+7 921 555-01-42", phone_e164="+79215550142")  # fmt: skip
    s.irina = person("irina", "Ирина Лебедева", "requester", client=s.north, email="irina@north.example")
    s.kira = person("kira", "Кира Новикова", "coordinator", client=s.north, email="kira@north.example")
    s.stoyan = person("stoyan", "Стоян Колев", "requester", client=s.south, email="stoyan@south.example", language="bg")
    s.elena = person(
        "elena", "Елена Димитрова", "coordinator", client=s.south, email="elena@south.example", language="bg"
    )
    s.eve = person("eve", "Eve Stone", "requester", client=s.east, email="eve@east.example", language="en")
    s.calendar = Calendar.objects.create(slug="weekdays", name="8×5", time_zone="Europe/Moscow")
    CalendarVersion.objects.create(
        calendar=s.calendar, number=1, time_zone="Europe/Moscow", weekly=WEEKDAYS, exceptions={}
    )
    s.printing = Service.objects.create(
        slug="printing", name="Печать", names={"bg": "Печат", "en": "Printing"}, team=s.line1
    )
    s.network = Service.objects.create(
        slug="network", name="Сеть", names={"bg": "Мрежа", "en": "Network"}, team=s.line2
    )
    s.jam = Category.objects.create(slug="paper-jam", name="Замятие бумаги", service=s.printing)
    s.contract = Contract.objects.create(slug="118-24", client=s.north)
    s.version = ContractVersion.objects.create(
        contract=s.contract, number=1, valid_from=date(2025, 1, 1), calendar=s.calendar, frozen_at=MONDAY_NINE
    )
    for priority, response, resolution in ((1, 15, 240), (2, 30, 480), (3, 60, 960), (4, 240, 2400)):
        Target.objects.create(version=s.version, metric="first_response", minutes=response, priority=priority)
        Target.objects.create(version=s.version, metric="resolution", minutes=resolution, priority=priority)
    return s


def ticket(s: SimpleNamespace, **fields: Any) -> Ticket:
    """A ticket of Ivan's, by mail, on Monday at nine, unless said otherwise."""
    words = fields.pop("words", Words(text="Принтер не печатает, горит красная лампочка."))
    given: dict[str, Any] = {
        "subject": "Не печатает принтер", "requester": s.ivan, "channel": Channel.EMAIL, "at": MONDAY_NINE, "by": None,
    }  # fmt: skip
    return open_ticket(words=words, **{**given, **fields})
