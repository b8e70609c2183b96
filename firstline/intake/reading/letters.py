"""Raw bytes of a mail → a :class:`Letter`. Never raises on any bytes; what could not be understood is named in
``defects``.

Limits of reliability_security.md §4.2 hold here whatever the caller does; time and memory are held by running it in
``firstline.lib.confined``.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from firstline.intake.reading import absences, addresses, automatic, bounces, charsets, content, headers, mime, replies
from firstline.intake.reading.addresses import Address
from firstline.intake.reading.bounces import Bounce
from firstline.intake.reading.content import Part
from firstline.intake.sender_checks.disguise import Sign
from firstline.intake.sender_checks.trust import Verdict

UNKNOWN = Verdict()
JUDGED = frozenset({"verdict", "signs"})

__all__ = ["Address", "Bounce", "Letter", "Part", "from_plain", "read", "to_plain"]

LONGEST_SUBJECT = 1_000
LONGEST_HEADERS_TEXT = 262_144
# What servers write into a head on the way, and what they judged by (intake/sender_checks/trust.py).
TRACE = frozenset({"received", "authentication-results", "dkim-signature", "return-path", "from"})
MOST_TRACE, LONGEST_TRACE = 60, 8_192
MOST_ENCLOSED, DEEPEST_ENCLOSED, LARGEST_ENCLOSED = 5, 3, 30_000_000
_ENCLOSED = frozenset({"message/rfc822", "message/global"})
_REPORTS = frozenset({"bounce", "feedback-report", "read-receipt"})


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as people and rules see it. No string holds NUL, other control characters or lone surrogates.

    ``text`` is the whole visible text, ``reply_text`` what its writer added (never empty where he wrote anything);
    ``html`` and
    ``reply_html`` are in the fixed subset of ui.md §3.4. ``auto`` and ``bounce`` are those of interfaces.md's
    inspect line.
    ``readable`` is False where the sender or the content cannot be read: such a letter belongs into quarantine.
    ``trace`` has the raw headers of ``TRACE`` from top to bottom, as (name, value): what tells who is proven.
    ``enclosed`` are the letters that it brings as files, read like itself; each stays a file among ``attachments``.
    ``verdict`` and ``signs`` are set by who receives it (intake/proof.py): no child's word counts there.
    """

    message_id: str | None
    date: datetime | None
    from_email: str | None
    from_name: str | None
    return_path: str | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[str, ...]
    subject: str
    text: str
    html: str | None
    reply_text: str
    reply_html: str | None
    attachments: tuple[Part, ...]
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    auto: str | None
    bounce: Bounce | None
    defects: tuple[str, ...]
    readable: bool
    headers_text: str
    trace: tuple[tuple[str, str], ...] = ()
    enclosed: tuple["Letter", ...] = ()
    verdict: Verdict = UNKNOWN
    signs: tuple[Sign, ...] = ()


