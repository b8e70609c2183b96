"""The house's door, and what a person chooses about its looks."""

from __future__ import annotations

from django.urls import path

from firstline.web import browsers, come, house, preferences, roster_calendar, told
from firstline.web.portal import by_link

urlpatterns = [
    path("", preferences.door),
    path("language/", preferences.language),
    path("theme/", preferences.looks),
    path("theme.css", house.theme),
    path("brand/logo", house.logo),
    path("push-worker.js", browsers.worker),
    path("push/browsers/", browsers.switch_on),
    path("push/browsers/<int:number>/removal/", browsers.switch_off),
    path("s/<str:token>/", by_link.status),
    path("come/<str:token>/", come.come),
    path("told/<str:token>/", told.told),
    path("roster/<str:token>.ics", roster_calendar.calendar),
]
