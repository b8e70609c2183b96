"""Lists under a name: whose, shared with whom, in whose sidebar."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.people.roles import Role
from firstline.tickets import saved_views
from firstline.tickets.lists import Filters
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.tickets.view_models import SavedView
from tests import cast

pytestmark = pytest.mark.django_db
WAITING = Filters(status="waiting", line="1")


def pins(person: Person) -> list[str]:
    return [name for _number, name, _asked in Person.objects.get(pk=person.pk).pins]


def test_what_is_saved_is_pinned_and_only_its_owners() -> None:
    s = cast.stage()
    view = saved_views.save(s.olga, name="  Ждут \n клиента ", asked=WAITING)
    assert (view.name, view.asked, pins(s.olga)) == (
        "Ждут клиента",
        {"status": "waiting", "line": "1"},
        ["Ждут клиента"],
    )
    with pytest.raises(NotThere):
        saved_views.get_for(s.petra, view.pk)
    assert not saved_views.visible_to(s.ivan).exists()


def test_a_team_shares_among_itself_and_a_lead_with_everybody() -> None:
    s = cast.stage()
    team = saved_views.save(s.olga, name="Команды", asked=WAITING, shared="team")
    desk = saved_views.save(s.lev, name="Всех", asked=WAITING, shared="everybody")
    sees = {
        login: {view.pk for view in saved_views.visible_to(getattr(s, login))} for login in ("petra", "emil", "anna")
    }
    assert sees == {"petra": {team.pk, desk.pk}, "emil": {desk.pk}, "anna": {desk.pk}}
    with pytest.raises(NotAllowed):
        saved_views.save(s.olga, name="Моё всем", asked=WAITING, shared="everybody")
    with pytest.raises(WrongValue):
        saved_views.save(s.maria, name="Без команды", asked=WAITING, shared="team")


def test_who_pinned_it_sees_every_change_and_loses_what_is_not_shared_any_more() -> None:
    s = cast.stage()
    view = saved_views.save(s.olga, name="Команды", asked=WAITING, shared="team")
    saved_views.pinned(s.petra, view, True)
    saved_views.change(s.olga, view, name="Новое имя", asked=Filters(line="2"))
    assert Person.objects.get(pk=s.petra.pk).pins == [[view.pk, "Новое имя", {"line": "2"}]]
    saved_views.change(s.olga, view, shared="nobody")
    assert (pins(s.petra), pins(s.olga)) == ([], ["Новое имя"])


def test_what_is_taken_away_has_gone_from_every_sidebar() -> None:
    s = cast.stage()
    view = saved_views.save(s.lev, name="Всех", asked=WAITING, shared="everybody")
    saved_views.pinned(s.olga, view, True)
    with pytest.raises(NotAllowed):
        saved_views.remove(s.olga, view)
    saved_views.remove(s.maria, view)
    assert (pins(s.lev), pins(s.olga), SavedView.objects.count()) == ([], [], 0)


def test_names_are_given_once_a_person_and_sidebars_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    s = cast.stage()
    saved_views.save(s.olga, name="Одно", asked=WAITING)
    for name in ("Одно", " ", "я" * 61):
        with pytest.raises(WrongValue):
            saved_views.save(s.olga, name=name, asked=WAITING)
    saved_views.save(s.petra, name="Одно", asked=WAITING)
    monkeypatch.setattr(saved_views, "MOST_PINNED", 1)
    with pytest.raises(WrongValue):
        saved_views.save(s.olga, name="Второе", asked=WAITING)
    assert not SavedView.objects.filter(name="Второе").exists()


def test_unpinned_it_stays_saved() -> None:
    s: SimpleNamespace = cast.stage()
    view = saved_views.save(s.olga, name="Одно", asked=WAITING)
    saved_views.pinned(s.olga, view, False)
    assert (pins(s.olga), saved_views.get_for(s.olga, view.pk)) == ([], view)


def test_whoever_shares_with_the_whole_desk_changes_what_it_has_as_with_macros_and_templates() -> None:
    s = cast.stage()
    view = saved_views.save(s.maria, name="Всех", asked=WAITING, shared="everybody")
    with pytest.raises(NotAllowed):
        saved_views.change(s.olga, view, name="Моё")
    saved_views.change(s.lev, view, name="Всего стола")
    assert saved_views.get_for(s.olga, view.pk).name == "Всего стола"
    s.maria.role = Role.ENGINEER
    s.maria.save()
    saved_views.change(s.maria, view, asked=Filters(line="2"))
    assert saved_views.get_for(s.olga, view.pk).asked == {"line": "2"}, "what is shared already stays shared"
