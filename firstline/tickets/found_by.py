"""By which columns tickets are found.

A new ticket is written into each of these twice (when it is opened, and when its clocks have given it its place in the
queue), so none begins as another one does, and those of what a new ticket does not say yet leave it out.
"""

from __future__ import annotations

from django.db.models import Index, Q

TICKETS = [
    Index(fields=["is_open", "line", "queue_at", "id", "client"], name="ticket_queue_of_line"),
    Index(
        fields=["is_open", "line", "queue_at", "id", "client"], name="ticket_free", condition=Q(assignee__isnull=True)
    ),
    Index(fields=["is_open", "created_at"], name="ticket_unsorted", condition=Q(category__isnull=True)),
    Index(fields=["is_open", "queue_at", "id"], name="ticket_queue"),
    Index(fields=["is_open", "-id"], name="ticket_newest"),
    Index(fields=["is_open", "rank", "id"], name="ticket_by_cost"),
    Index(fields=["is_open", "line", "rank", "id"], name="ticket_of_line_by_cost"),
    Index(fields=["assignee", "is_open", "queue_at", "id"], name="ticket_mine", condition=Q(assignee__isnull=False)),
    # How much each of a line has, counted while a ticket is dealt out: the index alone answers, in its order.
    Index(fields=["assignee", "is_open", "priority", "status"], name="ticket_load"),
    Index(
        fields=["contact_owner", "is_open", "queue_at", "id"],
        name="ticket_handed_over",
        condition=Q(contact_owner__isnull=False),
    ),
    Index(fields=["client", "is_open", "queue_at", "id"], name="ticket_of_client"),
    Index(fields=["requester", "-id"], name="ticket_of_requester"),
    Index(fields=["team"], name="ticket_of_team", condition=Q(team__isnull=False)),
    Index(fields=["service"], name="ticket_of_service", condition=Q(service__isnull=False)),
    Index(fields=["category"], name="ticket_of_category", condition=Q(category__isnull=False)),
    Index(fields=["hold_until"], name="ticket_held", condition=Q(status="on_hold")),
    Index(fields=["window_ends_at"], name="ticket_to_close", condition=Q(status="resolved")),
    Index(fields=["equipment"], name="ticket_of_equipment", condition=Q(equipment__isnull=False)),
    Index(fields=["merged_into"], name="ticket_merged", condition=Q(merged_into__isnull=False)),
]
