"""The work itself: a ticket, its history that is only added to, the words on it and their files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firstline.assets.models import Equipment
from firstline.blobs.models import Blob
from firstline.contracts.models import Category, ContractVersion, Service
from firstline.lib import clock, pictures
from firstline.lib.labels import label_of
from firstline.people.models import Client, Person, Team
from firstline.tickets import (
    answer_models,  # noqa: F401 - tables of this app, too
    attention_models,  # noqa: F401
    call_models,  # noqa: F401
    draft_models,  # noqa: F401
    found_by,
    macro_models,  # noqa: F401
    statuses,
    swarm_models,  # noqa: F401
    template_models,  # noqa: F401
    vendor_models,  # noqa: F401
    view_models,  # noqa: F401
)


class Status(models.TextChoices):
    NEW = "new", pgettext_lazy("status:ticket", "New")
    IN_PROGRESS = "in_progress", pgettext_lazy("status:ticket", "In progress")
    WAITING_FOR_CLIENT = "waiting_for_client", pgettext_lazy("status:ticket", "Waiting for client")
    WAITING_FOR_VENDOR = "waiting_for_vendor", pgettext_lazy("status:ticket", "Waiting for vendor")
    ON_HOLD = "on_hold", pgettext_lazy("status:ticket", "On hold")
    RESOLVED = "resolved", pgettext_lazy("status:ticket", "Resolved")
    CLOSED = "closed", pgettext_lazy("status:ticket", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("status:ticket", "Cancelled")


class Type(models.TextChoices):
    INCIDENT = "incident", _("Incident")
    SERVICE_REQUEST = "service_request", _("Service request")
    ORDER = "order", _("Order")
    CHANGE = "change", _("Change request")
    FAULT = "fault", _("Fault")
    QUESTION = "question", _("Question")
    COMPLAINT = "complaint", _("Complaint")


class Level(models.TextChoices):
    HIGH = "high", pgettext_lazy("level", "High")
    MEDIUM = "medium", pgettext_lazy("level", "Medium")
    LOW = "low", pgettext_lazy("level", "Low")


class Priority(models.IntegerChoices):
    """1 is the most pressing."""

    CRITICAL = 1, pgettext_lazy("priority", "Critical")
    HIGH = 2, pgettext_lazy("priority", "High")
    MEDIUM = 3, pgettext_lazy("priority", "Medium")
    LOW = 4, pgettext_lazy("priority", "Low")


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    PORTAL = "portal", _("Client portal")
    PHONE = "phone", _("Phone")
    SMS = "sms", _("SMS")
    WEB = "web", _("Web form")
    WALK_UP = "walk_up", _("Walk-up")
    API = "api", _("API")


NOT_WEIGHED = -1e9


class Ticket(models.Model):
    """Its number is its id. Everything below is a summary of its events, kept for lists; the events are the truth.

    `version` is the number of its newest event. `queue_at` orders queues: the next due moment, or far ahead where no
    clock runs. `window_ends_at`: until then an answer reopens, then it is closed by itself.
    """

    subject = models.CharField(max_length=300)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.NEW)
    is_open = models.BooleanField(default=True)
    type = models.CharField(max_length=20, choices=Type.choices, default=Type.INCIDENT)
    get_type_display = label_of(Type, "type")
    impact = models.CharField(max_length=6, choices=Level.choices, default=Level.MEDIUM)
    urgency = models.CharField(max_length=6, choices=Level.choices, default=Level.MEDIUM)
    priority = models.PositiveSmallIntegerField(default=3)
    line = models.PositiveSmallIntegerField(default=1)
    # No foreign key has an index of its own but the contract's: those of found_by begin with the same columns.
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    assignee = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="assigned", db_index=False
    )
    contact_owner = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="in_charge_of", db_index=False,
        help_text="who handed it over last and stays in charge of the contact",
    )  # fmt: skip
    client = models.ForeignKey(
        Client, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="requested", db_index=False)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    contract = models.ForeignKey(
        ContractVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets"
    )
    equipment = models.ForeignKey(
        Equipment, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", db_index=False,
        help_text="where its words are shown; merging.final follows the chain",
    )  # fmt: skip
    channel = models.CharField(max_length=10, choices=Channel.choices)
    get_channel_display = label_of(Channel, "channel")
    tags = models.JSONField(default=list, blank=True)
    hold_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    queue_at = models.DateTimeField()
    # Kept by a job (lines.weighing), never by a verb: the lower, the sooner. A new ticket stands on top until weighed.
    rank = models.FloatField(default=NOT_WEIGHED)
    version = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    window_ends_at = models.DateTimeField(null=True, blank=True)

    # Not a column: what it began with, on the ticket that `opening.open_ticket` gives back.
    first_words: Message | None = None
    # Nor this: its clocks, on the ticket that an event carried, as that event wrote them (sla.clocks).
    clocks_read: Sequence[Any] | None = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_open=True, status__in=sorted(statuses.OPEN))
                | Q(is_open=False, status__in=sorted(statuses.DONE)),
                name="open_is_what_the_status_says",
            ),
            models.CheckConstraint(condition=Q(line__in=[1, 2, 3]), name="ticket_on_a_line"),
            models.CheckConstraint(condition=Q(priority__in=[1, 2, 3, 4]), name="ticket_priority"),
            models.CheckConstraint(
                condition=~Q(status="on_hold") | Q(hold_until__isnull=False), name="held_until_a_moment"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(status="cancelled"), name="merged_is_cancelled"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")), name="not_merged_into_itself"
            ),
        ]
        indexes = found_by.TICKETS

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def number(self) -> str:
        return str(self.pk)

    @property
    def url(self) -> str:
        """Where the desk sees it, as a full address."""
        return f"{settings.FIRSTLINE_BASE_URL}/desk/tickets/{self.pk}/"


class Kind(models.TextChoices):
    """What can happen to a ticket."""

    CREATED = "created"
    MESSAGE = "message"
    CALLED = "called"
    TAKEN = "taken"
    ASSIGNED = "assigned"
    HANDED_OVER = "handed_over"
    WAITING = "waiting"
    HELD = "held"
    RESUMED = "resumed"
    REMINDED = "reminded"
    WORKAROUND = "workaround"
    ARRIVED = "arrived"
    NO_VISIT = "no_visit"
    RESOLVED = "resolved"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    REOPENED = "reopened"
    CANCELLED = "cancelled"
    RATED = "rated"
    CHANGED = "changed"
    LINKED = "linked"
    UNLINKED = "unlinked"
    TICKED = "ticked"
    UNTICKED = "unticked"
    WORKED = "worked"
    JOINED = "joined"
    COPY = "copy"
    BOUNCED = "bounced"
    AUTOMATIC = "automatic"
    ANSWERS_PAUSED = "answers_paused"
    MERGED = "merged"
    MERGED_HERE = "merged_here"
    UNMERGED = "unmerged"
    UNMERGED_HERE = "unmerged_here"
    MOVED_AWAY = "moved_away"
    MOVED_HERE = "moved_here"
    KEPT_APART = "kept_apart"
    SLA_WARNING = "sla_warning"
    SLA_BREACH = "sla_breach"
    SLA_EXCUSED = "sla_excused"
    INNER_TERM = "inner_term"
    RULED = "ruled"
    VENDOR_ASKED = "vendor_asked"
    VENDOR_WRITTEN = "vendor_written"
    VENDOR_ANSWERED = "vendor_answered"
    VENDOR_NUMBERED = "vendor_numbered"
    VENDOR_CLOSED = "vendor_closed"
    VENDOR_LATE = "vendor_late"
    ROUTED = "routed"
    GIVEN_BACK = "given_back"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    INVITED = "invited"
    LEFT_SWARM = "left_swarm"
    BOX_HINT = "box_hint"
    BOX_FULL = "box_full"
    BOX_EXTENDED = "box_extended"
    BOX_OVER = "box_over"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    REMOTE_STARTED = "remote_started"
    REMOTE_ENDED = "remote_ended"
    CALL_WANTED = "call_wanted"
    CALL_SETTLED = "call_settled"
    FROM_OUTAGE = "from_outage"
    NOT_FROM_OUTAGE = "not_from_outage"
    TROUBLE = "trouble"


class Event(models.Model):
    """One thing that happened. Rows are only added (a trigger refuses to change one); the id only grows."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=20)  # no choices: a new kind of event is no migration
    happened_at = models.DateTimeField()
    learnt_at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    public = models.BooleanField(default=False)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["ticket", "id"], name="event_of_ticket"),
            models.Index(fields=["happened_at", "ticket"], name="event_handed_over", condition=Q(kind="handed_over")),
            models.Index(fields=["happened_at", "ticket"], name="event_returned", condition=Q(kind="returned")),
            models.Index(fields=["happened_at", "ticket"], name="event_reopened", condition=Q(kind="reopened")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.ticket_id}"


