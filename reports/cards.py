"""Posts as their platform showed them, drawn as pictures that anybody can look at.

The picture is made of the stored reading alone; the reading itself, whole, lies beside it as JSON.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from os import PathLike
from typing import Literal

from core.vocab import Channel
from reports import fonts
from reports.printable import fitted
from reports.typesetting import draw_pages
from reports.wording import Wording

PPI = 96


@dataclass(frozen=True, kw_only=True)
class Card:
    """One post as read back; sha256 is of the stored reading."""

    channel: Channel
    account: str
    body: str
    pictures: int
    link: str
    created_at: datetime | None
    read_at: datetime
    live: bool
    sha256: str


def draw_cards(
    cards: Sequence[Card], font_folder: str | PathLike[str], language: Literal["th", "en"] = "th"
) -> list[bytes]:
    """Return a PNG for each card, in their order; the same card is the same bytes. Raises PdfFailed."""
    if not cards:
        return []
    faces, wording = fonts.load(font_folder), Wording(language)
    data = {"cards": [_worded(card, wording) for card in cards]}
    ready = fitted(data, faces.coverage, wording.word("stand_in"), keep=frozenset(), thai=False)
    return draw_pages("card.typ", {"data": json.dumps(ready, ensure_ascii=False)}, faces, PPI)


def _worded(card: Card, wording: Wording) -> dict[str, object]:
    seen = wording.word("card.live" if card.live else "card.gone", moment=wording.moment(card.read_at))
    return {
        "channel": wording.term(f"channel.{card.channel}"),
        "account": card.account,
        "created": wording.moment(card.created_at),
        "lines": [line for line in card.body.split("\n") if line.strip()],
        "media": wording.word("card.pictures", n=card.pictures) if card.pictures else "",
        "link": card.link,
        "read": seen,
        "digest": f"SHA-256 {card.sha256}",
    }
