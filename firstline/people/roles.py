"""The eight roles, and which of them stand on which side of the counter. Pure words."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    REQUESTER = "requester", _("Requester")
    COORDINATOR = "coordinator", _("Coordinator")
    OPERATOR = "operator", _("Operator")
    ENGINEER = "engineer", _("Engineer")
    LEAD = "lead", _("Lead engineer")
    MANAGER = "manager", _("Service-desk manager")
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    ADMINISTRATOR = "administrator", _("Administrator")


CLIENT_SIDE = frozenset({Role.REQUESTER, Role.COORDINATOR})
DESK_SIDE = frozenset(Role) - CLIENT_SIDE
SOLVERS = frozenset({Role.OPERATOR, Role.ENGINEER, Role.LEAD, Role.MANAGER})
SEES_ALL = frozenset({Role.MANAGER, Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR})
# What reinforcement may give for a time; and which of two roles counts.
GIVEN = (Role.OPERATOR, Role.ENGINEER, Role.LEAD)
HEIGHT = {role.value: height for height, role in enumerate(Role)}
