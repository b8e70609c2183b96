"""The addresses of the administration, below /desk/."""

from __future__ import annotations

from django.urls import path

from firstline.web.admin import audit, branding, clients, home, letters, people, people_list, person_deeds, teams

urlpatterns = [
    path("admin/", home.home),
    path("branding/", branding.page),
    path("branding/colour/", branding.colour),
    path("audit/", audit.listing),
    path("audit/export.csv", audit.export),
    path("letters/", letters.listing),
    path("letters/<slug:kind>/<slug:language>/", letters.one),
    path("letters/<slug:kind>/<slug:language>/original/", letters.reset),
    path("people/", people.listing),
    path("people/new/", people.new),
    path("people/list/", people_list.look),
    path("people/list/taking/", people_list.take),
    path("people/<int:number>/", people.one),
    path("people/<int:number>/invitation/", person_deeds.invite),
    path("people/<int:number>/reset/", person_deeds.reset),
    path("people/<int:number>/leaving/", person_deeds.part),
    path("people/<int:number>/return/", person_deeds.bring_back),
    path("people/<int:number>/tickets/", person_deeds.give_back),
    path("people/<int:number>/merging/", person_deeds.merge),
    path("clients/", clients.listing),
    path("clients/new/", clients.new),
    path("clients/<slug:slug>/", clients.one),
    path("clients/<slug:slug>/closing/", clients.closing),
    path("teams/", teams.listing),
    path("teams/new/", teams.new),
    path("teams/<slug:slug>/", teams.one),
    path("teams/<slug:slug>/members/", teams.members),
]
