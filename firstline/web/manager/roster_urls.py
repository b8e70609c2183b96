"""The addresses of the roster and of reinforcement, below /desk/."""

from __future__ import annotations

from django.urls import path, register_converter

from firstline.roster import swaps
from firstline.web.manager import reinforcement, roster, roster_person, roster_team


class SwapStep:
    """What can be said of a swap."""

    regex = "|".join(swaps.STEPS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(SwapStep, "swap")

urlpatterns = [
    path("roster/", roster.grid),
    path("roster/people/<str:login>/", roster_person.page),
    path("roster/people/<str:login>/shifts/", roster_person.write_shifts),
    path("roster/people/<str:login>/days/", roster_person.change_day),
    path("roster/people/<str:login>/absences/", roster_person.tell_absence),
    path("roster/people/<str:login>/absences/file/", roster_person.take_calendar),
    path("roster/people/<str:login>/skills/", roster_person.know),
    path("roster/shifts/<slug:slug>/end/", roster_person.end_shifts),
    path("roster/absences/<int:number>/return/", roster_person.come_back),
    path("roster/swaps/", roster_person.ask_swap),
    path("roster/swaps/<int:number>/<swap:step>/", roster_person.move_swap),
    path("roster/teams/<slug:slug>/", roster_team.page),
    path("roster/teams/<slug:slug>/shifts/", roster_team.write_shifts),
    path("roster/teams/<slug:slug>/layers/", roster_team.write_layer),
    path("roster/teams/<slug:slug>/cover/", roster_team.cover),
    path("roster/layers/<slug:slug>/removal/", roster_team.remove_layer),
    path("roster/layers/<slug:slug>/stand-ins/", roster_team.stand_in),
    path("reinforcement/", reinforcement.listed),
    path("reinforcement/reserve/", reinforcement.reserve),
    path("reinforcement/<int:number>/", reinforcement.one),
    path("reinforcement/<int:number>/people/", reinforcement.ask_more),
    path("reinforcement/<int:number>/end/", reinforcement.end),
]
