"""HTML from outside: nothing dangerous comes through, nothing readable is lost, and twice cleaned is once cleaned."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstline.lib import html
from tests.bounded import linear

ALLOWED = set("p br strong em s code pre blockquote ul ol li a img h2 h3 table tr th td hr".split())  # noqa: SIM905
ATTRIBUTES = {"href", "title", "src", "alt", "colspan", "rowspan", "start", "class", "rel"}
SCHEMES = ("http:", "https:", "mailto:", "tel:", "cid:")

ATTACKS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><script>1</script></mtext>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href=' &#14; javascript:1'>x</a>",
    "<a href='JaVaScRiPt:1'>x</a>",
    "<a href='vbscript:1'>x</a>",
    "<a href='data:text/html,<script>1</script>'>x</a>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<img src=javascript:1>",
    "<iframe src=//evil></iframe>",
    "<object data=x>",
    "<embed src=x>",
    "<form action=//evil><input name=a><button>go</button></form>",
    "<base href=//evil>",
    "<link rel=stylesheet href=//evil>",
    "<meta http-equiv=refresh content='0;url=//evil'>",
    "<style>@import '//evil'</style>",
    "<p style='background:url(//evil)'>x</p>",
    "<noscript><p title='</noscript><img src=x onerror=1>'>",
    "<template><script>1</script></template>",
    "<textarea></textarea><script>1</script>",
    "<title></title><script>1</script>",
    "<xmp></xmp><script>1</script>",
    "<plaintext><script>1</script>",
    "<!--><script>1</script>-->",
    "<![CDATA[<script>1</script>]]>",
    "<a href=//evil.example>x</a>",
    "<a href=/desk/logout>x</a>",
    "<img src=/files/1>",
    "<a href='\\\\evil'>x</a>",
    "<table background=//evil><tr><td background=//evil>x</table>",
    "<form><form><input>",
    "<p id=csrf class='callout x'>y</p>",
    "<video src=x onerror=1>",
    "<details open ontoggle=1>x</details>",
    "<isindex action=javascript:1>",
    "<a xlink:href='javascript:1'>x</a>",
    "<p/onclick=1>x",
    "<<p>>",
    "<p title='\"><script>1</script>'>x</p>",
    "\x00<scr\x00ipt>1</scr\x00ipt>",
    "<img src='cid:a' srcset='//evil 1x'>",
    "<a href='https://ok.example' target=_blank ping=//evil>x</a>",
    "<ol start='javascript:1'><li>x</ol>",
    "<td colspan='9999999'>x",
    "<math><annotation-xml encoding='text/html'><script>1</script></annotation-xml></math>",
    "<select><option><script>1</script></select>",
    "<listing>&lt;img src=x onerror=1&gt;</listing>",
    "<form id=x></form><button form=x formaction=javascript:1>",
    "<svg><a href='javascript:1'><text>x</text></a></svg>",
]


class Reader(HTMLParser):
    """Every tag and attribute a browser's tokenizer would see."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def check_harmless(markup: str, local: bool = False) -> None:
    for tag, attributes in Reader(markup).seen:
        assert tag in ALLOWED, markup
        assert set(attributes) <= ATTRIBUTES, markup
        for name in ("href", "src"):
            address = attributes.get(name)
            if address is not None:
                assert address.lower().startswith(SCHEMES) or (
                    local and address.startswith("/") and address[1:2] not in "/\\"
                ), markup
        assert set((attributes.get("class") or "").split()) <= {"callout", "mention"}, markup


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_leaves_only_the_subset(attack: str) -> None:
    for local in (False, True):
        clean = html.sanitise(attack, local=local)
        check_harmless(clean, local)
        assert html.sanitise(clean, local=local) == clean


_PIECE = st.sampled_from(
    [
        *(
            f"<{tag}>"
            for tag in (
                *ALLOWED,
                "div",
                "b",
                "i",
                "font",
                "span",
                "center",
                "tbody",
                "h1",
                "script",
                "style",
                "svg",
                "math",
                "form",
                "noscript",
            )
        ),
        *(f"</{tag}>" for tag in (*ALLOWED, "div", "b", "i", "font", "span", "center", "h1", "script", "svg", "form")),
        "<a href='http://x.example/?a=1&b=2'>",
        "<a href=javascript:1>",
        "<img src=cid:1 alt='q\"'>",
        "<td colspan=2>",
        "<div style='display:none'>",
        "<p class='callout mention'>",
        "<blockquote type=cite>",
        "&nbsp;",
        "&lt;",
        "&amp;lt;",
        "<",
        ">",
        "&",
        '"',
        " ",
        "\n",
        "\t",
        "words",
        "ж",
        "\x00",
        "<!--",
        "-->",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(_PIECE, max_size=40).map("".join)))
