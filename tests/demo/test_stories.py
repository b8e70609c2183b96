"""The stories of the full demo company: enough of them, told the same each time, and none twice in the same words."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from firstline.demo import full_company, moments, plan
from firstline.demo.story import Setting, Voice, line_of

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)  # Monday 09:00 in Moscow


def test_the_same_moment_brings_the_same_deeds() -> None:
    one = plan.plan(full_company.stories(), full_company.cast(), count=360, now=NOW)
    other = plan.plan(full_company.stories(), full_company.cast(), count=360, now=NOW)
    assert one == other
    assert one != plan.plan(full_company.stories(), full_company.cast(), count=360, now=NOW, seed="another")


def test_so_many_tickets_are_opened_in_the_order_of_time_and_within_ninety_days() -> None:
    acts = plan.plan(full_company.stories(), full_company.cast(), count=360, now=NOW)
    opened = [act for act in acts if act.verb == "open"]
    assert len(opened) == 360
    assert [act.at for act in acts] == sorted(act.at for act in acts)
    assert NOW - timedelta(days=91) < acts[0].at < NOW - timedelta(days=85)
    assert acts[-1].at <= NOW


def test_stories_are_many_and_each_client_writes_his_language() -> None:
    stories = full_company.stories()
    languages = Counter(story.language for story in stories)
    assert set(languages) == {"ru", "bg", "en"}
    assert languages["ru"] >= 20 <= languages["bg"]
    asks = [ask for story in stories for ask in story.asks]
    assert len({words for _subject, words in asks}) == len(asks)


@pytest.mark.parametrize("story", full_company.stories(), ids=lambda story: f"{story.language}-{story.number}")
def test_a_story_can_be_told_to_its_end(story: object) -> None:
    for seed in ("a", "b", "c"):
        acts = plan.plan([story], full_company.cast(), count=12, now=NOW, seed=seed)  # type: ignore[list-item]
        words = [word for act in acts for word in act.words if isinstance(word, str)]
        assert acts
        assert not [word for word in words if "{" in word or "|" in word]


def test_endings_follow_who_speaks() -> None:
    setting = Setting(plan.Random(1), {"name": "Мария"})
    assert setting.words("{name}, сделал{a}", Voice("Никита Ларин")) == "Мария, сделал"
    assert setting.words("я {готов|готова}", Voice("Ольга Смирнова")) == "я готова"


def test_a_line_without_a_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="no mark"):
        line_of("просто слова")


def test_nobody_works_at_night_but_those_on_duty() -> None:
    saturday = datetime(2026, 2, 28, 12, 30, tzinfo=UTC)
    assert moments.is_night(saturday)
    assert moments.awake(saturday).astimezone(moments.ZONE).strftime("%a %H") == "Mon 08"
    assert moments.awake(NOW) == NOW
