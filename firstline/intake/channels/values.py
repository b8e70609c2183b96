"""Values of a form or a call, checked: each refusal names the field (422, or the words beside the field)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.db.models import TextChoices

from firstline.assets.models import Equipment
from firstline.blobs import store
from firstline.blobs.models import Blob
from firstline.contracts.models import Category, Service
from firstline.intake import acceptance
from firstline.intake.acceptance import NotDurable
from firstline.intake.reading import names
from firstline.people.models import Client, Person
from firstline.tickets.opening import File
from firstline.tickets.permissions import may_create_for
from firstline.tickets.refusals import WrongValue

LONGEST_TEXT = 1_000_000
LARGEST_FILE = 25 * 1024 * 1024
MOST_FILES = 20
TOO_LARGE = f"at most {LARGEST_FILE // 1024 // 1024} MB a file"

Choice = TypeVar("Choice", bound=TextChoices)


def choice(field: str, given: object, choices: type[Choice], default: Choice) -> Choice:
    """One of the words of interfaces.md, *Values*; nothing given is the default."""
    if given in (None, ""):
        return default
    if not isinstance(given, str) or given not in choices.values:
        raise WrongValue(field, f"one of {', '.join(choices.values)}")
    return choices(given)


def words(field: str, given: object, *, longest: int = LONGEST_TEXT, required: bool = True) -> str:
    """Text without NUL. Raises WrongValue where it is no text, empty or too long."""
    if given is None:
        given = ""
    if not isinstance(given, str):
        raise WrongValue(field, "text")
    text = given.replace("\x00", "")
    if required and not text.strip():
        raise WrongValue(field, "empty")
    if len(text) > longest:
        raise WrongValue(field, f"at most {longest} characters")
    return text


def email(field: str, given: object) -> str:
    """An address, or nothing."""
    text = words(field, given, longest=254, required=False).strip()
    if text:
        try:
            validate_email(text)
        except ValidationError as wrong:
            raise WrongValue(field, "an e-mail address") from wrong
    return text


def service(given: Service | str | None) -> Service | None:
    """The service, given as itself or by its slug."""
    if isinstance(given, Service):
        return given
    if not given:
        return None
    found = Service.objects.select_related("team").filter(slug=given).first() if isinstance(given, str) else None
    if found is None:
        raise WrongValue("service", "unknown")
    return found


def category(given: Category | str | None) -> Category | None:
    """The category, given as itself or by its slug."""
    if isinstance(given, Category):
        return given
    if not given:
        return None
    found = Category.objects.select_related("service").filter(slug=given).first() if isinstance(given, str) else None
    if found is None:
        raise WrongValue("category", "unknown")
    return found


def equipment(given: Equipment | str | None, client: Client | None) -> Equipment | None:
    """The client's thing, given as itself or by its slug; another's is not known."""
    if isinstance(given, Equipment):
        return given
    if not given:
        return None
    found = Equipment.objects.filter(slug=given, client=client).first() if isinstance(given, str) and client else None
    if found is None:
        raise WrongValue("equipment", "unknown")
    return found


def client(given: Client | str | None) -> Client | None:
    """The client, given as itself or by its slug."""
    if isinstance(given, Client):
        return given
    if not given:
        return None
    found = Client.objects.filter(slug=given).first() if isinstance(given, str) else None
    if found is None:
        raise WrongValue("client", "unknown")
    return found


def demand_own_client(by: Person, named: Client | None) -> None:
    """Raises WrongValue where `by` may not name this client, in the words for one that is not there: who guesses names
    learns nothing (always-true 4)."""
    if named is None:
        return
    is_own = may_create_for(by, named.pk, by) if by.is_agent else named.pk == by.client_id
    if not is_own:
        raise WrongValue("client", "unknown")


def kept_files(files: Sequence[UploadedFile]) -> list[dict[str, str]]:
    """Uploaded files made durable, as plain values for the record. Call it outside of transactions: it waits for the
    disk. Raises WrongValue and NotDurable."""
    if len(files) > MOST_FILES:
        raise WrongValue("files", f"at most {MOST_FILES} files")
    acceptance.with_room()  # for the words beside the files too
    out = []
    for number, file in enumerate(files, start=1):
        if (file.size or 0) > LARGEST_FILE:
            raise WrongValue("files", TOO_LARGE)
        out.append(kept_file(file.read(), file.name or "", file.content_type or "", number))
    return out


def kept_file(content: bytes, name: str, content_type: str, number: int = 1) -> dict[str, str]:
    """One file as above, its bytes at hand; the `number` of many names it where nothing else does. Raises
    NotDurable."""
    try:
        blob = store.keep(content)
    except OSError as full:
        raise NotDurable(str(full)) from full
    safe = names.safe(name) or names.made(content_type, number)
    return {"sha256": blob.sha256, "name": safe, "content_type": content_type or "application/octet-stream"}


def files_of(kept: Sequence[dict[str, str]]) -> list[File]:
    """The files of a record, ready to attach."""
    blobs = Blob.objects.in_bulk([one["sha256"] for one in kept]) if kept else {}
    return [File(blob=blobs[one["sha256"]], name=one["name"], content_type=one["content_type"]) for one in kept]
