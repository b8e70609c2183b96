"""Who does what when at the demo company: every deed of its ninety days, worked out before the first is done. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from firstline.demo import moments
from firstline.demo.company_people import Agent, Cast, Requester
from firstline.demo.story import Line, Setting, Story, Voice, dear

LIVE = timedelta(hours=15)  # what came in since then is the pile of this morning
LIVE_SHARE = 10  # one of so many tellings
LIKED = (5, 5, 5, 5, 5, 4, 4, 4, 3, 2)
ON_SITE, TRAVEL = (35, 95), (25, 60)
GAPS = {
    ">": (2, 12), "<": (6, 85), "#": (3, 14), "!": (3, 15), "^": (8, 24), "v": (10, 30), "?": (1, 2), "~": (1, 3),
    "@<": (70, 400), "@": (2, 9), "+": (1, 4), "=": (4, 22), "x": (3, 20), "X": (15, 90),
}  # fmt: skip


class Act(NamedTuple):
    """One deed. `told` names the ticket within the plan."""

    at: datetime
    told: str
    verb: str
    by: str
    words: tuple[Any, ...]


@dataclass
class Telling:
    """A story that is being told: the moment, who has it, and the deeds so far."""

    story: Story
    told: str
    requester: Requester
    agent: Agent
    setting: Setting
    at: datetime
    is_live: bool
    acts: list[Act]
    before: tuple[Agent, ...] = ()
    touched: int = 0

    @property
    def rng(self) -> Random:
        return self.setting.rng

    def pass_time(self, least: int, most: int, *, agent: bool = True) -> None:
        """So many minutes pass; nobody of the desk works while it is closed, but those on duty."""
        self.at += timedelta(minutes=self.rng.randint(least, most) * self.story.pace, seconds=self.rng.randrange(60))
        is_urgent = self.story.impact == self.story.urgency == "high"
        if not self.is_live and not (agent and is_urgent):
            self.at = moments.awake(self.at)

    def act(self, verb: str, by: str, *words: Any) -> None:
        self.acts.append(Act(self.at, self.told, verb, by, words))

    def say(self, text: str) -> str:
        return self.setting.words(text, Voice(self.agent.name))

    def hear(self, text: str) -> str:
        return self.setting.words(text, Voice(self.requester.name))


def plan(stories: Sequence[Story], cast: Cast, *, count: int, now: datetime, seed: str = "firstline") -> list[Act]:
    """So many tickets' deeds until `now`, in order. The same stories, people and moment: the same deeds."""
    rng = Random(seed)  # noqa: S311 - a story, not a secret
    acts: list[Act] = []
    for number, (story, ask, start) in enumerate(_placed(stories, rng, count, now)):
        own = Random(f"{seed} {number}")  # noqa: S311
        acts += _tell(story, ask, start, f"{number}", cast, own, now)
    return sorted((act for act in acts if act.at <= now), key=lambda act: act.at)


def _placed(
    stories: Sequence[Story], rng: Random, count: int, now: datetime
) -> list[tuple[Story, tuple[str, str], datetime]]:
    """Which story is told with which words when. Each ask once before any is told a second time; those that stand
    alone (a twin, an outage, last month's) are told once."""
    tellings = [(story, ask) for story in stories for ask in story.asks]
    alone = {story.number for story in stories if story.twin or story.children or story.when}
    count -= sum(len(story.children) + (story.twin is not None) for story in stories)
    again = [one for one in tellings if one[0].number not in alone]
    while len(tellings) < count and again:
        rng.shuffle(again)
        tellings += again[: count - len(tellings)]
    tellings = tellings[:count] if len(tellings) > count else tellings
    rng.shuffle(tellings)
    here = now.astimezone(moments.ZONE).date()
    free = [one for one in tellings if not one[0].when]
    live = len(free) // LIVE_SHARE
    past = moments.arrivals(rng, len(free) - live, first=here - timedelta(days=89), last=here - timedelta(days=1))
    fresh = [now - timedelta(minutes=rng.triangular(3, LIVE.total_seconds() / 60, 45)) for _ in range(live)]
    placed = [(story, ask, start) for (story, ask), start in zip(free, [*past, *fresh], strict=True)]
    for story, ask in tellings:
        if story.when == "last month":
            placed.append((story, ask, moments.last_month(now, 3 + story.number % 17, 9 + story.number % 6)))
        elif story.when:
            placed.append((story, ask, now - timedelta(minutes=70 + story.number % 50)))
    return placed


def _tell(
    story: Story, ask: tuple[str, str], start: datetime, told: str, cast: Cast, rng: Random, now: datetime
) -> list[Act]:
    requester = cast.requester(story, rng)
    thing = cast.thing(story, requester.client, rng)
    is_live = now - start < LIVE or story.when == "now"
    agent = cast.agent(1, requester, rng, night=moments.is_night(start) and not is_live)
    setting = Setting(rng, _facts(story, requester, agent, cast, thing, rng))
    telling = Telling(story, told, requester, agent, setting, start, is_live, [])
    road = story.road or rng.choices(("email", "portal", "web"), (55, 35, 4))[0]
    if road == "phone":
        telling.at = start if is_live else moments.awake(start)
    _open(telling, ask, road, thing)
    if road == "phone":
        telling.pass_time(0, 1)
    else:
        telling.pass_time(
            *((25, 260) if is_live and not story.when else (3, 14) if story.urgency == "high" else (4, 40))
        )
    telling.act("take", agent.login)
    _gather(telling, cast)
    for line in story.talk:
        _line(telling, line, cast, road)
    _end(telling)
    return telling.acts


