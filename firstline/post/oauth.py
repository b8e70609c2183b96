"""OAuth 2.0 for mailboxes (RFC 6749, 7636): the addresses of the providers, and the three questions to a token server.

Nothing here knows of rows: values in, tokens or a refusal out. What that means for a mailbox is said in consents.py.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx

SECONDS = 10.0
LONGEST_ANSWER = 256 * 1024
USUAL_LIFETIME = 3600
MICROSOFT, GOOGLE, OTHER = "microsoft", "google", "other"
CODE, CLIENT = "code", "client"
# What no later try of ours can mend: a person must agree again, or enter another secret.
FINAL = frozenset(
    {
        "invalid_grant", "invalid_client", "unauthorized_client", "access_denied", "consent_required",
        "interaction_required", "login_required", "invalid_scope", "unsupported_grant_type", "invalid_request",
    }
)  # fmt: skip


class NotNow(Exception):
    """The token server does not answer, or not as one does: it is asked again."""


class Refused(Exception):
    """The token server says no. `code` is its own word (`invalid_grant`)."""

    def __init__(self, code: str, description: str = "") -> None:
        super().__init__(f"{code}: {description}" if description else code)
        self.code = code


@dataclass(frozen=True)
class Provider:
    """Where to ask and for what. `client_scope`: where the application signs in by itself."""

    authorize_url: str
    token_url: str
    scope: str
    client_scope: str = ""
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Application:
    """Who we are to the token server."""

    provider: Provider
    client_id: str
    client_secret: str
    redirect_uri: str = ""

    def __repr__(self) -> str:
        return f"Application({self.client_id!r})"


@dataclass(frozen=True)
class Tokens:
    """`refresh` is "" where the server gave no new one."""

    access: str
    refresh: str
    lifetime: int

    def __repr__(self) -> str:
        return "Tokens(…)"


def provider_of(
    name: str, *, tenant: str = "", authorize_url: str = "", token_url: str = "", scope: str = ""
) -> Provider:
    """Microsoft 365 and Google by name; what is given beside the name wins, so that any other server can be named."""
    if name == MICROSOFT:
        base = f"https://login.microsoftonline.com/{quote(tenant or 'organizations', safe='')}/oauth2/v2.0"
        host = "https://outlook.office.com"
        usual = Provider(
            f"{base}/authorize",
            f"{base}/token",
            f"{host}/IMAP.AccessAsUser.All {host}/SMTP.Send offline_access",
            "https://outlook.office365.com/.default",
        )
    elif name == GOOGLE:
        usual = Provider(
            "https://accounts.google.com/o/oauth2/v2/auth",
            "https://oauth2.googleapis.com/token",
            "https://mail.google.com/",
            # Without these Google gives no refresh token the second time.
            more=(("access_type", "offline"), ("prompt", "consent")),
        )
    else:
        usual = Provider("", "", "")
    return Provider(
        authorize_url or usual.authorize_url,
        token_url or usual.token_url,
        scope or usual.scope,
        scope or usual.client_scope,
        usual.more,
    )


def is_web_address(url: str) -> bool:
    """Whether secrets may be sent there: https, or this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and host in {"localhost", "127.0.0.1", "::1"})
    )


def challenge_of(verifier: str) -> str:
    """PKCE, S256."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def link(application: Application, *, state: str, verifier: str, user: str) -> str:
    """Where a person goes to agree."""
    provider = application.provider
    asked = {
        "response_type": "code",
        "client_id": application.client_id,
        "redirect_uri": application.redirect_uri,
        "scope": provider.scope,
        "state": state,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
        "login_hint": user,
        **dict(provider.more),
    }
    joint = "&" if urlsplit(provider.authorize_url).query else "?"
    return f"{provider.authorize_url}{joint}{urlencode(asked)}"


def exchanged(application: Application, *, code: str, verifier: str) -> Tokens:
    """What the code of a consent is worth. Raises Refused, NotNow."""
    return _asked(
        application,
        grant_type="authorization_code",
        code=code,
        redirect_uri=application.redirect_uri,
        code_verifier=verifier,
    )


def refreshed(application: Application, *, refresh_token: str) -> Tokens:
    """A fresh access token. Raises Refused, NotNow."""
    return _asked(application, grant_type="refresh_token", refresh_token=refresh_token)


def by_itself(application: Application) -> Tokens:
    """A token of the application, where no person agrees (client credentials). Raises Refused, NotNow."""
    return _asked(application, grant_type="client_credentials", scope=application.provider.client_scope)


def sign_in(user: str, token: str) -> str:
    """What XOAUTH2 says to IMAP and SMTP, before base64."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


def _asked(application: Application, **form: str) -> Tokens:
    given = {"client_id": application.client_id, **form}
    if application.client_secret:
        given["client_secret"] = application.client_secret
    try:
        with (
            httpx.Client(timeout=SECONDS, follow_redirects=False) as web,
            web.stream("POST", application.provider.token_url, data=given) as answer,
        ):
            body = b""
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > LONGEST_ANSWER:
                    raise NotNow("the token server answers without end")
    except (httpx.HTTPError, httpx.InvalidURL) as away:
        raise NotNow(f"the token server does not answer: {type(away).__name__}") from away
    return _read(answer, body)


def _read(answer: httpx.Response, body: bytes) -> Tokens:
    try:
        said: Any = httpx.Response(200, content=body).json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise NotNow(f"the token server answers {answer.status_code} and no JSON")
    if isinstance(code := said.get("error"), str):
        told = " ".join(str(said.get("error_description") or "").split())[:300]
        if code in FINAL:
            raise Refused(code, told)
        raise NotNow(f"the token server says {code}: {told}" if told else f"the token server says {code}")
    access, refresh, lifetime = said.get("access_token"), said.get("refresh_token"), said.get("expires_in")
    if answer.status_code != 200 or not isinstance(access, str) or not access or not access.isascii():
        raise NotNow(f"the token server answers {answer.status_code} without a token")
    return Tokens(
        access,
        refresh if isinstance(refresh, str) else "",
        int(lifetime) if isinstance(lifetime, int | float | str) and str(lifetime).isdigit() else USUAL_LIFETIME,
    )
