"""The application by which a mailbox asks for consent: entered by an administrator, in a page or an apply file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop

from firstline.lib.wrong_field import WrongField
from firstline.post import consents, oauth
from firstline.post.models import Account, Consent

PROVIDERS = (oauth.MICROSOFT, oauth.GOOGLE, oauth.OTHER)
NO_PROVIDER = gettext_noop("is one of microsoft, google, other")
NO_FLOW = gettext_noop("is code or client; Google knows code only")
NO_CLIENT = gettext_noop("is missing: the id of the application at the provider")
NO_SECRET = gettext_noop("is missing: an application that signs in by itself needs one")
NO_URL = gettext_noop("is an https:// address")
SECRET_AGAIN = gettext_noop("must be entered again: it would go to another place")
TOO_LONG = gettext_noop("is too long")


class WrongSettings(WrongField):
    """They cannot be used; `field` is one of Settings."""


@dataclass(frozen=True)
class Settings:
    """`client_secret` None: the one that is kept."""

    provider: str
    client_id: str = ""
    client_secret: str | None = None
    flow: str = oauth.CODE
    tenant: str = ""
    authorize_url: str = ""
    token_url: str = ""
    scope: str = ""

    def __repr__(self) -> str:
        return f"Settings({self.provider!r})"


LONGEST, LONGEST_URL = {"tenant": 100, "client_id": 200}, 500
PLACE = ("provider", "flow", "tenant", "client_id", "authorize_url", "token_url", "scope")


def keep(account: Account, wanted: Settings | None, *, at: datetime) -> bool:
    """Keeps the application of a mailbox, or throws it away with its tokens (None). Returns whether anything changed;
    another application means that the mailbox must be connected anew. In a transaction. Raises WrongSettings."""
    kept = Consent.objects.filter(account=account).first()
    if wanted is None:
        return bool(Consent.objects.filter(account=account).delete()[0])
    checked(wanted)
    moved = kept is None or any(getattr(kept, name) != getattr(wanted, name) for name in PLACE)
    secret = wanted.client_secret
    if secret is None:
        if kept is not None and kept.client_secret and moved:
            raise WrongSettings("client_secret", SECRET_AGAIN)
        secret = kept.client_secret if kept else ""
    if wanted.flow == oauth.CLIENT and not secret:
        raise WrongSettings("client_secret", NO_SECRET)
    if kept is not None and not moved and kept.client_secret == secret:
        return False
    row = kept or Consent(account=account)
    for name in PLACE:
        setattr(row, name, getattr(wanted, name))
    row.client_secret = secret
    if moved or row.withdrawn_at is not None:
        for name, value in consents.UNCONNECTED.items():
            setattr(row, name, value)
    if row.flow == oauth.CLIENT:
        row.due_at = at  # nobody has to agree: a worker asks at once
    row.save()
    return True


def checked(wanted: Settings) -> None:
    """Raises WrongSettings."""
    if wanted.provider not in PROVIDERS:
        raise WrongSettings("provider", NO_PROVIDER)
    if wanted.flow not in (oauth.CODE, oauth.CLIENT) or (wanted.provider, wanted.flow) == (oauth.GOOGLE, oauth.CLIENT):
        raise WrongSettings("flow", NO_FLOW)
    if not wanted.client_id:
        raise WrongSettings("client_id", NO_CLIENT)
    for name in PLACE:
        if len(getattr(wanted, name)) > LONGEST.get(name, LONGEST_URL):
            raise WrongSettings(name, TOO_LONG)
    needed = ["token_url", *(["authorize_url"] if wanted.flow == oauth.CODE else [])]
    for name in needed:
        given = getattr(wanted, name)
        if (given or wanted.provider == oauth.OTHER) and not oauth.is_web_address(given):
            raise WrongSettings(name, NO_URL)
