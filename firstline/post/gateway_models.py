"""The gateways through which text messages leave and come."""

from __future__ import annotations

from django.db import models

from firstline.lib.sealed import SealedText


class Gateway(models.Model):
    """A provider of text messages who is asked by HTTP. `fields` is what is sent: the name of each field → its value,
    in which {to}, {from}, {text} and {id} stand for what they say."""

    class Form(models.TextChoices):
        JSON = "json"
        FORM = "form"

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    sender = models.CharField(max_length=20, blank=True, default="", help_text="the number or name it sends as")
    url = SealedText(blank=True, default="", help_text="where it is posted; empty: it only brings messages in")
    secret = SealedText(blank=True, default="", help_text="signs what goes out and proves what comes in")
    authorization = SealedText(blank=True, default="", help_text="the header Authorization, word for word")
    form = models.CharField(max_length=4, choices=Form.choices, default=Form.JSON)
    fields = models.JSONField(default=dict, blank=True)
    answer_id = models.CharField(max_length=60, blank=True, default="id", help_text="where its answer has its own id")
    answer_error = models.CharField(max_length=60, blank=True, default="error", help_text="and where a refusal")
    prefixes = models.CharField(max_length=200, blank=True, default="", help_text="+7,+359: only for such numbers")
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name or self.slug
