"""The addresses of who answers for contracts, the catalogue and numbers, below /desk/."""

from __future__ import annotations

from django.urls import path, register_converter

from firstline.sla.models import StatementState
from firstline.web.manager import (
    board,
    boxes,
    calendar_form,
    calendars,
    catalogue,
    contracts,
    editing,
    equipment,
    ladders,
    numbers,
    outages,
    roster_urls,
    routing,
    service_form,
    statements,
    terms_templates,
    trial,
    vendors,
    versions,
)


class Step:
    """A state that a person can take a statement to."""

    regex = "|".join((StatementState.REVIEWED, StatementState.DISPUTED, StatementState.AGREED, StatementState.POSTED))

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Step, "step")

urlpatterns = [
    path("board/", board.board),
    path("board/hindrances/", board.hindrances_page),
    path("box/", boxes.page),
    path("box/tickets/", boxes.listed),
    path("box/limits/", boxes.set_up),
    path("contracts/", contracts.listing),
    path("contracts/new/", versions.new_contract),
    path("contracts/<slug:slug>/", contracts.contract),
    path("contracts/<slug:slug>/name/", versions.rename),
    path("contracts/<slug:slug>/versions/", versions.new_version),
    path("contracts/<slug:slug>/differences/", contracts.differences),
    path("contracts/<slug:slug>/<int:number>/", contracts.version),
    path("contracts/<slug:slug>/<int:number>/edit/", editing.edit),
    path("contracts/<slug:slug>/<int:number>/trial/", trial.fragment),
    path("contracts/<slug:slug>/<int:number>/force/", versions.put_in_force),
    path("contracts/<slug:slug>/<int:number>/discarding/", versions.discard),
    path("contracts/<slug:slug>/<int:number>/document/", versions.document),
    path("services/", catalogue.listing),
    path("services/new/", catalogue.new),
    path("services/<slug:slug>/", catalogue.edit),
    path("services/<slug:slug>/form/", service_form.page),
    path("calendars/", calendars.listing),
    path("calendars/new/", calendar_form.new),
    path("calendars/<slug:calendar>/week/", calendar_form.week),
    path("calendars/<slug:calendar>/<int:year>/", calendars.of_year),
    path("calendars/<slug:calendar>/days/", calendars.set_day),
    path("contract-templates/", terms_templates.listing),
    path("contract-templates/new/", terms_templates.new),
    path("contract-templates/<slug:slug>/", terms_templates.one),
    path("contract-templates/<slug:slug>/edit/", terms_templates.edit),
    path("contract-templates/<slug:slug>/retirement/", terms_templates.retirement),
    path("contract-templates/<slug:slug>/use/", terms_templates.use),
    path("vendors/", vendors.scores),
    path("vendors/new/", vendors.new),
    path("vendors/<slug:slug>/", vendors.one),
    path("vendors/<slug:slug>/retirement/", vendors.retirement),
    path("equipment/", equipment.listing),
    path("equipment/new/", equipment.new),
    path("equipment/<slug:slug>/", equipment.one),
    path("sites/new/", equipment.new_site),
    path("sites/<slug:slug>/", equipment.site),
    path("outages/", outages.listed),
    path("outages/new/", outages.new),
    path("outages/audience/", outages.audience),
    path("outages/<int:number>/", outages.edit),
    path("outages/<int:number>/update/", outages.say),
    path("outages/<int:number>/end/", outages.end),
    path("outages/<int:number>/announcement/", outages.announce),
    path("outages/<int:number>/excuse/", outages.excuse),
    path("versions/<int:number>/numbers/", numbers.numbers),
    path("versions/<int:number>/indicators/", numbers.indicators),
    path("versions/<int:number>/what-if/", numbers.ask_what_if),
    path("ladders/", ladders.listed),
    path("ladders/new/", ladders.new),
    path("ladders/<int:number>/", ladders.one),
    path("ladders/<int:number>/position/", ladders.move),
    path("ladders/<int:number>/switch/", ladders.switch),
    path("ladders/<int:number>/removal/", ladders.take_away),
    path("routing/", routing.listed),
    path("routing/new/", routing.new),
    path("routing/limits/", routing.limits),
    path("routing/proposals/", routing.sure),
    path("routing/<int:number>/", routing.one),
    path("routing/<int:number>/position/", routing.move),
    path("routing/<int:number>/switch/", routing.switch),
    path("routing/<int:number>/removal/", routing.take_away),
    *roster_urls.urlpatterns,
    path("statements/", statements.listed),
    path("statements/new/", statements.ask),
    path("statements/<int:number>/", statements.one),
    path("statements/<int:number>/paper/", statements.printed),
    path("statements/<int:number>/lines.csv", statements.table),
    path("statements/<int:number>/computing/", statements.compute),
    path("statements/<int:number>/<step:to>/", statements.step),
]
