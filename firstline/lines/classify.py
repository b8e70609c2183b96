"""What a ticket is about, learnt from tickets whose labels people have set. Pure; plain Python, no library.

A linear model (multinomial logistic regression, by stochastic gradient with a rate of its own for each word) over words
and pairs of words, each weighed by how rare it is. What is learnt is packed into bytes that are read where they lie: a
file that several processes map is in memory once, and a question reads a few hundred of its rows.
"""

from __future__ import annotations

import json
import math
import random
import re
import struct
import zlib
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

MOST_WORDS = 250
LONGEST_STEM = {True: 6, False: 9}  # Cyrillic words change their ends more
MOST_FEATURES, MOST_WEIGHTS = 60_000, 4_000_000
FEW, PASSES, PASSES_FOR_FEW = 3_000, 3, 12
RATE, SLOWER, OF_BIAS, LEAST_PUSH = 1.0, 0.35, 0.01, 0.003
HELD_BACK = 10  # each tenth example is kept to measure by
SHARPNESSES = (0.7, 0.85, 1.0, 1.2, 1.5, 1.9, 2.4, 3.0)
_WORD = re.compile(r"[^\W_]+")
_MAGIC = b"FLP1"


class Unreadable(Exception):
    """These bytes are no model of this version."""


class Guess(NamedTuple):
    """A label and how sure the model is, 0 to 1."""

    label: str
    confidence: float


class Features(NamedTuple):
    """The words of one text by their checksums, and how much of each is in it."""

    keys: array[int]
    amounts: array[float]


class Example(NamedTuple):
    features: Features
    label: str


class Measured(NamedTuple):
    """How often the label was the first guess, and among the first three, on examples that were not learnt from."""

    examples: int
    first: float
    first_three: float


def words_of(text: str) -> list[str]:
    """The words that count, each cut to its beginning; numbers are all one word."""
    found = []
    for word in _WORD.findall(text.casefold().replace("ё", "е")):
        if word.isdigit():
            found.append("0")
        elif len(word) > 1:
            found.append(word[: LONGEST_STEM["а" <= word[0] <= "я"]])
        if len(found) == MOST_WORDS:
            break
    return found


def features_of(text: str, marks: Iterable[str] = ()) -> Features:
    """`marks` are facts beside the words ("client=north")."""
    words = words_of(text)
    counted = Counter(words)
    counted.update(f"{left} {right}" for left, right in pairwise(words))
    counted.update(marks)
    keys = array("I", (zlib.crc32(term.encode()) for term in counted))
    return Features(keys, array("f", (1.0 + math.log(count) for count in counted.values())))


