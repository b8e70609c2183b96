"""The addresses of the desk: a new action is a new noun (architecture.md, rule 8)."""

from __future__ import annotations

from django.urls import path

from firstline.web.agent import (
    accounts,
    articles,
    calls,
    conversation,
    files,
    hand_over,
    moves,
    properties,
    queue,
    sidebar_page,
    ticket,
)

urlpatterns = [
    path("", sidebar_page.home),
    path("queue/", queue.queue, name="desk-queue"),
    path("accounts/", accounts.requests),
    path("accounts/<int:number>/acceptance/", accounts.accept),
    path("accounts/<int:number>/refusal/", accounts.refuse),
    path("sidebar/", sidebar_page.part),
    path("menu/", sidebar_page.menu),
    path("calls/new/", calls.new, name="desk-call"),
    path("tickets/<number>/", ticket.page, name="desk-ticket"),
    path("tickets/<number>/messages/", conversation.messages),
    path("tickets/<number>/calls/", conversation.calls),
    path("tickets/<number>/worklogs/", conversation.worklogs),
    path("tickets/<number>/take/", moves.take),
    path("tickets/<number>/assignment/", moves.assign),
    path("tickets/<number>/hand-over/", hand_over.hand_over),
    path("tickets/<number>/wait/", moves.wait),
    path("tickets/<number>/hold/", moves.hold),
    path("tickets/<number>/resume/", moves.resume),
    path("tickets/<number>/resolution/", moves.resolve),
    path("tickets/<number>/cancellation/", moves.cancel),
    path("tickets/<number>/link/", moves.link),
    path("tickets/<number>/properties/", properties.change),
    path("tickets/<number>/articles/", articles.for_ticket),
    path("files/<int:number>", files.file, name="desk-file"),
    path("files/<int:number>/picture", files.picture, name="desk-picture"),
    path("messages/<int:number>/", files.letter),
    path("messages/<int:number>/original", files.original),
    path("messages/<int:number>/original.eml", files.eml),
]
