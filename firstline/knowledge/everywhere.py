"""One question to everything: tickets, articles, people. Where nothing has the words as they were typed, what else the
keys, the spelling or some of the words may mean is tried, always among what the person may read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from firstline.knowledge import finding as articles
from firstline.people import finding as people
from firstline.people.models import Person
from firstline.search import asking, layouts, spelling
from firstline.search.asking import Asked
from firstline.search.ranked import Place
from firstline.search.words import Piece
from firstline.tickets import finding as tickets

TICKETS, ARTICLES, PEOPLE = "ticket", "article", "person"
KINDS = (TICKETS, ARTICLES, PEOPLE)
AS_TYPED, OTHER_LAYOUT, OTHER_SPELLING, SOME_WORDS = "", "layout", "spelling", "some"
_KINDS_IN_WORDS = {
    "tickets": TICKETS, "заявки": TICKETS, "articles": ARTICLES, "статьи": ARTICLES, "статии": ARTICLES,
    "people": PEOPLE, "люди": PEOPLE, "хора": PEOPLE,
}  # fmt: skip
_MOST_MISTYPED = 4


@dataclass(frozen=True)
class Everything:
    """What was found of each kind. `how` says what was changed in the question, `instead` what was looked for."""

    asked: Asked
    tickets: tickets.Found = field(default_factory=tickets.Found)
    articles: list[Place] = field(default_factory=list)
    people: list[Place] = field(default_factory=list)
    how: str = AS_TYPED
    instead: str = ""

    @property
    def counts(self) -> Mapping[str, int]:
        return {TICKETS: self.tickets.count, ARTICLES: len(self.articles), PEOPLE: len(self.people)}

    @property
    def is_empty(self) -> bool:
        return not any(self.counts.values())


def look(person: Person, typed: str, kinds: tuple[str, ...] = KINDS, *, growing: bool = False) -> Everything:
    """As it was typed; else with another layout; else spelt otherwise; else some of the words."""
    asked = asking.read(typed, growing=growing)
    wanted = asked.filters.get("in", "").lower()
    if wanted in _KINDS_IN_WORDS:
        kinds = tuple(kind for kind in kinds if kind == _KINDS_IN_WORDS[wanted])
    found = _find(person, asked, kinds)
    if not found.is_empty or not asked.words:
        return found
    for other, how in _otherwise(person, asked, growing=growing):
        again = _find(person, other, kinds)
        if not again.is_empty:
            return replace(again, how=how, instead=other.text)
    if len(asked.words) > 1:
        some = _find(person, asked, kinds, some=True)
        return replace(some, how=SOME_WORDS) if not some.is_empty else found
    return found


def _find(person: Person, asked: Asked, kinds: tuple[str, ...], *, some: bool = False) -> Everything:
    of_tickets = set(asked.filters) - {"in"}
    return Everything(
        asked,
        tickets.find(person, asked, some=some) if TICKETS in kinds else tickets.Found(),
        articles.find(person, asked, some=some) if ARTICLES in kinds and not of_tickets else [],
        people.find(person, asked) if PEOPLE in kinds and not of_tickets and not some else [],
    )


def _otherwise(person: Person, asked: Asked, *, growing: bool) -> Iterator[tuple[Asked, str]]:
    retyped = [asking.read(text, growing=growing) for text in layouts.retyped(asked.text)]
    # A word that is being typed is nobody's word yet.
    judged = {word.text for other in retyped for word in other.words if word.text != other.beginning}
    unheard_of = spelling.unheard_of(judged)
    for other in retyped:
        if other.words and not other.filters and not any(word.text in unheard_of for word in other.words):
            yield replace(other, filters=asked.filters, unwanted=asked.unwanted), OTHER_LAYOUT
    corrected = _corrected(person, asked)
    if corrected is not None:
        yield corrected, OTHER_SPELLING


def _corrected(person: Person, asked: Asked) -> Asked | None:
    """The question with the words that nothing has as they are spelt. A word that stands only in what the person may
    not read is as unknown as any other, and is never offered."""
    words: list[Piece] = []
    text = asked.text
    changed = False
    for word in asked.words:
        if word.whole or _changed_enough(words, asked) or _stands(person, word):
            words.append(word)
            continue
        near = [other for other in spelling.alike(word.text) if _stands(person, asking.words_of(other)[0])]
        if not near:
            words.append(word)
            continue
        terms = frozenset[str]().union(*(asking.words_of(other)[0].terms for other in near))
        words.append(replace(word, terms=terms))
        text, changed = text.lower().replace(word.text, near[0]), True
    return replace(asked, words=tuple(words), text=text, beginning="") if changed else None


def _changed_enough(words: list[Piece], asked: Asked) -> bool:
    return sum(1 for old, new in zip(asked.words, words, strict=False) if old.terms != new.terms) >= _MOST_MISTYPED


def _stands(person: Person, word: Piece) -> bool:
    alone = Asked(word.text, (word,))
    return tickets.is_there(person, alone) or articles.is_there(person, alone) or bool(people.find(person, alone))