class Learnt:
    """Row `n` of `weights` belongs to feature `keys[n]`; `keys` are in order."""

    def __init__(self, examples: Sequence[Example], *, seed: int = 1) -> None:
        self.labels = sorted({example.label for example in examples})
        self.sharpness = 1.0
        seen: Counter[int] = Counter()
        for example in examples:
            seen.update(example.features.keys)
        few = len(examples) < FEW
        most = min(MOST_FEATURES, MOST_WEIGHTS // max(1, len(self.labels)))
        kept = sorted(key for key, count in seen.most_common(most) if few or count > 1)
        self.keys = array("I", kept)
        self.rarity = array("f", (math.log((1 + len(examples)) / (1 + seen[key])) + 1.0 for key in kept))
        self._place = {key: number for number, key in enumerate(kept)}
        self.weights = [array("f", bytes(4 * len(self.labels))) for _key in kept]
        self.bias = array("f", bytes(4 * len(self.labels)))
        self._descend(examples, PASSES_FOR_FEW if few else PASSES, random.Random(seed))  # noqa: S311 - no secret

    def _descend(self, examples: Sequence[Example], passes: int, chance: random.Random) -> None:
        number_of = {label: number for number, label in enumerate(self.labels)}
        moved = array("f", [1e-3]) * len(self.keys)  # how far each feature was moved: the further, the slower
        order = list(range(len(examples)))
        for turn in range(passes):
            chance.shuffle(order)
            for at in order:
                self._learn_one(examples[at], number_of[examples[at].label], moved, RATE / (1 + SLOWER * turn))

    def _learn_one(self, example: Example, right: int, moved: array[float], rate: float) -> None:
        numbers, values = self._scaled(example.features)
        pushes = softmax(self._scores(numbers, values))
        pushes[right] -= 1.0
        # A label that nobody thought of is not pushed: with a hundred labels that saves nine tenths of the work.
        far = [(label, push) for label, push in enumerate(pushes) if abs(push) > LEAST_PUSH]
        size = sum(push * push for _label, push in far)
        if not far:
            return
        for number, value in zip(numbers, values, strict=True):
            row = self.weights[number]
            moved[number] += value * value * size
            step = rate * value / math.sqrt(moved[number])
            for label, push in far:
                row[label] -= step * push
        for label, push in far:
            self.bias[label] -= OF_BIAS * rate * push

    def _scaled(self, features: Features) -> tuple[list[int], list[float]]:
        place, rarity = self._place, self.rarity
        known = [(place[key], amount) for key, amount in zip(*features, strict=True) if key in place]
        values = [amount * rarity[number] for number, amount in known]
        length = math.sqrt(sum(value * value for value in values)) or 1.0
        return [number for number, _amount in known], [value / length for value in values]

    def _scores(self, numbers: Sequence[int], values: Sequence[float]) -> list[float]:
        scores = list(self.bias)
        for number, value in zip(numbers, values, strict=True):
            scores = [score + value * weight for score, weight in zip(scores, self.weights[number], strict=True)]
        return scores

    def packed(self, **said: Any) -> bytes:
        """The bytes that `Model` reads; `said` is kept beside them. A weight is one byte, with a scale for each row."""
        rows = sorted(range(len(self.keys)), key=lambda number: self.keys[number])
        head = json.dumps(
            {"labels": self.labels, "sharpness": self.sharpness, "features": len(rows), **said}, ensure_ascii=False
        ).encode()
        head += b" " * (-(len(head) + 8) % 8)
        scales = array("f", (max(map(abs, self.weights[number]), default=0.0) / 127 or 1.0 for number in rows))
        weights = array("b")
        for number, scale in zip(rows, scales, strict=True):
            weights.extend(round(weight / scale) for weight in self.weights[number])
        parts = (self.keys, self.rarity, scales, self.bias, weights)
        return _MAGIC + struct.pack("=I", len(head)) + head + b"".join(part.tobytes() for part in parts)


class Model:
    """What was learnt, read where it lies: bytes, or a mapped file."""

    def __init__(self, content: Any) -> None:
        view = memoryview(content)
        if bytes(view[:4]) != _MAGIC or len(view) < 8:
            raise Unreadable
        (length,) = struct.unpack("=I", view[4:8])
        try:
            self.said: dict[str, Any] = json.loads(bytes(view[8 : 8 + length]))
            self.labels: list[str] = self.said["labels"]
            count, self._at = self.said["features"], 8 + length
        except (ValueError, KeyError) as wrong:
            raise Unreadable from wrong
        self._keys = self._part(view, 4 * count).cast("I")
        self._rarity = self._part(view, 4 * count).cast("f")
        self._scales = self._part(view, 4 * count).cast("f")
        self._bias = self._part(view, 4 * len(self.labels)).cast("f")
        self._weights = self._part(view, count * len(self.labels)).cast("b")

    def _part(self, view: memoryview, length: int) -> memoryview:
        part = view[self._at : self._at + length]
        if len(part) != length:
            raise Unreadable
        self._at += length
        return part

    def guesses(self, features: Features) -> list[Guess]:
        """Every label, the surest first."""
        width, found, length = len(self.labels), [], 0.0
        for key, amount in zip(*features, strict=True):
            number = bisect_left(self._keys, key)
            if number < len(self._keys) and self._keys[number] == key:
                value = amount * self._rarity[number]
                length += value * value
                found.append((number, value))
        scores, size = list(self._bias), math.sqrt(length) or 1.0
        for number, value in found:
            by = value * self._scales[number] / size
            row = self._weights[number * width : (number + 1) * width]
            scores = [score + by * weight for score, weight in zip(scores, row, strict=True)]
        sure = softmax(scores, self.said["sharpness"])
        return sorted(map(Guess, self.labels, sure), key=lambda guess: -guess.confidence)


def softmax(scores: Sequence[float], sharpness: float = 1.0) -> list[float]:
    top = max(scores)
    raised = [math.exp((score - top) * sharpness) for score in scores]
    total = sum(raised)
    return [one / total for one in raised]


# ---- learning and measuring ------------------------------------------------------------------------


def learn(examples: Sequence[Example], *, seed: int = 1, **said: Any) -> tuple[bytes, Measured]:
    """The packed model of all examples, and how well one of nine tenths of them guessed the tenth that it had not
    seen; by them it is also found how sure a model may say that it is."""
    mixed = list(examples)
    random.Random(seed).shuffle(mixed)  # noqa: S311 - no secret
    back = mixed[::HELD_BACK]
    tried = Learnt([one for number, one in enumerate(mixed) if number % HELD_BACK], seed=seed)
    model = Model(tried.packed())
    measured = measure(model, back)
    sharpness = _sharpness(model, back)
    whole = Learnt(mixed, seed=seed)
    whole.sharpness = sharpness
    return whole.packed(**said, measured=measured), measured


def measure(model: Model, examples: Sequence[Example]) -> Measured:
    first = first_three = 0
    for example in examples:
        best = [guess.label for guess in model.guesses(example.features)[:3]]
        first += best[:1] == [example.label]
        first_three += example.label in best
    total = max(1, len(examples))
    return Measured(len(examples), first / total, first_three / total)


def _sharpness(model: Model, examples: Sequence[Example]) -> float:
    """The sharpness with which what is said to be 80 % sure is right four times of five: the likeliest of a few."""
    logs = dict.fromkeys(SHARPNESSES, 0.0)
    for example in examples[:2_000]:
        plain = {guess.label: max(guess.confidence, 1e-9) for guess in model.guesses(example.features)}
        scores = [math.log(confidence) for confidence in plain.values()]
        right = list(plain).index(example.label) if example.label in plain else None
        for sharpness in SHARPNESSES:
            logs[sharpness] += math.log(max(softmax(scores, sharpness)[right], 1e-9)) if right is not None else -9.0
    return max(SHARPNESSES, key=lambda sharpness: logs[sharpness])
