"""Files that a program uploads before it says what they belong to.

The bytes are kept for good; what stands for them is a handle that is signed, written down nowhere, good for a day, and
only for whoever uploaded them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.core import signing

from firstline.intake import acceptance
from firstline.intake.channels import values
from firstline.people.models import Person
from firstline.tickets.refusals import WrongValue

SALT = "firstline.uploaded"
GOOD_FOR = timedelta(days=1)
LONGEST_HANDLE = 2_000


def keep(content: bytes, name: str, content_type: str, *, by: Person) -> dict[str, str | int]:
    """The handle, and what the file is called, is and weighs. Call it outside of transactions: it waits for the disk.
    Raises WrongValue, NotDurable."""
    if not content:
        raise WrongValue("body", "empty")
    if len(content) > values.LARGEST_FILE:
        raise WrongValue("body", values.TOO_LARGE)
    acceptance.with_room()
    kept = values.kept_file(content, name, content_type)
    handle = signing.dumps({"by": by.pk, **kept}, salt=SALT)
    return {"file": handle, "name": kept["name"], "content_type": kept["content_type"], "size": len(content)}


def kept_of(handles: object, *, by: Person, late: bool = False) -> list[dict[str, str]]:
    """The files behind the handles, as `values.files_of` takes them. `late`: what holds them was taken in when they
    were good. Raises WrongValue."""
    if handles in (None, []):
        return []
    if not isinstance(handles, Sequence) or isinstance(handles, str) or len(handles) > values.MOST_FILES:
        raise WrongValue("files", f"a list of at most {values.MOST_FILES} handles of POST /files")
    return [_read(handle, by, late) for handle in handles]


def _read(handle: object, by: Person, late: bool) -> dict[str, str]:
    try:
        found = signing.loads(str(handle), salt=SALT, max_age=None if late else GOOD_FOR)
    except signing.BadSignature as wrong:
        raise WrongValue("files", "no handle of a file that was uploaded within a day") from wrong
    if found.pop("by") != by.pk:
        raise WrongValue("files", "no handle of a file that was uploaded within a day")
    return dict(found)
