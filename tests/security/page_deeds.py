"""Which address of the API does what a page does, where its name does not say it: page → API, both as Django knows
them, below `desk/` and `api/v1/`. And what only a page does, with the reason."""

from __future__ import annotations

BY_ANOTHER_NAME: dict[str, str] = {
    # people of the desk, and of a client
    "accounts/<int:number>/acceptance": "account-requests/<int:number>/acceptance",
    "accounts/<int:number>/refusal": "account-requests/<int:number>/refusal",
    "people/new": "people", "people/<int:number>": "people/<login>", "people/list": "people/list/taking",
    "people/<int:number>/invitation": "people/<login>/invitation", "people/<int:number>/reset": "people/<login>/reset",
    "people/<int:number>/leaving": "people/<login>/deactivation", "people/<int:number>/return": "people/<login>/return",
    "people/<int:number>/tickets": "people/<login>/tickets", "people/<int:number>/merging": "people/<login>/merging",
    "clients/new": "clients", "teams/new": "teams", "leaving": "people/<login>/deactivation",
    "profile": "me", "profile/keys": "me", "queue/order": "me", "profile/notices": "inbox/wishes",
    # what is looked after, and what was promised
    "equipment/new": "equipment", "sites/new": "sites", "services/new": "services", "vendors/new": "vendors",
    "contracts/new": "contracts", "contracts/<slug>/name": "contracts/<slug>",
    "contracts/<slug>/<int:number>/edit": "contracts/<slug>/versions/<int:number>",
    "contracts/<slug>/<int:number>/discarding": "contracts/<slug>/versions/<int:number>",
    "contracts/<slug>/<int:number>/document": "contracts/<slug>/versions/<int:number>/document",
    "contracts/<slug>/<int:number>/force": "contracts/<slug>/versions/<int:number>/force",
    "contract-templates/new": "contract-templates", "contract-templates/<slug>/edit": "contract-templates/<slug>",
    "versions/<int:number>/what-if": "contracts/<slug>/versions/<int:number>/what-if",
    "statements/new": "statements", "statements/<int:number>/<step:to>": "statements/<int:number>/steps",
    "calendars/new": "calendars", "calendars/<slug>/week": "calendars/<slug>",
    "calendars/<slug>/days": "calendars/<slug>/days",
    "outages/new": "outages", "outages/<int:number>/update": "outages/<int:number>/updates",
    # tickets
    "calls/new": "tickets", "messages/<int:number>/move": "tickets/<number>/move",
    "messages/<int:number>/split": "tickets/<number>/split", "tickets/<number>/properties": "tickets/<number>",
    "tickets/<number>/proposals": "tickets/<number>", "tickets/<number>/macros": "tickets/<number>/macro",
    "tickets/<number>/clocks/<int:clock_id>/excuse": "tickets/<number>/excuse",
    "tickets/<number>/invitations/leaving": "tickets/<number>/leaving",
    "tickets/<number>/link/removal": "tickets/<number>/link-removal",
    "tickets/<number>/outages": "tickets/<number>/outage",
    "tickets/<number>/drafts/<mode>/removal": "tickets/<number>/drafts/<mode>",
    "tickets/<number>/vendors/new": "tickets/<number>/vendor-requests",
    "tickets/<number>/vendors/<int:request_number>": "tickets/<number>/vendor-requests/<int:child>/messages",
    "tickets/<number>/vendors/<int:request_number>/closing": "tickets/<number>/vendor-requests/<int:child>/closing",
    "tickets/<number>/vendors/<int:request_number>/number": "tickets/<number>/vendor-requests/<int:child>/number",
    "queue/undo": "tickets/<number>/undo",
    "views/new": "views", "views/<int:number>/pin": "views/<int:number>",
    "views/<int:number>/removal": "views/<int:number>",
    "inbox/<int:number>/reading": "inbox/reading",
    "macros/saving": "macros", "macros/editing": "macros", "macros/<int:number>/removal": "macros/<int:number>",
    "templates/saving": "answer-templates", "templates/<int:number>/removal": "answer-templates/<int:number>",
    "templates/<int:number>/return": "answer-templates/<int:number>/return",
    # time
    "timer/start": "timer", "timer/stop": "timer", "timer/leaving": "timer",
    "timer/periods/<int:number>": "touches/<int:number>/correction", "box/limits": "boxes",
    # what came, what leaves
    "intake/<number>/ignoring": "intake/<number>/ignore", "intake/<number>/reading": "intake/<number>/run-again",
    "quarantine/decisions": "intake/<number>/spam", "outbox/<int:number>/sending": "deliveries/<int:number>/sending",
    "unaccounted/<int:number>/taking-in": "intake/unaccounted/<int:number>/taking-in",
    "channels/<int:number>/pause": "mailboxes/<int:number>/pause",
    "channels/<int:number>/resumption": "mailboxes/<int:number>/resumption",
    "channels/<int:number>/trial": "mailboxes/<int:number>/trial",
    "channels/<int:number>/probes": "mailboxes/<int:number>/probes",
    "letters/<kind>/<language>": "letter-texts/<kind>/<language>",
    "letters/<kind>/<language>/original": "letter-texts/<kind>/<language>",
    # rules
    "ladders/new": "ladders", "ladders/<int:number>": "ladders/<slug>",
    "ladders/<int:number>/position": "ladders/<slug>/position", "ladders/<int:number>/removal": "ladders/<slug>",
    "ladders/<int:number>/switch": "ladders/<slug>",
    "rules/new": "mail-rules", "rules/<int:number>": "mail-rules/<slug>",
    "rules/<int:number>/position": "mail-rules/<slug>/position",
    "rules/<int:number>/removal": "mail-rules/<slug>", "rules/<int:number>/switch": "mail-rules/<slug>",
    "routing/new": "routing/rules", "routing/<int:number>": "routing/rules/<slug>",
    "routing/<int:number>/position": "routing/rules/<slug>/position",
    "routing/<int:number>/removal": "routing/rules/<slug>", "routing/<int:number>/switch": "routing/rules/<slug>",
    "routing/limits": "routing/limits/<login>", "routing/proposals": "routing/proposals/<field>",
    # who is on duty
    "roster/swaps/<int:number>/<swap:step>": "roster/swaps/<int:number>/<step>",
    "roster/layers/<slug>/removal": "roster/layers/<slug>", "roster/people/<login>/absences": "roster/absences",
    "roster/people/<login>/absences/file": "roster/absences", "roster/people/<login>/days": "roster/days",
    "roster/people/<login>/shifts": "roster/shifts", "roster/teams/<slug>/shifts": "roster/shifts",
    # the wiki
    "kb/new": "articles", "kb/<slug>/edit": "articles/<slug>", "kb/<slug>/handing-in": "articles/<slug>/handing-in",
    "kb/<slug>/publication": "articles/<slug>/publication", "kb/<slug>/archiving": "articles/<slug>/archiving",
    # the portal
    "portal/new": "tickets", "portal/ask": "tickets", "portal/new/helped": "articles/<slug>/helped",
    "portal/profile": "me", "language": "me", "theme": "me", "portal/colleagues": "colleagues",
    "portal/colleagues/<int:number>/leaving": "colleagues/<login>/leaving",
    "portal/colleagues/requests/<int:number>/acceptance": "account-requests/<int:number>/acceptance",
    "portal/colleagues/requests/<int:number>/refusal": "account-requests/<int:number>/refusal",
    "portal/announcements/<int:number>/following": "announcements/<int:number>/following",
    "portal/requests/<number>/answer": "tickets/<number>/messages",
    "portal/requests/<number>/call": "tickets/<number>/call-wish",
    "portal/requests/<number>/colleagues": "tickets/<number>/colleagues",
    "portal/requests/<number>/confirmation": "tickets/<number>/confirmation",
    "portal/requests/<number>/reopening": "tickets/<number>/reopening",
    "portal/requests/<number>/rating": "tickets/<number>/rating",
    "portal/requests/<number>/cancellation": "tickets/<number>/cancellation",
    "portal/statements/<int:number>/agreement": "statements/<int:number>/steps",
    "portal/statements/<int:number>/objection": "statements/<int:number>/steps",
    "come/<token>": "reinforcement/<int:number>/answer",
    "told/<token>": "tickets/<number>/escalations/<int:escalation>/acknowledgement",
}  # fmt: skip

