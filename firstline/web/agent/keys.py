"""The list of keys, and each person's own arrangement of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from firstline.people import keyboard, preferences
from firstline.people.models import Person
from firstline.web.agent import key_words
from firstline.web.agent.door import desk
from firstline.web.asked import is_fragment
from firstline.web.templatetags.keys import caps


@require_safe
@desk
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/keys/: the dialog of "?", which leaves out what the page does not have; as a page the whole list."""
    groups = [
        (
            place,
            key_words.PLACES[place],
            [(key, person.keys.get(key, key), key_words.WORDS[place][key]) for key in keys],
        )
        for place, keys in keyboard.KEYS.items()
    ]
    part = is_fragment(request)
    return render(request, "web/agent/keys/dialog.html" if part else "web/agent/keys/page.html", {"groups": groups})


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def arrange(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/profile/keys/ single_keys, key.a=shift+t … (empty: off); usual=1 puts all keys back."""
    asked = {key: person.keys.get(key, key) for key in keyboard.movable()}
    single, wrong, status = person.single_keys, None, 200
    if request.method == "POST":
        single = request.POST.get("single_keys") == "1"
        usual = request.POST.get("usual") == "1"
        asked = {key: key if usual else request.POST.get(f"key.{key}", value) for key, value in asked.items()}
        try:
            preferences.prefer(person, keys=keyboard.arranged(asked), single_keys=single)
        except keyboard.WrongKey as refused:
            wrong, status = refused, 422
        else:
            messages.success(request, _("Kept."))
            return HttpResponseRedirect("/desk/profile/keys/")
    rows = [
        {"key": key, "value": asked[key], "means": key_words.meanings(key), "moved": asked[key] != key,
         "wrong": _said(wrong) if wrong is not None and wrong.key == key else ""}
        for key in keyboard.movable()
    ]  # fmt: skip
    context = {"rows": rows, "single": single, "moved": bool(person.keys), "wrong": wrong is not None}
    return render(request, "web/agent/keys/arrange.html", context, status=status)


def _said(wrong: keyboard.WrongKey) -> str:
    if wrong.problem == "taken":
        words = {"key": " ".join(caps(wrong.by)), "means": ", ".join(map(str, key_words.meanings(wrong.by)))}
        return _("Already used: %(means)s (%(key)s). Move that one first, or choose another key.") % words
    return _("One key, Shift or Alt with a key, or two letters one after the other.")
