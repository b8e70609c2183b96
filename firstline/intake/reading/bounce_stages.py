"""At which step of the SMTP dialogue a delivery was refused: what a refusal means depends on it."""

import re

_STAGES = (
    (
        "DATA",
        re.compile(
            r"(?i)in reply to (the )?end of data|in reply to data|after (the )?(end of data|data)\b|"
            r">>> ?data\b|smtp command\s+data\b|our data\b|end-of-data|"
            r"response to (the )?(end of )?data|to data command|during data|after sending data|"
            r"error from remote mail server after pipelined data|dot\b.{0,10}:"
        ),
    ),
    (
        "RCPT",
        re.compile(
            r"(?i)in reply to rcpt|after rcpt|>>> ?rcpt|smtp command\s+rcpt|our rcpt|response to rcpt|"
            r"to rcpt command|rcpt to:? ?<|for rcpt( to)? command|to rcpt to command|does not like recipient|"
            r"recipient address rejected:"
        ),
    ),
    ("MAIL", re.compile(r"(?i)in reply to mail|after mail from|>>> ?mail|our mail from|response to mail")),
)


def stage(text: str) -> str:
    """At which SMTP command the other server refused: ``DATA``, ``RCPT``, ``MAIL`` or empty. A transcript names
    several: the last one.
    """
    best, name = -1, ""
    for command, expression in _STAGES:
        last = max((found.start() for found in expression.finditer(text[:20_000])), default=-1)
        if last > best:
            best, name = last, command
    return name
