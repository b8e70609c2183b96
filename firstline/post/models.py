"""Words leaving the house: the accounts they leave through, the outbox, and every attempt."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from firstline.lib import clock
from firstline.lib.claims import Leased
from firstline.lib.language import picked
from firstline.lib.sealed import SealedText
from firstline.post.gateway_models import Gateway
from firstline.post.push_models import Browser, PushKey
from firstline.post.trunk_models import Trunk

__all__ = [
    "Account", "Attempt", "Browser", "Consent", "Delivery", "Gateway", "Outlet", "Probe", "PushKey", "Trunk",
    "Undeliverable",
]  # fmt: skip


class Account(models.Model):
    """A mailbox: where words come in and leave, with what it knows of itself."""

    class Kind(models.TextChoices):
        EMAIL = "email"

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.EMAIL)
    address = models.CharField(max_length=254, unique=True)
    imap = SealedText(blank=True, default="", help_text="imap[s]://user:password@host:port/folder")
    smtp = SealedText(blank=True, default="", help_text="smtp[s]://user:password@host:port")
    is_active = models.BooleanField(default=True)
    paused_at = models.DateTimeField(null=True, blank=True, help_text="nothing is fetched until it is resumed")
    names = models.JSONField(default=dict, blank=True, help_text="the name in From, by language")
    signatures = models.JSONField(default=dict, blank=True, help_text="under answers of people, by language")
    sent_as = models.CharField(max_length=254, blank=True, default="", help_text="From, where it is not the address")
    plus_tags = models.BooleanField(default=False, help_text="its server hands name+anything to name")
    authserv_id = models.CharField(max_length=253, blank=True, default="", help_text="its server's name in results")
    relays = models.CharField(max_length=500, blank=True, default="", help_text="its servers' names in Received")
    dkim_selector = models.CharField(max_length=63, blank=True, default="")
    dkim_key = SealedText(blank=True, default="", help_text="the private key, or the file that holds it")
    uid_validity = models.BigIntegerField(null=True, blank=True)
    last_uid = models.BigIntegerField(default=0)
    checked_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True, default="")
    problem_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="tries to reach the server that failed in a row")
    closed_until = models.DateTimeField(null=True, blank=True, help_text="until then its server is left alone")
    waiting = models.PositiveIntegerField(default=0, help_text="letters that wait on the server, when last looked")
    usual = models.JSONField(default=dict, blank=True, help_text="in which hours of a week letters come (silence.py)")
    last_letter_at = models.DateTimeField(null=True, blank=True)
    silent_since = models.DateTimeField(null=True, blank=True, help_text="it is silent for longer than is usual")
    probe_every = models.PositiveSmallIntegerField(default=0, help_text="hours from one probe to the next; 0: none")
    probe_failed_at = models.DateTimeField(
        null=True, blank=True, help_text="the last probe by itself did not come back"
    )
    told = models.JSONField(default=dict, blank=True, help_text="the troubles that administrators were told of")

    def __str__(self) -> str:
        return self.address

    def name_for(self, language: str) -> str:
        """The name in From for a reader of this language, or ""."""
        return _for(self.names, language)

    def signature_for(self, language: str) -> str:
        """What stands under a person's answer to a reader of this language, or ""."""
        return _for(self.signatures, language)


class Delivery(Leased):
    """One message to one address. `ticket`, `event` and `person` are plain numbers: the outbox knows nobody.

    The words are rendered at the first attempt and kept in `mime`: every attempt has the same bytes and the same
    Message-ID. `at_most_once` is for acknowledgements and the like, which a second copy would make a nuisance.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        UNCERTAIN = "uncertain"
        DEAD = "dead"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, default="email")
    to = models.CharField(max_length=254)
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT)
    language = models.CharField(max_length=5)
    ticket = models.BigIntegerField(null=True, blank=True, db_index=True)
    event = models.BigIntegerField(null=True, blank=True)
    person = models.BigIntegerField(null=True, blank=True)
    data = models.JSONField(default=dict)
    unique_key = models.CharField(max_length=160, null=True, blank=True, unique=True)
    at_most_once = models.BooleanField(default=False)
    automatic = models.BooleanField(default=True)
    message_id = models.CharField(max_length=255, blank=True, default="")
    subject = models.TextField(blank=True, default="")
    mime = models.BinaryField(null=True, blank=True)
    receipt = models.CharField(
        max_length=120, blank=True, default="", help_text="the provider's own id, behind his name: reports name it"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(
        null=True, blank=True, default=clock.now, help_text="nothing where nothing is left to do"
    )
    created_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="when it failed, died or became uncertain for good"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="delivery_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["state", "id"], name="delivery_state"),
            models.Index(fields=["to", "created_at"], name="delivery_to"),
            models.Index(fields=["receipt"], name="delivery_receipt", condition=Q(receipt__gt="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class Undeliverable(models.Model):
    """An address, in lower case, to which mail does not come through: how often it was refused for now (`soft`) and for
    good (`hard`), with the last server's words."""

    address = models.CharField(max_length=254, unique=True)
    hard_since = models.DateTimeField(null=True, blank=True, help_text="when the first one came back for good")
    hard = models.PositiveIntegerField(default=0)
    soft = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=20, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="")
    complained_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.address


