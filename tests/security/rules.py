"""Whom product.md lets in: of a person and of the ticket (or other thing) behind the door, what must happen."""

from __future__ import annotations

from collections.abc import Callable

IN, NO, HIDDEN, SIGN_IN = "in", "no", "hidden", "sign in"

# Who sees the ticket of which client (product.md: "sees tickets"). Irina is Ivan's colleague, not on his ticket.
SEES = {
    "north": {"ivan", "kira", "olga", "nadia", "emil", "lev", "maria", "anna", "adam"},
    "east": {"nadia", "maria", "anna", "adam"},
}
CLIENT_OF = {"ivan": "north", "irina": "north", "kira": "north", "stoyan": "south", "elena": "south"}
CLIENTS_SIDE = {"ivan", "irina", "kira", "stoyan", "elena"}
SOLVERS = {"olga", "petra", "nadia", "emil", "lev", "maria"}
AGENTS = SOLVERS | {"anna", "adam"}
EVERYBODY = CLIENTS_SIDE | AGENTS
# Assigns others, changes properties of a ticket on line 1: its line, the lead above it, manager and administrator.
DIRECTS = {"olga", "petra", "nadia", "lev", "maria", "adam"}
JOURNAL = {"olga", "petra", "nadia", "emil", "lev", "maria", "adam"}
RECORDS = JOURNAL | {"anna"}  # outages and planned work

Rule = Callable[[str | None, str], str]


def anybody(who: str | None, client: str) -> str:
    return IN


def signed_in(who: str | None, client: str) -> str:
    return IN if who else SIGN_IN


def only(people: set[str]) -> Rule:
    """A page without a ticket: for these people; everybody else who is signed in is refused."""

    def rule(who: str | None, client: str) -> str:
        if who is None:
            return SIGN_IN
        return IN if who in people else NO

    return rule


def desk(people: set[str]) -> Rule:
    """A ticket at the desk: who does not work there is refused before anything is looked up, even its existence."""

    def rule(who: str | None, client: str) -> str:
        if who is None:
            return SIGN_IN
        if who in CLIENTS_SIDE:
            return NO
        if who not in SEES[client]:
            return HIDDEN
        return IN if who in people else NO

    return rule


def ticket(people: set[str]) -> Rule:
    """A ticket by portal or API: not for him means not there; seen but not allowed means refused."""

    def rule(who: str | None, client: str) -> str:
        if who is None:
            return SIGN_IN
        if who not in SEES[client]:
            return HIDDEN
        return IN if who in people else NO

    return rule


def portal(*, own: bool = False) -> Rule:
    """A request by the portal: the client's side as its tickets go; the desk is led to its own page, or refused."""

    def rule(who: str | None, client: str) -> str:
        if who is None:
            return SIGN_IN
        if who in AGENTS:
            return IN if own else NO
        return IN if who in SEES[client] else HIDDEN

    return rule


def paper(people: set[str]) -> Rule:
    """A statement at the desk: who reads contracts, of clients in his scope; its steps for fewer."""

    def rule(who: str | None, client: str) -> str:
        if who is None:
            return SIGN_IN
        if who not in {"lev", "maria", "anna", "adam"}:
            return NO
        return IN if who in people and who in SEES[client] else HIDDEN if who not in SEES[client] else NO

    return rule


def of_one(owner: str) -> Rule:
    """A thing of one person of the desk: for everybody else there it does not exist."""

    def rule(who: str | None, client: str) -> str:
        if who is None:
            return SIGN_IN
        if who not in AGENTS:
            return NO
        return IN if who == owner else HIDDEN

    return rule


def outage(people: set[str]) -> Rule:
    """An outage of one client: who solves his tickets, or answers for his contract, records it; fewer excuse it."""

    def rule(who: str | None, client: str) -> str:
        if who is None:
            return SIGN_IN
        if who not in RECORDS:
            return NO
        return HIDDEN if who not in SEES[client] else IN if who in people else NO

    return rule


def announced(to_the_desk: str) -> Rule:
    """What the people of one client are told: each of them may want to hear of the end, nobody else."""

    def rule(who: str | None, client: str) -> str:
        if who is None:
            return SIGN_IN
        if who in AGENTS:
            return to_the_desk
        return IN if CLIENT_OF[who] == client else HIDDEN

    return rule


def own_paper(who: str | None, client: str) -> str:
    """A statement by the portal: the coordinator's of his own client, nobody else's."""
    if who is None:
        return SIGN_IN
    if who in AGENTS:
        return IN
    return IN if (who, client) == ("kira", "north") else HIDDEN


def own_paper_deed(who: str | None, client: str) -> str:
    return NO if who in AGENTS else own_paper(who, client)


def creates(who: str | None, client: str) -> str:
    if who is None:
        return SIGN_IN
    if who in {"maria", "anna", "adam", "nadia"}:
        return IN
    if client == "north" and who in {"ivan", "kira", "olga", "emil", "lev"}:
        return IN
    # A requester may ask for himself alone; to the others the foreign person is nobody they know (422 names the field).
    return NO if who in {"ivan", "irina", "stoyan"} else "unfit"
