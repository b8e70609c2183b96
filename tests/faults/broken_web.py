"""The pages and the API with the deliberate fault that FIRSTLINE_BROKEN names: granian serves `application`."""

from __future__ import annotations

import os

import django

from tests.faults.broken import FAULTS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstline.settings")
django.setup()
FAULTS[os.environ["FIRSTLINE_BROKEN"]]()

from firstline.wsgi import application  # noqa: E402, F401 - only now, with the fault in it
