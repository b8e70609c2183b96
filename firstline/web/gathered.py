"""Static files are gathered, hashed and compressed once for each state of their sources, not at every start.

Compressing them takes seconds of a processor; a desk that is started again after a crash has nobody who answers so
long. What was gathered is known by a digest of everything that went into it, which lies beside it.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from firstline.web import storage

MADE_BY = ("django", "whitenoise", "brotli")
NOTE, MANIFEST = ".sources", "staticfiles.json"


def gather() -> bool:
    """What is served under /static/ is there and of today's sources. Returns whether it had to be made."""
    folder = Path(settings.STATIC_ROOT)
    note, wanted = folder / NOTE, digest()
    if (folder / MANIFEST).is_file() and note.is_file() and note.read_text() == wanted:
        return False
    note.unlink(missing_ok=True)  # who is killed in the middle begins again
    call_command("collectstatic", verbosity=0, interactive=False)
    note.write_text(wanted)
    return True


def digest() -> str:
    """One sha256 over every source by its name and bytes, the way they are named, and the programs that do it."""
    found = hashlib.sha256(" ".join(version(name) for name in MADE_BY).encode())
    found.update(Path(storage.__file__).read_bytes())
    files = {path: place for finder in reversed(list(get_finders())) for path, place in finder.list([])}
    for path in sorted(files):
        with files[path].open(path) as content:
            bytes_ = hashlib.sha256(content.read()).hexdigest()
        found.update(f"{path}\n{bytes_}\n".encode())
    return found.hexdigest()
