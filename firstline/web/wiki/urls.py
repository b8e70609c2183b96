"""/kb/: the wiki."""

from __future__ import annotations

from django.urls import path

from firstline.web.wiki import article, editing, shelf

urlpatterns = [
    path("", shelf.shelf),
    path("new/", editing.new),
    path("<slug:slug>/", article.page),
    path("<slug:slug>/edit/", editing.edit),
    path("<slug:slug>/history/", article.history),
    path("<slug:slug>/handing-in/", article.hand_in),
    path("<slug:slug>/publication/", article.publish),
    path("<slug:slug>/archiving/", article.archive),
]
