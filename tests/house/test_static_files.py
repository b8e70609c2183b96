"""Static files as they are served: hashed, complete, within their weights, and from this house alone."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.files.base import File

from firstline.web.storage import StaticStorage

STATIC = Path(__file__).resolve().parents[2] / "firstline" / "web" / "static"
CSS_BUDGET, EVERY_PAGES_SCRIPTS, A_SCREENS_SCRIPTS = 20_000, 15_000, 8_000  # bytes after brotli, ui.md §5


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `collectstatic` makes, in a folder of its own."""
    folder = tmp_path_factory.mktemp("static")
    storage = StaticStorage(location=str(folder), base_url="/static/")
    paths = {}
    for finder in finders.get_finders():
        for path, source in finder.list([]):
            if path.startswith(("ui/", "vendor/", "django_htmx/")):
                with source.open(path) as content:
                    storage.save(path, File(content))
                paths[path] = (storage, path)
    failures = [(name, result) for name, _, result in storage.post_process(paths) if isinstance(result, Exception)]
    assert failures == []
    return folder


def weight(files: list[Path]) -> int:
    return sum(len(brotli.compress(file.read_bytes())) for file in files)


def one(folder: Path, pattern: str) -> str:
    return next(folder.glob(pattern)).read_text(encoding="utf-8")


def test_our_modules_import_one_another_by_hashed_names(collected: Path) -> None:
    plain = {
        script.name: names
        for script in collected.glob("ui/js/*.????????????.js")
        if (
            names := re.findall(
                r"""(?:import|from|import\()\s*["'](\.[^"']+?(?<!\.[0-9a-f]{12})\.js)["']""", script.read_text()
            )
        )
    }
    assert plain == {}, "end the import with a semicolon: Django rewrites only such"
    assert len(re.findall(r"\.[0-9a-f]{12}\.js", one(collected, "ui/js/app.????????????.js"))) >= 7


def test_the_editor_fetches_its_kit_by_the_hashed_name(collected: Path) -> None:
    assert re.search(
        r"import\(\"\.\./\.\./vendor/editor-kit\.[0-9a-f]{12}\.js\"\)", one(collected, "ui/js/editor.????????????.js")
    )


def test_the_fonts_of_the_style_sheet_are_there(collected: Path) -> None:
    sheet = one(collected, "ui/css/tokens.????????????.css")
    fonts = re.findall(r"url\(\"\.\./\.\./vendor/(fonts/[^\"]+)\"\)", sheet)
    assert len(fonts) == 2
    assert all((collected / "vendor" / font).exists() for font in fonts)


def test_every_static_file_has_a_compressed_twin(collected: Path) -> None:
    assert list(collected.glob("ui/css/tokens.????????????.css.br"))
    assert list(collected.glob("vendor/editor-kit.????????????.js.br"))


def test_the_style_sheets_of_a_page_stay_within_their_weight() -> None:
    """Every page has the house's sheets and its site's; an area's own are linked by the pages of that area."""
    sheets = {path.stem: weight([path]) for path in (STATIC / "ui" / "css").glob("*.css")}
    house = sum(sheets.pop(name) for name in ("tokens", "base", "components"))
    site = max(sheets.pop(name) for name in ("agent", "portal", "wiki"))
    assert sheets, "no area has a sheet of its own"
    assert house + site + sum(sorted(sheets.values())[-3:]) <= CSS_BUDGET


def brought(name: str) -> set[Path]:
    """A module and what it imports at once; what it fetches on demand is another's weight."""
    wanted, found = [STATIC / "ui" / "js" / name], set[Path]()
    while wanted:
        module = wanted.pop()
        if module not in found:
            found.add(module)
            imports = re.findall(r"""^import\b[^"';]*["']\./([\w-]+\.js)["']""", module.read_text(), re.MULTILINE)
            wanted += [module.parent / named for named in imports]
    return found


def test_our_own_scripts_stay_within_their_weight() -> None:
    everywhere = brought("app.js") | brought("boot.js")
    others = [path.name for path in (STATIC / "ui" / "js").glob("*.js") if path not in everywhere]
    assert others, "no screen has a module of its own"
    assert weight(sorted(everywhere)) <= EVERY_PAGES_SCRIPTS
    heavy = {name: it for name in others if (it := weight(sorted(brought(name) - everywhere))) > A_SCREENS_SCRIPTS}
    assert heavy == {}


def test_no_style_or_script_of_ours_names_another_host() -> None:
    found = {
        path.name: hits
        for path in (STATIC / "ui").rglob("*.*")
        if path.suffix in {".js", ".css"}
        and (hits := re.findall(r"https?://(?!www\.w3\.org)[\w.]+", path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_every_icon_that_a_template_or_the_code_names_is_in_the_sprite() -> None:
    symbols = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "vendor" / "icons.svg").read_text(encoding="utf-8")))
    house = STATIC.parents[1]
    named = {
        icon
        for path in house.rglob("*.html")
        for icon in re.findall(r"{%\s*icon\s+\"([\w-]+)\"", path.read_text(encoding="utf-8"))
    }
    assert named - symbols == set(), "add it to frontend/icons.txt"


def test_every_static_file_that_a_template_names_is_there() -> None:
    named = {
        name
        for path in STATIC.parents[1].rglob("*.html")
        for name in re.findall(r"{%\s*static\s+[\"']([^\"']+)[\"']", path.read_text(encoding="utf-8"))
    }
    assert {name for name in named if finders.find(name) is None} == set()


def test_the_licences_of_what_is_shipped_are_shipped_with_it() -> None:
    text = (STATIC / "vendor" / "LICENSES.txt").read_text(encoding="utf-8")
    for package in ("@tiptap/core", "idiomorph", "lucide-static", "@fontsource-variable/inter", "prosemirror-view"):
        assert f"{package} " in text
    assert "esbuild " not in text


def test_no_sheet_of_a_screen_styles_a_mark_of_the_shared_parts() -> None:
    """`.sla .ring` is the ring of a clock on every screen: a bare `.ring` elsewhere would dress all clocks, too."""
    sheets = {path.name: path.read_text() for path in (STATIC / "ui" / "css").glob("*.css")}
    marks = set(re.findall(r"^  \.sla \.([a-z-]+) \{", sheets["components.css"], re.MULTILINE))
    assert "ring" in marks
    bare = {
        (name, mark)
        for name, sheet in sheets.items()
        if name != "components.css"
        for mark in marks
        if re.search(rf"^\s+\.{mark}(?: \{{|,)", sheet, re.MULTILINE)
    }
    assert not bare