class Message(models.Model):
    """Words on a ticket. `html` is the cleaned subset or empty; `text` is everything visible; `reply_text` is what was
    said this time, without quotation and signature (they are folded, never cut), and `reply_html` the same as it was
    written, where that differs from the whole.

    `ticket` is where it is shown; its event stays with the ticket on which it came in, whatever is merged or moved
    (merging.py, moving.py)."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="message")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_agent = models.BooleanField()
    public = models.BooleanField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    get_channel_display = label_of(Channel, "channel")
    html = models.TextField(blank=True, default="")
    text = models.TextField(blank=True, default="")
    reply_text = models.TextField(blank=True, default="")
    reply_html = models.TextField(blank=True, default="")
    flags = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Attachment(models.Model):
    """A file of a message. What is served never trusts `content_type` or `name`: they are the sender's words."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.BigIntegerField()
    inline = models.BooleanField(default=False)
    content_id = models.CharField(max_length=255, blank=True, default="")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether its sender says that it is one that may be shown in place; the bytes are asked when it is."""
        return self.content_type in pictures.KINDS


class Participant(models.Model):
    """Who takes part beside the requester: colleagues in copy, people who wrote."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="participants", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="takes_part")
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "person"], name="takes_part_once")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.ticket_id}"


class Rating(models.Model):
    """The score that stands, from 1 (bad) to 5 (excellent); every one that was given is an event."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="rating")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True, default="")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="one_to_five")]
        indexes = [models.Index(fields=["at"], name="rating_at")]

    def __str__(self) -> str:
        return f"{self.score} for {self.ticket_id}"


class LinkKind(models.TextChoices):
    RELATED = "related"
    DUPLICATE = "duplicate"
    PARENT = "parent"
    CHILD = "child"
    FOLLOW_UP = "follow_up"


class Link(models.Model):
    """`source` is the `kind` of `target`: a follow-up of it, a duplicate of it, its parent, its child. `gates`: the
    parent is not solved before the child."""

    source = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    gates = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="linked_once"),
            models.CheckConstraint(condition=~Q(source=models.F("target")), name="not_linked_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"
