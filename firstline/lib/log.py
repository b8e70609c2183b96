"""JSON log lines on standard error. Nobody's name, address or words go in: only numbers and kinds."""

from __future__ import annotations

import logging
import re
import sys

import structlog

# What may never be a key of a log line, so that a careless call cannot leak a person (product.md, §9 of the research).
PERSONAL = {"email", "name", "phone", "subject", "body", "text", "password", "token", "from", "to", "address", "login"}

_DETAIL = re.compile(r"(?:\s|\\n)+DETAIL:")  # as it stands, or as repr() writes it


def configure(*, testing: bool = False) -> None:
    """Once per process, from the settings."""
    processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # Local variables would carry people's words and addresses into the log.
        structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
        without_rows,
        without_people,
    ]
    structlog.configure(
        processors=[*processors, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=not testing,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=processors,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("django.server", "imapclient", "httpx", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def without_rows(
    logger: structlog.typing.WrappedLogger, method: str, line: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Cuts what PostgreSQL adds to a refusal: "DETAIL: Key (email)=(…) already exists" quotes the row."""
    for raised in line.get("exception") or ():
        if isinstance(raised, dict):
            raised["exc_value"] = _before_detail(str(raised.get("exc_value", "")))
    return {key: _before_detail(value) if isinstance(value, str) else value for key, value in line.items()}


def _before_detail(text: str) -> str:
    return _DETAIL.split(text, maxsplit=1)[0]


def without_people(
    logger: structlog.typing.WrappedLogger, method: str, line: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Drops keys that name a person."""
    return {key: value for key, value in line.items() if key not in PERSONAL}


def get(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for a module: `log.get(__name__).info("fetched", mailbox=3, letters=2)`."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger
