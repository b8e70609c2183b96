"""Links for signing in, for invitations and for a new password: once, in time, for their purpose only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from firstline.lib import clock
from firstline.people import links
from firstline.people.links import LinkRefused
from firstline.people.models import OneTimeLink, Person
from firstline.post.models import Delivery
from tests import cast
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def ivan() -> Person:
    person: Person = cast.stage().ivan
    return person


def path_in(delivery: Delivery) -> str:
    return "/account/" + str(delivery.data["url"]).partition("/account/")[2]


def test_opening_a_link_does_not_use_it_up_pressing_the_button_does(client: Client, ivan: Person) -> None:
    token = links.make(ivan, links.LOGIN, clock.now(), timedelta(minutes=5))
    for _ in range(2):
        assert client.get(f"/account/link/{token}/").status_code == 200
    assert "_auth_user_id" not in client.session
    assert client.post(f"/account/link/{token}/").status_code == 302
    assert client.session["_auth_user_id"] == str(ivan.pk)
    other = Client()
    assert other.get(f"/account/link/{token}/").status_code == 410
    assert other.post(f"/account/link/{token}/").status_code == 410
    assert "_auth_user_id" not in other.session


def test_only_the_hash_is_kept(ivan: Person) -> None:
    token = links.make(ivan, links.LOGIN, clock.now())
    assert token not in OneTimeLink.objects.get().hash


def test_a_link_is_over_after_its_time_and_good_for_its_purpose_only(ivan: Person) -> None:
    now = clock.now()
    token = links.make(ivan, links.INVITATION, now, timedelta(hours=1))
    for purpose, at in ((links.LOGIN, now), (links.RESET, now), (links.INVITATION, now + timedelta(hours=1))):
        with pytest.raises(LinkRefused):
            links.use(token, purpose, at)
    assert links.use(token, links.INVITATION, now + timedelta(minutes=59)) == ivan
    with pytest.raises(LinkRefused):
        links.use(token, links.INVITATION, now)


def test_a_link_of_somebody_who_left_is_over(ivan: Person) -> None:
    token = links.make(ivan, links.LOGIN, clock.now())
    ivan.is_active = False
    ivan.save()
    with pytest.raises(LinkRefused):
        links.use(token, links.LOGIN, clock.now())


def test_a_forgotten_password_is_set_anew_and_other_sessions_end(client: Client, ivan: Person) -> None:
    elsewhere = Client()
    elsewhere.force_login(ivan)
    assert client.post("/account/forgot/", {"login": "ivan"})["Location"] == "/account/sent/"
    letter = Delivery.objects.get(kind="password_reset")
    assert (letter.to, letter.language, letter.person) == ("ivan@north.example", "ru", ivan.pk)
    page = path_in(letter)
    assert client.get(page).status_code == 200
    weak = client.post(page, {"password": "short", "again": "short"})
    assert weak.status_code == 422
    assert client.post(page, {"password": PASSWORD, "again": "other words"}).status_code == 422
    assert client.post(page, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert client.session["_auth_user_id"] == str(ivan.pk)
    ivan.refresh_from_db()
    assert ivan.check_password(PASSWORD)
    assert elsewhere.get("/portal/").status_code == 302
    assert client.get(page).status_code == 410


def test_nobody_learns_whether_there_is_such_an_account(client: Client, ivan: Person) -> None:
    answers = [client.post("/account/forgot/", {"login": name}) for name in ("ivan", "nobody", "nobody@north.example")]
    assert {(a.status_code, a["Location"]) for a in answers} == {(302, "/account/sent/")}
    assert Delivery.objects.count() == 1


def test_a_stranger_cannot_have_many_letters_sent_to_somebody(client: Client, ivan: Person) -> None:
    for _ in range(6):
        assert client.post("/account/forgot/", {"login": "ivan"}).status_code == 302
    assert Delivery.objects.count() == 3
    for _ in range(4):
        client.post("/account/forgot/", {"login": "nobody"})
    refused = client.post("/account/forgot/", {"login": "nobody"})
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0


def test_a_link_by_mail_signs_in(client: Client, ivan: Person) -> None:
    client.post("/account/link/", {"login": "ivan@north.example"})
    assert client.post(path_in(Delivery.objects.get(kind="login_link"))).status_code == 302
    assert client.session["_auth_user_id"] == str(ivan.pk)


def test_a_new_password_ends_every_open_link(ivan: Person, client: Client) -> None:
    spare = links.make(ivan, links.LOGIN, clock.now())
    token = links.make(ivan, links.RESET, clock.now())
    client.post(f"/account/password/reset/{token}/", {"password": PASSWORD, "again": PASSWORD})
    with pytest.raises(LinkRefused):
        links.use(spare, links.LOGIN, clock.now())


def test_ones_own_password_needs_the_present_one_and_keeps_this_session(client: Client, ivan: Person) -> None:
    ivan.set_password("old words of mine")
    ivan.save()
    client.force_login(ivan)
    new = {"password": PASSWORD, "again": PASSWORD}
    assert client.post("/account/password/", {"old": "guess", **new}).status_code == 422
    assert client.post("/account/password/", {"old": "old words of mine", **new}).status_code == 302
    assert client.get("/portal/").status_code == 200
