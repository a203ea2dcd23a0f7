"""Charts: one specification of plain values, drawn by one template on paper and for pages; no script runs."""

import json
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from os import PathLike
from typing import Any

from reports import fonts
from reports.document import EventRow
from reports.printable import fitted
from reports.typesetting import draw_pages
from reports.wording import Wording

PPI = 144
LONGEST_NAME = 64
ENOUGH_HOURS = 72
STEPS = (6, 12, 24, 48, 72, 168, 336, 720, 2160)  # hours between marks of the scale
MOST_MARKS = 8
_HOUR = timedelta(hours=1)


def lead_chart(rows: Sequence[EventRow], language: str) -> dict[str, Any] | None:
    """Return the chart of how long before each event people were told; None if there are no events.

    Hours, one bar an event, the earliest event first; an event nobody was told of has no bar and says so.
    """
    if not rows:
        return None
    wording = Wording(language)
    bars = [_lead(place, row, wording) for place, row in enumerate(rows)]
    longest = max(ENOUGH_HOURS, *(one["hours"] for one in bars))
    step = next((step for step in STEPS if longest / step < MOST_MARKS), STEPS[-1])
    marks = list(range(0, int(longest) + step, step))
    return {
        "bars": bars, "marks": marks, "end": max(longest, marks[-1]), "enough": ENOUGH_HOURS,
        "title": wording.word("chart.lead_hours"),
    }  # fmt: skip


def lead_words(rows: Sequence[EventRow], language: str) -> str:
    """Return what the chart shows, for those who do not see it."""
    wording = Wording(language)
    told = [_lead(place, row, wording) for place, row in enumerate(rows)]
    return wording.word("chart.lead_alt", words=" · ".join(f"{one['name']} {one['words']}" for one in told))


def draw(spec: dict[str, Any], font_folder: str | PathLike[str], language: str) -> bytes:
    """Return a chart as PNG in the office's face; the same values are the same bytes."""
    return _draw(json.dumps(spec, ensure_ascii=False, sort_keys=True), str(font_folder), language)


@lru_cache(64)
def _draw(spec: str, font_folder: str, language: str) -> bytes:
    faces = fonts.load(font_folder)
    stand_in = Wording(language).word("stand_in")
    ready = fitted(json.loads(spec), faces.coverage, stand_in, keep=frozenset({"verdict"}), thai=False)
    inputs = {"chart": json.dumps(ready, ensure_ascii=False)}
    (picture,) = draw_pages("chart.typ", inputs, faces, PPI)
    return picture


def _lead(place: int, row: EventRow, wording: Wording) -> dict[str, Any]:
    lead = row.starts_at - row.announced_at if row.announced_at else None
    told = wording.lead(lead) if lead is not None else wording.word("evidence.not_announced")
    name = row.title if len(row.title) <= LONGEST_NAME else f"{row.title[: LONGEST_NAME - 1]}…"
    return {
        "name": f"{place + 1}. {name}",
        "hours": max(lead / _HOUR, 0) if lead is not None else 0,
        "words": told,
        "verdict": str(row.verdict),
    }
