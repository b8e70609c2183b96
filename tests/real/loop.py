"""A post office between the scripted SMTP server and a real mailbox: what is handed in there is delivered here."""

from __future__ import annotations

from typing import Any

from tests.real.dovecot import Mailbox
from tests.real.smtp import Received, SmtpSink


def deliver_into(sink: SmtpSink, mailbox: Mailbox) -> None:
    """From now on every letter that the sink accepts lies in the mailbox before the sender hears of it."""
    keep = sink.script.keep

    def kept(letter: Received) -> None:
        if letter.accepted:
            mailbox.append(letter.raw)
        keep(letter)

    script: Any = sink.script
    script.keep = kept
