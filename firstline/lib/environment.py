"""Settings come from the environment once, and each remembers where it came from (for `firstline doctor`)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from firstline.lib.zones import is_zone

LONGEST_NUMBER = 12


class WrongSetting(Exception):
    """A setting that Firstline cannot start with; the message names it and what is wrong."""


class Tolerance:
    """`firstline doctor` reads on past a wrong setting, with its default, and says so (cli/main.py)."""

    is_on = False


@dataclass(frozen=True)
class Setting:
    """One setting as it was read: `source` is "environment", "default" or "file"."""

    name: str
    value: str
    source: str
    meaning: str
    secret: bool = False


class Environment:
    """Reads settings and keeps the list of what was read, in order."""

    def __init__(self, values: dict[str, str] | None = None) -> None:
        self.values = dict(os.environ) if values is None else values
        self.read: list[Setting] = []
        self.wrong: dict[str, str] = {}  # what was read on past, with what is wrong with it

    def wrongly(self, name: str, why: WrongSetting) -> None:
        """Stops the program, or lets the doctor read on. Raises WrongSetting."""
        if not Tolerance.is_on:
            raise why
        self.wrong[name] = str(why)

    def text(self, name: str, default: str, meaning: str, *, secret: bool = False) -> str:
        given = self.values.get(name, "")
        value = given or default
        self.read.append(Setting(name, value, "environment" if given else "default", meaning, secret))
        return value

    def flag(self, name: str, default: bool, meaning: str) -> bool:
        value = self.text(name, "1" if default else "0", meaning).lower()
        if value not in {"0", "1", "true", "false", "yes", "no"}:
            self.wrongly(name, WrongSetting(f"{name}={value!r}: 1 or 0 was expected"))
            return default
        return value in {"1", "true", "yes"}

    def number(self, name: str, default: int, meaning: str, *, least: int = 0) -> int:
        value = self.text(name, str(default), meaning)
        if not (value.isascii() and value.isdigit() and len(value) <= LONGEST_NUMBER and int(value) >= least):
            self.wrongly(name, WrongSetting(f"{name}={value!r}: a whole number from {least} was expected"))
            return default
        return int(value)

    def choice(self, name: str, default: str, among: tuple[str, ...], meaning: str) -> str:
        value = self.text(name, default, f"{meaning}: {' or '.join(among)}").lower()
        if value not in among:
            self.wrongly(name, WrongSetting(f"{name}={value!r}: one of {', '.join(among)} was expected"))
            return default
        return value

    def zone(self, name: str, default: str, meaning: str) -> str:
        value = self.text(name, default, meaning)
        if not is_zone(value):
            self.wrongly(name, WrongSetting(f"{name}={value!r}: is not a time zone, such as {default}"))
            return default
        return value

    def folder(self, name: str, default: Path, meaning: str, *, make: bool = False) -> Path:
        folder = Path(self.text(name, str(default), meaning)).expanduser().resolve()
        if make:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as failed:
                raise WrongSetting(f"{name}={str(folder)!r}: {failed.strerror}") from failed
        return folder

    def names(self, name: str, default: str, meaning: str) -> list[str]:
        return [part.strip() for part in self.text(name, default, meaning).split(",") if part.strip()]

    def note(self, name: str, value: str, source: str, meaning: str, *, secret: bool = False) -> None:
        """Records a value that was found elsewhere than in the environment (a key file, say)."""
        self.read = [setting for setting in self.read if setting.name != name]
        self.read.append(Setting(name, value, source, meaning, secret))
