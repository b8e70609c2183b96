"""People of an apply file."""

from __future__ import annotations

from django.conf import settings

from firstline.imports.apply_file import Row, WrongFile
from firstline.imports.put import CHANGED, UNCHANGED, put
from firstline.lib import phones
from firstline.people import findable
from firstline.people.models import Client, Person, Team
from firstline.people.roles import CLIENT_SIDE, Role


def put_person(row: Row, path: str) -> str:
    """Found by login, else by e-mail (somebody who wrote before he was introduced keeps his tickets).

    A password is set only where it differs; without one a new person cannot sign in until he asks for a link.
    """
    email = row.get("email", "").strip().lower()
    client = Client.objects.filter(slug=row.get("client", "")).first()
    # A partner: somebody of the reserve who has no rights at all but for the time that he is called in.
    partner = row["role"] == Role.REQUESTER and row.get("reserve", False)
    if row.get("reserve", False) and client is not None:
        raise WrongFile([f"{path}.reserve: people of a client cannot be in the reserve"])
    if row["role"] in CLIENT_SIDE and client is None and not partner:
        raise WrongFile([f"{path}.client: a {row['role']} belongs to a client"])
    found = Person.objects.filter(login__iexact=row["login"]).first()
    if found is None and email:
        found = Person.objects.filter(email__iexact=email).first()
    namesake = Person.objects.filter(email__iexact=email).first() if email else None
    if namesake is not None and namesake != found:
        raise WrongFile([f"{path}.email: {email} is another person's"])
    values = {
        "login": row["login"],
        "name": row["name"],
        "email": email,
        "phone": row.get("phone", ""),
        "phone_e164": phones.normalised(row["phone"]) if row.get("phone") else "",
        "role": row["role"],
        "client": client,
        "team": Team.objects.filter(slug=row.get("team", "")).first(),
        "scope_all": row.get("scope") == "all",
        "language": row.get("language") or (client.language if client else settings.LANGUAGE_CODE),
        "time_zone": row.get("time_zone", ""),
        "is_vip": row.get("vip", False),
        "is_active": True,
    }
    if "reserve" in row:
        values["in_reserve"] = row["reserve"]
    if found is None:
        found = Person()
        found.set_unusable_password()
        person, result = put(Person, None, {**values, "password": found.password})
    else:
        person, result = put(Person, found, values)
    if result != UNCHANGED:
        findable.changed(person)
    differs = [_scope_differs(person, row), _password_differs(person, row.get("password"))]
    return CHANGED if result == UNCHANGED and any(differs) else str(result)


def _scope_differs(person: Person, row: Row) -> bool:
    wanted = row.get("scope", [])
    clients = Client.objects.filter(slug__in=wanted) if wanted != "all" else Client.objects.none()
    if set(clients) == set(person.scope.all()):
        return False
    person.scope.set(clients)
    return True


def _password_differs(person: Person, password: str | None) -> bool:
    if not password or person.check_password(password):
        return False
    person.set_password(password)
    person.save(update_fields=["password"])
    return True
