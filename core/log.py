"""Structured logs: a constant event name, ids as keywords, and no secret, whatever a caller passes."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

HIDDEN = "***"
SECRET_NAMES = re.compile(r"token|secret|password|authorization|cookie|proof|credential", re.IGNORECASE)
SECRET_TEXT = re.compile(
    r"((?:access_token|refresh_token|appsecret_proof|client_secret|input_token|fb_exchange_token"
    r"|[?&]code|[?&]state)=)[^&\s\"']+"
    r"|((?:Bearer|OAuth)\s+)[A-Za-z0-9._~+/=|-]{8,}",
    re.IGNORECASE,
)
NOISY = (
    *("alembic", "celery", "kombu", "uvicorn", "PIL"),
    *("tweepy", "requests_oauthlib", "oauthlib", "urllib3", "httpx", "httpcore"),
)


def redact_text(text: str) -> str:
    """Return the text with every token it carries replaced by stars."""
    return SECRET_TEXT.sub(lambda found: (found.group(1) or found.group(2)) + HIDDEN, text)


def _redact(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401 -- structlog's signature
    for name, value in event.items():
        if SECRET_NAMES.search(name):
            event[name] = HIDDEN
        elif isinstance(value, str):
            event[name] = redact_text(value)
    return event


class RedactingFilter(logging.Filter):
    """Hides tokens in the lines of libraries that log by themselves."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact_text(record.getMessage())
        record.args = ()
        return True


def configure(level: str = "info", *, as_json: bool = False) -> None:
    """Send every log line to stderr, redacted; libraries that print tokens at DEBUG stay at INFO or above."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(RedactingFilter())
    handler.setFormatter(logging.Formatter("%(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # its only warning says that the broker inside this process has no host name
    logging.getLogger("kombu.connection").setLevel(logging.ERROR)
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _redact,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
