"""An article's Markdown is drawn as safe HTML of the fixed subset."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from firstline.knowledge.render import contents_of, html_of


def test_headings_begin_below_the_title_and_have_anchors_for_the_contents() -> None:
    text = "# Проверьте `кабель`\n\nДа.\n\n### Ещё\n"
    assert html_of(text) == '<h2 id="part-1">Проверьте <code>кабель</code></h2>\n<p>Да.</p>\n<h3 id="part-2">Ещё</h3>\n'
    assert [(h.level, h.anchor, h.title) for h in contents_of(text)] == [
        (2, "part-1", "Проверьте кабель"),
        (3, "part-2", "Ещё"),
    ]


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))


def _elements(drawn: str) -> list[tuple[str, list[tuple[str, str | None]]]]:
    reader = _Elements()
    reader.feed(drawn)
    return reader.found


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[сюда](javascript:alert(1))",
        '[a](https://a.example "x\\" onclick=alert(1)")',
        "![p](data:text/html;base64,PHNjcmlwdD4=)",
        "![p](//elsewhere.example/p.png)",
        "![p](https://elsewhere.example/p.png)",
        "<style>*{display:none}</style>",
        '<p style="x" onclick="y">z</p>',
    ],
)
def test_nothing_hostile_gets_through(hostile: str) -> None:
    for tag, attributes in _elements(html_of(hostile)):
        assert tag in {"p", "a", "img"}
        for name, value in attributes:
            assert name in {"href", "title", "alt", "rel", "src"}
            assert value is None or not value.startswith(("javascript:", "data:", "//")) or name in {"title", "alt"}
            assert name != "src"


def test_what_may_scroll_can_be_reached_by_keyboard() -> None:
    assert '<pre tabindex="0">' in html_of("```\nGet-Disk\n```\n")
    assert 'tabindex="0"><table>' in html_of("| a | b |\n|---|---|\n| 1 | 2 |\n")


def test_links_leave_without_telling_where_from() -> None:
    assert 'rel="noopener noreferrer nofollow"' in html_of("[сайт](https://a.example/)")
    assert '<img src="/kb/files/7" alt="схема">' in html_of("![схема](/kb/files/7)")
