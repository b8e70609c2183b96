"""The consent by which a mailbox signs in: asked for, given, renewed before it ends, withdrawn by whoever gave it.

A page only writes down what a person wants; a worker (or the fetcher, where the worker was away) talks to the token
server. Tokens are sealed rows, are in no log, no page and no audit row.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from firstline.audit import trail
from firstline.lib import claims, log, tokens
from firstline.post import oauth
from firstline.post.models import Account, Consent, Outlet
from firstline.post.oauth import Application, NotNow, Refused, Tokens
from firstline.post.roads import CLOSED_FOR

Flow = Consent.Flow
REDIRECT = "/desk/channels/consent/"
PATIENCE = timedelta(minutes=15)  # that a person has at the provider's page
BEFORE_THE_END = timedelta(minutes=10)
JUST_ENOUGH = timedelta(seconds=60)  # a token that ends sooner is not used any more
LEASE = timedelta(seconds=90)
NOT_CONNECTED = "the mailbox is not connected to its provider yet"
WITHDRAWN = "the consent was withdrawn: connect the mailbox again"
RENEWING = "the token is being renewed"

_log = log.get(__name__)


class NotConnected(Exception):
    """There is no token to sign in with; the message says why."""


class NotYours(Exception):
    """Nobody waits for this answer of a provider: another person began, it is too old, or it was used."""


def token_for(account: Account, at: datetime) -> str:
    """The token to sign in with now. Talks to the token server where the kept one is over: call it in a worker or a
    fetcher, outside of transactions. Raises NotConnected."""
    consent = Consent.objects.filter(account=account).first()
    if consent is None:
        raise NotConnected(NOT_CONNECTED)
    if not _is_fresh(consent, at) and consent.withdrawn_at is None and _may_ask(consent):
        deal_with_due(at, only=Consent.objects.filter(pk=consent.pk), whenever=True)
        consent.refresh_from_db()
    if consent.withdrawn_at is not None:
        raise NotConnected(WITHDRAWN)
    if not _is_fresh(consent, at):
        raise NotConnected(consent.problem or (RENEWING if _may_ask(consent) else NOT_CONNECTED))
    return str(consent.access_token)


def refused_by_server(account: Account, at: datetime) -> None:
    """A mail server did not take the token although it is not over: another one is fetched, and if the consent is gone
    the token server says so."""
    Consent.objects.filter(account=account, withdrawn_at=None, due_at__gt=at).update(expires_at=at, due_at=at)


def begin(consent: Consent, *, by: int, at: datetime) -> None:
    """A person is about to go to the provider's page (`link`). Whatever he began before is over."""
    state = tokens.new_token()
    with transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(
            state=state, state_hash=tokens.hashed(state), verifier=secrets.token_urlsafe(48), code="",
            begun_at=at, begun_by=by,
        )  # fmt: skip
        trail.note(at=at, actor=f"person:{by}", action="consent begun", target=f"mailbox:{consent.account_id}")
    consent.refresh_from_db()


def link(consent: Consent) -> str:
    """The provider's page, for the person who began."""
    return oauth.link(
        application_of(consent), state=consent.state, verifier=consent.verifier, user=consent.account.address
    )


def come_back(state: str, *, code: str, error: str, by: int, at: datetime) -> Consent:
    """He is back from the provider's page, with a code or with a refusal. Raises NotYours."""
    with transaction.atomic():
        found = Consent.objects.select_for_update().filter(state_hash=tokens.hashed(state)).exclude(state_hash="")
        consent = found.first()
        if consent is None or consent.begun_by != by or consent.begun_at is None or at - consent.begun_at > PATIENCE:
            raise NotYours(state[:8])
        changes: dict[str, object] = {"state": "", "state_hash": "", "begun_at": None}
        if code and not error:
            changes |= {"code": code, "due_at": at, "problem": "", "failures": 0}
        else:
            changes |= {"problem": f"not agreed to: {error or 'no code'}"[:400], "verifier": ""}
        Consent.objects.filter(pk=consent.pk).update(**changes)
        action = "consent refused" if "code" not in changes else "consent given"
        trail.note(at=at, actor=f"person:{by}", action=action, target=f"mailbox:{consent.account_id}")
    consent.refresh_from_db()
    return consent


def forget(consent: Consent, *, by: str, at: datetime) -> None:
    """The tokens are thrown away; the application stays as it is entered."""
    with transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(**UNCONNECTED)
        trail.note(at=at, actor=by, action="consent forgotten", target=f"mailbox:{consent.account_id}")


