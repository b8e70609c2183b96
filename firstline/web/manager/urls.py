"""The addresses of who answers for contracts and numbers, below /desk/."""

from __future__ import annotations

from django.urls import path, register_converter

from firstline.sla.models import StatementState
from firstline.web.manager import numbers, outages, statements


class Step:
    """A state that a person can take a statement to."""

    regex = "|".join((StatementState.REVIEWED, StatementState.DISPUTED, StatementState.AGREED, StatementState.POSTED))

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Step, "step")

urlpatterns = [
    path("outages/", outages.listed),
    path("outages/new/", outages.new),
    path("outages/<int:number>/end/", outages.end),
    path("outages/<int:number>/announcement/", outages.announce),
    path("outages/<int:number>/excuse/", outages.excuse),
    path("versions/<int:number>/numbers/", numbers.numbers),
    path("versions/<int:number>/what-if/", numbers.ask_what_if),
    path("statements/", statements.listed),
    path("statements/new/", statements.ask),
    path("statements/<int:number>/", statements.one),
    path("statements/<int:number>/computing/", statements.compute),
    path("statements/<int:number>/<step:to>/", statements.step),
]
