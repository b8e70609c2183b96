"""/portal/: the client's side."""

from __future__ import annotations

from django.urls import path

from firstline.web.portal import (
    all_clocks,
    announcements,
    ask,
    colleagues,
    files,
    home,
    listing,
    new,
    offers,
    one_request,
    profile,
    remote_help,
    statements,
    together,
)

urlpatterns = [
    path("", home.home),
    path("ask/", ask.ask),
    path("new/", new.new),
    path("new/answers/", new.answers),
    path("new/helped/", new.article_helped),
    path("new/fields/", new.fields),
    path("services/", offers.catalogue),
    path("received/", new.received),
    path("requests/", listing.listing),
    path("requests/export.csv", listing.export),
    path("colleagues/", colleagues.page),
    path("colleagues/<int:number>/leaving/", colleagues.part),
    path("colleagues/requests/<int:number>/acceptance/", colleagues.accept),
    path("colleagues/requests/<int:number>/refusal/", colleagues.refuse),
    path("requests/<str:number>/", one_request.page),
    path("requests/<str:number>/clocks/", all_clocks.page),
    path("requests/<str:number>/answer/", one_request.answer),
    path("requests/<str:number>/confirmation/", one_request.confirm),
    path("requests/<str:number>/reopening/", one_request.reopen),
    path("requests/<str:number>/rating/", one_request.rate),
    path("requests/<str:number>/call/", together.call_me),
    path("requests/<str:number>/colleagues/", together.add),
    path("requests/<str:number>/cancellation/", one_request.cancel),
    path("requests/<str:number>/files/<int:attachment_id>/", files.file),
    path("requests/<str:number>/files/<int:attachment_id>/picture", files.picture, name="portal-picture"),
    path("announcements/<int:number>/following/", announcements.follow),
    path("statements/", statements.listed),
    path("statements/<int:number>/", statements.one),
    path("statements/<int:number>/paper/", statements.printed),
    path("statements/<int:number>/lines.csv", statements.table),
    path("statements/<int:number>/agreement/", statements.agree),
    path("statements/<int:number>/objection/", statements.dispute),
    path("remote-help/", remote_help.remote_help),
    path("profile/", profile.profile),
]
