"""What is wrong with a mailbox is seen by itself: a server in trouble is left alone for a while, silence is noticed,
the administrators are told once, and once more when it is over."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connections

from firstline.calendars.models import CalendarVersion
from firstline.intake import mailbox_health, mailbox_watch, mailboxes
from firstline.intake.channels import email_breaker, email_fetch
from firstline.intake.mailbox_health import Trouble
from firstline.intake.models import Inbound
from firstline.notices import mailbox_alarms
from firstline.ops import health, metrics
from firstline.post.models import Account, Delivery, Outlet
from tests import cast
from tests.cast import MONDAY_NINE
from tests.intake.mail import letter, take
from tests.intake.mail import mailbox as ours
from tests.real.dovecot import Mailbox

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def of(account: Account, at: datetime = MONDAY_NINE) -> mailbox_health.Health:
    account.refresh_from_db()
    return mailbox_health.of_one(account, at)


def troubles(account: Account) -> list[Trouble]:
    return [one.trouble for one in of(account).wrong]


class TestBreaker:
    def test_the_pause_grows_and_is_never_the_same_for_all(self) -> None:
        assert email_breaker.pause_after(2, 0.5) is None
        assert [email_breaker.pause_after(number, 0.5) for number in (3, 4, 5, 6, 7, 90)] == [
            minutes * MINUTE for minutes in (1, 2, 5, 10, 15, 15)
        ]
        assert email_breaker.pause_after(7, 0.0) == 12 * MINUTE
        assert email_breaker.pause_after(7, 1.0) == 18 * MINUTE

    @pytest.mark.django_db
    def test_three_failures_in_a_row_leave_the_server_alone_and_one_more_for_longer(self) -> None:
        account = ours(imap="imap://desk:x@127.0.0.1:1/")
        for number in range(1, 5):
            with pytest.raises(OSError, match="refused"):
                email_fetch.fetch_once(account, MONDAY_NINE)
            account.refresh_from_db()
            assert account.failures == number
            assert email_breaker.is_left_alone(account, MONDAY_NINE) == (number >= 3)
        assert account.closed_until is not None
        assert (
            MONDAY_NINE + 96 * timedelta(seconds=1) <= account.closed_until <= MONDAY_NINE + 144 * timedelta(seconds=1)
        )
        assert of(account).tries_again_at == account.closed_until
        assert not email_breaker.is_left_alone(account, MONDAY_NINE + 3 * MINUTE)

    @pytest.mark.django_db(transaction=True)
    def test_a_look_that_works_sets_everything_back(self, mailbox: Mailbox) -> None:
        account = ours(imap=mailbox.url, failures=7, problem="down", problem_since=MONDAY_NINE)
        mailbox.append(letter())
        assert email_fetch.fetch_once(account, MONDAY_NINE) == 1
        account.refresh_from_db()
        assert (account.failures, account.closed_until, account.problem, account.waiting) == (0, None, "", 0)

    @pytest.mark.django_db(transaction=True)
    def test_a_letter_that_cannot_be_stored_is_no_failure_of_the_server(
        self, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(email_fetch, "LARGEST_LETTER", 10)
        account = ours(imap=mailbox.url)
        mailbox.append(letter())
        for _ in range(4):
            with pytest.raises(email_fetch.Trouble):
                email_fetch.fetch_once(account, MONDAY_NINE)
            account.refresh_from_db()
        assert (account.failures, account.waiting) == (0, 1)
        assert troubles(account) == [Trouble.READING]

    @pytest.mark.django_db(transaction=True)
    def test_the_fetcher_comes_back_when_the_time_is_over_or_somebody_says_so(
        self, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("POLL_SECONDS", "LOOK_FOR_MAILBOXES_SECONDS"):
            monkeypatch.setattr(email_fetch, name, 0.2)
        far = email_fetch.clock.now() + HOUR
        account = ours(imap=mailbox.url, failures=5, closed_until=far)
        mailbox.append(letter())
        stop = threading.Event()
        thread = beside(lambda: email_fetch.fetch_forever(stop))
        try:
            time.sleep(1.5)
            assert not Inbound.objects.exists()
            mailboxes.try_now(account, by="person:1", at=far)
            wait_for(Inbound.objects.exists)
        finally:
            stop.set()
            thread.join(20)


def beside(deed: Callable[[], object]) -> threading.Thread:
    """Done in a thread that leaves no connection to the database behind."""

    def run() -> None:
        try:
            deed()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_for(condition: object, seconds: float = 15) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
def test_a_mailbox_that_hangs_delays_no_other(mailbox: Mailbox) -> None:
    result: list[bool] = []
    # It takes the connection and never says a word.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ours("a@firm.example", imap=f"imap://desk:x@127.0.0.1:{silent.getsockname()[1]}/")
        ours("b@firm.example", imap=mailbox.url)
        mailbox.append(letter())
        thread = beside(lambda: result.append(email_fetch.fetch_all_once()))
        wait_for(Inbound.objects.exists, seconds=50)
        assert thread.is_alive(), "the silent one is still waited for"
    thread.join(50)  # its server went away
    assert result == [False]
    assert Account.objects.get(address="a@firm.example").problem


@pytest.mark.django_db
class TestSilence:
    def learnt(self, days: int = 35) -> Account:
        """A letter every quarter of an hour, from nine to six on working days."""
        account = ours()
        rows = []
        for day in range(days):
            morning = MONDAY_NINE - timedelta(days=day + 1)
            if morning.weekday() < 5:
                for quarter in range(36):
                    rows.append(self.row(account, morning + quarter * 15 * MINUTE))
        Inbound.objects.bulk_create(rows)
        mailbox_watch.learn(MONDAY_NINE)
        return account

    def row(self, account: Account, at: datetime, outcome: str = "ticket") -> Inbound:
        return Inbound(
            source="imap:x", source_key=f"{at.isoformat()}{outcome}", account=account, sha256="0" * 64,
            size=1, raw=b"x", received_at=at, state="done", outcome=outcome,
        )  # fmt: skip

    def test_it_is_noticed_in_the_working_day_and_over_with_the_next_letter(self) -> None:
        account = self.learnt()
        self.row(account, MONDAY_NINE).save()
        for minutes, silent in ((45, False), (60 * 3, True)):
            mailbox_watch.watch(MONDAY_NINE + minutes * MINUTE)
            assert (Trouble.SILENT in troubles(account)) == silent
        assert account.silent_since == MONDAY_NINE + 3 * HOUR
        mailbox_watch.watch(MONDAY_NINE + 4 * HOUR)
        account.refresh_from_db()
        assert account.silent_since == MONDAY_NINE + 3 * HOUR
        self.row(account, MONDAY_NINE + 5 * HOUR).save()
        mailbox_watch.watch(MONDAY_NINE + 5 * HOUR + MINUTE)
        assert troubles(account) == []
        assert account.last_letter_at == MONDAY_NINE + 5 * HOUR

    def test_a_holiday_of_the_desks_calendar_is_no_alarm(self) -> None:
        stage = cast.stage()
        account = self.learnt()
        self.row(account, MONDAY_NINE).save()
        calendar = stage.version.calendar
        CalendarVersion.objects.filter(calendar=calendar).update(exceptions={MONDAY_NINE.date().isoformat(): []})
        mailbox_watch.watch(MONDAY_NINE + 8 * HOUR)
        assert troubles(account) == []
        CalendarVersion.objects.filter(calendar=calendar).update(
            exceptions={MONDAY_NINE.date().isoformat(): [["10:00", "14:00"]]}
        )
        mailbox_watch.watch(MONDAY_NINE + 8 * HOUR)
        assert troubles(account) == [Trouble.SILENT]

    def test_what_we_wrote_ourselves_does_not_break_it(self) -> None:
        account = self.learnt()
        self.row(account, MONDAY_NINE).save()
        self.row(account, MONDAY_NINE + 3 * HOUR, "ignored").save()
        mailbox_watch.watch(MONDAY_NINE + 3 * HOUR + MINUTE)
        assert troubles(account) == [Trouble.SILENT]

    def test_no_night_is_missed_and_no_mailbox_that_we_do_not_read(self) -> None:
        account = self.learnt()
        mailbox_watch.watch(MONDAY_NINE)
        assert troubles(account) == []
        mailboxes.pause(account, by="person:1", at=MONDAY_NINE)
        mailbox_watch.watch(MONDAY_NINE + 8 * HOUR)
        assert account.silent_since is None
        assert troubles(account) == []


@pytest.mark.django_db
class TestAlarms:
    @pytest.fixture
    def s(self) -> SimpleNamespace:
        return cast.stage()

    def kinds(self) -> list[tuple[str, str, str]]:
        return [(one.kind, one.to, one.data["trouble"]) for one in Delivery.objects.order_by("id")]

    def tell(self, minutes: float) -> None:
        mailbox_alarms.tell(MONDAY_NINE + minutes * MINUTE)

    def test_administrators_are_told_once_and_once_more_when_it_is_over(self, s: SimpleNamespace) -> None:
        account = ours(imap="imap://desk:x@127.0.0.1:1/", problem="LoginError: no", problem_since=MONDAY_NINE)
        self.tell(4)
        assert self.kinds() == []
        for minutes in (5, 6, 600):
            self.tell(minutes)
        assert self.kinds() == [("mailbox_trouble", "adam@desk.example", "reading")]
        Account.objects.filter(pk=account.pk).update(problem="", problem_since=None)
        for minutes in (601, 602):
            self.tell(minutes)
        assert self.kinds()[1:] == [("mailbox_well", "adam@desk.example", "reading")]

    def test_a_failure_of_a_moment_alarms_nobody(self, s: SimpleNamespace) -> None:
        account = ours(imap="imap://desk:x@127.0.0.1:1/", problem="down", problem_since=MONDAY_NINE)
        self.tell(1)
        Account.objects.filter(pk=account.pk).update(problem="", problem_since=None)
        self.tell(6)
        assert self.kinds() == []

    def test_the_alarm_does_not_leave_by_the_road_that_is_closed(self, s: SimpleNamespace) -> None:
        ours("a@firm.example", smtp="smtp://127.0.0.1:1")
        well = ours("b@firm.example", smtp="smtp://127.0.0.1:2")
        Outlet.objects.create(address="a@firm.example", failures=3, problem="535", problem_since=MONDAY_NINE)
        self.tell(5)
        delivery = Delivery.objects.get()
        assert (delivery.account, delivery.data["trouble"], delivery.data["detail"]) == (well, "sending", "535")

    def test_what_is_taken_out_of_use_is_neither_wrong_nor_well_again(self, s: SimpleNamespace) -> None:
        account = ours(imap="imap://desk:x@127.0.0.1:1/", problem="down", problem_since=MONDAY_NINE)
        self.tell(5)
        mailboxes.pause(account, by="person:1", at=MONDAY_NINE)
        self.tell(7)
        assert [kind for kind, _to, _trouble in self.kinds()] == ["mailbox_trouble"]
        account.refresh_from_db()
        assert account.told == {}


@pytest.mark.django_db
def test_readyz_and_metrics_name_each_mailbox_by_its_number() -> None:
    account = ours(
        imap="imap://desk:x@127.0.0.1:1/", problem="secret words of a server", problem_since=MONDAY_NINE,
        silent_since=MONDAY_NINE, waiting=7, closed_until=MONDAY_NINE + HOUR,
    )  # fmt: skip
    found = {one.name: one for one in health.problems(MONDAY_NINE)}
    assert {f"mailbox {account.pk}", f"silent mailbox {account.pk}"} <= set(found)
    assert not found[f"mailbox {account.pk}"].stops
    assert all("secret" not in one.words and "firm.example" not in one.words for one in found.values())
    text = metrics.text(MONDAY_NINE)
    assert f'firstline_mailbox_trouble{{mailbox="{account.pk}",trouble="reading"}} 1.0' in text
    assert f'firstline_mailbox_waiting{{mailbox="{account.pk}"}} 7.0' in text
    assert f'firstline_mailbox_left_alone{{mailbox="{account.pk}"}} 1.0' in text
    assert "firm.example" not in text


@pytest.mark.django_db
def test_what_waits_to_be_understood_is_counted() -> None:
    account = ours()
    take(letter(), account=account, at=MONDAY_NINE)
    assert of(account).waits == 1
