"""What a report of failed delivery says: for whom, whether for good, why, and about which of our letters.

Reports come as RFC 3464 (a ``message/delivery-status`` part) from most servers, as prose in dozens of forms from the
others, and as JSON from notification services. Facts are taken in that order. Reasons are few and coarse, because
only two questions matter to a desk: does this address exist, and should we try again.
"""

import json
import re
from dataclasses import dataclass
from typing import NamedTuple

from firstline.intake.reading import bounce_marks, bounce_reasons, bounce_stages, charsets, headers, mime
from firstline.intake.reading.addresses import Address, parse
from firstline.intake.reading.content import Body
from firstline.intake.reading.headers import Headers
from firstline.intake.reading.mime import Node, Tree

_LONGEST_READ = 60_000


class Bounce(NamedTuple):
    """``status`` is an RFC 3463 code; where the report names none, one of the unused range x.0.9nn that stands for
    ``reason``.

    ``hard``: the address or its host does not exist (any more), so trying again is of no use.
    """

    recipient: str | None
    status: str | None
    hard: bool
    reason: str
    original_message_id: str | None


def read(tree: Tree, body: Body, subject: str, sender: Address | None, return_path: str | None) -> Bounce | None:
    """The bounce this letter is, or None. A person who forwards a report is a person: who wrote it decides first."""
    nodes = list(_nodes(tree.root))
    kinds = {node.kind for node in nodes}
    if (
        kinds & {"message/feedback-report", "message/disposition-notification"}
        and "message/delivery-status" not in kinds
        and not _is_refused(tree.root.head, body)
    ):
        return None
    report = next(
        (node for node in nodes if node.kind in ("message/delivery-status", "message/global-delivery-status")), None
    )
    if report is not None and (tree.root.kind == "multipart/report" or bounce_marks.is_daemon(sender, return_path)):
        return _from_status(tree, report, body, _original(tree, nodes, body))
    notified = _from_notification(body.text)
    if notified is not None:
        return notified
    head = tree.root.head
    if not bounce_marks.reads_like_a_report(head, tree.root, body, subject, sender, return_path):
        return None
    return _from_prose(head, body, subject, _original(tree, nodes, body), sender)


_REFUSED = re.compile(r"(?i)\bautomatically rejected\b")


def _is_refused(head: Headers, body: Body) -> bool:
    """A receipt that says no: Sieve refuses a letter, or a full mailbox does, in the form of RFC 5429."""
    return "rejected" in head.text("auto-submitted").lower() or bool(_REFUSED.search(body.text[:500]))


def _nodes(root: Node) -> list[Node]:
    out, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        out.append(node)
        waiting.extend(reversed(node.children))
    return out


# ---- RFC 3464 --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Recipient:
    address: str | None = None
    action: str = ""
    status: str | None = None
    diagnostic: str = ""


def _from_status(tree: Tree, report: Node, body: Body, original: str | None) -> Bounce:
    data, _defect = mime.content(tree.data, report)
    people = _recipients(data[:_LONGEST_READ])
    failed = [person for person in people if person.action.startswith(("fail", "delay", "expire"))]
    first = failed[0] if failed else people[0] if people else _Recipient()
    prose = _own_words(body.text)
    if first.address is None:
        first.address = _address_in(prose, headers.Headers((), 0))
    about = first.diagnostic if len(first.diagnostic) > 8 else _about(prose, first.address)
    at_stage = bounce_stages.stage(f"{prose}\n{first.diagnostic}")
    # "Diagnostic-Code: smtp; 550 5.1.1 …" is the remote server's own word; Status is the reporting server's summary
    # of it.
    status = first.status
    said = bounce_reasons.status_in(about)
    if said is not None and (status is None or status.endswith(".0.0") or not bounce_reasons.is_summary(said)):
        status = said
    if status is None:
        # Old gateways report the recipients that were refused, and nothing more.
        at_stage = at_stage or "RCPT"
    if first.action.startswith(("deliver", "relay", "expand")):
        return Bounce(first.address, status, False, "delivered", original)
    reason = bounce_reasons.reason(about, status, first.action, at_stage)
    if reason in ("undefined", "onhold") and prose and about is not prose:
        reason = bounce_reasons.reason(prose, status, first.action, at_stage)
    if status is None:
        status = bounce_reasons.status_in(prose) or bounce_reasons.stand_in(reason, _is_temporary(first.action, about))
    return Bounce(first.address, status, reason in bounce_reasons.HARD, reason, original)


