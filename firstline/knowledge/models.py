"""The wiki: articles, each text in each language with every revision of it, and what was solved by them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstline.contracts.models import Service
from firstline.lib import clock
from firstline.people.models import Client, Person
from firstline.tickets.models import Event, Ticket


class ArticleState(models.TextChoices):
    WIP = "wip", _("Draft")
    NOT_VALIDATED = "not_validated", _("Not validated")
    VALIDATED = "validated", _("Validated")
    ARCHIVED = "archived", _("Archived")


class Audience(models.TextChoices):
    DESK = "desk", _("Staff")
    CLIENT = "client", _("One client")
    ALL = "all", _("Everyone")


class Article(models.Model):
    """Which state and for whom; the words are in its texts. Audience `client` names the client."""

    slug = models.SlugField(max_length=120, unique=True)
    state = models.CharField(max_length=15, choices=ArticleState.choices, default=ArticleState.WIP)
    audience = models.CharField(max_length=6, choices=Audience.choices, default=Audience.DESK)
    client = models.ForeignKey(Client, null=True, blank=True, on_delete=models.PROTECT, related_name="articles")
    services = models.ManyToManyField(Service, blank=True, related_name="articles")
    created_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-updated_at", "-id"]

    def __str__(self) -> str:
        return self.slug


class Revision(models.Model):
    """One text of an article in one language; the newest number is what is shown. Markdown."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="revisions")
    language = models.CharField(max_length=5)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField()
    summary = models.CharField(max_length=200, blank=True, default="", help_text="what was changed")
    author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    is_current = models.BooleanField(default=True)

    class Meta:
        ordering = ["article", "language", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "language", "number"], name="revision_number"),
            models.UniqueConstraint(
                fields=["article", "language"], condition=models.Q(is_current=True), name="one_current_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.language} {self.number}"


class Solution(models.Model):
    """A ticket was solved, by an article or without one."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="solution")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="solutions")
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.PROTECT, related_name="solutions")
    how = models.TextField()
    remote = models.BooleanField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"solution of {self.ticket_id}"


class Helped(models.Model):
    """Somebody of a client solved it alone, by an article that came while he typed; `question` is what he had typed."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="helped")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["article", "at"], name="helped_by_article")]

    def __str__(self) -> str:
        return f"{self.article_id} helped {self.person_id}"
