"""The evidence document's tables, as CSV and as one workbook: ISO moments, full hashes, no formula runs."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.clock import bangkok
from core.vocab import Channel
from reports.document import EventRow, EvidenceDocument, SignedWord
from reports.wording import Wording

_BYTE_ORDER_MARK = "\ufeff"
_FORMULA = re.compile(r"^\s*[=+\-@]|^[\t\r\n]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_HOUR = timedelta(hours=1)
_FACE = {"font_name": "TH SarabunPSK", "font_size": 16}
_COLUMN = 24  # letters

Value: TypeAlias = str | int | float | Decimal | datetime | None


@dataclass(frozen=True)
class Table:
    """One table, worded: a head for each column and the rows; None is an empty cell, never 0."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def tables(document: EvidenceDocument) -> tuple[Table, ...]:
    """Return every table of a document."""
    wording = Wording(document.language)
    return (
        _evidence(document, wording), _calendar(document, wording), _metrics(document, wording),
        _checks(document, wording), *_attestations(document, wording),
    )  # fmt: skip


def csv_files(found: Iterable[Table]) -> dict[str, bytes]:
    """Return each table as CSV by its file name: UTF-8 with the mark that Excel needs."""
    return {f"{table.name}.csv": _csv(table) for table in found}


def workbook(found: Iterable[Table], made_at: datetime) -> bytes:
    """Return the tables as one XLSX, a sheet each; figures are numbers, everything else is text."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(
        written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": made_at.astimezone(UTC).replace(tzinfo=None)})
    head, body = (book.add_format(look | _FACE) for look in ({"bold": True, "bottom": 1}, {"valign": "top"}))
    for table in found:
        sheet = book.add_worksheet(table.name)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, table.heads, head)
        sheet.set_column(0, len(table.heads) - 1, _COLUMN)
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.heads) - 1)
        for place, row in enumerate(table.rows, start=1):
            for column, value in enumerate(row):
                _put(sheet, (place, column), value, body)
    book.close()
    return written.getvalue()


def _put(sheet: Worksheet, cell: tuple[int, int], value: Value, look: Format) -> None:
    if isinstance(value, int | float | Decimal):
        sheet.write_number(*cell, float(value), look)
    elif value is not None:
        text = bangkok(value).isoformat() if isinstance(value, datetime) else str(value)
        sheet.write_string(*cell, text, look)


def _evidence(document: EvidenceDocument, wording: Wording) -> Table:
    """Return the index of evidence, hashes in full."""
    heads = "order item category channel published_at link reference sha256 file note"
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
            item.picture,
            item.note,
        )
        for place, item in enumerate(document.items, start=1)
    )
    return _table(wording, "evidence", heads, rows)


def _calendar(document: EvidenceDocument, wording: Wording) -> Table:
    """Return the calendar beside the announcements; an event without one has no lead."""
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
    return _table(wording, "calendar", "event starts_at announced_at lead_hours verdict note", rows)


def _metrics(document: EvidenceDocument, wording: Wording) -> Table:
    """Return the figures; one that is not known is an empty cell, never 0."""
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
    return _table(wording, "metrics", "metric channel value unit base definition source as_of", rows)


def _checks(document: EvidenceDocument, wording: Wording) -> Table:
    """Return every check of every level."""
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
    return _table(
        wording, "checks", "level key group check verdict measured required strength proof note", rows
    )


def _attestations(document: EvidenceDocument, wording: Wording) -> Iterable[Table]:
    """Yield every word given on every statement; a statement nobody signed has one row and no signer."""
    heads = "key check period word signed_by position signed_at dissent sha256 file"
    rows = [
        (one.code, one.title, one.period, *_word(word, wording))
        for one in document.attested
        for word in one.words or (None,)
    ]
    if document.attested:
        yield _table(wording, "attestations", heads, rows)


def _word(word: SignedWord | None, wording: Wording) -> tuple[Value, ...]:
    if word is None:
        return wording.word("evidence.attested_waiting"), None, None, None, None, None, None
    said = wording.word(f"evidence.attested_{'for' if word.confirmed else 'against'}")
    return said, word.signer, word.position, word.signed_at, word.dissent, word.sha256, word.file


def _table(wording: Wording, name: str, heads: str, rows: Iterable[tuple[Value, ...]]) -> Table:
    return Table(name, tuple(wording.word(f"csv.{head}") for head in heads.split()), tuple(rows))


def _csv(table: Table) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(table.heads)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
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