def _about(prose: str, address: str | None) -> str:
    """What the prose says about the first recipient: from his address to the next recipient's, where they stand at
    line beginnings.
    """
    if not address:
        return prose
    begin = prose.lower().find(address.lower())
    if begin < 0:
        return prose
    stretch = prose[begin + len(address) : begin + len(address) + 4_000]
    another = _NEXT_RECIPIENT.search(stretch)
    while another is not None and another.group(1).lower() == address.lower():
        another = _NEXT_RECIPIENT.search(stretch, another.end())
    stretch = stretch[: another.start()] if another else stretch
    return stretch if len(stretch.strip(" <>:.\r\n\t")) > 12 else prose


_NEXT_RECIPIENT = re.compile(r"(?m)^[ \t<\"]*([\w.+=/-]{1,128}@[\w.-]{1,253})[>\"]{0,2}[ \t]*(?::|\r?$)")


def _is_temporary(action: str, text: str) -> bool:
    return action.startswith("delay") or bounce_reasons.is_temporary(text)


_STATUS_FIELD = re.compile(r"^\s*([245])\.(\d{1,3})\.(\d{1,3})")


def _recipients(data: bytes) -> list[_Recipient]:
    """One per group of fields that names a recipient or a status; groups stand apart by empty lines (and often
    badly).
    """
    out: list[_Recipient] = []
    position = 0
    while position < len(data) and len(out) < 200:
        head = headers.split(data, position)
        if not head.fields:
            if head.body <= position:
                break
            position = head.body
            continue
        position = max(head.body, position + 1)
        if head.raw("final-recipient") or head.raw("original-recipient") or head.raw("status") or head.raw("action"):
            out.append(_recipient(head))
    return out


def _recipient(head: Headers) -> _Recipient:
    person = _Recipient(action=head.text("action").lower().strip())
    for name in ("final-recipient", "original-recipient", "x-actual-recipient"):
        written = head.text(name)
        found, _many = parse([written.partition(";")[2].encode() or written.encode()])
        if found:
            person.address = found[0].email
            break
    status = _STATUS_FIELD.match(head.text("status"))
    if status:
        person.status = ".".join(status.groups())
    written = head.text("diagnostic-code")
    person.diagnostic = (written.partition(";")[2] if ";" in written[:20] else written).strip()[:4_000]
    return person


# ---- the letter that came back ---------------------------------------------------------------------

_MESSAGE_ID_LINE = re.compile(r"(?im)^[> \t]*message-id[ \t]*:\s*(<[^<>\s]{1,500}>)")


def _original(tree: Tree, nodes: list[Node], body: Body) -> str | None:
    """The Message-ID of the letter that could not be delivered: from the part that holds it, or its headers, or a
    copy in the text.
    """
    for node in nodes:
        if node.kind in ("message/disposition-notification", "message/delivery-status"):
            head = headers.split(mime.content(tree.data, node)[0][:_LONGEST_READ])
            named = headers.identifiers(head.raw("original-message-id") or head.raw("x-original-message-id"))
            if named:
                return named[0]
        if node.kind in (
            "message/rfc822",
            "message/global",
            "text/rfc822-headers",
            "message/rfc822-headers",
            "message/global-headers",
            "message/partial",
        ):
            data, _defect = mime.content(tree.data, node)
            found = headers.identifiers(headers.split(data[:200_000]).raw("message-id"))
            if found:
                return found[0]
    for text in (
        body.text[-_LONGEST_READ:],
        # Not guessed in which set a picture's bytes read best: a Message-ID is ASCII in each of them.
        *(charsets.decode(part.content[:_LONGEST_READ], guessing=False).text for part in body.attachments[:5]),
    ):
        line = _MESSAGE_ID_LINE.search(text)
        if line:
            return line.group(1)
    said = headers.identifiers(tree.root.head.raw("in-reply-to"))
    return said[0] if said else None


# ---- notification services -------------------------------------------------------------------------


