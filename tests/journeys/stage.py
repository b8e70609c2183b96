"""The desk of the journeys: two clients, a Russian and a Bulgarian one, with people on both sides for each of them."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any, TypeVar

from django.utils import translation
from playwright.sync_api import Page

from tests.real.dovecot import Mailbox
from tests.real.site import Login, Site
from tests.real.smtp import SmtpSink

Found = TypeVar("Found")
LANGUAGES = ("ru", "bg")
SECONDS = 60  # how long anything may take on a busy machine until we say that it does not come
PASSWORD = "journeys of an evening"
ADDRESS = "help@desk.example"
OUR_ID = re.compile(r"<[^<>@\s]{16,}@[^<>@\s]+>")
BROKEN = re.compile(r'Traceback|"exc_type"|"level": ?"(?:error|critical)"')
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = "{ " + ", ".join(f'{day} = [["00:00", "24:00"]]' for day in DAYS) + " }"

COMMON = f"""
[[calendar]]
slug = "always"
name = "24×7"
time_zone = "Europe/Sofia"
weekly = {ALWAYS}

[[team]]
slug = "first-line"
name = {{ ru = "Первая линия", bg = "Първо ниво", en = "First line" }}
line = 1

[[team]]
slug = "engineers"
name = {{ ru = "Инженеры", bg = "Инженери", en = "Engineers" }}
line = 2

[[service]]
slug = "workplace"
name = {{ ru = "Рабочее место", bg = "Работно място", en = "Workplace" }}
team = "first-line"

[[category]]
slug = "boxed"
name = {{ ru = "Печать", bg = "Печат", en = "Printing" }}
service = "workplace"

[[box]]
line = 1
category = "boxed"
minutes = 4

[[on_call]]
slug = "called-1"
team = "engineers"
begins_on = 2026-01-05
position = 1
people = ["engineer-ru"]

[[on_call]]
slug = "called-2"
team = "engineers"
begins_on = 2026-01-05
position = 2
people = ["engineer-bg"]

[[on_call]]
slug = "called-3"
team = "engineers"
begins_on = 2026-01-05
position = 3
people = ["second-ru"]

[[on_call]]
slug = "called-4"
team = "engineers"
begins_on = 2026-01-05
position = 4
people = ["second-bg"]

[[ladder]]
slug = "of-directors"
name = "VIP"
conditions = [{{ field = "vip", values = ["yes"] }}]
wait = 60
rungs = [{{ what = "handed_over", mark = 1, tell = ["on_call"] }}]

[[mailbox]]
address = "{ADDRESS}"
team = "first-line"
imap = "%(imap)s"
smtp = "%(smtp)s"
authserv_id = "mx.desk.example"
"""
CLIENT = """
[[client]]
slug = "{language}"
name = "{firm}"
language = "{language}"
time_zone = "Europe/Sofia"
email_domains = ["{language}.example"]

[[contract]]
slug = "contract-{language}"
client = "{language}"
valid_from = 2025-01-01
calendar = "always"
currency = "EUR"
monthly_fee = "3000"

[[indicator]]
contract = "contract-{language}"
kind = "availability"
goal = "99.5"

[[penalty]]
contract = "contract-{language}"
kind = "availability"
tiers = [{{ at_least = "100", costs = "0" }}, {{ costs = "10 %" }}]

[[vendor]]
slug = "vendor-{language}"
name = "{vendor}"
email = "support@vendor-{language}.example"
language = "{language}"
calendar = "always"
targets = {{ first_response = 120, resolution = 1080 }}

[[target]]
contract = "contract-{language}"
metric = "first_response"
minutes = 60

[[target]]
contract = "contract-{language}"
metric = "resolution"
minutes = 480

[[target]]
contract = "contract-{language}"
metric = "first_response"
minutes = 20
priority = 1

[[target]]
contract = "contract-{language}"
metric = "resolution"
minutes = 40
priority = 1
"""
PERSON = """
[[person]]
login = "{login}"
name = "{name}"
email = "{email}"
password = "{password}"
language = "{language}"
role = "{role}"
{more}
"""
# The names of the two desks; what stands behind the name says on which side and for whom.
NAMES = {
    "ru": {
        "firm": "Север-Логистик", "requester": "Иван Петров", "caller": "Ирина Лебедева",
        "operator": "Ольга Смирнова", "second": "Надя Орлова", "engineer": "Пётр Волков",
        "account": "Анна Белова", "coordinator": "Кира Новикова", "manager": "Мария Волкова",
        "admin": "Артём Седов", "director": "Глеб Зимин",
        "vendor": "Каса Плюс",
    },
    "bg": {
        "firm": "Юг Трейд", "requester": "Стоян Колев", "caller": "Елена Димитрова",
        "operator": "Петра Илиева", "second": "Мила Георгиева", "engineer": "Емил Петков",
        "account": "Ива Стоянова", "coordinator": "Десислава Колева", "manager": "Марин Тодоров",
        "admin": "Асен Иванов", "director": "Калин Стоев",
        "vendor": "Етикет-Сервиз",
    },
}  # fmt: skip
PHONES = {"ru": "+7 921 555-01-42", "bg": "+359 88 855 0143"}
ROLES = {"requester": "requester", "caller": "requester", "operator": "operator", "second": "operator",
         "engineer": "engineer", "account": "account_manager", "coordinator": "coordinator",
         "manager": "manager", "admin": "administrator", "director": "requester"}  # fmt: skip


@dataclass
class Crew:
    """Everybody of one language: `crew.operator`, `crew.requester` … are logins; `crew.names` their names."""

    language: str
    names: dict[str, str]
    people: dict[str, Login] = field(default_factory=dict)

    def __getattr__(self, part: str) -> Login:
        try:
            return self.people[part]
        except KeyError as unknown:
            raise AttributeError(part) from unknown

    def word(self, text: str, context: str = "") -> str:
        """What the program says for this English text in the crew's language, with blanks as a page shows them."""
        with translation.override(self.language):
            return translation.pgettext(context, text) if context else translation.gettext(text)


