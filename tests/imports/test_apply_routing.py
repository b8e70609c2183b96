"""Where tickets go, as configuration: rules, what categories need, limits."""

from __future__ import annotations

import pytest

from firstline.imports import stage
from firstline.imports.apply_file import WrongFile
from firstline.lines.routing_models import RoutingRule, Share, SkillNeed
from firstline.roster.models import Skill
from tests import cast
from tests.lines.rules_made import sends

pytestmark = pytest.mark.django_db
FILE = """
[[routing_rule]]
slug = "networks-at-night"
name = "Сети ночью"
conditions = [{ field = "service", values = ["network"] }, { field = "time", values = ["22:00-06:00"] }]
team = "line2"
strategy = "least_loaded"

[[routing_rule]]
slug = "vip"
name = "VIP"
conditions = [{ field = "vip", values = ["yes"] }, { field = "client", values = ["east"], not = true }]
person = "lev"
sticks = true

[[skill_need]]
category = "paper-jam"
skill = "printers"
level = 2

[[ticket_limit]]
person = "olga"
most = 0
"""


def apply(text: str) -> dict[str, str]:
    return {
        f"{one.kind} {one.key}": one.result for one in stage.apply(text.encode(), at=cast.MONDAY_NINE, actor="test")
    }


def test_the_file_s_rules_stand_first_in_its_order_and_a_second_time_nothing_changes() -> None:
    cast.stage()
    Skill.objects.create(slug="printers", name="Принтеры")
    sends("made on the page", line=3)
    assert set(apply(FILE).values()) == {"created"}
    assert [rule.slug for rule in RoutingRule.objects.all()] == ["networks-at-night", "vip", "made-on-the-page"]
    assert SkillNeed.objects.get().level == 2
    assert Share.objects.get().most == 0
    assert set(apply(FILE).values()) == {"unchanged"}
    assert apply(FILE.replace("team", "line = 2\nteam"))["routing_rule networks-at-night"] == "changed"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('["22:00-06:00"]', '["22-6"]', "routing_rule[0].conditions[1].values"),
        ('"line2"', '"line9"', "routing_rule[0].team"),
        ('values = ["yes"]', 'value = ["yes"]', "routing_rule[1].conditions[0].value"),
        ('"printers"', '"poetry"', "skill_need[0].skill"),
        ("most = 0", "most = -1", "ticket_limit[0].most"),
    ],
)
def test_a_slip_is_named_by_its_place(old: str, new: str, place: str) -> None:
    cast.stage()
    Skill.objects.create(slug="printers", name="Принтеры")
    with pytest.raises(WrongFile) as wrong:
        apply(FILE.replace(old, new))
    assert wrong.value.problems[0].startswith(place)
    assert not RoutingRule.objects.exists()
