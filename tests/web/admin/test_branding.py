"""The house's name, colour, logo and words: chosen on a page, by API or file, seen on every page and in letters."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from firstline.audit.models import Row
from firstline.brand import identity, keeping
from firstline.brand.keeping import Wanted
from firstline.brand.models import Brand
from firstline.imports import export, stage
from firstline.lib import clock
from firstline.notices.letter import Letter, as_html
from firstline.web import refused
from tests import cast
from tests.api.callers import Caller, fields
from tests.brand.test_colours_and_logos import SPACE, png

pytestmark = pytest.mark.django_db
SENT = {
    "name": "Опора", "own_hue": "on", "hue": "145", "phone": "+74951234567", "mail": "help@opora.example",
    "welcome_ru": "Мы рядом", "welcome_bg": "Тук сме", "welcome_en": "",
}  # fmt: skip
SVG = f'<svg {SPACE} viewBox="0 0 9 9"><path d="M0 0h9v9z"/><script>1</script></svg>'.encode()


@pytest.fixture
def s(client: Client) -> SimpleNamespace:
    stage = cast.stage()
    client.force_login(stage.adam)
    return stage


def chosen(client: Client, **more: object) -> None:
    assert client.post("/desk/branding/", {**SENT, **more}).status_code == 302
    identity.forget()  # a test's transaction is never committed


def test_what_is_chosen_is_on_every_page(client: Client, s: SimpleNamespace) -> None:
    chosen(client, logo=SimpleUploadedFile("logo.svg", SVG, "image/svg+xml"))
    ivan = Client()
    ivan.force_login(s.ivan)
    home = ivan.get("/portal/").content.decode()
    assert "Опора" in home
    assert "Firstline</title>" not in home
    assert "Мы рядом" in home
    assert "help@opora.example" in home
    assert 'href="/theme.css?v=2"' in home
    assert 'src="/brand/logo?v=2"' in home
    assert "Опора" in Client().get("/account/login/").content.decode()
    assert "Опора" in client.get("/desk/admin/").content.decode()
    assert Row.objects.get(action="branding changed").data["changed"]["hue"] == 145


def test_nothing_is_asked_for_where_nothing_is_chosen(client: Client, s: SimpleNamespace) -> None:
    page = client.get("/desk/admin/").content.decode()
    assert "theme.css" not in page
    assert "Firstline" in page


def test_the_sheet_and_the_logo_are_kept_by_browsers_and_do_nothing_else(client: Client, s: SimpleNamespace) -> None:
    chosen(client, logo=SimpleUploadedFile("logo.svg", SVG, "image/svg+xml"))
    visitor = Client()
    css = visitor.get("/theme.css?v=2")
    assert css["Content-Type"].startswith("text/css")
    assert "--hue: 145;" in css.content.decode()
    assert visitor.get("/theme.css?v=2", headers={"If-None-Match": css["ETag"]}).status_code == 304
    logo = visitor.get("/brand/logo?v=2")
    assert logo["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"script" not in logo.content
    assert b"<path" in logo.content
    assert "unsafe" not in visitor.get("/account/login/")["Content-Security-Policy"]


def test_the_figure_moves_with_the_hue(client: Client, s: SimpleNamespace) -> None:
    first, second = (client.get("/desk/branding/colour/", {"hue": hue}).content.decode() for hue in ("145", "268"))
    assert first != second
    assert "4.5" in first
    looked = client.post("/desk/branding/", {**SENT, "do": "look"})
    assert looked.status_code == 200
    assert not Brand.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name": "x" * 41}, "name"), ({"phone": "abc"}, "phone"), ({"mail": "nobody"}, "mail"), ({"hue": "999"}, "hue")],
)
def test_what_cannot_be_comes_back_with_its_words(
    client: Client, s: SimpleNamespace, wrong: dict[str, str], field: str
) -> None:
    refusal = client.post("/desk/branding/", {**SENT, **wrong})
    assert refusal.status_code == 422
    assert f"{field}-problem" in refusal.content.decode()
    assert not Brand.objects.exists()


def test_a_file_that_is_no_logo_is_refused(client: Client, s: SimpleNamespace) -> None:
    refusal = client.post("/desk/branding/", {**SENT, "logo": SimpleUploadedFile("a.svg", b"GIF89a", "image/gif")})
    assert refusal.status_code == 422
    assert "logo-problem" in refusal.content.decode()


def test_letters_carry_name_colour_and_a_png(client: Client, s: SimpleNamespace) -> None:
    chosen(client, logo=SimpleUploadedFile("logo.png", png(), "image/png"))
    letter = as_html(Letter(subject="x", headline="y"), "ru", identity.current())
    assert "Опора" in letter
    assert "/brand/logo?v=2" in letter
    assert identity.current().accent != identity.MAIL_ACCENT
    assert "Firstline" not in as_html(Letter(subject="x"), "ru")


def test_the_page_that_says_something_broke_knows_the_phone_without_the_database(
    client: Client, s: SimpleNamespace
) -> None:
    chosen(client)
    identity.current()
    page = refused.broken(RequestFactory().get("/portal/")).content.decode()
    assert "+74951234567" in page
    assert "Опора" in page


def test_by_api_the_same(s: SimpleNamespace) -> None:
    adam = Caller(s.adam)
    made = adam.raw("PUT", "/branding", json.dumps({"name": "Опора", "hue": 20}).encode())
    assert made.json()["contrast"]["light"] >= 4.5
    assert adam.get("/branding").json()["name"] == "Опора"
    assert fields(adam.raw("PUT", "/branding", json.dumps({"logo": "***"}).encode())) == ["logo"]
    assert Caller(s.olga).get("/branding").status_code == 403


def test_an_apply_file_says_it_and_gets_it_back(s: SimpleNamespace) -> None:
    keeping.choose(Wanted(name="Опора", hue=0, welcome={"ru": "Мы рядом"}, logo=png()), by=s.adam, at=clock.now())
    written = export.EXPORTED["branding"]()
    Brand.objects.all().delete()
    for _twice in range(2):
        results = stage.APPLIED["branding"](list(written), clock.now())
    assert results[0].result == "unchanged"
    row = Brand.objects.get()
    assert (row.name, row.hue, bytes(row.logo), row.welcome) == ("Опора", 0, png(), {"ru": "Мы рядом"})