SIGNING_IN = "a token is the way in of a program: it neither signs in nor chooses passwords"
A_KEY_MAKES_NO_KEYS = "a key makes and revokes no keys: `firstline token create`, or the page"
SCREEN_ONLY = "of a screen: several tickets at once are several calls; what was typed is the program's own to keep"
BROWSER = "of one browser: it alone knows where it is told"
FILE = "the apply file sets it up (docs/apply.md): a mailbox and its secrets never go through the API"
TRIAL = "a message to try a gateway: how a program's own went is at /deliveries"
ONLY_A_PAGE: dict[str, str] = {
    "account/login": SIGNING_IN, "account/logout": SIGNING_IN, "account/forgot": SIGNING_IN, "account/link": SIGNING_IN,
    "account/link/<token>": SIGNING_IN, "account/password": SIGNING_IN, "account/password/reset/<token>": SIGNING_IN,
    "account/first/<token>": SIGNING_IN, "account/invitation/<token>": SIGNING_IN,
    "account/request": SIGNING_IN,
    "tokens": A_KEY_MAKES_NO_KEYS, "tokens/<int:number>/revocation": A_KEY_MAKES_NO_KEYS,
    "queue/deeds": SCREEN_ONLY, "templates/<int:number>/uses": SCREEN_ONLY,
    "tickets/<number>/drafts/<mode>/files": SCREEN_ONLY, "drafts/files/<int:number>/removal": SCREEN_ONLY,
    "push/browsers": BROWSER, "push/browsers/<int:number>/removal": BROWSER,
    "channels/new": FILE, "channels/<int:number>": FILE, "channels/<int:number>/connection": FILE,
    "channels/<int:number>/disconnection": FILE,
    "channels/phone/new": FILE, "channels/phone/<slug>": FILE,
    "channels/sms/new": FILE, "channels/sms/<slug>": FILE, "channels/sms/<slug>/trial": TRIAL,
}  # fmt: skip
