"""Charts: the same values are the same picture; nobody told is said, never drawn as zero hours told."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image

from reports.charts import MOST_MARKS, draw, lead_chart, lead_words
from tests.reports import samples


def led(hours):
    """Return an event that people were told of so many hours before."""
    row = samples.october().events[0]
    return replace(row, announced_at=row.starts_at - timedelta(hours=hours))


def height(rows, font_folder):
    return Image.open(io.BytesIO(draw(lead_chart(rows, "th"), font_folder, "th"))).height


def test_a_chart_is_a_picture_with_a_row_an_event(font_folder):
    rows = samples.october().events
    assert len(lead_chart(rows, "th")["bars"]) == len(rows)
    assert height(rows, font_folder) > height(rows[:2], font_folder) > 100


def test_nobody_told_is_said_in_words():
    untold = [replace(row, announced_at=None) for row in samples.october().events]
    words = [one["words"] for one in lead_chart(untold, "th")["bars"]]
    assert set(words) == {"ไม่พบการแจ้ง"}
    assert lead_words(untold, "th").count("ไม่พบการแจ้ง") == len(untold)


@pytest.mark.parametrize("hours", [0, 1, 72, 73, 200, 5000])
def test_the_scale_holds_every_bar_and_the_line_and_is_never_crowded(hours):
    spec = lead_chart([led(hours)], "th")
    assert spec["marks"][-1] == spec["end"] >= max(hours, spec["enough"])
    assert len(spec["marks"]) <= MOST_MARKS + 1


def test_another_value_is_another_picture_and_the_same_values_the_same_bytes(font_folder):
    first, second = (draw(lead_chart([led(hours)], "th"), font_folder, "th") for hours in (80, 81))
    assert first != second
    assert first == draw(lead_chart([led(80)], "th"), font_folder, "th")


def test_no_events_are_no_chart():
    assert lead_chart([], "th") is None
