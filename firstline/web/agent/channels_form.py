"""The form of a mailbox: what is kept as it is shown (never a password), and what was typed as what is wanted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import QueryDict

from firstline.intake.mailboxes import Wanted, WrongMailbox
from firstline.intake.models import Desk
from firstline.lib.language import CODES, LANGUAGES
from firstline.people.models import Client, Team
from firstline.post import server_urls
from firstline.post.consent_settings import Settings
from firstline.post.models import Account, Consent
from firstline.post.oauth import CODE
from firstline.post.server_urls import IMAP_SCHEMES, SMTP_SCHEMES, NoServer, ServerUrl
from firstline.web.agent import identity_form

OAUTH = ("flow", "tenant", "client_id", "authorize_url", "token_url", "scope")
SCHEMES = {"imap": IMAP_SCHEMES, "smtp": SMTP_SCHEMES}
ENTER_AGAIN = "enter the password again"
NO_PORT = "is no port"


def shown(account: Account | None, desk: Desk | None, consent: Consent | None = None) -> dict[str, Any]:
    """The fields of a kept mailbox, or of a new one."""
    fields: dict[str, Any] = {
        "address": account.address if account else "",
        "team": desk.team.slug if desk and desk.team else "",
        "client": desk.client.slug if desk and desk.client else "",
        "is_active": account.is_active if account else True,
        "probe_every": str(account.probe_every) if account else "0",
    }
    fields |= identity_form.shown(account)
    for kind in SCHEMES:
        fields |= _server_fields(kind, _kept(account, kind))
    fields |= {f"oauth_{name}": getattr(consent, name) if consent else "" for name in (*OAUTH, "provider")}
    fields["oauth_has_secret"] = bool(consent and consent.client_secret)
    for name, texts in (
        ("name", account.names if account else {}),
        ("signature", account.signatures if account else {}),
    ):
        fields |= {f"{name}_{code}": texts.get(code, "") for code in CODES}
    return fields


def typed(given: QueryDict) -> dict[str, Any]:
    """The same fields as they were typed, without the passwords: they are typed again."""
    names = [
        "address",
        "team",
        "client",
        "probe_every",
        *(f"{name}_{code}" for name in ("name", "signature") for code in CODES),
    ]
    names += [f"{kind}_{part}" for kind in SCHEMES for part in ("security", "host", "port", "user", "folder", "auth")]
    names += [f"oauth_{name}" for name in (*OAUTH, "provider")]
    kept = {name: given.get(name, "") for name in names} | {"is_active": given.get("is_active") == "1"}
    return kept | identity_form.typed(given)


def wanted(given: QueryDict, account: Account | None) -> Wanted:
    """What was typed. Raises WrongMailbox."""
    hours = given.get("probe_every", "0")
    return Wanted(
        address=given.get("address", ""),
        imap=_server("imap", given, account),
        smtp=_server("smtp", given, account),
        team=Team.objects.filter(slug=given.get("team", "")).first(),
        client=Client.objects.filter(slug=given.get("client", "")).first(),
        names={code: given.get(f"name_{code}", "") for code in CODES},
        signatures={code: given.get(f"signature_{code}", "").replace("\r\n", "\n") for code in CODES},
        is_active=given.get("is_active") == "1",
        identity=identity_form.wanted(given, account),
        consent=_consent(given) if given.get("oauth_provider") else None,
        without_consent=not given.get("oauth_provider"),
        probe_every=int(hours) if hours.isascii() and hours.isdigit() and len(hours) < 5 else -1,
    )


def by_language(fields: dict[str, Any]) -> list[dict[str, str]]:
    """The rows of name and signature, a language each."""
    return [
        {"code": code, "language": language, "name": fields[f"name_{code}"], "signature": fields[f"signature_{code}"]}
        for code, language in LANGUAGES
    ]


def _server_fields(kind: str, server: ServerUrl | None) -> dict[str, Any]:
    return {
        f"{kind}_security": server.scheme if server else SCHEMES[kind][0],
        f"{kind}_host": server.host if server else "",
        f"{kind}_port": str(server.port or "") if server else "",
        f"{kind}_user": server.user if server else "",
        f"{kind}_folder": server.folder if server else "",
        f"{kind}_has_password": bool(server and server.password),
        f"{kind}_auth": "token" if server and server.by_token else "password",
    }


def _server(kind: str, given: QueryDict, account: Account | None) -> str:
    """The address of a server as it is kept. An empty password keeps the one that is there, for the same place only:
    it must not go to another server because somebody wrote another name into the form."""
    host, port = given.get(f"{kind}_host", "").strip(), given.get(f"{kind}_port", "").strip()
    if not host:
        return ""
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise WrongMailbox(f"{kind}_port", NO_PORT)
    kept = _kept(account, kind)
    made = ServerUrl(
        scheme=given.get(f"{kind}_security", ""),
        host=host,
        port=int(port) if port else None,
        user=given.get(f"{kind}_user", "").strip(),
        password=given.get(f"{kind}_password", ""),
        folder=given.get(f"{kind}_folder", "").strip(),
        query=kept.query if kept else "",
    )
    try:
        made = server_urls.read(made.url(), SCHEMES[kind])  # the rules of the verb, before a password is carried over
    except NoServer as wrong:
        raise WrongMailbox(kind, str(wrong)) from wrong
    if given.get(f"{kind}_auth") == "token":
        return made.with_token().url()
    made = made.without_token()
    if kept and kept.password and not made.password and made.user:
        if not made.same_place(kept):
            raise WrongMailbox(f"{kind}_password", ENTER_AGAIN)
        made = replace(made, password=kept.password)
    return made.url()


def _kept(account: Account | None, kind: str) -> ServerUrl | None:
    url = getattr(account, kind) if account else ""
    try:
        return server_urls.read(url, SCHEMES[kind]) if url else None
    except NoServer:
        return None  # sealed with another key, or written by hand: the form begins empty


def _consent(given: QueryDict) -> Settings:
    """The application; an empty secret keeps the one that is there."""
    texts = {name: given.get(f"oauth_{name}", "").strip() for name in (*OAUTH, "provider")}
    return Settings(**{**texts, "flow": texts["flow"] or CODE}, client_secret=given.get("oauth_secret") or None)
