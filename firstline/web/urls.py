"""The house's door, and what a person chooses about its looks."""

from __future__ import annotations

from django.urls import path

from firstline.web import preferences
from firstline.web.portal import by_link

urlpatterns = [
    path("", preferences.door),
    path("language/", preferences.language),
    path("theme/", preferences.looks),
    path("s/<str:token>/", by_link.status),
]
