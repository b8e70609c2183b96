"""People of an apply file: the same verb as their page."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from firstline.imports.apply_file import Row, WrongFile
from firstline.imports.put import CHANGED, CREATED, UNCHANGED
from firstline.lib.language import named
from firstline.lines import parting
from firstline.people import upkeep
from firstline.people.models import Client, Person, Team
from firstline.people.upkeep import Known, WrongPerson

WORDS = {
    "taken": "{value} is another person's", "no address": "{value} is no mail address", "empty": "a text is needed",
    "last administrator": "the last administrator stays one", "unknown": "{value} is not known",
    "merged": "this record was merged into another one and stays closed",
}  # fmt: skip
FILE_NAMES = {"in_reserve": "reserve", "further_emails": "further_emails"}


def put_person(row: Row, path: str, at: datetime) -> str:
    """Found by login, else by e-mail (somebody who wrote before he was introduced keeps his tickets).

    A password is set only where it differs; without one a new person cannot sign in until he asks for a link.
    """
    scope = row.get("scope", [])
    known = Known(
        login=row["login"],
        name=named(row["name"], row.get("language") or settings.LANGUAGE_CODE)[0],  # he has one: in his language
        role=row["role"],
        email=row.get("email", ""),
        phone=row.get("phone", ""),
        client=Client.objects.filter(slug=row.get("client", "")).first(),
        team=Team.objects.filter(slug=row.get("team", "")).first(),
        scope=() if scope == "all" else tuple(Client.objects.filter(slug__in=scope)),
        scope_all=scope == "all",
        language=row.get("language", ""),
        time_zone=row.get("time_zone", ""),
        is_vip=row.get("vip", False),
        in_reserve=row.get("reserve"),
        was_partner=row.get("reserve") is False and "client" not in row,
        further_emails=tuple(row["further_emails"]) if "further_emails" in row else None,
        further_phones=tuple(row["further_phones"]) if "further_phones" in row else None,
    )
    found = upkeep.found_for(known)
    is_away = "active" in row and not row["active"]
    try:
        kept = upkeep.keep(known, found=found, by=None, at=at, actor="apply", comes_back=not is_away)
        left = is_away and parting.part_quietly(kept.person, actor="apply", at=at)
    except WrongPerson as wrong:
        raise WrongFile([_in_words(path, name, problem, row) for name, problem in wrong.problems]) from wrong
    if kept.is_new:
        _set_password(kept.person, row.get("password"))
        return CREATED
    differs = _set_password(kept.person, row.get("password"))
    return CHANGED if kept.changed or differs or left else UNCHANGED


def _in_words(path: str, name: str, problem: str, row: Row) -> str:
    name = FILE_NAMES.get(name, name)
    return f"{path}.{name}: {WORDS.get(problem, problem).format(value=row.get(name, ''))}"


def _set_password(person: Person, password: str | None) -> bool:
    if not password or person.check_password(password):
        return False
    person.set_password(password)
    person.save(update_fields=["password"])
    return True
