"""Ladders as configuration: set by the file, idempotently, refused with the path of what is wrong."""

from __future__ import annotations

import pytest

from firstline.imports import stage
from firstline.imports.apply_file import WrongFile
from firstline.lines.ladder_models import Ladder
from tests import cast

pytestmark = pytest.mark.django_db
FILE = """
[[calendar]]
slug = "day"
time_zone = "Europe/Moscow"
weekly = { mon = [["09:00", "18:00"]] }

[[ladder]]
slug = "vip"
name = "VIP"
hours = "day"
wait = 10
conditions = [{ field = "vip", values = ["yes"] }]
rungs = [
  { what = "clock", metric = "resolution", mark = 75, tell = ["line_lead", "on_call"] },
  { what = "clock", mark = 100, tell = ["manager"], channels = ["mail"], priority = 1 },
]

[[ladder]]
slug = "all"
name = "All"
rungs = [{ what = "handed_over", mark = 3, tell = ["manager"] }]
"""


def apply(text: str) -> dict[str, str]:
    results = stage.apply(text.encode(), at=cast.MONDAY_NINE, actor="test")
    return {key: result for table, key, result in results if table == "ladder"}


def test_it_sets_them_in_order_and_a_second_time_changes_nothing() -> None:
    cast.stage()
    assert apply(FILE) == {"vip": "created", "all": "created"}
    assert list(Ladder.objects.values_list("slug", flat=True)) == ["vip", "all"]
    since = list(Ladder.objects.values_list("since", flat=True))
    assert apply(FILE) == {"vip": "unchanged", "all": "unchanged"}
    assert list(Ladder.objects.values_list("since", flat=True)) == since
    assert apply(FILE.replace("wait = 10", "wait = 20"))["vip"] == "changed"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('tell = ["manager"] }]', 'tell = ["person:nobody"] }]', "ladder[1].rungs[0].tell"),
        ("mark = 75", "mark = 60", "ladder[0].rungs[0].mark"),
        ("mark = 75", "marks = 75", "ladder[0].rungs[0].marks"),
        ('tell = ["line_lead", "on_call"]', "tell = []", "ladder[0].rungs[0].tell"),
        ("wait = 10", "wait = 0", "ladder[0].wait"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(old: str, new: str, path: str) -> None:
    cast.stage()
    with pytest.raises(WrongFile) as refused:
        apply(FILE.replace(old, new))
    assert path in str(refused.value)