UNCONNECTED: dict[str, object] = {
    "refresh_token": "", "access_token": "", "expires_at": None, "connected_at": None, "renewed_at": None,
    "withdrawn_at": None, "problem": "", "failures": 0, "due_at": None, "state": "", "state_hash": "", "verifier": "",
    "code": "", "begun_at": None, "begun_by": None, "lease_until": None, "lease_owner": "",
}  # fmt: skip


def deal_with_due(at: datetime, only: QuerySet[Consent] | None = None, *, whenever: bool = False) -> int:
    """Asks the token server for whoever's time has come (or, `whenever`, of the ones named). Returns how many."""
    due = Consent.objects.all() if only is None else only
    if not whenever:
        due = due.filter(due_at__lte=at)
    # One at a time: a token server that hangs must not hold the worker for as long as all of them together.
    taken = claims.claim(due.select_related("account").order_by("due_at", "id"), limit=1, lease=LEASE)
    for consent in taken:
        try:
            _ask(consent, at)
        except claims.LeaseLost:
            _log.warning("another application was entered meanwhile", mailbox=consent.account_id)
    return len(taken)


def _ask(consent: Consent, at: datetime) -> None:
    try:
        given = _question(consent)()
    except Refused as refused:
        _withdrawn(consent, refused, at)
    except NotNow as away:
        _later(consent, str(away), at)
    else:
        _settle(consent, given, at)


def application_of(consent: Consent) -> Application:
    provider = oauth.provider_of(
        consent.provider, tenant=consent.tenant, authorize_url=consent.authorize_url, token_url=consent.token_url,
        scope=consent.scope,
    )  # fmt: skip
    return Application(provider, consent.client_id, consent.client_secret, f"{settings.FIRSTLINE_BASE_URL}{REDIRECT}")


def _question(consent: Consent) -> Callable[[], Tokens]:
    application = application_of(consent)
    if consent.flow == Flow.CLIENT:
        return lambda: oauth.by_itself(application)
    if consent.code:
        return lambda: oauth.exchanged(application, code=consent.code, verifier=consent.verifier)
    return lambda: oauth.refreshed(application, refresh_token=consent.refresh_token)


def _settle(consent: Consent, given: Tokens, at: datetime) -> None:
    lifetime = timedelta(seconds=max(given.lifetime, 1))
    with transaction.atomic():
        claims.finish(
            consent,
            access_token=given.access,
            refresh_token=given.refresh or consent.refresh_token,
            expires_at=at + lifetime,
            connected_at=consent.connected_at if consent.withdrawn_at is None and consent.connected_at else at,
            renewed_at=at,
            withdrawn_at=None,
            problem="",
            failures=0,
            code="",
            verifier="" if consent.code else consent.verifier,
            due_at=at + max(lifetime - BEFORE_THE_END, lifetime / 2) if _can_renew(consent, given) else None,
        )
        # The mailbox was left alone for want of a token: it is tried with the next round.
        Account.objects.filter(pk=consent.account_id, closed_until__isnull=False).update(failures=0, closed_until=None)
        Outlet.objects.filter(address=consent.account.address).update(failures=0, closed_until=None)
    _log.info("token renewed", mailbox=consent.account_id)


def _withdrawn(consent: Consent, refused: Refused, at: datetime) -> None:
    with transaction.atomic():
        claims.finish(
            consent, withdrawn_at=at, problem=str(refused)[:400], due_at=None, access_token="", expires_at=None, code=""
        )
        trail.note(
            at=at, actor="system", action="consent withdrawn", target=f"mailbox:{consent.account_id}",
            said=refused.code,
        )  # fmt: skip
    _log.warning("consent withdrawn", mailbox=consent.account_id, said=refused.code)


def _later(consent: Consent, why: str, at: datetime) -> None:
    pause = CLOSED_FOR[min(consent.failures, len(CLOSED_FOR) - 1)]
    with transaction.atomic():
        claims.finish(consent, problem=why[:400], failures=consent.failures + 1, due_at=at + pause)


def _is_fresh(consent: Consent, at: datetime) -> bool:
    return bool(consent.access_token) and consent.expires_at is not None and consent.expires_at - at > JUST_ENOUGH


def _may_ask(consent: Consent) -> bool:
    """Whether there is anything to ask the token server with."""
    return bool(consent.flow == Flow.CLIENT or consent.code or consent.refresh_token)


def _can_renew(consent: Consent, given: Tokens) -> bool:
    return bool(consent.flow == Flow.CLIENT or given.refresh or consent.refresh_token)
