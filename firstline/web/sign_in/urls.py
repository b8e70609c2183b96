"""/account/: the door."""

from __future__ import annotations

from django.urls import path

from firstline.web.sign_in import coming_in, first, passwords, wish

urlpatterns = [
    path("login/", coming_in.login),
    path("logout/", coming_in.logout),
    path("forgot/", coming_in.forgot),
    path("sent/", coming_in.sent),
    path("link/", coming_in.mail_me_a_link),
    path("link/<str:token>/", coming_in.by_link),
    path("support/<str:token>/", coming_in.by_support_link),
    path("password/", passwords.change),
    path("password/reset/<str:token>/", passwords.reset),
    path("invitation/<str:token>/", passwords.invitation),
    path("first/<str:token>/", first.come_in),
    path("request/", wish.ask),
    path("asked/", wish.asked),
]
