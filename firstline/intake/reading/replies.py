"""What a writer added: a letter's text without the quotation and the signature below it. The whole text always stays
beside it.

HTML first, because its structure says what is quoted; then heads of quoted letters, then "… wrote:" lines, then
``>``. A letter whose own words cannot be told from the rest is shown whole: never empty where anybody wrote
anything.
"""

import re
from typing import NamedTuple

from firstline.intake.reading import html_lines, quotations, signatures
from firstline.intake.reading.addresses import Address
from firstline.intake.reading.quotations import Line
from firstline.lib import html
from firstline.lib.html_tree import Element


class Reply(NamedTuple):
    """``html`` is None where the letter came without HTML, or where the HTML would not be the same words."""

    text: str
    html: str | None


_FORWARD = re.compile(
    r"(?i)^\s*(\[[^\]]{1,40}\]\s*)?(fwd?|пер(есл)?|fw|пересл|wg|tr|rv|i|enc|doorst|pd|vs|препр|прп)\s*[:：]"
)


def strip(
    text: str, tree: Element | None, subject: str = "", sender: Address | None = None, whole: str | None = None
) -> Reply:
    """The writer's own words of ``text``; ``tree`` is the letter's HTML as :func:`firstline.lib.html.tidied` made
    it (it is changed), ``whole`` the same in the subset, where it is known: nothing cut away, it is the answer.
    """
    is_forward = bool(_FORWARD.match(subject)) or (tree is not None and html_lines.passes_on(tree))
    plain = _of_text(text, is_forward, sender)
    if tree is None:
        return Reply(plain.text, None)
    marked = _of_html(tree, is_forward, sender, whole)
    if marked is None:
        return Reply(plain.text, None)
    by_structure, markup, words = marked
    if by_structure and words.strip():
        return Reply(words, markup)
    return Reply(plain.text if plain.text.strip() else words, markup or None)


def _of_text(text: str, is_forward: bool, sender: Address | None) -> Reply:
    lines = quotations.of_text(text)
    found = quotations.drop(lines, is_forward)
    _drop_signature(lines, is_forward or found.forward, sender)
    own = html.tidy_lines("\n".join(line.text for line in lines if line.kept))
    return Reply(own if _has_words(own) else text.strip("\n"), None)


def _of_html(
    tree: Element, is_forward: bool, sender: Address | None, whole: str | None
) -> tuple[bool, str, str] | None:
    """(whether the structure showed a quotation, own HTML, own text), or None where nothing of the writer's would
    be left.
    """
    lines, by_structure = html_lines.of_tree(tree)
    found = quotations.drop(lines, is_forward)
    signed = _drop_signature(lines, is_forward or found.forward, sender)
    if not any(_has_words(line.text) for line in lines if line.kept):
        return None
    dropped = {id(node) for line in lines if not line.kept for node in line.nodes}
    kept = {id(node) for line in lines if line.kept for node in line.nodes}
    if whole is not None and not dropped - kept:
        return False, whole, ""
    _prune(tree, dropped - kept)
    markup = html.subset(tree)
    words = html.subset_text(markup)
    return (by_structure and found.quotation) or signed, markup, words if _has_words(words) else ""


def _prune(tree: Element, gone: set[int]) -> None:
    """Take the elements away in one pass over each parent's children: linear, whatever the letter's size."""
    for node in list(tree.walk()):
        if any(id(child) in gone for child in node.children):
            node.children = [child for child in node.children if id(child) not in gone]


def _drop_signature(lines: list[Line], forwards: bool, sender: Address | None) -> bool:
    if forwards:
        return False
    return signatures.drop(lines, sender.name if sender else "", sender.email if sender else "")


def _has_words(text: str) -> bool:
    return any(sign.isalnum() for sign in text) or bool(text.strip("> \t\n-_*=~|\u00a0"))
