"""What every process would load for itself, loaded once by the parent of all (docs/decisions/0053-loaded-once.md)."""

from __future__ import annotations

import gc
import importlib

from django.conf import settings
from django.db import connections
from django.urls import get_resolver
from django.utils import translation

APPLICATIONS = ("firstline.wsgi", "firstline.events.app")


def load() -> None:
    """Pages, API, catalogues of words. No row is read: what belongs to a database is asked by each process itself."""
    for name in APPLICATIONS:
        importlib.import_module(name)
    get_resolver().reverse_dict  # noqa: B018 - imports every page, and the API with its schemas
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("")
    connections.close_all()
    gc.collect()
    gc.freeze()  # a collection in a child would write to every page of memory that it shares