def toml(imap: str, smtp: str) -> tuple[str, dict[str, Crew]]:
    """The apply file of the journeys, and who is in it."""
    written, crews = [COMMON.replace("%(imap)s", imap).replace("%(smtp)s", smtp)], {}
    for language in LANGUAGES:
        crew = crews[language] = Crew(language, NAMES[language])
        written.append(CLIENT.format(language=language, **crew.names))
        for part, role in ROLES.items():
            ours = role not in {"requester", "coordinator"}
            email = f"{part}.{language}@desk.example" if ours else f"{part}@{language}.example"
            team = "engineers" if role == "engineer" else "first-line"
            more = f'team = "{team}"\nscope = ["{language}"]' if ours else f'client = "{language}"'
            if part in {"account", "manager", "admin"}:
                more = ""
            if part == "director":
                more += "\nvip = true"
            if part == "caller":
                more += f'\nphone = "{PHONES[language]}"'
            login = f"{part}-{language}"
            written.append(
                PERSON.format(login=login, name=crew.names[part], email=email, password=PASSWORD, language=language,
                              role=role, more=more)
            )  # fmt: skip
            crew.people[part] = Login(login, PASSWORD, role, None if ours else language, email)
    return "\n".join(written), crews


@dataclass
class Desk:
    """A served desk with its mailbox and the server that takes its letters."""

    site: Site
    mailbox: Mailbox
    sink: SmtpSink
    crews: dict[str, Crew]
    log_read: int = 0
    seats: dict[str, tuple[str, Any]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return self.site.url

    def sit(self, page: Page, person: Login) -> None:
        """Signed in, where one begins. The form is filled in once for each person; then he has the session that it gave
        him, as in another window of his browser: how one signs in is tried elsewhere."""
        if person.login not in self.seats:
            self.site.sign_in(page, person)
            self.seats[person.login] = page.url, page.context.cookies()
            return
        begins, cookies = self.seats[person.login]
        page.context.add_cookies(cookies)
        page.goto(begins)

    def deliver(
        self, crew: Crew, *, subject: str, text: str, message_id: str, sender: str = "requester", **headers: str
    ) -> None:
        """A letter of somebody of the client's side arrives in the mailbox.

        Who writes often is acknowledged a few times only: `requester` is for the journey that waits for that mail.
        """
        letter = EmailMessage()
        letter["From"] = f"{crew.names[sender]} <{crew.people[sender].email}>"
        letter["To"], letter["Subject"], letter["Message-ID"] = ADDRESS, subject, message_id
        letter["Date"] = format_datetime(datetime.now(UTC))
        for name, value in headers.items():
            letter[name.replace("_", "-")] = value
        letter.set_content(text)
        self.mailbox.append(letter.as_bytes())

    def letter_to(self, person: Login, *containing: str) -> EmailMessage:
        """The letter to that person whose subject or text holds all these words, as soon as it was sent."""
        return until(lambda: self._letter(person, containing), f"a letter to {person.email} with {containing}")

    def _letter(self, person: Login, containing: tuple[str, ...]) -> EmailMessage | None:
        for letter in self.sink.letters:
            whole = str(letter["Subject"]) + text_of(letter)
            if person.email in str(letter["To"]) and all(words in whole for words in containing):
                return letter
        return None

    def verdict(self) -> None:
        """Raise AssertionError when the server said something about an exception since the last time."""
        said = self.site.log.read_text(errors="replace")
        new, self.log_read = said[self.log_read :], len(said)
        # That something is late on a busy machine is what /readyz is there to say.
        broken = [line for line in new.splitlines() if BROKEN.search(line) and "/readyz" not in line]
        assert not broken, "serve.log:\n" + "\n".join(broken)[:4000]

    def close(self) -> None:
        """Stop everything; what is stored must be whole, and the clocks what the history says."""
        try:
            assert self.site.stop() == 0, "serve did not end well"
            for command in (("check-integrity",), ("sla", "replay", "--all")):
                done = self.site.run(*command)
                assert done.returncode == 0, (command, (done.stdout + done.stderr).decode()[-4000:])
        finally:
            self.site.close()
            self.sink.stop()


def opened(site: Site, mailbox: Mailbox) -> Desk:
    """Set the stage and serve it."""
    sink = SmtpSink()
    content, crews = toml(mailbox.url, sink.url)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "journeys.toml"
        file.write_text(content, encoding="utf-8")
        site.must("apply", str(file))
    site.start()
    return Desk(site, mailbox, sink, crews)


def text_of(letter: EmailMessage) -> str:
    """The text part of a letter."""
    part = letter.get_body(("plain",))
    return part.get_content() if part else ""


def until(found: Callable[[], Found | None], what: str, *, seconds: float = SECONDS) -> Found:
    """What `found` returns as soon as it is something. Raises AssertionError when time is up."""
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, f"not seen in {seconds:g} s: {what}"
        time.sleep(0.2)
    return value