def _open(telling: Telling, ask: tuple[str, str], road: str, thing: str) -> None:
    story = telling.story
    by = telling.agent.login if road == "phone" else None
    telling.act(
        "open", telling.requester.login, telling.hear(ask[0]), telling.hear(ask[1]), road, by, thing, story,
    )  # fmt: skip


def _gather(telling: Telling, cast: Cast) -> None:
    """Those who say the same, and those whom it hit too: merged, and hung below."""
    story, rng = telling.story, telling.rng
    others = cast.colleagues(telling.requester, rng)
    for place, (subject, words) in enumerate(([story.twin] if story.twin else []) + list(story.children)):
        other, name = others[place % len(others)], f"{telling.told}.{place}"
        voice = Voice(other.name)
        asked = telling.acts[0].at + timedelta(minutes=4 + 3 * place, seconds=rng.randrange(60))
        telling.acts.append(
            Act(
                asked,
                name,
                "open",
                other.login,
                (telling.setting.words(subject, voice), telling.setting.words(words, voice), "email", None, "", story),
            )
        )
        at = max(telling.at, asked) + timedelta(minutes=3 + place)
        verb = "merge" if story.twin and place == 0 else "child"
        telling.acts.append(Act(at, name, verb, telling.agent.login, (telling.told,)))


def _line(telling: Telling, line: Line, cast: Cast, road: str) -> None:
    mark, words = line.mark, line.words
    by_client = mark in {"<", "X"}
    telling.pass_time(*GAPS[mark], agent=not by_client)
    me, requester = telling.agent.login, telling.requester.login
    if mark == "<":
        telling.act("reply", requester, telling.hear(words[0]), "portal" if road == "portal" else "email")
    elif mark == "X":
        telling.act("cancel", requester, telling.hear(words[0]))
    elif mark == "^":
        _hand_over(telling, words, cast)
    elif mark == "v":
        telling.act("send_back", me, telling.say(words[0]))
        telling.agent, telling.before = telling.before[-1], telling.before[:-1]
    elif mark == "~":
        hours = float(words[0])
        telling.act("hold", me, telling.at + timedelta(hours=hours), telling.say(words[1]))
        telling.at += timedelta(hours=hours)
    elif mark == "@":
        telling.act("ask_vendor", me, words[0], telling.say(words[1]), telling.say(words[2]))
    elif mark == "+":
        telling.act("invite", me, cast.agent(2, telling.requester, telling.rng, but=me).login, telling.say(words[0]))
    elif mark == "=":
        _solve(telling, telling.say(words[0]))
    else:
        verb = {">": "answer", "#": "note", "!": "call", "?": "wait", "x": "cancel", "@<": "vendor_answers"}[mark]
        telling.act(verb, me, telling.say(words[0]))


def _hand_over(telling: Telling, words: tuple[str, ...], cast: Cast) -> None:
    line, symptom = int(words[0][0]), telling.say(words[0][1:].strip())
    me = telling.agent
    telling.act("work", me.login, "remote", telling.rng.randint(8, 26))
    telling.act("hand_over", me.login, line, symptom, telling.say(words[1]), words[2])
    telling.before = (*telling.before, me)
    telling.agent = cast.agent(line, telling.requester, telling.rng, but=me.login)
    telling.pass_time(6, 45)
    telling.act("take", telling.agent.login)


def _solve(telling: Telling, how: str) -> None:
    story, rng, me = telling.story, telling.rng, telling.agent.login
    if story.visit:
        telling.act("work", me, "travel", rng.randint(*TRAVEL))
        telling.act("work", me, "on_site", rng.randint(*ON_SITE))
    else:
        telling.act(
            "work", me, "phone" if story.road == "phone" else "remote", rng.choice((4, 5, 7, 8, 12, 15, 18, 25))
        )
    telling.act("resolve", me, how, story.article, not story.visit)


def _end(telling: Telling) -> None:
    story, rng = telling.story, telling.rng
    if not story.done:
        return
    telling.pass_time(4, 30)
    _solve(telling, telling.say(rng.choice(story.done)))
    for place in range(len(story.children)):
        name = f"{telling.told}.{place + (story.twin is not None)}"
        at = telling.at + timedelta(minutes=2 + place)
        telling.acts.append(Act(at, name, "solve_with", telling.agent.login, (telling.told,)))
    will = rng.random()
    if will < 0.45:
        telling.pass_time(10, 400, agent=False)
        telling.act("confirm", telling.requester.login)
    if will < 0.3 or 0.45 < will < 0.52:
        telling.pass_time(1, 30, agent=False)
        score = rng.choice(LIKED)
        telling.act("rate", telling.requester.login, score, story.language)


def _facts(story: Story, requester: Requester, agent: Agent, cast: Cast, thing: str, rng: Random) -> dict[str, str]:
    return {
        "name": requester.name.split()[0],
        "dear": dear(requester.name, story.language),
        "me": agent.name.split()[0],
        "colleague": rng.choice(cast.colleagues(requester, rng)).name,
        "thing": cast.name_of(thing, story.language),
        "site": cast.site(requester.client, thing, story.language, rng),
        "n": str(rng.randint(3, 9)),
        "hm": f"{rng.randint(8, 16)}:{rng.randrange(0, 60, 5):02}",
        "pc": f"{requester.client[:2].upper()}-PC{rng.randint(11, 68)}",
    }