def read(raw: bytes, depth: int = 0) -> Letter:
    """The letter in these bytes, whatever they are. `depth` counts the letters around it."""
    raw = _with_line_feeds(raw)
    tree = mime.tree(raw)
    head = tree.root.head
    defects: list[str] = list(tree.defects)
    body = content.read(tree)
    defects += body.defects
    hint = body.charset
    sender, address_defects = _sender(head, hint)
    defects += address_defects
    lists: dict[str, tuple[Address, ...]] = {}
    for name in ("reply-to", "to", "cc"):
        lists[name], many = addresses.parse(head.all(name), hint)
        if many:
            defects.append("too-many-addresses")
    moment = headers.date(head.raw("date"))
    if moment is None:
        defects.append("date-unreadable" if head.raw("date") else "no-date")
    identifiers = headers.identifiers(head.raw("message-id"))
    if not identifiers:
        defects.append("no-message-id")
    subject = head.text("subject", hint)[:LONGEST_SUBJECT]
    return_path = _return_path(head)
    parsed_bounce = bounces.read(tree, body, subject, sender, return_path)
    reply = replies.strip(body.text, body.tree_html, subject, sender, body.html)
    title = "" if _ANSWERED.match(subject[:200]) and len(body.text) - len(reply.text) > _LONG_QUOTE else subject
    auto = automatic.kind(tree, title, body.text, parsed_bounce is not None, sender, return_path)
    if auto is None and absences.machine(reply.text, _is_answer(head, subject)):
        auto = "auto-reply"
    defects = list(dict.fromkeys(defects))
    return Letter(
        message_id=identifiers[0] if identifiers else None,
        date=moment,
        from_email=sender.email if sender else None,
        from_name=(sender.name or None) if sender else None,
        return_path=return_path,
        reply_to=lists["reply-to"],
        to=lists["to"],
        cc=lists["cc"],
        delivered_to=_delivered_to(head, hint),
        subject=subject,
        text=body.text,
        html=body.html,
        reply_text=reply.text,
        reply_html=reply.html,
        attachments=body.attachments,
        in_reply_to=headers.identifiers(head.raw("in-reply-to"), 20),
        references=headers.identifiers(b" ".join(head.all("references")), 200),
        auto=auto,
        bounce=parsed_bounce if auto == "bounce" else None,
        defects=tuple(defects),
        readable=parsed_bounce is not None or (sender is not None and body.readable),
        headers_text=_headers_text(head, hint),
        trace=_trace(head),
        enclosed=() if auto in _REPORTS else _enclosed(body.attachments, depth + 1),
    )


# "Re: Automatic reply: …" above a quotation is a person's answer to a machine.
_LONG_QUOTE = 60
_ANSWERED = re.compile(r"(?i)^\s*(?:re|aw|sv|odp|отв|ответ|отг|відп|на|res|rif|antw)\s*(?:\[\d+\])?\s*[:：]")


def _is_answer(head: headers.Headers, subject: str) -> bool:
    return bool(head.raw("in-reply-to") or head.raw("references") or _ANSWERED.match(subject[:200]))


def _enclosed(parts: tuple[Part, ...], depth: int) -> tuple[Letter, ...]:
    """The letters among these files. What a report brings back is our own word, or a stranger's spam: no letter."""
    if depth > DEEPEST_ENCLOSED:
        return ()
    found = []
    for part in parts:
        is_named = part.name.lower().endswith(".eml")
        if (part.content_type not in _ENCLOSED and not is_named) or part.size > LARGEST_ENCLOSED:
            continue
        letter = read(part.content, depth)
        if letter.from_email is not None or (letter.date is not None and letter.subject):
            found.append(letter)
        if len(found) >= MOST_ENCLOSED:
            break
    return tuple(found)


def unreadable(letter: Letter, defect: str) -> Letter:
    """The same letter marked as one that could not be read."""
    return replace(letter, readable=False, defects=(*letter.defects, defect))


def _with_line_feeds(raw: bytes) -> bytes:
    """A letter whose lines end with a bare CR (old Mac, some exports) as one with LF; every other one untouched."""
    head = raw[:4_096]
    if b"\n" in head or b"\r" not in head:
        return raw
    return raw.replace(b"\r", b"\n")


def _sender(head: headers.Headers, hint: str | None) -> tuple[Address | None, list[str]]:
    """From, else Sender. A Reply-To or an envelope names no author: without the two the letter has none."""
    defects = []
    for name in ("from", "sender"):
        found, _many = addresses.parse(head.all(name), hint)
        if found:
            if name == "sender":
                defects.append("no-from")
            elif len(head.all("from")) > 1:
                defects.append("several-from")
            return found[0], defects
    return None, ["from-unreadable" if head.raw("from") else "no-from"]


def _return_path(head: headers.Headers) -> str | None:
    """The envelope sender the receiving server wrote: ``""`` for the empty one of bounces, None where none is
    written.
    """
    values = head.all("return-path")
    if not values:
        return None
    if values[0].strip().strip(b"<>").upper() in (b"", b"MAILER-DAEMON"):
        return ""
    found, _many = addresses.parse(values[:1])
    return found[0].email if found else None


