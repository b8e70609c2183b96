"""One key, one deed, one answer: also when two ask at the same moment, and when one is undone."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from firstline.lib import clock
from firstline.once import answers
from firstline.once.models import Answer
from firstline.people.models import Client


def make(slug: str):
    def deed() -> tuple[int, str]:
        Client.objects.create(slug=slug, name=slug)
        return 200, f'"{slug}"'

    return deed


@pytest.mark.django_db
def test_the_first_answer_is_given_again_and_nothing_is_done():
    first = answers.once(scope="a", key="1", question="q", deed=make("one"))
    again = answers.once(scope="a", key="1", question="q", deed=make("two"))
    assert (first.body, first.again) == ('"one"', False)
    assert (again.body, again.again) == ('"one"', True)
    assert Client.objects.count() == 1


@pytest.mark.django_db
def test_another_question_under_the_same_key_is_refused():
    answers.once(scope="a", key="1", question="q", deed=make("one"))
    with pytest.raises(answers.OtherQuestion):
        answers.once(scope="a", key="1", question="other", deed=make("two"))
    assert answers.once(scope="b", key="1", question="other", deed=make("three")).again is False


@pytest.mark.django_db
def test_what_a_deed_raises_leaves_neither_deed_nor_answer():
    def deed() -> tuple[int, str]:
        make("one")()
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        answers.once(scope="a", key="1", question="q", deed=deed)
    assert (Client.objects.count(), Answer.objects.count()) == (0, 0)
    assert answers.once(scope="a", key="1", question="q", deed=make("one")).again is False


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_does_it_and_both_get_its_answer():
    inside, others, got = threading.Event(), threading.Event(), []

    def slow() -> tuple[int, str]:
        said = make("one")()
        inside.set()
        others.wait(0.5)
        return said

    def ask(deed) -> None:
        try:
            got.append(answers.once(scope="a", key="1", question="q", deed=deed))
        finally:
            connection.close()

    first = threading.Thread(target=ask, args=(slow,))
    first.start()
    assert inside.wait(5)
    second = threading.Thread(target=ask, args=(make("two"),))
    second.start()
    first.join(20)
    second.join(20)
    assert sorted((given.body, given.again) for given in got) == [('"one"', False), ('"one"', True)]
    assert Client.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_waited_for_one_that_was_undone_does_it_himself():
    inside, got = threading.Event(), []

    def undone() -> tuple[int, str]:
        make("one")()
        inside.set()
        threading.Event().wait(0.3)
        raise RuntimeError("killed")

    def ask(deed) -> None:
        try:
            got.append(answers.once(scope="a", key="1", question="q", deed=deed))
        except RuntimeError:
            pass
        finally:
            connection.close()

    first = threading.Thread(target=ask, args=(undone,))
    first.start()
    assert inside.wait(5)
    ask(make("two"))
    first.join(20)
    assert [(given.body, given.again) for given in got] == [('"two"', False)]


@pytest.mark.django_db
def test_a_failure_inside_a_deed_is_not_taken_for_a_used_key():
    make("one")()
    with pytest.raises(Exception, match=r"(?i)unique"):
        answers.once(scope="a", key="1", question="q", deed=make("one"))


@pytest.mark.django_db
def test_the_parts_of_a_question_do_not_run_into_one_another():
    assert answers.asked("ab", b"c") != answers.asked("a", b"bc")
    assert answers.asked("a", b"") != answers.asked("a")


@pytest.mark.django_db
def test_answers_are_forgotten_after_a_week():
    answers.keep(scope="a", key="1", question="q", status=200, body="1")
    answers.keep(scope="a", key="2", question="q", status=200, body="2")
    Answer.objects.filter(key="1").update(created_at=clock.now() - timedelta(days=8))
    assert answers.forget_old(clock.now()) == 1
    assert list(Answer.objects.values_list("key", flat=True)) == ["2"]
