"""/healthz, /readyz and /metrics: for machines."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from firstline.lib import clock
from firstline.ops import health, metrics
from firstline.people import tokens
from firstline.people.permissions import may


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is looked at."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 where requests are taken and understood, else 503; the problems by name, without anybody's data."""
    found = health.problems(clock.now())
    is_ready = not any(problem.stops for problem in found)
    return JsonResponse(
        {"ready": is_ready, "problems": [{"name": one.name, "words": one.words, "stops": one.stops} for one in found]},
        status=200 if is_ready else 503,
    )


@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Prometheus text, for the addresses on the list and for an administrator's token."""
    if not (_is_listed(request) or _is_administrator(request)):
        return HttpResponse("not for this address\n", status=403, content_type="text/plain")
    return HttpResponse(metrics.text(clock.now()), content_type="text/plain; version=0.0.4; charset=utf-8")


def _is_listed(request: HttpRequest) -> bool:
    try:
        caller = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(caller == ip_address(allowed) for allowed in settings.FIRSTLINE_METRICS_FROM)


def _is_administrator(request: HttpRequest) -> bool:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    known = tokens.find(token, at=clock.now()) if kind.lower() == "bearer" else None
    return known is not None and may(known.person, "metrics")
