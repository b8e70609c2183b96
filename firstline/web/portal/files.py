"""Files of a request, always as downloads: what a stranger sent never runs in our pages."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from firstline.blobs import store
from firstline.lib import pictures
from firstline.people.models import Person
from firstline.tickets import queries
from firstline.tickets.models import Attachment
from firstline.tickets.queries import NotThere
from firstline.web.portal.door import portal


@require_safe
@portal
def file(request: HttpRequest, person: Person, number: str, attachment_id: int) -> HttpResponse:
    """A file of this request, if the person may read its message. Its type and name are the sender's words: never used
    as a type, only offered as a name."""
    attachment = _of_request(person, number, attachment_id)
    response = HttpResponse(store.read(attachment.blob_id), content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(attachment.name, safe='')}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
@portal
def picture(request: HttpRequest, person: Person, number: str, attachment_id: int) -> HttpResponse:
    """A picture within the words, where the bytes really are one; else 404."""
    attachment = _of_request(person, number, attachment_id)
    content = store.read(attachment.blob_id)
    kind = pictures.kind_of(content)
    if kind is None:
        raise NotThere(str(attachment_id))
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(attachment.name, safe='')}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _of_request(person: Person, number: str, attachment_id: int) -> Attachment:
    """A file of this request whose message the person may read. Raises NotThere."""
    ticket = queries.get_for(person, number)
    attachment = queries.attachment_for(person, attachment_id)
    if attachment.message.ticket_id != ticket.pk:
        raise NotThere(str(attachment_id))
    return attachment
