"""What has to be indexed again, whose turn it is to do it, and the words that were ever seen. The index itself is made
by its engine's file (index_sqlite.py, index_postgresql.py): no two databases make it alike."""

from __future__ import annotations

from django.db import models

from firstline.lib import clock
from firstline.lib.claims import Leased


class Stale(models.Model):
    """Something changed that can be looked for. Rows are added by the verbs, in their transactions, and taken away by
    the indexer; `try_at` is later where it could not be indexed."""

    kind = models.CharField(max_length=10)
    number = models.BigIntegerField()
    try_at = models.DateTimeField(default=clock.now, db_index=True)
    problem = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Turn(Leased):
    """One row: who holds it indexes. So the older of two readings never overwrites the newer."""

    def __str__(self) -> str:
        return self.lease_owner or "free"


class Word(models.Model):
    """A word as people write it; a mistyped one is compared with those of about its length and beginning."""

    word = models.CharField(max_length=40, unique=True)
    first = models.CharField(max_length=1)
    length = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["first", "length"], name="word_by_shape")]

    def __str__(self) -> str:
        return self.word
