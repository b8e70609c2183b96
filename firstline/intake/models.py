"""How words arrive: the journal of everything that was acknowledged, with its bytes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from firstline.blobs.models import Blob
from firstline.contracts.models import Category, Service
from firstline.intake import call_models  # noqa: F401 - tables of this app, too
from firstline.lib import clock
from firstline.lib.claims import Leased
from firstline.people.models import Client, Person, Team
from firstline.post.models import Account
from firstline.tickets.models import Message, Ticket
from firstline.tickets.ordered_rules import OrderedRule


class Desk(models.Model):
    """Whose desk a mailbox is: the team that gets its letters, and the client it stands for, if one."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="desk")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="mailboxes")
    client = models.ForeignKey(Client, null=True, blank=True, on_delete=models.PROTECT, related_name="mailboxes")

    def __str__(self) -> str:
        return str(self.account)


def _known(field: str, name: str) -> models.Index:
    """An index that a fresh row does not write: what it says of the item is learnt later. Both engines use it for
    `field = …` and `field IN …`, which no NULL fulfils."""
    return models.Index(fields=[field], name=name, condition=Q(**{f"{field}__isnull": False}))


class Inbound(Leased):
    """One thing that was acknowledged. (source, source_key) is unique: a retry hits it and is harmless.

    `source` is the road and its account ("imap:desk@…", "pipe:…", "api", "portal:17"); `source_key` is the provider's
    own id ("uidvalidity:uid"), an Idempotency-Key or a fresh uuid. The bytes are in `raw` up to 256 KB, else in `blob`,
    never changed, never deleted by the program. `received_at` is the moment of durable acceptance: clocks start there.
    """

    class State(models.TextChoices):
        NEW = "new"
        DONE = "done"
        QUARANTINE = "quarantine"

    class Outcome(models.TextChoices):
        PENDING = "pending"
        TICKET = "ticket"
        REPLY = "reply"
        BOUNCE = "bounce"
        AUTO = "auto"
        DUPLICATE = "duplicate"
        IGNORED = "ignored"
        QUARANTINE = "quarantine"

    source = models.CharField(max_length=300)
    source_key = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, default="email")
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    raw = models.BinaryField(null=True, blank=True)
    blob = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    received_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.PENDING)
    reason = models.CharField(max_length=300, blank=True, default="")
    lane = models.CharField(max_length=16, blank=True, default="", help_text="whose it seems to be (glance.py)")
    thread = models.CharField(
        max_length=24, blank=True, default="", help_text="to which conversation it seems to belong"
    )
    try_at = models.DateTimeField(default=clock.now)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True, default="")
    done_at = models.DateTimeField(null=True, blank=True)
    mail_id = models.CharField(max_length=998, blank=True, default="")
    # NULL where there is none: the index has no place for it.
    mail_key = models.CharField(max_length=64, null=True, blank=True, help_text="sha256 of Message-ID, for the index")
    same_words = models.CharField(
        max_length=64, blank=True, default="", help_text="sha256 of id, sender, date and body"
    )
    sender = models.CharField(max_length=254, blank=True, default="")
    subject = models.CharField(max_length=300, blank=True, default="")
    preview = models.CharField(max_length=300, blank=True, default="", help_text="its first words, where no ticket has")
    facts = models.JSONField(null=True, blank=True, help_text="what rules look at (intake.rules)")
    first_reason = models.CharField(
        max_length=300, blank=True, default="", help_text="why it was here before a person decided"
    )
    ticket = models.ForeignKey(
        Ticket, null=True, blank=True, on_delete=models.PROTECT, related_name="inbound", db_index=False
    )
    trust = models.JSONField(default=dict, blank=True, help_text="how much its sender is proven, and what pretends")
    message = models.OneToOneField(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="inbound")
    decided_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "source_key"], name="accepted_once"),
            models.CheckConstraint(
                condition=Q(raw__isnull=False, blob__isnull=True) | Q(raw__isnull=True, blob__isnull=False),
                name="bytes_in_one_place",
            ),
            models.CheckConstraint(
                condition=Q(state="new", outcome="pending")
                | Q(state="quarantine", outcome="quarantine")
                | Q(state="done", outcome__in=["ticket", "reply", "bounce", "auto", "duplicate", "ignored"]),
                name="exactly_one_visible_state",
            ),
        ]
        indexes = [
            models.Index(fields=["lane", "id"], name="inbound_lane", condition=Q(state="new")),
            models.Index(fields=["thread", "id"], name="inbound_thread", condition=Q(state="new")),
            _known("lease_until", "inbound_held"),
            models.Index(fields=["received_at", "id"], name="inbound_waiting", condition=Q(state="new")),
            models.Index(fields=["-id"], name="inbound_quarantine", condition=Q(state="quarantine")),
            models.Index(fields=["sha256"], name="inbound_bytes", condition=~Q(state="new")),
            _known("mail_key", "inbound_message_id"),
            models.Index(fields=["account", "received_at"], name="inbound_mailbox", condition=Q(account__isnull=False)),
            _known("blob", "inbound_blob"),
            _known("ticket", "inbound_ticket"),
            _known("decided_by", "inbound_decided_by"),
            models.Index(
                fields=["outcome", "-id"], name="inbound_aside", condition=Q(state="done", message__isnull=True)
            ),
            models.Index(fields=["sender", "-id"], name="inbound_sender"),
        ]

    def __str__(self) -> str:
        return f"inbound {self.pk}"


