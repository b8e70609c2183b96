"""Who: clients, teams on their lines, people with a role and a scope, and the secrets they sign in with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property

from firstline.lib import clock, phones
from firstline.lib.asked_often import Given, Question
from firstline.lib.labels import label_of
from firstline.lib.language import LANGUAGES, picked
from firstline.people.roles import DESK_SIDE, GIVEN, HEIGHT, SEES_ALL, SOLVERS, Role


class Client(models.Model):
    """A company whose people ask. Nobody of another client ever sees what is its own."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    names = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=5, choices=LANGUAGES, default="ru")
    time_zone = models.CharField(max_length=60, default="Europe/Moscow")
    is_vip = models.BooleanField(default=False)
    phone = models.CharField(max_length=60, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    address = models.CharField(max_length=300, blank=True, default="")
    note = models.TextField(blank=True, default="", help_text="what the desk should know of him")
    closed_at = models.DateTimeField(null=True, blank=True, help_text="no client any more: companies.close")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def label(self, language: str | None = None) -> str:
        return picked(self.names, self.name, language)


class EmailDomain(models.Model):
    """Mail from an unknown person of this domain is this client's."""

    domain = models.CharField(max_length=253, unique=True)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="email_domains")

    def __str__(self) -> str:
        return self.domain


class Team(models.Model):
    """People who work from one queue, on line 1, 2 or 3."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    names = models.JSONField(default=dict, blank=True)
    line = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["line", "id"]
        constraints = [models.CheckConstraint(condition=Q(line__in=[1, 2, 3]), name="team_on_a_line")]

    def __str__(self) -> str:
        return self.name

    def label(self, language: str | None = None) -> str:
        return picked(self.names, self.name, language)


class People(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(login__iexact=username)

    def with_address(self, email: str | Given) -> models.QuerySet[Person]:
        """The one person with this address, whatever its case: found by an index, as `iexact` is not."""
        given = models.Value(email) if isinstance(email, str) else email
        return self.annotate(address=Lower("email")).filter(address=Lower(given)).order_by()

    def with_address_of(self, emails: Iterable[str]) -> models.QuerySet[Person]:
        """The people with these addresses, which are in lower case."""
        return self.annotate(address=Lower("email")).filter(address__in=list(emails)).order_by()

    def of_address(self, email: str) -> Person | None:
        """Whose address it is: his first one, or a further one. With his client and team."""
        if not email:
            return None  # no address is nobody's, though many have none
        first = _OF_ADDRESS.first(email=email)
        if first is not None:
            return first
        further = self.filter(other_addresses__kind="email", other_addresses__value=email.lower())
        return further.select_related("client", "team").first()

    def create_user(self, login: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(login=login, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


_OF_ADDRESS = Question(
    lambda: Person.objects.with_address(Given("email", models.CharField())).select_related("client", "team")
)


class Person(AbstractBaseUser):
    """Everyone: who asks and who helps. `scope_all` or `scope` says whose tickets an agent sees."""

    login = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=30, blank=True, default="", help_text="as typed")
    phone_e164 = models.CharField(max_length=20, blank=True, default="", db_index=True)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.REQUESTER)
    get_role_display = label_of(Role, "role")
    client = models.ForeignKey(Client, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    scope_all = models.BooleanField(default=False)
    scope = models.ManyToManyField(Client, blank=True, related_name="agents")
    language = models.CharField(max_length=5, choices=LANGUAGES, default="ru")
    time_zone = models.CharField(max_length=60, blank=True, default="")
    theme = models.CharField(
        max_length=5, blank=True, default="", choices=[("", "auto"), ("light", "light"), ("dark", "dark")]
    )
    density = models.CharField(
        max_length=8, blank=True, default="", choices=[("", "comfortable"), ("compact", "compact")]
    )
    # By which way words reach him where he may choose: "" is by the way that he asked, else by mail.
    channel = models.CharField(
        max_length=5,
        blank=True,
        default="",
        choices=[("", "as he asked"), ("email", "e-mail"), ("sms", "SMS"), ("push", "push")],
    )
    # What notices.pushes keeps: whether any browser of his may be told. False costs no statement.
    has_push = models.BooleanField(default=False)
    single_keys = models.BooleanField(default=True)
    formats = models.BooleanField(default=False, help_text="writes formatted words")
    # How he wants the queue; tickets.arranged knows the words. Empty: by due time, in its own groups.
    queue_order = models.CharField(max_length=8, blank=True, default="")
    queue_group = models.CharField(max_length=8, blank=True, default="")
    queue_columns = models.JSONField(default=list, blank=True)  # people.queue_columns knows the words
    # What tickets.saved_views wrote: [number, name, words of the address bar] of each view in his sidebar.
    pins = models.JSONField(default=list, blank=True)
    # What notices.preferences wrote: which notices reach him by which way, and of what he hears beyond his own.
    notices = models.JSONField(default=dict, blank=True)
    hears = models.CharField(max_length=200, blank=True, default="")
    # What people.keyboard arranged: keys that he moved, {"a": "shift+t"}.
    keys = models.JSONField(default=dict, blank=True)
    is_vip = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    in_reserve = models.BooleanField(default=False, help_text="may be asked to come in; see Grant")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="was_also", help_text="one person's"
    )
    created_at = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[People] = People()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(Lower("login"), name="login_whatever_its_case"),
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="one_person_an_address"),
        ]
        indexes = [
            models.Index(fields=["client", "name", "id"], name="people_of_client"),
            models.Index(Lower("email"), name="person_by_address"),
            models.Index(fields=["role"], name="person_by_role"),
            # With everybody's in it, so that it is used whatever way the value is handed over; most are one word, "".
            models.Index(fields=["hears"], name="person_who_hears"),
        ]

    def __str__(self) -> str:
        return self.name or self.login

    @property
    def actor(self) -> str:
        """As the audit trail and the history name who did it."""
        return f"person:{self.pk}"

    @property
    def is_agent(self) -> bool:
        """On the desk's side of the counter."""
        return self.acts_as in DESK_SIDE

    @property
    def solves(self) -> bool:
        """May take, answer, hand over and resolve."""
        return any(role in SOLVERS for role in self._roles)

    @cached_property
    def grants(self) -> list[Grant]:
        """What was given to him for a time; of nobody but the reserve it is asked at all."""
        return list(self.own_grants.prefetch_related("clients")) if self.in_reserve else []

    @property
    def granted(self) -> list[Grant]:
        """What of it is in force at this moment."""
        now = clock.now()
        return [one for one in self.grants if one.starts_at <= now < one.ends_at]

    @property
    def acts_as(self) -> str:
        """His role at this moment: his own, or a higher one that reinforcement gives him until its end."""
        return max(self._roles, key=HEIGHT.__getitem__)

    @property
    def _roles(self) -> list[str]:
        return [self.role, *(one.role for one in self.granted)] if self.in_reserve else [self.role]

    @property
    def sees_all_clients(self) -> bool:
        """On the desk's side, whatever the client."""
        whole = self.in_reserve and any(one.all_clients and one.is_whole for one in self.granted)
        return self.acts_as in SEES_ALL or self.scope_all or whole

    @property
    def clients_in_scope(self) -> models.QuerySet[Client]:
        """Those of his scope, and those that he is given at this moment."""
        if not self.in_reserve or not self.granted:
            return self.scope.all()
        if any(one.all_clients for one in self.granted):
            return Client.objects.all()
        given = [client.pk for one in self.granted for client in one.clients.all()]
        return Client.objects.filter(Q(pk__in=given) | Q(pk__in=self.scope.values("pk")))

    @property
    def line(self) -> int | None:
        """The support line of his team."""
        return self.team.line if self.team else None

    @property
    def initials(self) -> str:
        words = (self.name or self.login).split()
        return "".join(word[0] for word in words[:2]).upper()

    @property
    def readable_phone(self) -> str:
        return phones.readable(self.phone_e164) if self.phone_e164.startswith("+") else self.phone


