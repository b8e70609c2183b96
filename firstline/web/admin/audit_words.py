"""What the audit says in words, and where the things are that it names."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

PLACES = {
    "person": "/desk/people/{}/", "client": "/desk/clients/{}/", "team": "/desk/teams/{}/",
    "ticket": "/desk/tickets/{}/", "contract": "/desk/contracts/{}/", "vendor": "/desk/vendors/{}/",
    "equipment": "/desk/equipment/{}/", "site": "/desk/sites/{}/", "service": "/desk/services/{}/",
    "intake": "/desk/intake/{}/",
}  # fmt: skip
ACTIONS: dict[str, str | Promise] = {
    "signed_in": pgettext_lazy("audit", "signed in"),
    "link_made": pgettext_lazy("audit", "link made"),
    "link_used": pgettext_lazy("audit", "link used"),
    "password_set": pgettext_lazy("audit", "password set"),
    "profile_changed": pgettext_lazy("audit", "own profile changed"),
    "token created": pgettext_lazy("audit", "API token made"),
    "token revoked": pgettext_lazy("audit", "API token revoked"),
    "person added": pgettext_lazy("audit", "person added"),
    "person edited": pgettext_lazy("audit", "person edited"),
    "person deactivated": pgettext_lazy("audit", "person deactivated"),
    "person brought back": pgettext_lazy("audit", "person let in again"),
    "person invited": pgettext_lazy("audit", "person invited"),
    "people merged": pgettext_lazy("audit", "two records merged"),
    "reset sent": pgettext_lazy("audit", "link to a new password sent"),
    "client added": pgettext_lazy("audit", "client added"),
    "client edited": pgettext_lazy("audit", "client edited"),
    "client closed": pgettext_lazy("audit", "client closed"),
    "client reopened": pgettext_lazy("audit", "client again"),
    "team added": pgettext_lazy("audit", "team added"),
    "team edited": pgettext_lazy("audit", "team edited"),
    "team members": pgettext_lazy("audit", "who is in the team"),
    "mailbox set up": pgettext_lazy("audit", "mailbox set up"),
    "mailbox probed": pgettext_lazy("audit", "mailbox probed"),
    "apply": pgettext_lazy("audit", "apply file"),
    "people imported": pgettext_lazy("audit", "list of people taken in"),
    "letter written": pgettext_lazy("audit", "text of a letter changed"),
    "letter reset": pgettext_lazy("audit", "text of a letter as it was"),
    "branding changed": pgettext_lazy("audit", "look changed"),
    "account_asked": pgettext_lazy("audit", "account asked for"),
    "account_accepted": pgettext_lazy("audit", "account made"),
    "account_refused": pgettext_lazy("audit", "account refused"),
    "vendor added": pgettext_lazy("audit", "vendor added"),
    "vendor edited": pgettext_lazy("audit", "vendor edited"),
    "contract made": pgettext_lazy("audit", "contract made"),
    "service added": pgettext_lazy("audit", "service added"),
    "service described": pgettext_lazy("audit", "service edited"),
    "equipment added": pgettext_lazy("audit", "equipment added"),
    "equipment edited": pgettext_lazy("audit", "equipment edited"),
    "site added": pgettext_lazy("audit", "site added"),
    "site edited": pgettext_lazy("audit", "site edited"),
}
