"""The outbox: every word that left or is to leave, with its attempts; what died can be sent again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from firstline.intake.deliveries_seen import visible_to
from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.post import outbox
from firstline.post.models import Delivery
from firstline.tickets.queries import NotThere
from firstline.web.agent.door import desk

PAGE = 50
STATES: dict[str, tuple[str | Promise, str]] = {
    Delivery.State.WAITING: (pgettext_lazy("delivery", "waits to be sent"), "blue"),
    Delivery.State.SENDING: (pgettext_lazy("delivery", "is being sent"), "blue"),
    Delivery.State.SENT: (pgettext_lazy("delivery", "sent"), "green"),
    Delivery.State.FAILED: (pgettext_lazy("delivery", "failed"), "red"),
    Delivery.State.UNCERTAIN: (pgettext_lazy("delivery", "perhaps sent"), "amber"),
    Delivery.State.DEAD: (pgettext_lazy("delivery", "not delivered, given up"), "red"),
}
KINDS: dict[str, str | Promise] = {
    "received": pgettext_lazy("letter", "received"),
    "taken": pgettext_lazy("letter", "taken"),
    "answer": pgettext_lazy("letter", "answer"),
    "waiting": pgettext_lazy("letter", "waiting for you"),
    "reminder": pgettext_lazy("letter", "reminder"),
    "closing_soon": pgettext_lazy("letter", "warning before closing"),
    "closed_unanswered": pgettext_lazy("letter", "closed without an answer"),
    "workaround": pgettext_lazy("letter", "workaround"),
    "scheduled": pgettext_lazy("letter", "put on hold"),
    "solved": pgettext_lazy("letter", "solved"),
    "closed": pgettext_lazy("letter", "closed"),
    "cancelled": pgettext_lazy("letter", "cancelled"),
    "account_wanted": pgettext_lazy("letter", "to a coordinator: a colleague asks for access"),
    "account_decided": pgettext_lazy("letter", "to a coordinator: the proposed account"),
    "outage_over": pgettext_lazy("letter", "an outage is over"),
    "merged": pgettext_lazy("letter", "joined with another request"),
    "routed": pgettext_lazy("letter", "to an agent: given by a rule"),
    "nobody_takes": pgettext_lazy("letter", "to the manager: nobody can take it"),
    "given_back": pgettext_lazy("letter", "to the lead: given back"),
    "assigned": pgettext_lazy("letter", "to an agent: assigned"),
    "handed_over": pgettext_lazy("letter", "to an agent: handed over"),
    "client_answered": pgettext_lazy("letter", "to an agent: the client answered"),
    "call_wanted": pgettext_lazy("letter", "to an agent: a call is wanted"),
    "colleague_answered": pgettext_lazy("letter", "to an agent: a colleague answered"),
    "colleague_solved": pgettext_lazy("letter", "to an agent: a colleague solved it"),
    "engineer_joined": pgettext_lazy("letter", "an engineer has joined"),
    "accepted": pgettext_lazy("letter", "to an agent: what he handed over is accepted"),
    "returned": pgettext_lazy("letter", "to an agent: returned with a reason"),
    "invited": pgettext_lazy("letter", "to an agent: called in"),
    "mentioned": pgettext_lazy("letter", "to an agent: named in a note"),
    "swarm_answered": pgettext_lazy("letter", "to who works along: the client was answered"),
    "swarm_solved": pgettext_lazy("letter", "to who works along: solved"),
    "box_over": pgettext_lazy("letter", "to an agent: the time of the line is over"),
    "colleague_went_around": pgettext_lazy("letter", "to an agent: a colleague gave a workaround"),
    "solved_seen": pgettext_lazy("letter", "to who wished it: solved"),
    "closed_seen": pgettext_lazy("letter", "to who wished it: closed"),
    "digest": pgettext_lazy("letter", "to an agent: the digest"),
    "no_contract": pgettext_lazy("letter", "to an agent: no contract covers it"),
    "client_was_silent": pgettext_lazy("letter", "to an agent: closed without an answer"),
    "reopened": pgettext_lazy("letter", "to an agent: reopened"),
    "cancelled_by_client": pgettext_lazy("letter", "to an agent: cancelled by the client"),
    "inner_term": pgettext_lazy("letter", "to an agent: a share of the time is used up"),
    "escalated": pgettext_lazy("letter", "to superiors: an escalation"),
    "late_alarms": pgettext_lazy("letter", "to an agent: alarms of an outage"),
    "sla_warning": pgettext_lazy("letter", "to an agent: the time is nearly up"),
    "sla_breach": pgettext_lazy("letter", "to an agent: the promised time was missed"),
    "not_accounted_for": pgettext_lazy("letter", "to an administrator: not accounted for"),
    "called_up": pgettext_lazy("letter", "to the reserve: can you come in"),
    "called_up_brief": pgettext_lazy("letter", "to the reserve: the brief"),
    "called_off": pgettext_lazy("letter", "to the reserve: it is over"),
    "nobody_here": pgettext_lazy("letter", "to a manager: nobody is here"),
    "nobody_takes_work": pgettext_lazy("letter", "to a manager: work waits and nobody is here"),
    "somebody_is_here": pgettext_lazy("letter", "to a manager: somebody is here again"),
    "to_vendor": pgettext_lazy("letter", "to a vendor"),
    "vendor_answered": pgettext_lazy("letter", "to an agent: the vendor answered"),
    "vendor_late": pgettext_lazy("letter", "to an agent: the vendor is late"),
    "undelivered": pgettext_lazy("letter", "to an agent: a letter was not delivered"),
    "password_reset": pgettext_lazy("letter", "new password"),
    "invitation": pgettext_lazy("letter", "invitation"),
    "login_link": pgettext_lazy("letter", "link to sign in"),
    "mailbox_trouble": pgettext_lazy("letter", "to an administrator: a mailbox is in trouble"),
    "sms_test": pgettext_lazy("letter", "a test of an SMS gateway"),
    "mailbox_well": pgettext_lazy("letter", "to an administrator: a mailbox works again"),
}
ENDED_BADLY = (Delivery.State.FAILED, Delivery.State.DEAD, Delivery.State.UNCERTAIN)


@require_safe
@desk
def deliveries(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/outbox/[?state=dead]"""
    demand(person, "journal")
    state, before = request.GET.get("state", ""), request.GET.get("before", "")
    rows = visible_to(person)
    if state in Delivery.State.values:
        rows = rows.filter(state=state)
    if before.isascii() and before.isdigit() and len(before) <= 18:
        rows = rows.filter(id__lt=int(before))
    got = list(rows[: PAGE + 1])
    asked = f"state={state}&" if state in Delivery.State.values else ""
    context = {
        "rows": [
            (one, KINDS.get(one.kind, one.kind), *STATES[one.state], one.state in ENDED_BADLY) for one in got[:PAGE]
        ],
        "next": f"/desk/outbox/?{asked}before={got[PAGE - 1].pk}" if len(got) > PAGE else "",
        "states": [(value, words, value == state) for value, (words, _tone) in STATES.items()],
    }
    return render(request, "web/agent/outbox.html", context)


@require_POST
@desk
def again(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/outbox/17/sending/: the same bytes, the same Message-ID, once more."""
    demand(person, "journal")
    delivery = visible_to(person).filter(pk=number).first()
    if delivery is None:
        raise NotThere(str(number))
    try:
        outbox.retry(delivery, by=person.pk, at=clock.now())
    except outbox.NotToBeSentAgain:
        messages.error(request, _("It is on its way already, or was sent: nothing was done."))
    else:
        messages.success(request, _("It goes out again with the next round."))
    return HttpResponseRedirect("/desk/outbox/")
