"""Several workers at once: each letter leaves once, whoever takes it."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.db import connection

from firstline.lib import claims
from firstline.post.models import Delivery
from tests.post.desk_post import put, send
from tests.real.smtp import SmtpSink

LETTERS, WORKERS = 45, 3


@pytest.mark.django_db(transaction=True)
def test_three_workers_send_each_letter_once(sink: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    # Threads of one process share its name; workers are processes with names of their own.
    monkeypatch.setattr(claims, "owner_name", lambda: f"worker {threading.get_ident()}")
    for n in range(LETTERS):
        put(to=f"p{n}@north.example", ticket=2000 + n)
    begin, sent = threading.Barrier(WORKERS), list[int]()

    def work() -> None:
        try:
            begin.wait()
            while done := send(limit=4):
                sent.append(done)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(WORKERS)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(60)
    assert sum(sent) == LETTERS
    assert Counter(str(letter["To"]) for letter in sink.letters) == {f"p{n}@north.example": 1 for n in range(LETTERS)}
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
