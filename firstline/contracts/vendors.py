"""Vendors and developers: who they are, how they are reached, and what they promised the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet

from firstline.audit import trail
from firstline.calendars.models import Calendar
from firstline.contracts.models import Vendor, VendorTarget
from firstline.contracts.refusals import WrongTerms
from firstline.contracts.terms_shape import METRICS
from firstline.contracts.versions import opens
from firstline.lib.language import CODES, filled, kept, named
from firstline.people.models import Person
from firstline.people.permissions import demand

LONGEST_NAME = 200


@dataclass(frozen=True)
class Known:
    """What is known of a vendor. `names` by language, `targets` in minutes of his calendar by metric."""

    names: Mapping[str, str]
    calendar: Calendar
    email: str = ""
    phone: str = ""
    language: str = "ru"
    targets: Mapping[str, Any] = field(default_factory=dict)


def offered() -> QuerySet[Vendor]:
    """Those whom a ticket may ask; who is retired is only kept."""
    return Vendor.objects.filter(retired_at__isnull=True)


@transaction.atomic
def add(slug: str, known: Known, *, by: Person, at: datetime) -> Vendor:
    """A new vendor. Raises WrongTerms."""
    demand(by, "edit contracts")
    if Vendor.objects.filter(slug=slug).exists():
        raise WrongTerms(["slug: there is a vendor of this name"])
    return _keep(Vendor(slug=slug), known, by=by, at=at, action="vendor added")


@transaction.atomic
def edit(vendor: Vendor, known: Known, *, by: Person, at: datetime) -> Vendor:
    """Other terms hold for what he is asked from now on; what he was asked keeps its deadlines. Raises WrongTerms."""
    demand(by, "edit contracts")
    return _keep(Vendor.objects.select_for_update().get(pk=vendor.pk), known, by=by, at=at, action="vendor edited")


@transaction.atomic
def retire(vendor: Vendor, *, by: Person, at: datetime) -> Vendor:
    """Nobody asks him any more; what he was asked goes on."""
    return _mark(vendor, at, by=by, at=at, action="vendor retired")


@transaction.atomic
def restore(vendor: Vendor, *, by: Person, at: datetime) -> Vendor:
    """He may be asked again."""
    return _mark(vendor, None, by=by, at=at, action="vendor restored")


def known(vendor: Vendor) -> Known:
    """What is known of a vendor that there is."""
    return Known(
        names=kept(vendor.name, vendor.names, settings.LANGUAGE_CODE), calendar=vendor.calendar, email=vendor.email,
        phone=vendor.phone, language=vendor.language,
        targets=dict(vendor.targets.order_by("metric").values_list("metric", "minutes")),
    )  # fmt: skip


def problems(known: Known) -> list[str]:
    """What cannot be, "place: what is wrong"; the apply file and the page refuse the same."""
    found = []
    texts = [text for text in known.names.values() if text.strip()]
    if not texts:
        found.append("names: is missing")
    elif any(len(text) > LONGEST_NAME for text in texts):
        found.append(f"names: longer than {LONGEST_NAME} characters")
    if known.email and not _is_address(known.email):
        found.append("email: is no address")
    if len(known.phone) > 30:
        found.append("phone: longer than 30 characters")
    if known.language not in CODES:
        found.append(f"language: is not one of {', '.join(CODES)}")
    if not opens(known.calendar):
        found.append(f"calendar: {known.calendar.slug} never opens")
    for metric, minutes in known.targets.items():
        if metric not in METRICS:
            found.append(f"targets.{metric}: is not one of {', '.join(METRICS)}")
        elif not isinstance(minutes, int) or isinstance(minutes, bool) or not 0 < minutes < 2**31:
            found.append(f"targets.{metric}: whole minutes, more than 0, are needed")
    return found


def write_targets(vendor: Vendor, targets: Mapping[str, int]) -> bool:
    """Writes them anew where they are others; says whether they were. Inside a transaction."""
    if {target.metric: target.minutes for target in vendor.targets.all()} == dict(targets):
        return False
    vendor.targets.all().delete()
    VendorTarget.objects.bulk_create(
        VendorTarget(vendor=vendor, metric=metric, minutes=minutes) for metric, minutes in sorted(targets.items())
    )
    return True


def _keep(vendor: Vendor, known: Known, *, by: Person, at: datetime, action: str) -> Vendor:
    if wrong := problems(known):
        raise WrongTerms(wrong)
    before = _kept(vendor) if vendor.pk else {}
    vendor.name, vendor.names = named(filled(known.names), settings.LANGUAGE_CODE)
    vendor.email, vendor.phone = known.email.strip().lower(), known.phone.strip()
    vendor.language, vendor.calendar = known.language, known.calendar
    vendor.save()
    write_targets(vendor, known.targets)
    changed = {key: value for key, value in _kept(vendor).items() if before.get(key) != value}
    if changed:
        _note(vendor, action, by, at, changed=changed, before={key: before.get(key) for key in changed})
    return vendor


def _kept(vendor: Vendor) -> dict[str, Any]:
    return {
        "name": vendor.name, "names": vendor.names, "email": vendor.email, "phone": vendor.phone,
        "language": vendor.language, "calendar": vendor.calendar_id,
        "targets": dict(vendor.targets.order_by("metric").values_list("metric", "minutes")),
    }  # fmt: skip


def _mark(vendor: Vendor, moment: datetime | None, *, by: Person, at: datetime, action: str) -> Vendor:
    demand(by, "edit contracts")
    held = Vendor.objects.select_for_update().get(pk=vendor.pk)
    if (held.retired_at is None) != (moment is None):
        held.retired_at = moment
        held.save(update_fields=["retired_at"])
        _note(held, action, by, at)
    return held


def _is_address(email: str) -> bool:
    try:
        validate_email(email.strip())
    except ValidationError:
        return False
    return True


def _note(vendor: Vendor, action: str, by: Person, at: datetime, **data: Any) -> None:
    trail.note(at=at, actor=by.actor, action=action, target=f"vendor:{vendor.slug}", **data)
