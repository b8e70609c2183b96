"""Sites and API, mounted."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("firstline.ops.urls")),
    path("account/", include("firstline.web.sign_in.urls")),
    path("portal/", include("firstline.web.portal.urls")),
    path("desk/", include("firstline.web.agent.urls")),
    path("desk/", include("firstline.web.manager.urls")),
    path("desk/", include("firstline.web.admin.urls")),
    path("kb/", include("firstline.web.wiki.urls")),
    path("api/v1/", include("firstline.api.urls")),
    path("", include("firstline.web.urls")),
]
handler400 = "firstline.web.refused.wrong_request"
handler403 = "firstline.web.refused.forbidden"
handler404 = "firstline.web.refused.not_found"
handler500 = "firstline.web.refused.broken"