class Outlet(models.Model):
    """A road out (one SMTP server, by the address that sends through it; "" is EMAIL_URL) and whether it is passable.

    After several failures in a row nothing is tried until `closed_until`: a provider that is hammered blocks us
    (research/reliability_security.md F5).
    """

    address = models.CharField(max_length=254, unique=True)
    failures = models.PositiveIntegerField(default=0)
    closed_until = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True, default="")
    problem_since = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.address or "EMAIL_URL"


class Consent(Leased):
    """By which a mailbox signs in without a password (OAuth2): the application, what a person agreed to, and the
    tokens. `due_at`: when a worker has to ask the token server."""

    class Flow(models.TextChoices):
        CODE = "code", "a person agrees"
        CLIENT = "client", "the application by itself"

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="consent")
    provider = models.CharField(max_length=20)
    flow = models.CharField(max_length=10, choices=Flow.choices, default=Flow.CODE)
    tenant = models.CharField(max_length=100, blank=True, default="")
    client_id = models.CharField(max_length=200)
    client_secret = SealedText(blank=True, default="")
    authorize_url = models.CharField(max_length=500, blank=True, default="")
    token_url = models.CharField(max_length=500, blank=True, default="")
    scope = models.CharField(max_length=500, blank=True, default="")
    refresh_token = SealedText(blank=True, default="")
    access_token = SealedText(blank=True, default="")
    expires_at = models.DateTimeField(null=True, blank=True)
    connected_at = models.DateTimeField(null=True, blank=True)
    renewed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="the token server says no: connect it again")
    problem = models.CharField(max_length=400, blank=True, default="")
    failures = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    # While a person is away at the provider's page, and until a worker has exchanged the code he came back with.
    state_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    state = SealedText(blank=True, default="")
    verifier = SealedText(blank=True, default="")
    code = SealedText(blank=True, default="")
    begun_at = models.DateTimeField(null=True, blank=True)
    begun_by = models.BigIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"consent of mailbox {self.account_id}"


class Probe(Leased):
    """A letter that a mailbox sends to itself, to see that it goes out and comes back. `by` is the id of a person, or
    nothing where it was sent by itself. `due_at`: when there is something to do about it, sending or giving up."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        ARRIVED = "arrived"
        FAILED = "failed"

    class Failed(models.TextChoices):
        """Where it ended."""

        SENDING = "sending"
        RETURNED = "returned"
        LOST = "lost"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="probes")
    by = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_seconds = models.FloatField(null=True, blank=True, help_text="how long the server took to take it")
    answer = models.TextField(blank=True, default="", help_text="what the server said")
    arrived_at = models.DateTimeField(null=True, blank=True, help_text="when its bytes were ours again")
    failed = models.CharField(max_length=10, blank=True, default="", choices=Failed.choices)

    class Meta:
        indexes = [models.Index(fields=["account", "-id"], name="probe_of_mailbox")]

    def __str__(self) -> str:
        return f"probe {self.pk}"


class Attempt(models.Model):
    """One try to hand a delivery over, with the answer in the server's words."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="tries")
    at = models.DateTimeField(default=clock.now)
    answer = models.TextField(blank=True, default="")
    outcome = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.outcome}"


def _for(texts: dict[str, str], language: str) -> str:
    """In the reader's language; where there is none, in the only or first one that was written."""
    return picked(texts, next(iter(texts.values()), ""), language)