class MailRule(OrderedRule):
    """A rule before registration, as an administrator wrote it: `intake.rules` asks it, `intake.ruling` applies it.

    `conditions` are dicts of `rules.Condition`. What it sets stands in columns of its own, so that nothing it names can
    go away under it. `problem` says why it could not be asked or applied: the letter went on without it.
    """

    AUDITED_AS = "mail rule"

    class Then(models.TextChoices):
        REGISTER = ""
        TICKET = "ticket"
        QUARANTINE = "quarantine"
        IGNORE = "ignore"

    any_of = models.BooleanField(default=False)
    goes_on = models.BooleanField(default=False)
    outcome = models.CharField(max_length=10, blank=True, default="", choices=Then.choices)
    client = models.ForeignKey(Client, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    priority = models.PositiveSmallIntegerField(null=True, blank=True)
    type = models.CharField(max_length=20, blank=True, default="")
    tag = models.CharField(max_length=40, blank=True, default="")

    class Meta(OrderedRule.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(priority__isnull=True) | Q(priority__in=[1, 2, 3, 4]), name="rule_priority"
            )
        ]


class Reckoning(models.Model):
    """The last comparison of one part (the journal, the messages, a mailbox) with the others, and its numbers."""

    part = models.CharField(max_length=40, primary_key=True)
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(default=clock.now)
    numbers = models.JSONField(default=dict)
    looked_until = models.BigIntegerField(default=0, help_text="the newest row that was looked at")
    round_until = models.BigIntegerField(default=0, help_text="where the slow round through the older ones stands")

    def __str__(self) -> str:
        return self.part


class Missing(models.Model):
    """Something that is not accounted for. It goes when a later comparison finds it accounted for."""

    part = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    row = models.BigIntegerField(null=True, blank=True, help_text="the item of the journal or the message")
    sender = models.CharField(max_length=254, blank=True, default="")
    subject = models.CharField(max_length=300, blank=True, default="")
    since = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    wanted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["part", "key"], name="missing_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Awaited(models.Model):
    """A letter that is answered by one that came before it. `mail_key` is its key, as in Inbound."""

    mail_key = models.CharField(max_length=64, db_index=True)
    answer = models.ForeignKey(Inbound, on_delete=models.PROTECT, related_name="awaits")

    def __str__(self) -> str:
        return f"awaited by {self.answer_id}"
