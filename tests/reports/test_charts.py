"""Charts: the same values are the same picture; nobody told is said, never drawn as zero hours told."""

import io
from dataclasses import replace

from PIL import Image

from reports.charts import draw, lead_chart, lead_words
from tests.reports import samples


def test_a_chart_is_a_picture_with_a_row_an_event(font_folder):
    spec = lead_chart(samples.october().events, "th")
    picture = Image.open(io.BytesIO(draw(spec, font_folder)))
    assert picture.width > 600
    assert len(spec["data"]["values"]) == len(samples.october().events)


def test_nobody_told_is_said_in_words(font_folder):
    untold = [replace(row, announced_at=None) for row in samples.october().events]
    words = [one["words"] for one in lead_chart(untold, "th")["data"]["values"]]
    assert set(words) == {"ไม่พบการแจ้ง"}
    assert lead_words(untold, "th").count("ไม่พบการแจ้ง") == len(untold)


def test_no_events_are_no_chart():
    assert lead_chart([], "th") is None
