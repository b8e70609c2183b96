"""What two texts differ in, line by line. Pure."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Literal

Mark = Literal["same", "added", "removed", "gap"]
AROUND = 2  # unchanged lines shown beside a change


@dataclass(frozen=True)
class Line:
    """A line of the comparison; a gap stands for unchanged lines that are not shown."""

    mark: Mark
    text: str


def between(older: str, newer: str) -> list[Line]:
    """The lines of both, with two unchanged ones around each change; nothing where the texts are alike."""
    before, after = older.split("\n") if older else [], newer.split("\n") if newer else []
    lines: list[Line] = []
    groups = difflib.SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(AROUND)
    for number, group in enumerate(groups):
        if number or group[0][1] > 0:
            lines.append(Line("gap", ""))
        for kind, from_old, to_old, from_new, to_new in group:
            if kind == "equal":
                lines += [Line("same", text) for text in before[from_old:to_old]]
            else:
                lines += [Line("removed", text) for text in before[from_old:to_old]]
                lines += [Line("added", text) for text in after[from_new:to_new]]
    return lines
