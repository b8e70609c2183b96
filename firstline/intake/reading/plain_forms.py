"""Plain text that is not quite plain: ``format=flowed`` and enriched text, as the lines people see."""

import re

from firstline.lib import html

_ENRICHED_TAG = re.compile(r"<(/?)([A-Za-z-]{1,60})>")


def of_enriched(text: str) -> str:
    """RFC 1896: commands in angle brackets, ``<<`` for one bracket, a single line end is a blank."""
    text = re.sub(r"<param>[^<]{0,500}</param>", "", text, flags=re.IGNORECASE)
    text = re.sub(r"(?<!\n)\n(?!\n)", " ", text)
    return _ENRICHED_TAG.sub("", text.replace("<<", "\x00")).replace("\x00", "<")


def of_flowed(text: str, delete_space: bool) -> str:
    """RFC 3676: a line that ends with a blank goes on in the next one of the same quotation depth."""
    out: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:].removeprefix(" ")
        flows = body.endswith(" ") and body != "-- "
        said = body[:-1] if flows and delete_space else body
        # A signature's delimiter is a line of its own, whatever stands before it.
        if open_depth == depth and body != "-- ":
            out[-1].append(said)
        else:
            out.append([">" * depth + " " if depth else "", said])
        open_depth = depth if flows else -1
    return "\n".join("".join(pieces) for pieces in out)


_EXCUSE = re.compile(
    r"(?i)\bhtml\b.{0,120}(support|capable|enabled?|client|viewer|browser|reader|поддерж|підтрим|unterstütz|affich|compatib)|"
    r"(support|view|display|не поддержив|не може|не підтриму|не поддържа|unterstützt|affiche|compatib).{0,120}\bhtml\b"
)
_LONGEST_EXCUSE = 300


def is_excuse(text: str, page: str) -> bool:
    """Whether the plain form says only that there is none: "your program does not support HTML", which the page itself
    does not say.
    """
    words = " ".join(text.split())
    if not 0 < len(words) <= _LONGEST_EXCUSE or not _EXCUSE.search(words):
        return False
    seen = " ".join(html.crude_text(page).split())
    return len(seen) > 0 and words not in seen