def _delivered_to(head: headers.Headers, hint: str | None) -> tuple[str, ...]:
    values = [
        value
        for name in (
            "delivered-to",
            "x-original-to",
            "envelope-to",
            "x-envelope-to",
            "x-delivered-to",
            "x-forwarded-to",
        )
        for value in head.all(name)
    ]
    found, _many = addresses.parse(values, hint)
    return tuple(address.email for address in found)


def _headers_text(head: headers.Headers, hint: str | None) -> str:
    """All headers, one a line, decoded, for people who look at an odd letter."""
    out, size = [], 0
    for name, value in head.fields:
        line = f"{name}: {headers.decode_words(value[:8_192], hint)}"
        size += len(line) + 1
        if size > LONGEST_HEADERS_TEXT:
            break
        out.append(line)
    return "\n".join(out)


def _trace(head: headers.Headers) -> tuple[tuple[str, str], ...]:
    """Undecoded: a name in an encoded word is nobody's domain."""
    named = [(name, value) for name, value in head.fields if name in TRACE]
    return tuple(
        (name, charsets.clean(value[:LONGEST_TRACE].decode("latin-1")).replace("\n", " "))
        for name, value in named[:MOST_TRACE]
    )


# ---- over a pipe -----------------------------------------------------------------------------------


def to_plain(letter: Letter, as_text: bool = False) -> dict[str, Any]:
    """The letter as dicts, lists, strings and numbers; attachments' bytes as they are, or as base64 with
    ``as_text`` (JSON).
    """
    plain = {each.name: getattr(letter, each.name) for each in fields(letter) if each.name not in JUDGED}
    plain["date"] = letter.date.isoformat() if letter.date else None
    plain["bounce"] = letter.bounce._asdict() if letter.bounce else None
    for name in ("reply_to", "to", "cc", "trace"):
        plain[name] = [list(pair) for pair in plain[name]]
    for name in ("delivered_to", "in_reply_to", "references", "defects"):
        plain[name] = list(plain[name])
    plain["attachments"] = [_part_to_plain(part, as_text) for part in letter.attachments]
    plain["enclosed"] = [to_plain(inner, as_text) for inner in letter.enclosed]
    return plain


def _part_to_plain(part: Part, as_text: bool) -> dict[str, Any]:
    plain: dict[str, Any] = {each.name: getattr(part, each.name) for each in fields(part)}
    if as_text:
        plain["content"] = base64.b64encode(part.content).decode("ascii")
    return plain


def from_plain(plain: Mapping[str, Any]) -> Letter:
    """The letter :func:`to_plain` wrote. The hashes of the attachments are computed again: the other side may be
    compromised.
    """
    values = {name: value for name, value in plain.items() if name not in JUDGED}
    values["date"] = datetime.fromisoformat(plain["date"]) if plain["date"] else None
    values["bounce"] = Bounce(**plain["bounce"]) if plain["bounce"] else None
    for name in ("reply_to", "to", "cc"):
        values[name] = tuple(Address(*each) for each in plain[name])
    values["trace"] = tuple((str(name), str(value)) for name, value in plain["trace"])
    for name in ("delivered_to", "in_reply_to", "references", "defects"):
        values[name] = tuple(plain[name])
    values["attachments"] = tuple(_part_from_plain(each) for each in plain["attachments"])
    values["enclosed"] = tuple(from_plain(each) for each in plain["enclosed"])
    return Letter(**values)


def _part_from_plain(plain: Mapping[str, Any]) -> Part:
    body = plain["content"]
    raw = base64.b64decode(body) if isinstance(body, str) else bytes(body)
    return Part(**{**plain, "content": raw, "size": len(raw), "sha256": hashlib.sha256(raw).hexdigest()})
