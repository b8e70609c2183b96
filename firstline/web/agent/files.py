"""Files and originals. What a stranger sent is never a page of ours: it is downloaded, or stands in a sandbox."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from firstline.blobs import store
from firstline.intake import journal, processing
from firstline.intake.models import Inbound
from firstline.intake.reading import appointments, enclosed
from firstline.lib import pictures
from firstline.people.models import Person
from firstline.tickets import queries
from firstline.tickets.models import Attachment
from firstline.tickets.queries import NotThere
from firstline.web import letter_words
from firstline.web.agent import appointment_words
from firstline.web.agent.door import desk
from firstline.web.asked import is_fragment

SANDBOX = "sandbox; default-src 'none'"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src {}; sandbox; frame-ancestors 'self'"
LETTER_POLICY = _POLICY.format("'self' data:")
# Only for whoever asks: their owners learn that the letter is being read.
POLICY_WITH_PICTURES = _POLICY.format("'self' data: https: http:")


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
    context = {
        "inbound": inbound,
        "message": inbound.message,
        "number": number,
        "pictures": wants_pictures(request),
        "has_pictures": inbound.message is not None and letter_words.has_remote_pictures(inbound.message.html),
    }
    return render(request, "web/agent/letter.html", context)


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


@require_safe
@desk
def appointment(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET /desk/files/17/appointment: what an invitation says, asked for; 404 where the file is none."""
    attachment = queries.attachment_for(person, number)
    events = appointments.read(store.read(attachment.blob_id)[: appointments.LARGEST].decode("utf-8", "replace"))
    if not events:
        raise NotThere(str(number))
    context = {
        "events": [(event, appointment_words.when(event)) for event in events],
        "message": attachment.message,
        "file": attachment,
    }
    template = "web/agent/_appointment.html" if is_fragment(request) else "web/agent/appointment.html"
    return render(request, template, context)


def wants_pictures(request: HttpRequest) -> bool:
    """Whether the pictures of other hosts are asked for."""
    return request.GET.get("pictures") == "yes"


def download(attachment: Attachment) -> HttpResponse:
    """The bytes as a download that no browser opens as a page."""
    return harmless(store.read(attachment.blob_id), attachment.name)


def shown(attachment: Attachment) -> HttpResponse:
    """The bytes as the picture that they are. Raises NotThere for anything else."""
    return as_picture(store.read(attachment.blob_id), attachment.name)


def as_picture(content: bytes, name: str) -> HttpResponse:
    """These bytes as the picture that they are. Raises NotThere for anything else."""
    kind = pictures.kind_of(content)
    if kind is None:
        raise NotThere(name)
    response = HttpResponse(content, content_type=kind)
    response["Content-Security-Policy"] = SANDBOX
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response


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
    pictures = wants_pictures(request)
    letter = enclosed.whole(reading.letter) if reading and reading.letter else None
    context = {
        "letter": letter,
        "shown": letter_words.embedded_pictures(letter.html, letter.attachments, pictures)
        if letter and letter.html
        else "",
        "problem": reading.problem if reading else "",
        "inbound": inbound,
    }
    if letter is None:
        context["raw"] = journal.raw(inbound)[:200_000].decode("utf-8", "replace")
    response = render(request, "web/agent/original.html", context)
    response["Content-Security-Policy"] = POLICY_WITH_PICTURES if pictures else LETTER_POLICY
    response["Referrer-Policy"] = "no-referrer"
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
