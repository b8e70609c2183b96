"""What Python draws instead of templates says the same as Django's tags; nothing typed becomes HTML."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.templatetags.i18n import TranslateNode
from django.utils import translation

from firstline.web.templatetags.fixed import Fixed

EVIL = "\"><b>&'"


def drawn(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize("language", ["ru", "bg", "en"])
def test_written_words_are_those_of_the_pages_language_also_after_another(language: str) -> None:
    template = Template('{% translate "Take" %}|{% translate "Open" context "key" %}')
    own = Template(
        '{% load translate from i18n %}{% translate "Take" as a %}{% translate "Open" context "key" as b %}'
        "{{ a }}|{{ b }}"
    )
    for one in ("ru", "bg", "en", language):
        with translation.override(one):
            said = template.render(Context())
            assert said == own.render(Context())
    assert [type(node) for node in template.nodelist if not hasattr(node, "s")] == [Fixed, Fixed]


def test_what_depends_on_the_page_is_looked_up_on_each() -> None:
    template = Template("{% translate words %}")
    assert isinstance(template.nodelist[0], TranslateNode)
    with translation.override("ru"):
        said = [template.render(Context({"words": words})) for words in ("Take", "Resolve")]
        assert said == [translation.gettext("Take"), translation.gettext("Resolve")]
        assert drawn('{% translate "Take" as name %}{{ name }}') == said[0]
        assert drawn('{% translate "Take"|lower %}') == translation.gettext("Take").lower()


def test_options_of_pairs_and_of_those_that_know_what_is_chosen() -> None:
    assert drawn("{% options of 2 %}", of=[(1, "one"), (2, EVIL)]) == (
        '<option value="1">one</option>'
        '<option value="2" selected>&quot;&gt;&lt;b&gt;&amp;&#x27;</option>'
    )  # fmt: skip
    assert drawn("{% options of %}", of=[("", "–", True), (EVIL, "x", False)]) == (
        '<option value="" selected>–</option><option value="&quot;&gt;&lt;b&gt;&amp;&#x27;">x</option>'
    )
    assert drawn('{% options of prefix="team:" %}', of=[("net", "Nets")]) == '<option value="team:net">Nets</option>'


def test_links_of_the_sidebar() -> None:
    one = SimpleNamespace(label=EVIL, href="/a/?b=1&c=2", icon="inbox", key="g q", count=120, hot=True, current=True)
    two = SimpleNamespace(label="plain", href="/", icon="inbox", key="", count=0, hot=False, current=False)
    said = drawn("{% entries of %}", of=[one, two])
    assert '<a class="nav" href="/a/?b=1&amp;c=2" aria-current="page" data-hotkey="g q"><svg' in said
    assert '<span class="trunc">&quot;&gt;&lt;b&gt;&amp;&#x27;</span><span class="count hot">99+</span></a>' in said
    assert '<a class="nav" href="/"><svg' in said
    assert said.endswith('<span class="trunc">plain</span></a>\n')
