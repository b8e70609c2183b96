"""What is typed is kept: for whom, until when, and what becomes of two windows that write at once."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from firstline.blobs import store
from firstline.people.permissions import NotAllowed
from firstline.tickets import drafts, lists
from firstline.tickets.draft_models import Draft, DraftFile
from firstline.tickets.models import Event, Ticket
from firstline.tickets.opening import File
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from tests import cast

pytestmark = pytest.mark.django_db
AT = cast.MONDAY_NINE
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def s() -> SimpleNamespace:
    stage = cast.stage()
    stage.ticket = cast.ticket(stage)
    return stage


def save(s: SimpleNamespace, body: str, **given: object) -> drafts.Saved:
    return drafts.save(s.olga, s.ticket, "reply", body, at=AT, **{"window": "one", **given})  # type: ignore[arg-type]


def begun(s: SimpleNamespace) -> list[int]:
    page = lists.page(s.olga, lists.Filters(), "", (), more={"draft": drafts.begun_by(s.olga)})
    return [row["id"] for row in page.rows if row["draft"]]


def test_a_draft_is_one_persons_and_leaves_no_trace_in_the_history(s: SimpleNamespace) -> None:
    before = Event.objects.count()
    save(s, "Проверяю", revision=save(s, "Прове").revision)
    drafts.save(s.olga, s.ticket, "note", "шлюз?", at=AT, window="one")
    assert [(one.mode, one.body) for one in drafts.of(s.olga, s.ticket)] == [("reply", "Проверяю"), ("note", "шлюз?")]
    assert drafts.of(s.nadia, s.ticket) == []
    assert Event.objects.count() == before
    assert Ticket.objects.get(pk=s.ticket.pk).version == s.ticket.version


def test_the_queue_knows_where_he_has_begun_to_write(s: SimpleNamespace) -> None:
    other = cast.ticket(s)
    assert begun(s) == []
    save(s, "Проверяю")
    assert begun(s) == [s.ticket.pk]
    assert other.pk not in begun(s)


def test_an_emptied_text_and_a_discarded_one_are_gone(s: SimpleNamespace) -> None:
    saved = save(s, "Проверяю")
    assert save(s, "  \n", revision=saved.revision).draft is None
    save(s, "Снова")
    drafts.discard(s.olga, s.ticket, "reply")
    assert not Draft.objects.exists()


def test_the_newest_window_wins_and_what_the_other_had_written_is_kept_beside_it(s: SimpleNamespace) -> None:
    first = save(s, "Из кабинета")
    second = save(s, "С телефона", window="two", revision=0)
    assert second.overtook
    again = save(s, "Из кабинета, дальше", revision=first.revision)
    assert again.overtook
    assert again.draft is not None
    assert again.draft.body == "Из кабинета, дальше"
    assert [one["body"] for one in again.draft.overtaken] == ["С телефона"], "each window once, with its newest text"
    drafts.forget_overtaken(s.olga, s.ticket, "reply")
    assert drafts.of(s.olga, s.ticket)[0].overtaken == []


def test_a_window_that_has_seen_the_newest_text_overtakes_nothing(s: SimpleNamespace) -> None:
    first = save(s, "Из кабинета")
    second = save(s, "Из кабинета, с телефона", window="two", revision=first.revision)
    assert not second.overtook
    assert second.draft is not None
    assert second.draft.overtaken == []


def test_an_empty_window_takes_nothing_from_the_one_that_writes(s: SimpleNamespace) -> None:
    save(s, "Из кабинета")
    assert save(s, "", window="two", revision=0).draft is not None
    assert drafts.of(s.olga, s.ticket)[0].body == "Из кабинета"


def test_ten_megabytes_are_refused_by_name_and_the_draft_stays(s: SimpleNamespace) -> None:
    save(s, "Проверяю")
    with pytest.raises(WrongValue, match="body: at most 1000000 characters"):
        save(s, "ж" * 10_000_000)
    with pytest.raises(WrongValue, match="mode"):
        drafts.save(s.olga, s.ticket, "letter", "x", at=AT)
    assert drafts.of(s.olga, s.ticket)[0].body == "Проверяю"


def test_five_thousand_nested_tags_are_kept_as_their_text(s: SimpleNamespace) -> None:
    saved = save(s, "<div>" * 5_000 + "внутри" + "</div>" * 5_000, is_html=True)
    assert saved.draft is not None
    assert saved.draft.body == "<p>внутри</p>"


def test_scripts_never_come_back_into_the_editor(s: SimpleNamespace) -> None:
    saved = save(s, '<p onclick="x()">да<script>x()</script><img src="/desk/drafts/files/1/picture"></p>', is_html=True)
    assert saved.draft is not None
    assert saved.draft.body == '<p>да<img src="/desk/drafts/files/1/picture"></p>'


def test_only_who_may_say_it_may_begin_to(s: SimpleNamespace) -> None:
    with pytest.raises(NotAllowed):
        drafts.save(s.anna, s.ticket, "reply", "x", at=AT)
    drafts.save(s.anna, s.ticket, "note", "видела", at=AT)
    with pytest.raises(NotAllowed):
        drafts.save(s.ivan, s.ticket, "note", "x", at=AT)


def test_files_belong_to_the_draft_and_to_its_writer(s: SimpleNamespace) -> None:
    blob = store.keep(PNG)
    file = drafts.add_file(s.olga, s.ticket, "reply", File(blob, "экран.png", "image/png"), at=AT)
    with pytest.raises(NotThere):
        drafts.file_for(s.nadia, file.pk)
    with pytest.raises(NotThere):
        drafts.remove_file(s.nadia, file.pk)
    assert not save(s, "вот", window="two", revision=0).overtook, "a file alone is no text that could be overtaken"
    assert save(s, "", window="two", revision=1).draft is not None, "a draft with a file is not empty"
    drafts.remove_file(s.olga, file.pk)
    assert not DraftFile.objects.exists()


def test_a_picture_in_the_words_is_said_as_a_part_of_the_message(s: SimpleNamespace) -> None:
    file = drafts.add_file(s.olga, s.ticket, "reply", File(store.keep(PNG), "a.png", "image/png", inline=True), at=AT)
    body = f'<p>Вот так:</p><p><img src="{drafts.picture_address(file)}" alt="экран"></p>'
    saved = save(s, body, is_html=True, revision=1)
    assert saved.draft is not None
    words = drafts.said(saved.draft)
    assert words.files[0].inline
    assert f'src="cid:{words.files[0].content_id}"' in words.html
    assert "/desk/drafts/" not in words.html


def test_of_a_call_only_the_words_are_kept(s: SimpleNamespace) -> None:
    with pytest.raises(WrongValue, match="a call has no files"):
        drafts.add_file(s.olga, s.ticket, "call", File(store.keep(PNG), "a.png", "image/png"), at=AT)
    assert not Draft.objects.exists()


def test_two_pictures_that_begin_a_draft_at_once_are_both_in_it(
    s: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, looks = drafts.held, iter([True])

    def the_other_was_quicker(*given: Any) -> Draft | None:
        if next(looks, False):
            Draft.objects.create(person=s.olga, ticket=s.ticket, mode="reply", saved_at=AT)
            return None
        return held(*given)

    monkeypatch.setattr(drafts, "held", the_other_was_quicker)
    kept = drafts.add_file(s.olga, s.ticket, "reply", File(store.keep(PNG), "a.png", "image/png"), at=AT)
    assert kept.draft == Draft.objects.get()


def test_drafts_are_listed_newest_first(s: SimpleNamespace) -> None:
    other = cast.ticket(s)
    save(s, "раньше")
    drafts.save(s.olga, other, "note", "позже", at=AT + timedelta(minutes=1))
    assert [one.body for one in drafts.all_of(s.olga)] == ["позже", "раньше"]
