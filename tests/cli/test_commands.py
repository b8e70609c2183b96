"""The command from outside: exit codes and one JSON object a line, as interfaces.md promises."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.real import migrated

# Its homes hold a file of their own, whatever the engine; a demo is made four times, each in processes of its own.
pytestmark = [pytest.mark.sqlite, pytest.mark.timeout(600)]

ROOT = Path(__file__).resolve().parents[2]
WEEK = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def firstline(*arguments: str, home: Path, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("FIRSTLINE_", "DATABASE_URL"))}
    environment = {**kept, "FIRSTLINE_HOME": str(home), "FIRSTLINE_TESTING": "1", **more}
    command = [sys.executable, "-m", "firstline", *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, env=environment, cwd=ROOT)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    shutil.copyfile(migrated.sqlite_file(), folder / "firstline.sqlite3")
    return folder


@pytest.mark.parametrize(
    "arguments",
    [(), ("fly",), ("apply",), ("sla",), ("worker", "--sideways"), ("intake", "show", "9" * 30),
     ("serve", "--workers", "0"), ("web", "--port", "70000"), ("kb", "search", "x", "--limit", "-1"),
     ("intake", "list", "--limit", "-1")],
)  # fmt: skip
def test_wrong_usage_is_64(arguments: tuple[str, ...], home: Path) -> None:
    answer = firstline(*arguments, home=home)
    assert (answer.returncode, answer.stdout) == (64, "")
    assert "usage" in answer.stderr


def test_calendar_questions_are_answered_line_by_line_and_a_wrong_one_in_words(home: Path) -> None:
    calendar = {"time_zone": "Europe/Sofia", "weekly": WEEK}
    question = {"id": "x", "calendar": calendar, "op": "add", "start": "2026-03-06T17:00:00+02:00", "minutes": 120}
    answer = firstline("calendar", "compute", home=home, given=f"{json.dumps(question)}\nnot json\n")
    lines = [json.loads(line) for line in answer.stdout.splitlines()]
    assert answer.returncode == 0
    assert lines[0]["id"] == "x"
    assert lines[0]["due"].startswith("2026-03-09T")
    assert "error" in lines[1]


def test_apply_says_what_it_did_and_a_slip_is_65_with_its_place(home: Path, tmp_path: Path) -> None:
    example = ROOT / "examples" / "desk.toml"
    first = firstline("apply", str(example), home=home)
    again = firstline("apply", str(example), home=home)
    assert {json.loads(line)["result"] for line in first.stdout.splitlines()} == {"created"}
    assert {json.loads(line)["result"] for line in again.stdout.splitlines()} == {"unchanged"}
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[[team]]\nslug = "x"\nname = "X"\nline = 7\n', encoding="utf-8")
    refused = firstline("apply", str(wrong), home=home)
    assert (refused.returncode, refused.stdout) == (65, "")
    assert "team[0].line" in refused.stderr
    assert firstline("apply", str(tmp_path / "nowhere.toml"), home=home).returncode == 64


def test_a_backup_that_is_not_there_is_64(tmp_path: Path) -> None:
    assert firstline("restore", str(tmp_path / "nowhere.zip"), home=tmp_path / "new").returncode == 64


def test_an_unknown_ticket_is_65(home: Path) -> None:
    assert firstline("sla", "explain", "4711", home=home).returncode == 65
    assert firstline("sla", "explain", "9" * 30, home=home).returncode == 65


def test_an_empty_desk_is_sound_and_its_clocks_agree(home: Path) -> None:
    assert firstline("check-integrity", home=home).returncode == 0
    assert firstline("sla", "replay", "--all", home=home).returncode == 0


def test_the_doctor_names_every_setting_and_hides_secrets(home: Path) -> None:
    answer = firstline("doctor", home=home, EMAIL_URL="smtp://desk:sesame@mail.example:25")
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    settings = {row["setting"]: row for row in rows if "setting" in row}
    assert settings["FIRSTLINE_HOME"]["source"] == "environment"
    assert settings["FIRSTLINE_SECRET_KEY"]["source"].startswith("file")
    assert "sesame" not in answer.stdout + answer.stderr
    assert (home / "secret.key").read_text().strip() not in answer.stdout


def test_failpoints_are_listed(home: Path) -> None:
    assert "register.before_commit" in firstline("doctor", "--failpoints", home=home).stdout.splitlines()


def test_a_wrong_setting_stops_it_loudly(home: Path) -> None:
    answer = firstline("doctor", home=home, DATABASE_URL="oracle://x")
    assert answer.returncode == 78
    assert "DATABASE_URL" in answer.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("FIRSTLINE_TIME_ZONE", "Europe/Nowhere"), ("FIRSTLINE_DISK_FLOOR_MB", "much"), ("DATABASE_URL", "oracle://x"),
     ("DATABASE_URL", "postgresql://host:port/name"), ("DATABASE_URL", "postgresql://["), ("FIRSTLINE_DNS", ":::"),
     ("FIRSTLINE_MAIL_TAGS", "perhaps")],
)  # fmt: skip
def test_the_doctor_names_every_setting_where_one_is_wrong_too(home: Path, name: str, value: str) -> None:
    whole = [json.loads(line) for line in firstline("doctor", home=home).stdout.splitlines()]
    answer = firstline("doctor", home=home, **{name: value})
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    assert answer.returncode == 78, answer.stderr
    assert [row.get("setting") for row in rows] == [row.get("setting") for row in whole]
    assert next(row for row in rows if row.get("setting") == name)["problem"]
    assert name.removeprefix("FIRSTLINE_DNS") in answer.stderr
    assert "Traceback" not in answer.stderr
    # Every other command stops at it.
    other = firstline("outbox", "list", home=home, **{name: value})
    assert (other.returncode, other.stdout) == (78, "")
    assert "Traceback" not in other.stderr


def test_the_doctor_says_by_its_code_that_the_database_is_away(home: Path) -> None:
    answer = firstline("doctor", home=home, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert answer.returncode == 69
    assert json.loads(answer.stdout.splitlines()[-1])["check"] == "database"


def test_a_home_that_cannot_be_one_is_named_and_not_traced(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file")
    answer = firstline("doctor", home=home)
    assert (answer.returncode, answer.stdout) == (78, "")
    assert answer.stderr.startswith("firstline: FIRSTLINE_HOME=")
    assert firstline("intake", "email", home=home, given="From: a@b.example").returncode == 75


def test_output_that_cannot_be_written_is_75_in_words(home: Path) -> None:
    with open("/dev/full", "wb") as full:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("FIRSTLINE_", "DATABASE_URL"))}
        environment = {**kept, "FIRSTLINE_HOME": str(home), "FIRSTLINE_TESTING": "1"}
        command = [sys.executable, "-m", "firstline", "doctor"]
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, env=environment, cwd=ROOT)
    assert ended.returncode == 75
    assert "No space left" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_moved_clock_is_refused_outside_of_tests(home: Path) -> None:
    answer = firstline("doctor", home=home, FIRSTLINE_NOW="2026-01-01T00:00:00Z", FIRSTLINE_TESTING="0")
    assert answer.returncode == 78


def test_a_database_that_is_away_is_69(home: Path) -> None:
    answer = firstline("sla", "replay", home=home, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert answer.returncode == 69
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("command", [("backup", "state.backup"), ("outbox", "list")])
def test_an_empty_database_says_what_to_run(command: tuple[str, ...], tmp_path: Path) -> None:
    home = tmp_path / "home"
    arguments = [str(tmp_path / one) if one.endswith(".backup") else one for one in command]
    answer = firstline(*arguments, home=home)
    assert (answer.returncode, answer.stdout) == (69, "")
    assert "run `firstline migrate` first" in answer.stderr
    assert "no such table" not in answer.stderr


def test_the_demo_company_is_made_once_the_same_and_prints_its_logins(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    assert firstline("migrate", home=folder).returncode == 0
    first = firstline("demo", "--json", home=folder)
    again = firstline("demo", "--json", home=folder)
    assert first.stdout == again.stdout
    logins = [json.loads(line) for line in first.stdout.splitlines()]
    assert set(logins[0]) == {"login", "password", "role", "client", "email"}
    requesters = {row["client"] for row in logins if row["role"] == "requester"}
    assert len(requesters) >= 2
    assert firstline("check-integrity", home=folder).stdout == ""
    assert firstline("sla", "replay", "--all", home=folder).returncode == 0
    drained = firstline("worker", "--drain", home=folder)
    assert drained.returncode == 0
    letters = [json.loads(line) for line in firstline("outbox", "list", home=folder).stdout.splitlines()]
    # What is so today (it is a weekend, and nobody is here) may be told.
    assert [one for one in letters if one["ticket"] is not None] == [], "nobody is told of the demo's past"


def test_a_demo_is_thrown_away_by_one_command_and_a_real_desk_never(home: Path, tmp_path: Path) -> None:
    real = firstline("demo", "--reset", home=home)
    assert (real.returncode, real.stdout) == (65, "")
    assert "nothing was touched" in real.stderr
    folder = tmp_path / "demo"
    assert firstline("migrate", home=folder).returncode == 0
    first = firstline("demo", "--json", home=folder)
    assert firstline("token", "create", "--user", "olga", home=folder).returncode == 0
    again = firstline("demo", "--json", "--reset", home=folder)
    assert (again.returncode, again.stdout) == (0, first.stdout)
    assert firstline("check-integrity", home=folder).returncode == 0
    own = tmp_path / "own.toml"
    own.write_text('[[client]]\nslug = "ours"\nname = "Наши"\nlanguage = "ru"\n', encoding="utf-8")
    assert firstline("apply", str(own), home=folder).returncode == 0
    kept = firstline("demo", "--reset", home=folder)
    assert kept.returncode == 65
    assert "ours" in kept.stderr
