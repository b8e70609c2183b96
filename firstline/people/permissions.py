"""Who may do what, apart from tickets (tickets.permissions): the lower half of product.md's table."""

from __future__ import annotations

from firstline.people.models import Person
from firstline.people.roles import DESK_SIDE, Role

_R = Role
# deed: the roles that may do it at all; narrower conditions (own team, own line) are beside the queries.
DEEDS: dict[str, frozenset[str]] = {
    "journal": frozenset({_R.OPERATOR, _R.ENGINEER, _R.LEAD, _R.MANAGER, _R.ADMINISTRATOR}),
    "journal of all": frozenset({_R.LEAD, _R.MANAGER, _R.ADMINISTRATOR}),
    "board": frozenset({_R.LEAD, _R.MANAGER, _R.ADMINISTRATOR}),
    "tokens": frozenset(DESK_SIDE),
    "metrics": frozenset({_R.ADMINISTRATOR}),
    "draft article": frozenset({_R.OPERATOR, _R.ENGINEER, _R.LEAD, _R.MANAGER, _R.ADMINISTRATOR}),
    "edit article": frozenset({_R.ENGINEER, _R.LEAD, _R.MANAGER, _R.ADMINISTRATOR}),
    "publish article": frozenset({_R.LEAD, _R.MANAGER, _R.ADMINISTRATOR}),
    "see contracts": frozenset({_R.LEAD, _R.MANAGER, _R.ACCOUNT_MANAGER, _R.ADMINISTRATOR}),
    "edit contracts": frozenset({_R.ACCOUNT_MANAGER, _R.ADMINISTRATOR}),
    "edit equipment": frozenset({_R.ACCOUNT_MANAGER, _R.ADMINISTRATOR}),
    "edit catalogue": frozenset({_R.MANAGER, _R.ADMINISTRATOR}),
    "see calendars": frozenset(DESK_SIDE),
    "edit calendars": frozenset({_R.MANAGER, _R.ADMINISTRATOR}),
    "accounts": frozenset({_R.MANAGER, _R.ACCOUNT_MANAGER, _R.ADMINISTRATOR}),
    "edit clients": frozenset({_R.ACCOUNT_MANAGER, _R.ADMINISTRATOR}),
    "roles": frozenset({_R.ADMINISTRATOR}),
    "letters": frozenset({_R.ADMINISTRATOR}),
    "branding": frozenset({_R.ADMINISTRATOR}),
    "record outages": frozenset(DESK_SIDE),
    "see vendors": frozenset({_R.ENGINEER, _R.LEAD, _R.MANAGER, _R.ACCOUNT_MANAGER, _R.ADMINISTRATOR}),
    "settle statements": frozenset({_R.MANAGER, _R.ACCOUNT_MANAGER}),
    "excuse breaches": frozenset({_R.MANAGER, _R.ACCOUNT_MANAGER}),
    "channels": frozenset({_R.ADMINISTRATOR}),
    "mail rules": frozenset({_R.ADMINISTRATOR}),
    "see routing": frozenset({_R.LEAD, _R.MANAGER, _R.ADMINISTRATOR}),
    "edit routing": frozenset({_R.ADMINISTRATOR}),
    "see ladders": frozenset({_R.LEAD, _R.MANAGER, _R.ADMINISTRATOR}),
    "edit ladders": frozenset({_R.MANAGER, _R.ADMINISTRATOR}),
    "pauses": frozenset({_R.MANAGER, _R.ACCOUNT_MANAGER}),
    "audit": frozenset({_R.ADMINISTRATOR}),
    "see roster": frozenset(DESK_SIDE),
    "plan roster": frozenset({_R.LEAD, _R.MANAGER}),
    "reinforcement": frozenset({_R.MANAGER}),
    "look up people": frozenset(DESK_SIDE),
}

# What somebody called in for a time may do by the role that he is given. Everything else here reaches beyond the
# tickets that he is called for (all the mail, all lines, contracts, the plan): there his own role counts.
GIVEN_TOO = frozenset({"draft article", "edit article", "see calendars", "see roster", "look up people"})


class NotAllowed(Exception):
    """The person may see the thing, but this deed is not his. Pages and API answer 403."""

    def __init__(self, deed: str) -> None:
        super().__init__(deed)
        self.deed = deed


def may(person: Person | None, deed: str) -> bool:
    """Whether the role allows the deed. Nobody signed in may nothing; an unknown deed is a KeyError."""
    if person is None or not person.is_active:
        return False
    return (person.acts_as if deed in GIVEN_TOO else person.role) in DEEDS[deed]


def demand(person: Person | None, deed: str) -> None:
    """Raises NotAllowed."""
    if not may(person, deed):
        raise NotAllowed(deed)