def test_anything_becomes_the_subset_and_twice_is_once(markup: str) -> None:
    clean = html.sanitise(markup)
    check_harmless(clean)
    assert html.sanitise(clean) == clean


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(_PIECE, max_size=40).map("".join)))
def test_text_of_anything_has_neither_tags_of_ours_nor_nul(markup: str) -> None:
    assert "\x00" not in html.text(markup)


_WORDS = st.text(st.characters(categories=("L", "N", "P", "S"), exclude_characters="&<>") | st.sampled_from(" \n\t"))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_text_made_html_is_harmless(plain: str) -> None:
    check_harmless(html.from_text(plain))


@settings(max_examples=200, deadline=None)
@given(_WORDS)
def test_text_made_html_keeps_its_words(plain: str) -> None:
    assert html.crude_text(html.from_text(plain)).split() == plain.split()


@pytest.mark.parametrize(
    ("markup", "clean", "words"),
    [
        ("<div>one</div><div>two</div>", "<p>one<br>two</p>", "one\ntwo"),
        ("<p>one<p>two", "<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<div><br></div>two", "<p>one<br><br>two</p>", "one\n\ntwo"),
        ("<b>x</b> <i>y</i> <del>z</del>", "<p><strong>x</strong> <em>y</em> <s>z</s></p>", "x y z"),
        ("<h1>Head</h1><h6>small</h6>", "<h2>Head</h2><h3>small</h3>", "Head\n\nsmall"),
        (
            "<table><tr><td>A<td>1<tr><td>B<td>2</table>",
            "<table><tr><td>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr></table>",
            "A  1\nB  2",
        ),
        ("<table><tr><td><table><tr><td>inner</table></table>", "<p>inner</p>", "inner"),
        ("<table role=presentation><tr><td>a<td>b</table>", "<p>a<br>b</p>", "a\nb"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>", "  * a\n  * b"),
        ("<pre>  two\n lines</pre>", "<pre>  two\n lines</pre>", "  two\n lines"),
        ("<p style='display:none'>hidden</p>seen", "<p>seen</p>", "seen"),
        ("<img src='http://t.example/1.gif' width=1 height=1>seen", "<p>seen</p>", "seen"),
        ("<blockquote>q</blockquote>", "<blockquote><p>q</p></blockquote>", "q"),
        ("a &lt;script&gt; b", "<p>a &lt;script&gt; b</p>", "a <script> b"),
        (
            "<a href='mailto:a@b.example'>a</a>",
            '<p><a href="mailto:a@b.example" rel="noopener noreferrer nofollow">a</a></p>',
            "a",
        ),
        ("", "", ""),
        ("   ", "", ""),
    ],
)
def test_what_mail_programs_write_becomes_lines_and_paragraphs(markup: str, clean: str, words: str) -> None:
    assert html.sanitise(markup) == clean
    assert html.text(markup) == words


def test_addresses_within_the_site_stay_only_for_our_own_people() -> None:
    assert html.sanitise('<img src="/files/1">') == ""
    assert html.sanitise('<p><img src="/files/1"></p>', local=True) == '<p><img src="/files/1"></p>'
    assert html.sanitise('<p><a href="//evil">x</a></p>', local=True) == "<p>x</p>"


def test_web_addresses_in_text_become_links_without_the_full_stop() -> None:
    made = html.from_text("see https://firstline.example/a?b=1&c=2.\n\nnext <p>")
    assert '<a href="https://firstline.example/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">' in made
    assert made.endswith("</a>.</p><p>next &lt;p&gt;</p>")


@pytest.mark.parametrize(
    ("bomb", "reason"),
    [
        ("<div>" * 40_000, "html-too-deep"),
        ("<b><i>" * 40_000, "html-too-deep"),
        ("<table><tr><td>" * 5_000, "html-too-deep"),
        ("".join(f"<font color={number}>" for number in range(190)) + "<p>x" * 20_000, "html-too-deep"),
        ("<p>x</p>" * 50_000, "html-too-large"),
        ("a" * 2_000_001, "html-too-large"),
        ("<" * 1_000_000, None),
        ("<a " * 300_000, None),
        ("<p>" * 30_000, None),
        ("<!--" * 200_000, None),
        ("&" * 500_000, None),
        ("<br>" * 30_000, None),
    ],
)
def test_markup_made_to_be_slow_is_not_parsed_or_is_quick(bomb: str, reason: str | None) -> None:
    with linear():
        if reason is not None:
            assert html.why_unsafe(bomb) == reason
        html.sanitise(bomb)
        html.text(bomb)


def test_a_letter_of_many_lines_is_quick() -> None:
    markup = "<div><font face=Arial>Строка письма с <b>жирным</b> словом</font><br></div>" * 800
    with linear():
        html.text(markup * 20)
