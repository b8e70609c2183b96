"""Keys work in every layout of our people, and are silent where somebody types."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

# No database here: one run is enough.
pytestmark = pytest.mark.sqlite

BODY = """<body><button id="take" data-hotkey="a">take</button><button id="assign" data-hotkey="shift+a">assign</button>
<button id="send" data-hotkey="mod+enter">send</button><button id="tag" data-hotkey="#">tag</button>
<a id="queue" data-hotkey="g q" href="#queue">queue</a><input id="search" data-hotkey="/">
<button id="help" data-hotkey="?">help</button>
<button id="down" data-hotkey="d">down</button><button id="number" data-hotkey=".">number</button>
<button id="link" data-hotkey="shift+.">link</button><button id="fold" data-hotkey="[">fold</button>
<button id="timer" data-hotkey="alt+t">timer</button>
<p data-keys-last><button id="late" data-hotkey="y">late</button></p><button id="early" data-hotkey="y">early</button>
<div popover><a id="properties" data-hotkey="p" href="#properties">properties</a></div>
<p hidden><button id="gone" data-hotkey="x">gone</button></p>
</body>"""


def moved(keys: dict[str, str]) -> str:
    """The page of somebody who moved these."""
    return BODY.replace("<body>", f"<html data-keys='{json.dumps(keys)}'><body>")


@pytest.fixture
def keys(open_page: Callable[[str], Page], stand: object) -> Callable[..., list[str]]:
    """`keys({"key": "a", "code": "KeyA"}, …)` presses one after the other and returns the ids of what was pressed."""
    page = open_page(BODY)
    page.evaluate(
        """() => { window.pressed = []
        document.addEventListener('click', event => event.target.id && window.pressed.push(event.target.id)) }"""
    )

    def press(*events: dict[str, object], on: str = "body") -> list[str]:
        for event in events:
            page.eval_on_selector(
                on,
                """(target, event) => target.dispatchEvent(
                new KeyboardEvent('keydown', {bubbles: true, cancelable: true, ...event}))""",
                event,
            )
        return list(page.evaluate("window.pressed.splice(0)"))

    press.page = page  # type: ignore[attr-defined]
    return press


@pytest.mark.parametrize(
    ("event", "pressed"),
    [
        ({"key": "a", "code": "KeyA"}, ["take"]),
        ({"key": "A", "code": "KeyA", "shiftKey": True}, ["assign"]),
        ({"key": "A", "code": "KeyA"}, ["take"]),  # Caps Lock
        ({"key": "ф", "code": "KeyA"}, ["take"]),  # ЙЦУКЕН
        ({"key": "Ф", "code": "KeyA", "shiftKey": True}, ["assign"]),
        ({"key": "в", "code": "KeyD"}, ["down"]),
        ({"key": "а", "code": "KeyD"}, ["down"]),  # БДС
        ({"key": "a", "code": "KeyQ"}, ["take"]),  # AZERTY: what it types counts
        ({"key": "#", "code": "Digit3", "shiftKey": True}, ["tag"]),
        ({"key": "№", "code": "Digit3", "shiftKey": True}, ["tag"]),
        ({"key": "?", "code": "Digit7", "shiftKey": True}, ["help"]),
        ({"key": ".", "code": "Period"}, ["number"]),
        ({"key": ".", "code": "Slash"}, ["number"]),  # ЙЦУКЕН has it there
        ({"key": "ю", "code": "Period"}, ["number"]),
        ({"key": ">", "code": "Period", "shiftKey": True}, ["link"]),
        ({"key": "Ю", "code": "Period", "shiftKey": True}, ["link"]),
        ({"key": "х", "code": "BracketLeft"}, ["fold"]),
        ({"key": "†", "code": "KeyT", "altKey": True}, ["timer"]),
        ({"key": "Enter", "code": "Enter", "ctrlKey": True}, ["send"]),
        ({"key": "a", "code": "KeyA", "ctrlKey": True}, []),
        ({"key": "a", "code": "KeyA", "repeat": True}, []),
        ({"key": "a", "code": "KeyA", "isComposing": True}, []),
    ],
)
def test_a_key_does_what_its_layout_means(
    keys: Callable[..., list[str]], event: dict[str, object], pressed: list[str]
) -> None:
    assert keys(event) == pressed


def test_two_keys_one_after_the_other_go_somewhere(keys: Callable[..., list[str]]) -> None:
    assert keys({"key": "g", "code": "KeyG"}, {"key": "q", "code": "KeyQ"}) == ["queue"]
    assert keys({"key": "п", "code": "KeyG"}, {"key": "й", "code": "KeyQ"}) == ["queue"]
    assert keys({"key": "q", "code": "KeyQ"}) == []


def test_an_entry_of_a_closed_menu_has_its_key_and_what_is_hidden_has_none(keys: Callable[..., list[str]]) -> None:
    assert keys({"key": "p", "code": "KeyP"}) == ["properties"]
    assert keys({"key": "x", "code": "KeyX"}) == []


def test_who_types_presses_nothing_but_the_keys_with_ctrl(keys: Callable[..., list[str]]) -> None:
    assert keys({"key": "a", "code": "KeyA"}, on="#search") == []
    assert keys({"key": "Enter", "code": "Enter", "ctrlKey": True}, on="#search") == ["send"]


def test_single_keys_can_be_switched_off(keys: Callable[..., list[str]]) -> None:
    keys.page.evaluate("document.documentElement.dataset.hotkeys = 'off'")  # type: ignore[attr-defined]
    assert keys({"key": "a", "code": "KeyA"}) == []
    assert keys({"key": "Enter", "code": "Enter", "ctrlKey": True}) == ["send"]


def test_a_slash_leads_into_the_search(keys: Callable[..., list[str]]) -> None:
    keys({"key": "/", "code": "Slash"})
    assert keys.page.evaluate("document.activeElement.id") == "search"  # type: ignore[attr-defined]


def test_the_current_row_answers_before_the_page(open_page: Callable[[str], Page]) -> None:
    row = (
        '<tr data-row id="r{0}"><td><a data-open href="#t{0}">{0}</a><button data-hotkey="a" id="take{0}">take</button>'
    )
    page = open_page(
        f"<body><table data-rows>{''.join(row.format(n) for n in (1, 2, 3))}</table>"
        '<button data-hotkey="a" id="page">take</button></body>'
    )
    page.evaluate("document.addEventListener('click', event => (document.body.dataset.pressed = event.target.id))")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("a")
    assert page.evaluate("document.body.dataset.pressed") == "take2"
    page.keyboard.press("k")
    assert page.locator("[aria-current=true]").get_attribute("id") == "r1"
    page.keyboard.press("Enter")
    page.wait_for_url("**#t1")


def test_what_says_that_it_is_last_waits_for_others(keys: Callable[..., list[str]]) -> None:
    assert keys({"key": "y", "code": "KeyY"}) == ["early"]
    keys.page.evaluate("document.getElementById('early').remove()")  # type: ignore[attr-defined]
    assert keys({"key": "y", "code": "KeyY"}) == ["late"]


def test_a_moved_key_does_its_deed_in_its_new_place_alone(open_page: Callable[[str], Page]) -> None:
    page = open_page(moved({"a": "b", "d": "", "g q": "h q", "#": "a"}))
    page.evaluate("""() => { window.pressed = []
        document.addEventListener('click', event => event.target.id && window.pressed.push(event.target.id)) }""")
    for letter in ("b", "d", "a", "g", "q", "h", "q", "#"):
        page.keyboard.press(letter)
    assert page.evaluate("window.pressed") == ["take", "tag", "queue"]
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'и', code: 'KeyB', bubbles: true}))"
    )  # ЙЦУКЕН
    assert page.evaluate("window.pressed.at(-1)") == "take"