class OtherAddress(models.Model):
    """A further mail address or telephone of a person: what comes from there is his."""

    class Kind(models.TextChoices):
        EMAIL = "email"
        PHONE = "phone"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="other_addresses")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    value = models.CharField(max_length=254, help_text="an address in lower case, or a number as typed")
    number = models.CharField(max_length=20, blank=True, default="", db_index=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["value"], condition=Q(kind="email"), name="one_person_a_further_address")
        ]

    def __str__(self) -> str:
        return self.value


class Grant(models.Model):
    """A role and a scope for a time: reinforcement. Nothing has to end it: it holds from `starts_at` until before
    `ends_at`. `lines` is such as "12"; a `tag` narrows it to one project. `given_back_at`: what he held went back."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="own_grants")
    role = models.CharField(max_length=20, choices=[(one.value, one.label) for one in GIVEN])
    clients = models.ManyToManyField(Client, blank=True, related_name="+")
    all_clients = models.BooleanField(default=False)
    lines = models.CharField(max_length=3, default="123")
    tag = models.CharField(max_length=60, blank=True, default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    given_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["ends_at"], name="grant_to_end", condition=Q(given_back_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.role} for {self.person_id}"

    def reaches(self, client_id: int | None, line: int, tags: list[str]) -> bool:
        """Whether a ticket of this client, on this line, with these tags is among what it lets see."""
        whose = self.all_clients or any(client.pk == client_id for client in self.clients.all())
        return whose and str(line) in self.lines and (not self.tag or self.tag in tags)

    @property
    def is_whole(self) -> bool:
        """Not narrowed to lines or to a project."""
        return self.lines == "123" and not self.tag


class ApiToken(models.Model):
    """A key to the API: only its hash is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    note = models.CharField(max_length=120, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"token {self.pk}"


class OneTimeLink(models.Model):
    """A link that signs in once (login, invitation), bound to its purpose; only its hash is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    purpose = models.CharField(max_length=20)
    hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.purpose} link {self.pk}"

    def is_open(self, at: datetime) -> bool:
        return self.used_at is None and at < self.expires_at


class AccountRequest(models.Model):
    """Somebody asked for a portal account: a person of the desk decides."""

    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254)
    phone = models.CharField(max_length=30, blank=True, default="")
    company = models.CharField(max_length=200)
    language = models.CharField(max_length=5, choices=LANGUAGES, default="ru")
    created_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.email


class Spent(models.Model):
    """How often something was tried within a window (a sign-in from an address): what people.limits counts."""

    key = models.CharField(max_length=120, unique=True)
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
