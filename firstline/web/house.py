"""The house's own stylesheet and logo: addresses of their own, so that the policy of the pages needs no exception."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe

from firstline.brand import identity, sheet
from firstline.brand.models import Brand
from firstline.tickets.queries import NotThere

KEPT = "public, max-age=31536000, immutable"
POLICY = "default-src 'none'; sandbox"


def _tag(request: HttpRequest) -> str:
    version = Brand.objects.filter(pk=1).values_list("version", flat=True).first() or 0
    return f'"brand-{version}"'


@require_safe
@condition(etag_func=_tag)
def theme(request: HttpRequest) -> HttpResponse:
    """GET /theme.css?v=3"""
    answer = HttpResponse(sheet.written(identity.read().hue), content_type="text/css; charset=utf-8")
    answer["Cache-Control"] = KEPT if "v" in request.GET else "no-cache"
    return answer


@require_safe
@condition(etag_func=_tag)
def logo(request: HttpRequest) -> HttpResponse:
    """GET /brand/logo?v=3: opened by itself it is a picture and nothing that runs."""
    row = Brand.objects.filter(pk=1).exclude(logo_type="").first()
    if row is None:
        raise NotThere("logo")
    answer = HttpResponse(bytes(row.logo), content_type=row.logo_type)
    answer["Cache-Control"] = KEPT if "v" in request.GET else "no-cache"
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
