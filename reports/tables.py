"""The evidence document's tables as CSV: UTF-8 with the mark that Excel needs, ISO moments, full hashes."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from core.clock import bangkok
from core.vocab import Channel
from reports.document import EventRow, EvidenceDocument
from reports.wording import Wording

_BYTE_ORDER_MARK = "\ufeff"
_FORMULA = re.compile(r"^\s*[=+\-@]|^[\t\r\n]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_HOUR = timedelta(hours=1)

Value: TypeAlias = str | int | float | Decimal | datetime | None


def tables(document: EvidenceDocument) -> dict[str, bytes]:
    """Return every table by its file name."""
    return {
        "evidence.csv": evidence_csv(document),
        "calendar.csv": calendar_csv(document),
        "metrics.csv": metrics_csv(document),
        "checks.csv": checks_csv(document),
    }


def evidence_csv(document: EvidenceDocument) -> bytes:
    """Return the index of evidence, hashes in full."""
    wording = Wording(document.language)
    heads = "order item category channel published_at link reference sha256 note"
    rows = (
        (
            place,
            item.title,
            ", ".join(wording.term(f"category.{category}") for category in item.categories),
            _channel(item.channel, wording),
            item.published_at,
            item.link,
            item.reference,
            item.sha256,
            item.note,
        )
        for place, item in enumerate(document.items, start=1)
    )
    return _csv(wording, heads, rows)


def calendar_csv(document: EvidenceDocument) -> bytes:
    """Return the calendar beside the announcements; an event without one has no lead."""
    wording = Wording(document.language)
    rows = (
        (
            row.title,
            row.starts_at,
            row.announced_at,
            _lead_hours(row),
            wording.term(f"verdict.{row.verdict}"),
            row.note,
        )
        for row in document.events
    )
    return _csv(wording, "event starts_at announced_at lead_hours verdict note", rows)


def metrics_csv(document: EvidenceDocument) -> bytes:
    """Return the figures; one that is not known is an empty cell, never 0."""
    wording = Wording(document.language)
    rows = (
        (
            row.name,
            _channel(row.channel, wording),
            row.value,
            row.unit,
            row.base,
            row.definition,
            row.source,
            row.as_of,
        )
        for row in document.metrics
    )
    return _csv(wording, "metric channel value unit base definition source as_of", rows)


def checks_csv(document: EvidenceDocument) -> bytes:
    """Return every check of every level."""
    wording = Wording(document.language)
    rows = (
        (
            level.number,
            check.key,
            check.group,
            check.title,
            wording.term(f"verdict.{check.verdict}"),
            check.measured,
            check.required,
            check.strength,
            check.proof,
            check.note,
        )
        for level in document.levels
        for check in level.checks
    )
    return _csv(wording, "level key group check verdict measured required strength proof note", rows)


def _csv(wording: Wording, heads: str, rows: Iterable[tuple[Value, ...]]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(wording.word(f"csv.{head}") for head in heads.split())
    writer.writerows([_cell(value) for value in row] for row in rows)
    return (_BYTE_ORDER_MARK + written.getvalue()).encode()


def _cell(value: Value) -> str:
    """Return the text of a cell; what a spreadsheet would run as a formula gets an apostrophe in front."""
    if value is None:
        return ""
    text = bangkok(value).isoformat() if isinstance(value, datetime) else str(value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _channel(channel: Channel | None, wording: Wording) -> str:
    return wording.term(f"channel.{channel}") if channel else ""


def _lead_hours(row: EventRow) -> float | None:
    return round((row.starts_at - row.announced_at) / _HOUR, 2) if row.announced_at else None
