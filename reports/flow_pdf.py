"""A flow of blocks as PDF/A: A4, tagged, its text selectable, its values attached, always the same bytes."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from os import PathLike
from typing import Any, Literal

from core import i18n
from reports import fonts
from reports.flow import Block, plain
from reports.printable import fitted
from reports.typesetting import typeset


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What stands around the blocks. running: the title, on every page; values: attached as JSON."""

    office: str
    running: str
    number: str
    made_at: datetime
    language: Literal["th", "en"]
    digits: Literal["thai", "arabic"]
    values: Mapping[str, Any]


def render_flow(sheet: Sheet, blocks: Iterable[Block], font_folder: str | PathLike[str]) -> bytes:
    """Return the blocks as PDF/A-3a and PDF/UA-1. Raises FontsMissing, and PdfFailed on any warning."""
    faces = fonts.load(font_folder)
    words = i18n.catalogue(sheet.language)["reports"]
    data = {
        "cover": {"office": sheet.office, "running": sheet.running, "number": sheet.number, "notice": ""},
        "blocks": [plain(block) for block in blocks],
    }
    thai = sheet.digits == "thai"
    inputs = {
        "lang": sheet.language, "digits": sheet.digits, "words": words["evidence"],
        **fitted(data, faces.coverage, words["stand_in"], keep=frozenset({"kind"}), thai=thai),
    }  # fmt: skip
    return typeset(
        "flow.typ",
        {
            "data": json.dumps(inputs, ensure_ascii=False),
            "document": json.dumps(sheet.values, ensure_ascii=False, sort_keys=True),
        },
        faces,
        sheet.made_at,
    )
