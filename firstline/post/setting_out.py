"""Opening a road out: with the password in its URL, with the token of the mailbox's consent, or as a gateway is
asked."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from firstline.lib import clock
from firstline.post import consents, gateways, pushing, roads, server_urls
from firstline.post.roads import Road
from firstline.post.transports import email, push, sms
from firstline.post.transports.failures import Failure, Temporary

NO_SIGN_IN = "535"
NO_GATEWAY = "no SMS gateway takes this number"
Line = email.Line | push.PushLine | sms.HttpLine


def opened(road: Road, *, hello: str, folder: Path) -> Line:
    """A line that signs in at its first letter. Outside of transactions: a token may have to be fetched. Raises
    Temporary."""
    if road.name.startswith(pushing.ROAD):
        return pushing.line()
    if road.gateway is not None:
        return sms.HttpLine(gateways.provider_of(road.gateway))
    if road.name == gateways.ROAD:
        raise Temporary(NO_GATEWAY)
    token = ""
    if road.account is not None and server_urls.by_token(road.url):
        try:
            token = consents.token_for(road.account, clock.now())
        except consents.NotConnected as why:
            raise Temporary(str(why), of_the_road=True) from why
    return email.open_line(road.url, hello=hello, folder=folder, token=token)


def remember(road: Road, outcome: str | Failure, at: datetime) -> None:
    """How it went, for the breaker; and where a server no longer takes the token, for the consent."""
    roads.remember(road, outcome, at)
    refused = isinstance(outcome, Temporary) and outcome.answer.startswith(NO_SIGN_IN)
    if refused and road.account is not None and server_urls.by_token(road.url):
        consents.refused_by_server(road.account, at)
