"""What an administrator does with mailboxes: set up, pause, resume. The pages and `firstline apply` call the same.

Each leaves one row in the audit trail that names what changed and never its value: passwords go into the row of the
mailbox, sealed, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from firstline.audit import trail
from firstline.intake.identity import Identity, WrongIdentity
from firstline.intake.models import Desk
from firstline.lib.language import CODES
from firstline.lib.wrong_field import WrongField
from firstline.people.models import Client, Team
from firstline.post import consent_settings, server_urls
from firstline.post.consent_settings import Settings
from firstline.post.mime import is_address
from firstline.post.models import Account, Outlet
from firstline.post.server_urls import NoServer

LONGEST_NAME, LONGEST_SIGNATURE, LONGEST_HOURS = 100, 4000, 168
NO_ADDRESS = gettext_noop("is no mail address")
TAKEN = gettext_noop("is the address of another mailbox")
TOO_LONG = gettext_noop("is too long")
NO_HOURS = gettext_noop("is a number of hours from 0 (never) to 168")


class WrongMailbox(WrongField):
    """It cannot be set up like that."""


@dataclass(frozen=True)
class Wanted:
    """What a mailbox is to be. None: as it is, or as a new one begins. `consent`: the application by which it signs in;
    `without_consent` throws away the one that there is."""

    address: str
    imap: str | None = None
    smtp: str | None = None
    team: Team | None = None
    client: Client | None = None
    names: Mapping[str, str] | None = None
    signatures: Mapping[str, str] | None = None
    is_active: bool = True
    identity: Identity | None = None
    probe_every: int | None = None
    consent: Settings | None = None
    without_consent: bool = False


@dataclass(frozen=True)
class Kept:
    """The mailbox, and which of its keys are other than before."""

    account: Account
    changed: tuple[str, ...]
    is_new: bool = False


def set_up(wanted: Wanted, *, by: str, at: datetime, account: Account | None = None, must_be_new: bool = False) -> Kept:
    """Makes a mailbox, or changes `account` (else the one with this address, unless it `must_be_new`). `by` is an actor
    ("person:7", "apply"). Raises WrongMailbox.
    """
    values = _checked(wanted)
    with transaction.atomic():
        other = Account.objects.select_for_update().filter(address=values["address"]).first()
        if other is not None and (must_be_new if account is None else other.pk != account.pk):
            raise WrongMailbox("address", TAKEN)
        kept = account or other or Account()
        is_new = kept.pk is None
        changed = [name for name, value in values.items() if is_new or getattr(kept, name) != value]
        for name, value in values.items():
            setattr(kept, name, value)
        written = [*changed]
        if "imap" in changed:
            # Another server, or another password: what was wrong with the last one is over, and it is tried at once.
            kept.failures, kept.closed_until, kept.problem, kept.problem_since = 0, None, "", None
            written += ["failures", "closed_until", "problem", "problem_since"]
        if "smtp" in changed and not is_new:
            Outlet.objects.filter(address=kept.address).update(
                failures=0, closed_until=None, problem="", problem_since=None
            )
        if changed:
            # Only what was wanted: the fetcher writes into the same row meanwhile.
            kept.save(update_fields=None if is_new else written)
        changed += _place(kept, wanted)
        changed += _consent(kept, wanted, at)
        if changed:
            trail.note(at=at, actor=by, action="mailbox set up", target=f"mailbox:{kept.pk}", changed=sorted(changed))
    return Kept(kept, tuple(changed), is_new)


def pause(account: Account, *, by: str, at: datetime) -> None:
    """Nothing is fetched until it is resumed: letters wait on the server. Answers leave as before."""
    _switch(account, at, by, "mailbox paused", {"paused_at__isnull": True}, paused_at=at)


def resume(account: Account, *, by: str, at: datetime) -> None:
    """It is fetched again, at once."""
    _switch(
        account, at, by, "mailbox resumed", {"paused_at__isnull": False}, paused_at=None, failures=0, closed_until=None
    )


def try_now(account: Account, *, by: str, at: datetime) -> None:
    """A server that is left alone for a while is tried with the next round."""
    _switch(account, at, by, "mailbox tried now", {"closed_until__isnull": False}, closed_until=None)


def _switch(
    account: Account, at: datetime, by: str, action: str, only_if: Mapping[str, object], **changes: object
) -> None:
    """Done once, however often it is asked."""
    with transaction.atomic():
        if Account.objects.filter(pk=account.pk, **only_if).update(**changes):
            trail.note(at=at, actor=by, action=action, target=f"mailbox:{account.pk}")
    account.refresh_from_db()


def _checked(wanted: Wanted) -> dict[str, object]:
    address = wanted.address.strip().lower()
    if not is_address(address) or address.count("@") != 1 or len(address) > 254:
        raise WrongMailbox("address", NO_ADDRESS)
    values: dict[str, object] = {"address": address, "is_active": wanted.is_active}
    for field, url, schemes in (
        ("imap", wanted.imap, server_urls.IMAP_SCHEMES),
        ("smtp", wanted.smtp, server_urls.SMTP_SCHEMES),
    ):
        if url is None:
            continue
        if url:
            try:
                server_urls.read(url, schemes)
            except NoServer as wrong:
                raise WrongMailbox(field, str(wrong)) from wrong
        values[field] = url
    if wanted.probe_every is not None:
        if not 0 <= wanted.probe_every <= LONGEST_HOURS:
            raise WrongMailbox("probe_every", NO_HOURS)
        values["probe_every"] = wanted.probe_every
    for field, key, texts, longest in (
        ("names", "name", wanted.names, LONGEST_NAME),
        ("signatures", "signature", wanted.signatures, LONGEST_SIGNATURE),
    ):
        if texts is None:
            continue
        if any(len(text) > longest for text in texts.values()):
            raise WrongMailbox(key, TOO_LONG)
        values[field] = {code: texts[code].strip() for code in CODES if texts.get(code, "").strip()}
    try:
        return values | (wanted.identity.columns() if wanted.identity else {})
    except WrongIdentity as wrong:
        raise WrongMailbox(wrong.field, wrong.why) from wrong


def _consent(account: Account, wanted: Wanted, at: datetime) -> list[str]:
    """The application by which it signs in without a password."""
    if wanted.consent is None and not wanted.without_consent:
        return []
    try:
        return ["oauth"] if consent_settings.keep(account, wanted.consent, at=at) else []
    except consent_settings.WrongSettings as wrong:
        raise WrongMailbox(f"oauth.{wrong.field}", wrong.why) from wrong


def _place(account: Account, wanted: Wanted) -> list[str]:
    """Whose desk it is."""
    desk = Desk.objects.filter(account=account).first()
    if desk is None:
        Desk.objects.create(account=account, team=wanted.team, client=wanted.client)
        return ["team"] if wanted.team or wanted.client else []
    changed = [
        name
        for name, value in (("team", wanted.team), ("client", wanted.client))
        if getattr(desk, f"{name}_id") != (value.pk if value else None)
    ]
    if changed:
        desk.team, desk.client = wanted.team, wanted.client
        desk.save()
    return changed
