"""Where pushes go: browsers that asked for them, and the key by which push services know this house."""

from __future__ import annotations

from django.db import models

from firstline.lib import clock
from firstline.lib.sealed import SealedText


class Browser(models.Model):
    """A browser that somebody (`person`, a plain number) wants to be told in. Whoever knows the endpoint can write to
    it, so it is sealed; `mark` is its hash, by which it is found again."""

    person = models.BigIntegerField(db_index=True)
    mark = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=253)
    endpoint = SealedText()
    key = models.CharField(max_length=100, help_text="p256dh")
    secret = SealedText(help_text="auth")
    label = models.CharField(max_length=100, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.pk}@{self.host}"


class PushKey(models.Model):
    """The one key of this house (VAPID). Another key would end every subscription, so it is made once."""

    only = models.BooleanField(default=True, unique=True)
    private = SealedText()
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return "push key"
