"""Opening a mail server's road: with the password in its URL, or with the token of the mailbox's consent."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from firstline.lib import clock
from firstline.post import consents, roads, server_urls
from firstline.post.roads import Road
from firstline.post.transports import email
from firstline.post.transports.failures import Failure, Temporary

NO_SIGN_IN = "535"


def opened(road: Road, *, hello: str, folder: Path) -> email.Line:
    """A line that signs in at its first letter. Outside of transactions: a token may have to be fetched. Raises
    Temporary."""
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
