"""Where work goes: the desk's rules, whose turn it is, what nobody could take yet."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firstline.contracts.models import Category
from firstline.people.models import Person, Team
from firstline.roster.models import Skill
from firstline.tickets.models import Ticket
from firstline.tickets.ordered_rules import OrderedRule


class Strategy(models.TextChoices):
    PULL = "pull", _("nobody: people take it themselves")
    ROUND_ROBIN = "round_robin", _("in turn")
    LEAST_LOADED = "least_loaded", _("who has the least open work")
    SKILL = "skill", pgettext_lazy("strategy", "who knows it, the least loaded of them")


class RoutingRule(OrderedRule):
    """A rule as an administrator wrote it: `lines.rules` asks it, `lines.routing` applies it.

    `conditions` are dicts of `rules.Condition`. Where it sends stands in columns of its own, so that nothing it names
    can go away under it. `problem` says why it could not be asked or applied: the ticket stayed where it was.
    """

    AUDITED_AS = "routing rule"

    line = models.PositiveSmallIntegerField(null=True, blank=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    strategy = models.CharField(max_length=12, choices=Strategy.choices, default=Strategy.PULL)
    skill = models.ForeignKey(Skill, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(default=1)
    sticks = models.BooleanField(default=False, help_text="the same requester comes to the same person")

    class Meta(OrderedRule.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(line__isnull=True) | Q(line__in=[1, 2, 3]), name="routed_to_a_line"),
            models.CheckConstraint(
                condition=Q(line__isnull=False) | Q(team__isnull=False) | Q(person__isnull=False),
                name="routed_somewhere",
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="routed_by_level"),
        ]


class Share(models.Model):
    """What a person takes: at the most so many open tickets (None: no limit, 0: none); what he was given last."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="share")
    most = models.PositiveSmallIntegerField(null=True, blank=True)
    last = models.BigIntegerField(default=0, help_text="the number of the event by which he was given something last")
    was_here = models.BooleanField(default=False, help_text="at the last look: who goes gives back")

    def __str__(self) -> str:
        return f"share of {self.person_id}"


class Dealing(models.Model):
    """One row a line: whoever deals out work of the line holds it until his transaction ends."""

    line = models.PositiveSmallIntegerField(primary_key=True)

    def __str__(self) -> str:
        return f"dealing on line {self.line}"


class Undealt(models.Model):
    """A ticket that a strategy should give to somebody, and nobody can take it yet: tried again until somebody can."""

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.CASCADE, related_name="undealt")
    rule = models.ForeignKey(RoutingRule, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    line = models.PositiveSmallIntegerField()
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    strategy = models.CharField(max_length=12, choices=Strategy.choices)
    skill = models.ForeignKey(Skill, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(default=1)
    why = models.CharField(max_length=12)
    since = models.DateTimeField()
    try_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"undealt #{self.ticket_id}"


class Unstaffed(models.Model):
    """A queue in which work waits while nobody of its people is here, though somebody should be: the manager was told
    when it began. `queue` is "2", or "2:7" of one team. `waiting` is brought up to date each minute."""

    queue = models.CharField(max_length=20, primary_key=True)
    line = models.PositiveSmallIntegerField()
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    waiting = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(null=True, blank=True, help_text="when somebody comes, as far as it is planned")

    def __str__(self) -> str:
        return f"nobody in {self.queue}"


class SkillNeed(models.Model):
    """Tickets of this category need somebody who knows this, at least so well."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="needs")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="needed_by")
    level = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["-level", "id"]
        constraints = [
            models.UniqueConstraint(fields=["category", "skill"], name="one_need_a_skill"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="need_of_three_levels"),
        ]

    def __str__(self) -> str:
        return f"{self.category_id} needs {self.skill_id}"
