"""The real thing: `firstline serve` as a process of its own, with its own home and database, on a free port."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page

from firstline.web import gathered
from tests.real import engine
from tests.real.programs import free_port, start, stop, wait_until

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(sys.executable).parent / "firstline"
READY_SECONDS = 60


@dataclass
class Login:
    """One demo person, as `firstline demo --json` prints it."""

    login: str
    password: str
    role: str
    client: str | None
    email: str


@dataclass
class Site:
    """A desk of its own. `run` calls the command in its environment; `start` and `stop` work any number of times."""

    home: Path
    environment: dict[str, str]
    port: int
    process: subprocess.Popen[bytes] | None = None
    logins: list[Login] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the server said."""
        return self.home / "serve.log"

    def run(
        self, *arguments: str, input: bytes | None = None, timeout: float = 120
    ) -> subprocess.CompletedProcess[bytes]:
        """Run `firstline ARGUMENTS` beside the server and return what it printed. The caller judges its exit code."""
        return subprocess.run(
            [COMMAND, *arguments],
            input=input,
            capture_output=True,
            timeout=timeout,
            env=self.environment,
            cwd=ROOT,
            check=False,
        )

    def must(self, *arguments: str, input: bytes | None = None, timeout: float = 120) -> list[Any]:
        """Run `firstline ARGUMENTS`, demand exit 0, and return the JSON lines of its standard output."""
        done = self.run(*arguments, input=input, timeout=timeout)
        assert done.returncode == 0, (
            f"firstline {' '.join(arguments)}: {done.returncode}\n{done.stderr.decode()[-4000:]}"
        )
        return [json.loads(line) for line in done.stdout.decode().splitlines() if line.startswith("{")]

    def demo(self) -> list[Login]:
        """Load the demo company and remember its people."""
        self.logins = [Login(**row) for row in self.must("demo", "--json")]
        return self.logins

    def person(self, role: str, client: str | None = None) -> Login:
        """Return a demo person of that role (and client)."""
        return next(p for p in self.logins if p.role == role and (client is None or p.client == client))

    def sign_in(self, page: Page, person: Login) -> None:
        """Sign in through the form, as a person does."""
        page.goto(f"{self.url}/account/login/")
        page.fill("[name=login]", person.login)
        page.fill("[name=password]", person.password)
        page.locator("form[action='/account/login/'] button:not([formaction])").click()
        page.wait_for_url(lambda address: "/account/" not in address)

    def with_static_files(self) -> None:
        """Gathered already: it takes seconds, and is no part of what is tested here."""
        shutil.copytree(_static(), self.home / "static", dirs_exist_ok=True)

    def start(self, *arguments: str, extra: dict[str, str] | None = None) -> None:
        """Serve, and return when /readyz says that work is accepted."""
        self.with_static_files()
        self.process = start(
            [COMMAND, "serve", "--host", "127.0.0.1", "--port", str(self.port), *arguments],
            log=self.log, env={**self.environment, **(extra or {})}, cwd=ROOT,
        )  # fmt: skip
        wait_until(self.is_ready, seconds=READY_SECONDS, what="firstline serve", process=self.process, log=self.log)

    def is_ready(self) -> bool:
        """Whether /readyz answers 200."""
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self, *, by: signal.Signals = signal.SIGTERM) -> int:
        """End the server. Returns its exit code."""
        assert self.process is not None, "the site was not started"
        code = stop(self.process, by=by, seconds=30)
        self.process = None
        return code

    def close(self) -> None:
        """Stop, and remove the home."""
        if self.process is not None:
            self.stop()
        shutil.rmtree(self.home, ignore_errors=True)


def new_site(name: str, **settings: str) -> Site:
    """Return a migrated, empty desk on the engine of this run. `settings` are further environment variables."""
    home = Path(tempfile.mkdtemp(prefix=f"firstline-{name}-"))
    port = free_port()
    database = engine.new_database(f"{name}_{engine.WORKER or 'main'}_{port}", home=home)
    return Site(home=home, environment=_environment(home, port, database, settings), port=port)


def _environment(home: Path, port: int, database: str, settings: dict[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("FIRSTLINE_", "DJANGO_", "PYTEST_"))}
    return {
        **kept,
        "FIRSTLINE_HOME": str(home),
        "DATABASE_URL": database,
        "FIRSTLINE_TESTING": "1",
        "FIRSTLINE_BASE_URL": f"http://127.0.0.1:{port}",
        **settings,
    }


@functools.cache
def _static() -> Path:
    """The static files as a desk serves them, gathered once for each state of their sources: it takes seconds."""
    kept = ROOT / ".pytest_cache" / f"static-{gathered.digest()[:16]}"
    if not kept.is_dir():
        kept.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="static-", dir=kept.parent) as home:
            code = "import django; django.setup()\nfrom firstline.web.gathered import gather\ngather()"
            environment = {**os.environ, "FIRSTLINE_HOME": home, "DJANGO_SETTINGS_MODULE": "firstline.settings"}
            subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=True)
            with contextlib.suppress(OSError):  # another process of this run was quicker
                (Path(home) / "static").rename(kept)
    return kept
