"""THE list: what follows from a ticket event, in order, in the same transaction, without the network."""

from firstline.knowledge import solutions
from firstline.lines import box_watch, ladder_watch, proposals, routing
from firstline.notices import recipients
from firstline.sla import clocks, standstills
from firstline.tickets import acceptance, findable, screens
from firstline.worklog import timers

REACTIONS = (
    clocks.follow,
    standstills.follow,
    solutions.remember,
    proposals.follow,
    routing.follow,
    timers.follow,
    box_watch.follow,
    ladder_watch.follow,
    recipients.tell,
    acceptance.follow,
    screens.refresh,
    findable.follow,
)
