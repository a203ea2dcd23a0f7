"""Charts: one specification, drawn on the server for paper and for pages alike; same values, same bytes."""

import json
import re
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from os import PathLike
from typing import Any

import vl_convert

from reports import fonts
from reports.document import EventRow
from reports.wording import Wording

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"  # names the grammar; nothing is fetched
VERSION = "5.20"
WIDTH, ROW, LETTERS = 460, 26, 13
LONGEST_NAME = 34
ENOUGH_HOURS = 72
COLOURS = {"pass": "#176b3a", "fail": "#a4262c", "unknown": "#8a5300", "undefined": "#55606b"}
_HOUR = timedelta(hours=1)
_SARA_AM = re.compile("([\u0e48-\u0e4b]?)\u0e33")


def lead_chart(rows: Sequence[EventRow], language: str) -> dict[str, Any] | None:
    """Return the chart of how long before each event people were told; None if there are no events.

    Hours, one bar an event, the earliest event first; an event nobody was told of has no bar and says so.
    """
    if not rows:
        return None
    wording = Wording(language)
    values = [_lead(place, row, wording) for place, row in enumerate(rows)]
    names = {"field": "name", "type": "nominal", "sort": {"field": "place"}, "title": None}
    hours = {"field": "hours", "type": "quantitative", "title": wording.word("chart.lead_hours")}
    colour = {"field": "verdict", "type": "nominal", "scale": None, "legend": None}
    return _framed(
        {
            "data": {"values": values},
            "height": ROW * len(values),
            "layer": [
                {
                    "mark": {"type": "bar", "height": 14},
                    "encoding": {"y": names, "x": hours, "color": colour},
                },
                {
                    "mark": {"type": "text", "align": "left", "dx": 4},
                    "encoding": {"y": names, "x": hours, "text": {"field": "words"}},
                },
                {
                    "mark": {"type": "rule", "strokeDash": [4, 3], "color": "#16324f"},
                    "encoding": {"x": {"datum": ENOUGH_HOURS}},
                },
            ],
        }
    )


def lead_words(rows: Sequence[EventRow], language: str) -> str:
    """Return what the chart shows, for those who do not see it."""
    wording = Wording(language)
    told = [_lead(place, row, wording) for place, row in enumerate(rows)]
    return wording.word("chart.lead_alt", words=" · ".join(f"{one['name']} {one['words']}" for one in told))


def draw(spec: dict[str, Any], font_folder: str | PathLike[str], scale: float = 1.6) -> bytes:
    """Return a chart as PNG in the office's face."""
    return _draw(json.dumps(spec, ensure_ascii=False, sort_keys=True), str(font_folder), scale)


@lru_cache(64)
def _draw(spec: str, font_folder: str, scale: float) -> bytes:
    faces = fonts.load(font_folder)
    vl_convert.register_font_directory(str(faces.folder))
    # the renderer sets sara am over its neighbour: its two halves are set right
    drawable = _SARA_AM.sub("\u0e4d\\1\u0e32", spec)
    return vl_convert.vegalite_to_png(drawable, vl_version=VERSION, scale=scale)


def _lead(place: int, row: EventRow, wording: Wording) -> dict[str, Any]:
    lead = row.starts_at - row.announced_at if row.announced_at else None
    told = wording.lead(lead) if lead is not None else wording.word("evidence.not_announced")
    name = row.title if len(row.title) <= LONGEST_NAME else f"{row.title[: LONGEST_NAME - 1]}…"
    return {
        "place": place,
        "name": f"{place + 1}. {name}",
        "hours": max(lead / _HOUR, 0) if lead is not None else 0,
        "words": told,
        "verdict": COLOURS.get(str(row.verdict), COLOURS["undefined"]),
    }


def _framed(spec: dict[str, Any]) -> dict[str, Any]:
    config = {
        "font": fonts.FAMILY,
        "background": "white",
        "view": {"stroke": None},
        "axis": {
            "labelFont": fonts.FAMILY, "titleFont": fonts.FAMILY, "labelFontSize": LETTERS,
            "titleFontSize": LETTERS, "labelLimit": 300,
        },
        "text": {"font": fonts.FAMILY, "fontSize": LETTERS},
    }  # fmt: skip
    return {"$schema": SCHEMA, "width": WIDTH, "config": config, **spec}
