"""What is served under /static/ is made once for each state of its sources: a start after a crash waits for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from pytest_django.fixtures import Settings

from firstline.web import gathered


@pytest.fixture
def sources(tmp_path: Path, settings: Settings) -> Path:
    """A house with one style and one picture."""
    folder = tmp_path / "sources"
    (folder / "ui").mkdir(parents=True)
    (folder / "ui" / "a.css").write_text("a { color: red }")
    (folder / "ui" / "b.svg").write_text("<svg/>")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [str(folder)], str(tmp_path / "static")
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    finders.get_finder.cache_clear()
    return folder


@pytest.fixture(autouse=True)
def finders_of_the_house() -> object:
    yield
    finders.get_finder.cache_clear()


def test_a_second_start_gathers_nothing(sources: Path) -> None:
    assert gathered.gather()
    assert not gathered.gather()


def test_a_changed_file_and_a_new_one_are_gathered(sources: Path, settings: Settings) -> None:
    gathered.gather()
    (sources / "ui" / "a.css").write_text("a { color: blue }")
    assert gathered.gather()
    (sources / "ui" / "c.css").write_text("c { color: blue }")
    assert gathered.gather()
    assert "blue" in "".join(one.read_text() for one in Path(settings.STATIC_ROOT).glob("ui/a.*.css"))


@pytest.mark.parametrize("lost", [gathered.MANIFEST, gathered.NOTE])
def test_what_was_gathered_halfway_is_gathered_again(sources: Path, settings: Settings, lost: str) -> None:
    gathered.gather()
    (Path(settings.STATIC_ROOT) / lost).unlink()
    assert gathered.gather()


def test_who_is_killed_while_gathering_begins_again(
    sources: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered.gather()
    (sources / "ui" / "a.css").write_text("a { color: blue }")

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(gathered, "call_command", killed)
        with pytest.raises(KeyboardInterrupt):
            gathered.gather()
    (sources / "ui" / "a.css").write_text("a { color: red }")
    assert gathered.gather()
