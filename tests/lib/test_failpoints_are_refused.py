"""A failpoint that could not work is refused at the start: its test would prove nothing."""

from __future__ import annotations

import pytest

from firstline.lib import failpoints
from firstline.lib.environment import WrongSetting


@pytest.mark.parametrize(
    "asked", ["nowhere:kill", "web.after_commit", "web.after_commit:halt", "web.after_commit:kill:0"]
)
def test_a_failpoint_that_nobody_would_reach_is_refused(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTLINE_TESTING", "1")
    monkeypatch.setenv("FIRSTLINE_FAILPOINT", asked)
    with pytest.raises(WrongSetting, match="FIRSTLINE_FAILPOINT"):
        failpoints.check()


def test_outside_tests_every_failpoint_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTLINE_FAILPOINT", "web.after_commit:kill")
    monkeypatch.setenv("FIRSTLINE_TESTING", "0")
    with pytest.raises(WrongSetting, match="FIRSTLINE_TESTING=1"):
        failpoints.check()


@pytest.mark.parametrize("name", failpoints.NAMES)
def test_each_known_one_may_be_asked_for(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTLINE_TESTING", "1")
    for how in ("kill", "stop", "error", "error:3"):
        monkeypatch.setenv("FIRSTLINE_FAILPOINT", f"{name}:{how}")
        failpoints.check()
