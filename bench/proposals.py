"""The case proposals: how well labels are guessed on an open corpus of IT tickets, and what that costs."""

from __future__ import annotations

import csv
import gzip
import os
import random
import sys
import time
from pathlib import Path

from bench.place import Place
from bench.report import Report
from firstline.lines import classify
from firstline.lines.classify import Example

CORPUS = Path(os.environ.get("FIRSTLINE_CORPORA") or "../shared/data") / "tickets" / "it-47k" / "train.csv.gz"
ASKED, FEW = 500, 500


def proposals(place: Place, report: Report) -> None:
    """A tenth of the corpus is kept back; the rest is learnt from."""
    if not CORPUS.exists():
        print(f"proposals: not measured, {CORPUS} is not here", file=sys.stderr)
        return
    with gzip.open(CORPUS, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    random.Random(7).shuffle(rows)  # noqa: S311 - no secret
    examples = [Example(classify.features_of(row["Document"]), row["Topic_group"]) for row in rows]
    cut = len(examples) * 9 // 10
    test, began = examples[cut:], time.process_time()
    content, _measured = classify.learn(examples[:cut])
    seconds = time.process_time() - began
    model = classify.Model(content)
    whole = classify.measure(model, test)
    report.say("proposals, first guess", 100 * whole.first, "%", wanted=">= 84 %", kept=whole.first >= 0.84)
    report.say(
        "proposals, first three", 100 * whole.first_three, "%", wanted=">= 97 %", kept=whole.first_three >= 0.97
    )  # fmt: skip
    report.say("proposals, learning", seconds, "s", wanted="< 300 s", kept=seconds < 300, size=len(content))
    few = classify.measure(classify.Model(classify.learn(examples[:FEW])[0]), test).first
    report.say("proposals, 500 labels", 100 * few, "%", wanted=">= 65 %", kept=few >= 0.65)
    began = time.perf_counter()
    for example in test[:ASKED]:
        model.guesses(example.features)
    each = (time.perf_counter() - began) / ASKED * 1000
    report.say("a proposal", each, "ms", wanted="<= 50 ms", kept=each <= 50)