def _from_notification(text: str) -> Bounce | None:
    """Amazon's JSON notices: ``bounce`` with recipients (complaints are feedback, deliveries are no failure)."""
    start = text.lstrip()
    if not start.startswith("{") or (
        '"notificationType"' not in text[:20_000] and "notificationType" not in text[:20_000]
    ):
        return None
    try:
        outer, _end = json.JSONDecoder(strict=False).raw_decode(start)
        inner = outer.get("Message")
        notice = json.loads(inner, strict=False) if isinstance(inner, str) else outer
        bounce = notice.get("bounce") or {}
        recipients = bounce.get("bouncedRecipients") or [{}]
        first = recipients[0]
        mail = notice.get("mail") or {}
        if notice.get("notificationType") == "Delivery":
            answer = str((notice.get("delivery") or {}).get("smtpResponse") or "")
            arrived = str((mail.get("destination") or [""])[0])
            return Bounce(
                arrived or None, bounce_reasons.status_in(answer), False, "delivered", f"<{mail.get('messageId')}>"
            )
        if notice.get("notificationType") != "Bounce":
            return None
        diagnostic = str(first.get("diagnosticCode") or bounce.get("bounceSubType") or "")
        status = first.get("status") or bounce_reasons.status_in(diagnostic)
        reason = bounce_reasons.reason(diagnostic, status, "failed")
        identifier = mail.get("messageId")
    except (ValueError, AttributeError, TypeError, IndexError, KeyError, RecursionError):
        return None
    return Bounce(
        first.get("emailAddress"),
        status or bounce_reasons.stand_in(reason, False),
        reason in bounce_reasons.HARD,
        reason,
        f"<{identifier}>" if identifier else None,
    )


# ---- prose -----------------------------------------------------------------------------------------

_COPY_BEGINS = re.compile(
    r"(?im)^[-=_* >]{0,60}(this is a copy of (the|your) message|original message( text| follows| headers)?\b|"
    r"below this line is a copy|"
    r"the (following|body) .{0,40}original|message (headers|header|text|body|contents) follow|"
    r"returned message follows|unsent message( follows| below)?|"
    r"the header page of the original|исходное сообщение|текст (исходного )?сообщения|included is a copy|"
    r"copy of (the )?(original )?message|undelivered message|received: from |return-path:\s*<|return path:)"
)


def _own_words(text: str) -> str:
    """What the server says, without the letter it returns."""
    text = text[:_LONGEST_READ]
    found = _COPY_BEGINS.search(text, min(60, len(text)))
    return text[: found.start()] if found else text[:20_000]


def _from_prose(head: Headers, body: Body, subject: str, original: str | None, sender: Address | None) -> Bounce:
    prose = _own_words(body.text)
    extra = "\n".join(
        charsets.decode(part.content[:8_000]).text
        for part in body.attachments[:3]
        if part.content_type.startswith("text/") and not part.content_type.endswith("headers")
    )
    whole = f"{prose}\n{extra}" if len(prose) < 200 else prose
    recipient = _address_in(whole, head)
    about = _about(whole, recipient)
    delayed = bool(_DELAYED.search(subject))
    action = "delayed" if delayed else "failed"
    status = bounce_reasons.status_in(about) or bounce_reasons.status_in(whole)
    at_stage = bounce_stages.stage(about) or bounce_stages.stage(whole)
    if not at_stage and _is_own_domain(sender, recipient):
        at_stage = "RCPT"  # the recipient's own server says whom it does not know
    reason = bounce_reasons.reason(about, status, action, at_stage)
    if reason in ("undefined", "onhold"):
        reason = bounce_reasons.reason(f"{subject}\n{whole}", status, action, at_stage)
    if status is None:
        status = bounce_reasons.stand_in(reason, bounce_reasons.is_temporary(about) or delayed)
    return Bounce(recipient, status, reason in bounce_reasons.HARD, reason, original)


def _is_own_domain(sender: Address | None, recipient: str | None) -> bool:
    if sender is None or recipient is None:
        return False
    reporter, target = sender.email.rpartition("@")[2].lower(), recipient.rpartition("@")[2].lower()
    return bool(target) and (reporter == target or reporter.endswith(f".{target}"))


_DELAYED = re.compile(r"(?i)\bdelay|warning:|still being retried|задерж|verzöger")
_IN_BRACKETS = re.compile(r"<([^\s<>@,;]{1,128}@[^\s<>@,;]{1,253})>")
_BARE = re.compile(r"(?<![\w.+-])([A-Za-z0-9][\w.+=/-]{0,127}@[A-Za-z0-9][A-Za-z0-9.-]{1,252}\.[A-Za-z]{2,24})")


def _address_in(text: str, head: Headers) -> str | None:
    """The recipient: the header made for it, else the first address the server names."""
    named, _many = parse(head.all("x-failed-recipients")[:1])
    if named:
        return named[0].email
    for expression in (_IN_BRACKETS, _BARE):
        for found in expression.finditer(text[:20_000]):
            local = found.group(1).split("@")[0]
            if not bounce_marks.DAEMON_LOCAL.match(local):
                return charsets.clean(found.group(1))
    return None
