"""Answers to a service's form, as a channel takes them in: judged once, kept beside the words, the same when the
worker registers them later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.timezone import get_current_timezone

from firstline.contracts import form_answers, forms
from firstline.contracts.models import Service, ServiceForm
from firstline.intake.channels import values
from firstline.people.models import Client
from firstline.tickets.answers import Answered
from firstline.tickets.refusals import WrongValue

MOST_VALUES = 200  # in one answer
Kept = dict[str, Any]


class WrongAnswers(WrongValue):
    """`answers`: what is wrong with each, by the field's key."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        key, problem = next(iter(wrong.items()))
        super().__init__(f"answers.{key}", problem)
        self.answers = dict(wrong)


def judged(
    service: Service | None, given: form_answers.Given, client: Client | None, *, lenient: bool = False,
    desk: bool = False,
) -> Kept | None:  # fmt: skip
    """The answers as they are kept in the record; None where the service asks nothing. Raises WrongAnswers."""
    form = forms.of(service)
    if form is None:
        return None
    found = forms.judged(form, given, client, get_current_timezone(), lenient=lenient, desk=desk)
    if found.wrong:
        raise WrongAnswers(found.wrong)
    return {"form": form.number, "values": found.answers}


def with_files(kept: Kept | None, files: Mapping[str, Sequence[UploadedFile]]) -> list[dict[str, str]]:
    """The files that were answers, made durable; the answers say their names. Raises WrongValue, NotDurable."""
    if kept is None:
        return []
    asked = {key: files[key] for key in files if key in kept["values"]}
    stored = values.kept_files([file for each in asked.values() for file in each]) if asked else []
    left = iter(stored)
    for key, each in asked.items():
        kept["values"][key] = [next(left)["name"] for _file in each]
    return stored


def answered(kept: Kept | None, service: Service | None) -> Answered | None:
    """What a ticket begins with, of what was kept: by the version of the form that was asked then."""
    if kept is None or service is None:
        return None
    return Answered(ServiceForm.objects.get(service=service, number=kept["form"]), kept["values"])


def of_program(service: Service | None, given: object, client: Client | None, *, desk: bool) -> Kept | None:
    """Answers that a program sends, as JSON; none at all are no refusal: mail and old programs have none. `desk`: for
    somebody of the desk; to others the fields that the desk alone fills in are unknown. Raises WrongValue."""
    if given is None:
        return None
    if not isinstance(given, Mapping) or not all(isinstance(key, str) for key in given):
        raise WrongValue("answers", "an object")
    form = forms.of(service)
    if form is None:
        raise WrongValue("answers", "the service asks nothing")
    asked = {one.key: one for one in form.asked if desk or not one.desk}
    for key, value in given.items():
        if key not in asked or asked[key].kind == "file":
            raise WrongValue(f"answers.{key[:60]}", "unknown field")
        if isinstance(value, list) and len(value) > MOST_VALUES:
            raise WrongValue(f"answers.{key}", "one answer")
    return judged(service, form_answers.typed_again(given), client, desk=desk)
