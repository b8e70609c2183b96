"""Letters as people really write them: interleaved, without delimiters, with lawyers' paragraphs, with lookalikes.

Each is a sender's name and a text in which what the writer added stands between ``[[`` and ``]]`` (once or more).
"""

from __future__ import annotations

from pathlib import Path

PLAIN = (Path(__file__).with_suffix(".txt")).read_text(encoding="utf-8")
# The same in HTML, as programs make it: answers between what they answer, cards in tables, what is the writer's own.
PAGES = (Path(__file__).parent / "reply_pages.txt").read_text(encoding="utf-8")


def read(block: str) -> tuple[str, str, str, str]:
    """``(name, sender, text, own)`` of one block."""
    head, _, text = block.strip("\n").partition("\n")
    name, _, sender = head.partition(" | ")
    own, rest = [], text
    while "[[" in rest:
        _before, _, rest = rest.partition("[[")
        words, _, rest = rest.partition("]]")
        own.append(words)
    return name, sender, text.replace("[[", "").replace("]]", ""), "\n\n".join(own)


ODDITIES = [read(block) for block in PLAIN.split("\n====\n")]
ODD_PAGES = [read(block) for block in PAGES.split("\n====\n")]
