"""Mailboxes of an apply file: the same verb as the page of a mailbox. A key that is not there leaves what the page set,
but for `team`, `client`, `imap` and `smtp`, which are what the file says."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from django.conf import settings

from firstline.imports.apply_file import Row, WrongFile
from firstline.imports.put import CHANGED, CREATED, UNCHANGED
from firstline.intake import mailboxes
from firstline.intake.identity import Identity
from firstline.people.models import Client, Team
from firstline.post import server_urls
from firstline.post.consent_settings import Settings
from firstline.post.models import Account
from firstline.post.server_urls import NoServer


def put_mailbox(row: Row, path: str, at: datetime) -> str:
    """Makes or changes one mailbox. Raises WrongFile."""
    wanted = mailboxes.Wanted(
        address=row["address"],
        imap=_with_its_password(row, "imap", server_urls.IMAP_SCHEMES),
        smtp=_with_its_password(row, "smtp", server_urls.SMTP_SCHEMES),
        team=Team.objects.get(slug=row["team"]) if "team" in row else None,
        client=Client.objects.get(slug=row["client"]) if "client" in row else None,
        names=_by_language(row.get("name")),
        signatures=_by_language(row.get("signature")),
        is_active=row.get("active", True),
        identity=Identity(
            sent_as=row.get("sent_as"),
            plus_tags=row.get("plus_tags"),
            dkim_selector=row.get("dkim_selector"),
            dkim_key=row.get("dkim_key"),
            authserv_id=row.get("authserv_id"),
            relays=tuple(row["relays"]) if "relays" in row else None,
        ),
        probe_every=row.get("probe_every"),
        consent=_consent(row["oauth"], path) if row.get("oauth") else None,
        without_consent=row.get("oauth") == {},
    )
    try:
        kept = mailboxes.set_up(wanted, by="apply", at=at)
    except mailboxes.WrongMailbox as wrong:
        raise WrongFile([f"{path}.{wrong.field}: {wrong.why}"]) from wrong
    if kept.is_new:
        return CREATED
    return CHANGED if kept.changed else UNCHANGED


def _with_its_password(row: Row, key: str, schemes: tuple[str, ...]) -> str:
    """A server without a password keeps the one that is there for the same place: an exported file has none."""
    url = str(row.get(key, ""))
    kept = Account.objects.filter(address=row["address"].strip().lower()).values_list(key, flat=True).first()
    if not url or not kept:
        return url
    try:
        given, before = server_urls.read(url, schemes), server_urls.read(kept, schemes)
    except NoServer:
        return url
    if given.password or not given.same_place(before):
        return url
    return kept if replace(before, password="") == given else replace(given, password=before.password).url()


def _by_language(value: Any) -> dict[str, str] | None:
    """One text stands for every language: it is kept in the desk's own, and read by all who have none."""
    if value is None:
        return None
    return dict(value) if isinstance(value, dict) else {settings.LANGUAGE_CODE: value}


def _consent(given: dict[str, Any], path: str) -> Settings:
    """The table `oauth`: the keys of consent_settings.Settings."""
    known = {field.name for field in fields(Settings)}
    wrong = [f"{path}.oauth.{key}: is not known; known are {', '.join(sorted(known))}" for key in given.keys() - known]
    wrong += [f"{path}.oauth.{key}: a text is needed" for key, value in given.items() if not isinstance(value, str)]
    if wrong:
        raise WrongFile(wrong)
    return Settings(**{"provider": "", **given})
