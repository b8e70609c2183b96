"""What a contract's rules refuse stands beside its field, and above all of it a way there; nothing typed is lost."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from tests import cast
from tests.web.manager.test_contracts_are_kept_by_the_account_manager import PAGE, begun, form_of, signed_in

pytestmark = pytest.mark.django_db
EDIT = f"{PAGE}2/edit/"
INDICATOR = {"indicator-0-kind": "remote_share", "indicator-0-goal": "90"}
WRONG = [
    ({"monthly_fee": "a hundred"}, "monthly_fee", "An amount with at most two decimals is needed."),
    ({"penalty_cap": "-5 %"}, "penalty_cap", "A sum such as 500 or a share such as 1.5 % is needed."),
    ({"to": "2020-01-01"}, "to", "It ends before it begins."),
    ({"to": "2027-02-31"}, "to", "This is not a date."),
    ({"line-0-p3": "1 h", "line-0-p3-goal": "150"}, "line-0-p3-goal", "A percentage up to 100 is needed."),
    ({**INDICATOR, "indicator-0-goal": "101"}, "indicator-0-goal", "A percentage up to 100 is needed."),
    ({**INDICATOR, "indicator-0-source": "x" * 250}, "indicator-0-source", "Longer than 200 characters."),
    (
        {"penalty-0-kind": "compliance", "penalty-0-steps": "90 %: 0\n95 %: 5"},
        "penalty-0-steps",
        "The best share stands first, each next one is worse.",
    ),
    ({"inner_term-0-stage": "line1", "inner_term-0-share": "400"}, "inner_term-0-share", "A percentage up to 100"),
]


@pytest.mark.parametrize(("typed", "name", "words"), WRONG, ids=[name for _typed, name, _words in WRONG])
def test_the_words_stand_at_the_field(typed: dict[str, str], name: str, words: str) -> None:
    s: SimpleNamespace = cast.stage()
    begun(s)
    browser = signed_in(s.anna)
    sent = form_of(browser.get(EDIT).content.decode()) | {"currency": "EUR", "monthly_fee": "1000"} | typed

    refused = browser.post(EDIT, sent)

    page = refused.content.decode()
    assert refused.status_code == 422
    (tag,) = re.findall(rf'<(?:input|textarea|select)[^>]* name="{re.escape(name)}"[^>]*>', page)
    assert 'aria-invalid="true"' in tag
    assert f"{name}-problem" in tag
    beside = page.split(f'id="{name}-problem"')[1].split("</span>")[0]
    assert words in beside
    assert f'href="#{name}"' in page
    kept = form_of(page)
    assert {key: kept[key] for key in typed} == typed
