"""A draft, in force, frozen: what an account manager does with a contract, and who else may not."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from firstline.audit.models import Row as Audited
from firstline.blobs import store
from firstline.calendars.models import Calendar, CalendarVersion
from firstline.contracts import terms, versions, written
from firstline.contracts.models import ContractVersion
from firstline.contracts.refusals import Frozen, NotReady, WrongTerms
from firstline.people.permissions import NotAllowed
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.MONDAY_NINE
APRIL = date(2026, 4, 1)


def begun(s: SimpleNamespace, since: date = APRIL) -> ContractVersion:
    return versions.begin(s.contract, written.terms_of(s.version), valid_from=since, by=s.anna, at=NOW)


def test_a_new_version_begins_as_a_copy_that_no_ticket_sees() -> None:
    s = cast.stage()
    draft = begun(s, date(2026, 1, 1))
    assert (draft.number, draft.is_draft) == (2, True)
    assert written.terms_of(draft) == written.terms_of(s.version)
    assert cast.ticket(s).contract == s.version


def test_put_in_force_it_holds_from_its_day_and_open_tickets_keep_theirs() -> None:
    s = cast.stage()
    before = cast.ticket(s)
    draft = begun(s, date(2026, 3, 3))
    versions.put_in_force(draft, by=s.anna, at=NOW)
    assert terms.in_force(s.north, None, NOW) == s.version
    after = cast.ticket(s, at=NOW + timedelta(days=1))
    before.refresh_from_db()
    assert (before.contract, after.contract) == (s.version, draft)


def test_what_is_in_force_is_neither_edited_nor_discarded_nor_put_in_force_again() -> None:
    s = cast.stage()
    draft = begun(s)
    versions.put_in_force(draft, by=s.anna, at=NOW)
    said = written.terms_of(draft)
    for deed in (
        lambda: versions.edit(draft, {**said, "currency": "EUR"}, valid_from=APRIL, valid_to=None, by=s.anna, at=NOW),
        lambda: versions.put_in_force(draft, by=s.anna, at=NOW),
        lambda: versions.discard(draft, by=s.anna, at=NOW),
    ):
        with pytest.raises(Frozen):
            deed()
    assert written.terms_of(ContractVersion.objects.get(pk=draft.pk)) == said


def test_a_draft_is_edited_and_discarded_and_the_trail_keeps_its_terms() -> None:
    s = cast.stage()
    draft = begun(s)
    said: dict[str, Any] = {"calendar": "weekdays", "currency": "EUR", "monthly_fee": "900", "target": [
        {"metric": "resolution", "minutes": 60, "priority": 1}]}  # fmt: skip
    versions.edit(draft, said, valid_from=APRIL, valid_to=date(2026, 12, 31), by=s.anna, at=NOW)
    assert written.terms_of(ContractVersion.objects.get(pk=draft.pk)) == said
    versions.discard(draft, by=s.anna, at=NOW)
    assert not ContractVersion.objects.filter(pk=draft.pk).exists()
    rows = Audited.objects.filter(target="contract:118-24").order_by("pk")
    assert [(row.action, row.actor) for row in rows] == [
        (action, f"person:{s.anna.pk}")
        for action in ("contract draft begun", "contract draft edited", "contract draft discarded")
    ]
    assert rows[2].data["terms"] == said


def test_of_two_who_edit_at_once_the_second_is_told() -> None:
    s = cast.stage()
    draft = begun(s)
    seen, said = versions.fingerprint(draft), written.terms_of(draft)
    versions.edit(draft, {**said, "currency": "EUR"}, valid_from=APRIL, valid_to=None, by=s.anna, at=NOW, seen=seen)
    with pytest.raises(NotReady, match="changed since"):
        versions.edit(draft, {**said, "currency": "BGN"}, valid_from=APRIL, valid_to=None, by=s.adam, at=NOW, seen=seen)


def test_there_is_one_draft_at_a_time() -> None:
    s = cast.stage()
    begun(s)
    with pytest.raises(NotReady, match="a draft is there"):
        begun(s)


def test_a_gap_between_versions_is_refused_and_an_early_end_is_not() -> None:
    s = cast.stage()
    s.version.valid_to = date(2026, 3, 20)
    s.version.save()
    draft = begun(s)
    with pytest.raises(NotReady) as refused:
        versions.put_in_force(draft, by=s.anna, at=NOW)
    assert refused.value.values == {"since": date(2026, 3, 21), "to": date(2026, 3, 31)}
    versions.edit(draft, written.terms_of(draft), valid_from=date(2026, 3, 10), valid_to=None, by=s.anna, at=NOW)
    versions.put_in_force(draft, by=s.anna, at=NOW)


def test_a_calendar_that_never_opens_is_refused_wherever_it_is_named() -> None:
    s = cast.stage()
    never = Calendar.objects.create(slug="never", time_zone="Europe/Moscow")
    CalendarVersion.objects.create(calendar=never, number=1, time_zone="Europe/Moscow", weekly={"mon": []})
    draft = begun(s)
    said = written.terms_of(draft)
    for terms_of in (
        {**said, "calendar": "never"},
        {**said, "target": [{"metric": "resolution", "minutes": 9, "calendar": "never"}]},
        {**said, "duty": [{"slug": "access", "side": "client", "name": "x", "minutes": 9, "calendar": "never"}]},
    ):
        versions.edit(draft, terms_of, valid_from=APRIL, valid_to=None, by=s.anna, at=NOW)
        with pytest.raises(NotReady) as refused:
            versions.put_in_force(draft, by=s.anna, at=NOW)
        assert refused.value.values == {"calendar": never}


def test_terms_that_cannot_be_are_refused_with_their_places_and_nothing_is_written() -> None:
    s = cast.stage()
    draft = begun(s)
    said = written.terms_of(draft)
    wrong = {**said, "monthly_fee": "12", "target": [{"metric": "resolution", "minutes": 9, "goal": "120"}]}
    with pytest.raises(WrongTerms) as refused:
        versions.edit(draft, wrong, valid_from=APRIL, valid_to=None, by=s.anna, at=NOW)
    assert refused.value.problems == [
        "currency: a fee needs one", "target[0].goal: a percentage up to 100 is needed",
    ]  # fmt: skip
    with pytest.raises(WrongTerms, match="there is no service 'nothing'"):
        versions.edit(draft, {**said, "services": ["nothing"]}, valid_from=APRIL, valid_to=None, by=s.anna, at=NOW)
    assert written.terms_of(ContractVersion.objects.get(pk=draft.pk)) == said


def test_the_signed_paper_of_terms_in_force_stays() -> None:
    s = cast.stage()
    versions.sign(s.version, store.keep(b"paper"), name="118.pdf", by=s.anna, at=NOW)
    with pytest.raises(Frozen):
        versions.sign(s.version, store.keep(b"another"), name="118.pdf", by=s.anna, at=NOW)
    assert ContractVersion.objects.get(pk=s.version.pk).document_name == "118.pdf"


@pytest.mark.parametrize("who", ["olga", "emil", "lev", "maria", "ivan", "kira"])
def test_only_who_answers_for_contracts_edits_them(who: str) -> None:
    s = cast.stage()
    person, draft = getattr(s, who), begun(s)
    said = written.terms_of(draft)
    for deed in (
        lambda: versions.agree(s.north, slug="x", number="x", name="", by=person, at=NOW),
        lambda: versions.begin(s.contract, said, valid_from=APRIL, by=person, at=NOW),
        lambda: versions.edit(draft, said, valid_from=APRIL, valid_to=None, by=person, at=NOW),
        lambda: versions.put_in_force(draft, by=person, at=NOW),
        lambda: versions.discard(draft, by=person, at=NOW),
        lambda: versions.sign(draft, store.keep(b"paper"), name="x", by=person, at=NOW),
    ):
        with pytest.raises(NotAllowed):
            deed()
