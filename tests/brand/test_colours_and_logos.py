"""Every hue can be read in both themes; a logo is shapes and nothing else."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

import pytest

import firstline
from firstline.brand import colours, logos, sheet
from firstline.brand.logos import WrongLogo

TOKENS = Path(firstline.__file__).parent / "web/static/ui/css/tokens.css"
SPACE = 'xmlns="http://www.w3.org/2000/svg"'


def png(width: int = 10, height: int = 10) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\x00" + bytes(width) for _row in range(min(height, 10))))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("dark", [False, True])
def test_every_hue_can_be_read(dark: bool) -> None:
    assert min(colours.accent(hue, dark=dark).lowest for hue in range(360)) >= colours.AA


def test_the_figures_are_those_of_the_tokens() -> None:
    """What is computed here is what the stylesheet draws."""
    tokens = TOKENS.read_text()
    for name, pair in (
        ("accent", colours.ACCENT), ("accent-hi", colours.ACCENT_HI), ("accent-text", colours.ACCENT_TEXT),
        ("accent-soft", colours.ACCENT_SOFT),
    ):  # fmt: skip
        found = re.search(rf"--{name}: light-dark\(oklch\(([\d.]+) ([\d.]+) .*?oklch\(([\d.]+) ([\d.]+) ", tokens)
        assert found is not None
        assert tuple(map(float, found.groups())) == (*pair[0], *pair[1])


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert colours.contrast(colours.luminance(1, 0, 0), colours.luminance(0, 0, 0)) == pytest.approx(21, abs=0.01)
    assert colours.as_hex(0.505, 0.2, 268) == "#3654d5"


def test_the_sheet_is_a_hue_and_what_had_to_be_moved() -> None:
    assert sheet.written(None) == ""
    assert "--hue: 268;" in sheet.written(268)
    moved = [hue for hue in range(360) if colours.accent(hue).moved or colours.accent(hue, dark=True).moved]
    assert all("light-dark(" in sheet.written(hue) for hue in moved)


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><img src="x" onerror="1"/></body></foreignObject>',
        '<image href="https://elsewhere.example/x.png"/>',
        '<use href="https://elsewhere.example/x.svg#a"/>',
        '<a href="javascript:alert(1)"><path d="M0 0h1"/></a>',
        "<style>*{background:url(https://elsewhere.example)}</style>",
        '<animate attributeName="href" to="javascript:1"/>',
        '<path d="M0 0h9" fill="url(https://elsewhere.example#x)" style="fill:url(//elsewhere.example)"/>',
        '<path d="M0 0h9" onclick="alert(1)"/>',
    ],
)
def test_nothing_that_runs_or_calls_out_stays_in_an_svg(evil: str) -> None:
    kept, kind = logos.cleaned(f'<svg {SPACE} viewBox="0 0 9 9"><rect width="9" height="9"/>{evil}</svg>'.encode())
    text = kept.decode()
    assert kind == logos.SVG
    assert "<rect" in text
    for word in ("script", "elsewhere", "onclick", "onerror", "javascript", "style", "foreignObject", "image"):
        assert word not in text


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"GIF89a", "neither SVG nor PNG"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>', "a document type"),
        (f"<svg {SPACE} viewBox='0 0 1 1'><text>x</text></svg>".encode(), "nothing is drawn"),
        (f"<svg {SPACE}><path d='M0 0'/></svg>".encode(), "without a size"),
        (b"<svg <", "broken"),
        (f"<svg {SPACE} viewBox='0 0 1 1'>{'<path/>' * 600}</svg>".encode(), "too many shapes"),
        (b"<svg" + b" " * 70_000, "too large"),
        (png(2000, 10), "too wide or high"),
        (png()[:20], "broken"),
    ],
)
def test_what_is_no_logo_is_refused_by_name(content: bytes, problem: str) -> None:
    with pytest.raises(WrongLogo) as refused:
        logos.cleaned(content)
    assert refused.value.problem == problem


def test_a_small_png_is_kept_as_it_is() -> None:
    assert logos.cleaned(png()) == (png(), logos.PNG)
