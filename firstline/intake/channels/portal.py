"""A request typed by its writer: the portal's form."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from firstline.contracts.form_answers import Given
from firstline.contracts.models import Category, Service
from firstline.intake import acceptance, taking
from firstline.intake.channels import form_values, values
from firstline.intake.models import Inbound
from firstline.intake.taking import Taken
from firstline.lib import html as markup
from firstline.people.models import Client, Person
from firstline.tickets.models import Channel, Level, Ticket, Type
from firstline.tickets.opening import Words, open_ticket

__all__ = ["Taken", "again", "submit"]


def submit(
    *,
    by: Person,
    subject: str,
    text: str,
    html: str = "",
    type: str | None = None,
    service: Service | str | None = None,
    category: Category | str | None = None,
    urgency: str = Level.MEDIUM,
    impact: str = Level.MEDIUM,
    files: Sequence[UploadedFile] = (),
    answers: Given | None = None,
    answer_files: Mapping[str, Sequence[UploadedFile]] | None = None,
    client: Client | str | None = None,
    key: str = "",
    at: datetime,
) -> Taken:
    """The ticket of who is signed in. `key` is the hidden key of the form: the same words sent twice are one ticket.
    `answers` are those to the service's form, `answer_files` the files among them; with them no other text is needed.

    Raises WrongValue (`subject`, `text`, `service`, `category`, `urgency`, `impact`, `files`, `client`), WrongAnswers,
    NotAllowed, NotDurable.
    """
    about, whose = values.service(service), values.client(client)
    found = {"service": about, "category": values.category(category), "client": whose}
    values.demand_own_client(by, whose)
    kept = form_values.judged(about, _with_names(answers or {}, answer_files), whose or by.client)
    values.words("subject", subject, longest=1_000)
    values.words("text", text, required=not (markup.text(html).strip() or files or (kept and kept["values"])))
    fields: dict[str, Any] = {
        "subject": subject, "text": text.replace("\x00", ""), "html": html.replace("\x00", ""),
        "type": values.choice("type", type, Type, Type.INCIDENT).value,
        "urgency": values.choice("urgency", urgency, Level, Level.MEDIUM).value,
        "impact": values.choice("impact", impact, Level, Level.MEDIUM).value,
    }  # fmt: skip
    fields.update({name: one.slug if one else None for name, one in found.items()})
    fields["files"] = values.kept_files(files) + form_values.with_files(kept, answer_files or {})
    if kept is not None:
        fields["answers"] = kept
    return taking.take(
        kind="portal",
        by=by,
        raw=taking.as_bytes(fields),
        key=taking.key_of_form(key, fields),
        at=at,
        register=lambda: _register(fields, found, by, at),
    )


def again(inbound: Inbound) -> Ticket:
    """Registers what was kept when registering failed. Raises what `submit` raises."""
    fields = json.loads(acceptance.bytes_of(inbound))
    found = {
        "service": values.service(fields["service"]),
        "category": values.category(fields["category"]),
        "client": values.client(fields["client"]),
    }
    return _register(fields, found, taking.submitter(inbound), inbound.received_at)


def _register(fields: dict[str, Any], found: dict[str, Any], by: Person, at: datetime) -> Ticket:
    values.demand_own_client(by, found["client"])
    words = Words(text=fields["text"], html=fields["html"], files=values.files_of(fields["files"]))
    return open_ticket(
        subject=fields["subject"], words=words, requester=by, by=by, channel=Channel.PORTAL, at=at,
        type=Type(fields["type"]), urgency=Level(fields["urgency"]), impact=Level(fields["impact"]),
        answers=form_values.answered(fields.get("answers"), found["service"]), **found,
    )  # fmt: skip


def _with_names(given: Given, files: Mapping[str, Sequence[UploadedFile]] | None) -> Given:
    """A file counts as answered by its name."""
    return {**given, **{key: [file.name or "file" for file in each] for key, each in (files or {}).items()}}
