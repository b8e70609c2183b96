"""Files: uploaded before what they belong to, and downloaded from where they lie."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from ninja import Router

from firstline.api import answers as answering
from firstline.api import schemas
from firstline.api.auth import FILES, caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.problems import Refused
from firstline.api.tickets import Search
from firstline.blobs import store
from firstline.intake.channels import uploaded, values
from firstline.people.models import Person
from firstline.tickets import queries

router = Router(tags=["Files"])
# A file is somebody's: it is never run, shown inside a page of ours, or guessed to be something else.
SANDBOX = "sandbox; default-src 'none'"


@router.post(
    "", response={201: schemas.UploadedFile, **FOR_WRITING}, summary="Upload a file", url_name=FILES,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)  # fmt: skip
def upload(request: HttpRequest, name: Search = "") -> HttpResponse:
    """The body is the file, its `Content-Type` what it is, `name` what it is called. `file` of the answer goes into
    `files` of a message or of a new ticket, by the same caller, within a day."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > values.LARGEST_FILE:
        raise Refused(413, f"A file may have {values.LARGEST_FILE} bytes.")
    kind = (request.content_type or "")[:100]
    kept = uploaded.keep(request.body, name.replace("\x00", ""), kind, by=caller(request).person)

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        return 201, kept

    return answering.done(request, deed)


@router.get("/{file_id}", response={200: bytes, **FOR_READING}, summary="Download a file")
def download(request: HttpRequest, file_id: str) -> HttpResponseBase:
    """The bytes as they came, always as a download."""
    if not (file_id.isascii() and file_id.isdigit() and len(file_id) <= 15):
        raise queries.NotThere(file_id)
    file = queries.attachment_for(caller(request).person, int(file_id))
    path: Path = store.path_of(file.blob_id)
    if not path.exists():
        raise store.BlobMissing(file.blob_id)
    response = FileResponse(path.open("rb"), content_type="application/octet-stream")
    name = "".join(sign for sign in file.name if sign.isprintable() and sign not in '/\\"') or "file"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Content-Length"] = str(file.size)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
