"""The whole map of keys (people/keyboard.py, ui.md §9) on the list and on the ticket, in three layouts: each key that
"?" lists does its deed, and each one of the map is listed. Clicks are caught before they do anything."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import CDPSession, Page, expect

from firstline.people import keyboard
from tests.journeys import moves
from tests.journeys.conftest import Seat
from tests.journeys.stage import Desk

pytestmark = pytest.mark.timeout(300)

LATIN = "qwertyuiopasdfghjklzxcvbnm"
# What the physical letters type, and where the signs are typed: (what it types, which key, with Shift).
LETTERS = {"en": LATIN, "ru": "йцукенгшщзфывапролдячсмить", "bg": ",уеишщксдзьяаожгтнвюйъэфхп"}
SIGNS = {
    "en": {"/": ("/", "Slash", 0), "?": ("?", "Slash", 1), "#": ("#", "Digit3", 1), "[": ("[", "BracketLeft", 0),
           ".": (".", "Period", 0), "shift+.": (">", "Period", 1)},
    "ru": {"/": ("/", "Backslash", 1), "?": ("?", "Digit7", 1), "#": ("№", "Digit3", 1), "[": ("х", "BracketLeft", 0),
           ".": (".", "Slash", 0), "shift+.": ("Ю", "Period", 1)},
    "bg": {"/": ("/", "Digit8", 1), "?": ("?", "Digit2", 1), "#": ("№", "Digit0", 1), "[": ("ц", "BracketLeft", 0),
           ".": (".", "Equal", 0), "shift+.": ("Л", "Period", 1)},
}  # fmt: skip
OF_BUTTONS = frozenset("rntewmyucps#") | {"shift+a", "shift+r", "g q"}
NAMED = {"enter": ("Enter", "Enter"), "space": (" ", "Space"), "escape": ("Escape", "Escape")}
ALT, CTRL, SHIFT = 1, 2, 8
# Nothing was done that Z could undo, no timer runs on the list, the ticket stands at one end of its list, and no
# exchange tells of calls.
ABSENT = {keyboard.LIST: {"z", "alt+t", "shift+n"}, keyboard.TICKET: {"z", "j", "k", "shift+n"}}
# Caught: what was clicked or has the focus, and whether the page took the key for itself.
CATCH = """
window.caught = []
addEventListener("click", event => {
  event.preventDefault()
  event.stopImmediatePropagation()
  const one = event.target.closest("[data-hotkey], a, button, summary, input")
  caught.push(one?.dataset.hotkey ?? one?.localName)
}, true)
addEventListener("keydown", event => event.defaultPrevented && caught.push("taken"))
"""
TIDY = """
document.querySelectorAll("dialog[open]").forEach(one => one.close())
document.querySelectorAll(":popover-open").forEach(one => one.hidePopover())
if (!document.activeElement.matches("a[data-open]")) document.activeElement.blur()
caught.length = 0
"""


@dataclass(frozen=True)
class Stroke:
    key: str
    code: str
    modifiers: int


def strokes(combo: str, layout: str) -> list[Stroke]:
    """What a hand presses for it: two strokes for "g q"."""
    found = []
    for part in combo.split(" "):
        *held, key = part.split("+")
        modifiers = sum({"alt": ALT, "mod": CTRL, "shift": SHIFT}[one] for one in held)
        if part in SIGNS[layout]:
            typed, code, shift = SIGNS[layout][part]
            modifiers |= SHIFT * shift
        elif key in NAMED:
            typed, code = NAMED[key]
        elif key.isdigit():
            typed, code = key, f"Digit{key}"
        else:
            typed, code = LETTERS[layout][LATIN.index(key)], f"Key{key.upper()}"
            typed = typed.upper() if "shift" in held else typed
        found.append(Stroke(typed, code, modifiers))
    return found


def press(session: CDPSession, stroke: Stroke) -> None:
    pressed = {"key": stroke.key, "code": stroke.code, "modifiers": stroke.modifiers}
    if stroke.key == "Enter":
        pressed |= {"text": "\r", "windowsVirtualKeyCode": 13}
    for kind in ("keyDown", "keyUp"):
        session.send("Input.dispatchKeyEvent", {"type": kind, **pressed})


def listed(page: Page) -> set[str]:
    """What the dialog of "?" says of this page."""
    page.evaluate("document.activeElement.blur()")
    page.locator("[data-keys-list]").first.evaluate("button => button.click()")
    expect(page.locator("dialog#keys")).to_be_visible()
    found = set(page.locator("dialog#keys [data-key]").evaluate_all("rows => rows.map(row => row.dataset.key)"))
    page.locator("dialog#keys").evaluate("dialog => dialog.close()")
    return found


def try_all(page: Page, place: str, layout: str) -> None:
    known = {*keyboard.KEYS[keyboard.EVERYWHERE], *keyboard.KEYS[place]}
    said = listed(page)
    assert known - said <= ABSENT[place], known - said
    assert said <= known, said - known
    session = page.context.new_cdp_session(page)
    page.evaluate(CATCH)
    silent = {}
    for combo in sorted(said):
        page.evaluate(TIDY)
        if place == keyboard.LIST and combo != "j":
            for stroke in strokes("j", layout):
                press(session, stroke)
            page.evaluate("caught.length = 0")
        if combo.startswith("mod+") and combo.endswith("enter"):
            page.locator("#body").focus()
        for stroke in strokes(combo, layout):
            press(session, stroke)
        caught = page.evaluate("[...caught, document.activeElement.dataset.hotkey]")
        if combo in {"space", "mod+k"}:
            expect(page.locator("dialog:modal")).to_be_visible()  # fetched first; it would swallow the next key
        wanted = {combo, "taken"} | ({"a"} if combo == "enter" else set())
        of_a_button = combo in OF_BUTTONS and combo not in caught
        if of_a_button or not wanted & set(caught):
            silent[combo] = caught
    assert not silent, f"{place}, {layout}: {silent}"


@pytest.mark.parametrize("layout", list(LETTERS))
def test_each_key_of_the_map_does_its_deed(desk: Desk, seat: Seat, layout: str) -> None:
    crew = desk.crews["bg" if layout == "bg" else "ru"]
    mark = uuid4().hex[:6]
    for name in ("one", "two"):
        desk.deliver(
            crew, subject=f"{name} {mark}", text="…", message_id=f"<{uuid4().hex}@{crew.language}.example>",
            sender="caller",
        )  # fmt: skip
    page = seat(crew.manager)
    page.goto(f"{desk.url}/desk/queue/?q={mark}")
    moves.row(page, f"two {mark}").wait_for()
    moves.row(page, f"one {mark}").wait_for()
    expect(page.locator("[data-live=ok]")).to_be_attached()
    try_all(page, keyboard.LIST, layout)
    page.goto(f"{desk.url}/desk/queue/?q={mark}")
    moves.row(page, f"one {mark}").locator("a[data-open]").click()
    page.wait_for_url("**/desk/tickets/*/")
    expect(page.locator("[data-live=ok]")).to_be_attached()
    assert len({"j", "k"} & listed(page)) == 1
    try_all(page, keyboard.TICKET, layout)
