"""What people typed, made clean or refused with the field's name: one line, a longer text, a link."""

import re
import unicodedata
from urllib.parse import urlsplit

from core.errors import BadInput

LINK_LENGTH = 500
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u2060\ufeff]")


def line(value: str, field: str, limit: int, *, needed: str = "") -> str:
    """Return one clean line; raises `needed` (an error code) if it is empty, `too_long` beyond limit."""
    clean = " ".join(_clean(value).split())
    if not clean and needed:
        raise BadInput(needed, field=field)
    if len(clean) > limit:
        raise BadInput("too_long", field=field, length=len(clean), limit=limit)
    return clean


def body(value: str, field: str, limit: int = 100_000) -> str:
    """Return a text of several lines, one kind of line end, nothing invisible, no blank ends."""
    clean = "\n".join(row.rstrip() for row in _clean(value).split("\n")).strip()
    if len(clean) > limit:
        raise BadInput("too_long", field=field, length=len(clean), limit=limit)
    return clean


def link(value: str, field: str = "link") -> str:
    """Return an http(s) address or an empty string; raises `link_bad`."""
    clean = line(value, field, LINK_LENGTH)
    if not clean:
        return ""
    try:
        parts = urlsplit(clean)
    except ValueError as exc:
        raise BadInput("link_bad", field=field) from exc
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or " " in clean:
        raise BadInput("link_bad", field=field)
    return clean


def _clean(value: str) -> str:
    unified = value.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", unicodedata.normalize("NFC", unified))
