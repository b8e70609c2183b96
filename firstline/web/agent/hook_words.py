"""What is wrong with the account of a provider that calls a hook, for the administrator who typed it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from firstline.post import hook_accounts

WHY: dict[str, Promise] = {
    hook_accounts.NO_SLUG: gettext_lazy("Small Latin letters, digits and hyphens only."),
    hook_accounts.SHORT_SECRET: gettext_lazy("A secret has at least 16 characters."),
    hook_accounts.TOO_LONG: gettext_lazy("This is too long."),
    hook_accounts.NO_NAME: gettext_lazy("Say what it is called."),
}
