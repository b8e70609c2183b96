"""Who is on duty: patterns of shifts, changed days, absences, swaps, layers on call; what people can; and the plan.

The plan (`Turn`) is worked out from everything else by roster.planning: it only finds who is here, by an index.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firstline.lib import clock
from firstline.lib.language import LANGUAGES, picked
from firstline.people.models import Client, Grant, Person, Team
from firstline.people.roles import GIVEN


class Pattern(models.Model):
    """Shifts of a person, or of everybody in a team, day after day of a cycle: `days` is [[0, "09:00", "18:00"], …],
    day 0 is `begins_on` and every `length`-th day after it."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200, blank=True, default="")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="shift_patterns")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="shift_patterns")
    time_zone = models.CharField(max_length=60)
    begins_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="the last day on which a shift of it begins")
    length = models.PositiveSmallIntegerField(default=7)
    days = models.JSONField(default=list)

    class Meta:
        ordering = ["begins_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, team__isnull=True) | Q(person__isnull=True, team__isnull=False),
                name="pattern_of_one",
            ),
            models.CheckConstraint(condition=Q(length__gte=1, length__lte=366), name="pattern_length"),
        ]

    def __str__(self) -> str:
        return self.name or self.slug


class DayChange(models.Model):
    """What a person works on one day instead of his patterns: `spans` is [["10:00", "14:00"]], or [] for a day off."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="changed_days")
    day = models.DateField()
    time_zone = models.CharField(max_length=60)
    spans = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="one_change_a_day")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"


class Absence(models.Model):
    """Somebody is away from `starts_at` until `ends_at`; without an end he is away until he says that he is back."""

    class Why(models.TextChoices):
        HOLIDAY = "holiday", _("Holiday")
        ILLNESS = "illness", _("Illness")
        OTHER = "other", _("Away")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    why = models.CharField(max_length=10, choices=Why.choices, default=Why.HOLIDAY)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")
    uid = models.CharField(max_length=255, blank=True, default="", help_text="of the calendar that it was read from")

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="away_on"),
            models.UniqueConstraint(fields=["person", "uid"], condition=~Q(uid=""), name="one_absence_a_uid"),
        ]
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="absence_ends")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.why}"


class Swap(models.Model):
    """`asker` asks `asked` to work his shifts of `gives_on`; he works the other's of `takes_on`, if that is given."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        ACCEPTED = "accepted", _("accepted, not yet approved")
        APPROVED = "approved", _("agreed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    asker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="swaps_asked")
    asked = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="swaps_offered")
    gives_on = models.DateField()
    takes_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(default=clock.now)
    agreed_at = models.DateTimeField(null=True, blank=True, help_text="from when it counts: the order of swaps")

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(asker=F("asked")), name="swap_of_two")]

    def __str__(self) -> str:
        return f"{self.asker_id}→{self.asked_id} {self.gives_on}"


class Layer(models.Model):
    """Who of a team is called first, second …: people in turn, each for `length` days, changing at `changes_at`.

    `hours` is [[weekday from 0, "18:00", "09:00"], …] when the layer is on call; empty means round the clock.
    """

    slug = models.SlugField(max_length=60, unique=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="on_call_layers")
    position = models.PositiveSmallIntegerField(default=1)
    time_zone = models.CharField(max_length=60)
    begins_on = models.DateField()
    changes_at = models.CharField(max_length=5, default="09:00")
    length = models.PositiveSmallIntegerField(default=7)
    hours = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["team", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["team", "position"], name="one_layer_a_place")]

    def __str__(self) -> str:
        return self.slug


class LayerPerson(models.Model):
    """One of those who take turns in a layer."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="layers")
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["layer", "place"], name="one_person_a_place")]

    def __str__(self) -> str:
        return f"{self.layer_id}: {self.place}"


class StandIn(models.Model):
    """Somebody is on call in a layer from then until then, whoever's turn it would be."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="stand_ins")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stands_in")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="stand_in_lasts")]

    def __str__(self) -> str:
        return f"{self.layer_id}: {self.person_id}"


class Cover(models.Model):
    """A team must have at least `least` people here in these hours: [[weekday from 0, "09:00", "18:00"], …]."""

    team = models.OneToOneField(Team, on_delete=models.PROTECT, related_name="cover")
    time_zone = models.CharField(max_length=60)
    hours = models.JSONField(default=list)
    least = models.PositiveSmallIntegerField(default=1)
    free_swaps = models.BooleanField(default=False, help_text="two people swap without anybody's approval")

    def __str__(self) -> str:
        return f"cover of {self.team_id}"


class Turn(models.Model):
    """The plan: `person` is here from `starts_at` until before `ends_at`. With `team` and a `position`: on call."""

    class Kind(models.TextChoices):
        SHIFT = "shift"
        REINFORCEMENT = "reinforcement"
        ON_CALL = "on_call"

    kind = models.CharField(max_length=13, choices=Kind.choices, default=Kind.SHIFT)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="turns")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="turns")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="turn_lasts")]
        indexes = [
            models.Index(fields=["ends_at", "starts_at"], name="turn_at"),
            models.Index(fields=["person", "ends_at"], name="turn_of_person"),
            models.Index(fields=["team", "ends_at"], name="turn_of_team"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class Skill(models.Model):
    """Something that people of the desk know: POS terminals, networks, 1C."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    names = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def label(self, language: str | None = None) -> str:
        return picked(self.names, self.name, language)


class Level(models.Model):
    """How well a person knows it: 1 a little, 2 well, 3 others ask him."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="levels")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="levels")
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "skill"], name="one_level_a_skill"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="level_of_three"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.skill_id} {self.level}"


class Speaks(models.Model):
    """A language in which a person can help, besides the one that he reads the desk in."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="speaks")
    language = models.CharField(max_length=5, choices=LANGUAGES)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "language"], name="speaks_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.language}"


class Reinforcement(models.Model):
    """People are called in for a time: what for, which tickets, until when. What each may then do is his Grant."""

    reason = models.CharField(max_length=300)
    place = models.CharField(max_length=300, blank=True, default="", help_text="where and how to work, in words")
    role = models.CharField(max_length=20, choices=[(one.value, one.label) for one in GIVEN])
    clients = models.ManyToManyField(Client, blank=True, related_name="+")
    all_clients = models.BooleanField(default=False)
    lines = models.CharField(max_length=3, default="123")
    tag = models.CharField(max_length=60, blank=True, default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="moved to now when it is ended early")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    ended_early = models.BooleanField(default=False)

    class Meta:
        ordering = ["-ends_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="reinforcement_lasts")]

    def __str__(self) -> str:
        return self.reason


class CallUp(models.Model):
    """One person who was asked to come in, and what he said."""

    class Answer(models.TextChoices):
        SILENT = "silent", pgettext_lazy("call-up", "no answer yet")
        ACCEPTED = "accepted", pgettext_lazy("call-up", "comes")
        DECLINED = "declined", pgettext_lazy("call-up", "cannot come")

    reinforcement = models.ForeignKey(Reinforcement, on_delete=models.PROTECT, related_name="call_ups")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="call_ups")
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.SILENT)
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    grant = models.OneToOneField(Grant, null=True, blank=True, on_delete=models.PROTECT, related_name="call_up")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["reinforcement", "person"], name="called_up_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.answer}"
