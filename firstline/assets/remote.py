"""Programs of remote sessions: how they are called, and the address that opens a workplace in each of them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

PROGRAMS: Mapping[str, tuple[str, str]] = {
    "anydesk": ("AnyDesk", "anydesk:{}"),
    "teamviewer": ("TeamViewer", "teamviewer10://control?device={}"),
    "rustdesk": ("RustDesk", "rustdesk://connection/new/{}"),
}


def name_of(program: str) -> str:
    """As its makers write it."""
    known = PROGRAMS.get(program.lower())
    return known[0] if known else program


def address_of(program: str, number: str) -> str:
    """What one click opens; empty for a program that has no address. Ids are read aloud in groups of digits."""
    known = PROGRAMS.get(program.lower())
    bare = "".join(number.split())
    return known[1].format(quote(bare, safe="@")) if known and bare else ""
