"""Files and originals. What a stranger sent is never a page of ours: it is downloaded, or stands in a sandbox."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from firstline.blobs import store
from firstline.intake import journal, processing
from firstline.intake.models import Inbound
from firstline.people.models import Person
from firstline.tickets import queries
from firstline.tickets.models import Attachment
from firstline.tickets.queries import NotThere
from firstline.web.agent.door import desk
from firstline.web.agent.pictures import own_pictures

SANDBOX = "sandbox; default-src 'none'"
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox; frame-ancestors 'self'"
# What may be shown in place, and only where the bytes really are that: a name and a type are the sender's words.
PICTURES: tuple[tuple[bytes, int, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
)


@require_safe
@desk
def file(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET /desk/files/17: always a download."""
    return download(queries.attachment_for(person, number))


@require_safe
@desk
def picture(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET /desk/files/17/picture: a picture in place, where the bytes are one; else 404."""
    return shown(queries.attachment_for(person, number))


@require_safe
@desk
def letter(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET /desk/messages/5/: the original in its frame, and the way to its bytes."""
    inbound = _inbound(person, number)
    return render(request, "web/agent/letter.html", {"inbound": inbound, "message": inbound.message, "number": number})


@require_safe
@desk
def original(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET /desk/messages/5/original: the letter as it came, for the sandboxed frame."""
    return in_sandbox(request, _inbound(person, number))


@require_safe
@desk
def eml(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET /desk/messages/5/original.eml: the bytes."""
    return as_eml(_inbound(person, number))


def download(attachment: Attachment) -> HttpResponse:
    """The bytes as a download that no browser opens as a page."""
    return harmless(store.read(attachment.blob_id), attachment.name)


def shown(attachment: Attachment) -> HttpResponse:
    """The bytes as the picture that they are. Raises NotThere for anything else."""
    content = store.read(attachment.blob_id)
    kind = picture_kind(content)
    if kind is None:
        raise NotThere(str(attachment.pk))
    response = HttpResponse(content, content_type=kind)
    response["Content-Security-Policy"] = SANDBOX
    response["Content-Disposition"] = content_disposition_header(False, attachment.name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def picture_kind(content: bytes) -> str | None:
    """The type by the magic bytes, if it is one of the pictures that may be shown."""
    return next((kind for magic, at, kind in PICTURES if content[at : at + len(magic)] == magic), None)


def harmless(content: bytes, name: str, kind: str = "application/octet-stream") -> HttpResponse:
    """Any bytes as a download."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Security-Policy"] = SANDBOX
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def in_sandbox(request: HttpRequest, inbound: Inbound) -> HttpResponse:
    """The letter with its head, cleaned, under a policy of its own: no script, no form, no other host."""
    reading = processing.read(inbound) if inbound.kind == "email" else None
    letter = reading.letter if reading else None
    context = {
        "letter": letter,
        # Pictures are words here: nothing is asked of other hosts, and a sandbox has no cookie to ask us with.
        "shown": own_pictures(letter.html, ()) if letter and letter.html else "",
        "problem": reading.problem if reading else "",
        "inbound": inbound,
    }
    if letter is None:
        context["raw"] = journal.raw(inbound)[:200_000].decode("utf-8", "replace")
    response = render(request, "web/agent/original.html", context)
    response["Content-Security-Policy"] = LETTER_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response


def as_eml(inbound: Inbound) -> HttpResponse:
    kind, ending = ("message/rfc822", "eml") if inbound.kind == "email" else ("application/json", "json")
    return harmless(journal.raw(inbound), f"{inbound.pk}.{ending}", kind)


def _inbound(person: Person, number: int) -> Inbound:
    """The original of a message that the person may read: the message is the door. Raises NotThere."""
    message = queries.message_for(person, number)
    inbound = Inbound.objects.select_related("message").filter(message=message).first()
    if inbound is None:
        raise NotThere(str(number))
    return inbound
