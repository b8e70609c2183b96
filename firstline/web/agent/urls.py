"""The addresses of the desk."""

from __future__ import annotations

from django.urls import path

from firstline.web.agent import queue, sidebar_page

urlpatterns = [
    path("", sidebar_page.home),
    path("queue/", queue.queue, name="desk-queue"),
    path("sidebar/", sidebar_page.part),
    path("menu/", sidebar_page.menu),
]
