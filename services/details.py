"""What one kind of stored item alone has: an album's pictures, a statistic's figures, a service's answers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from core.errors import BadInput
from core.vocab import Consent
from language.letters import western_digits
from services.typed import line

ANSWERS: Final = ("who", "what", "where", "fee", "hours", "contact")
MOST_FIGURES = 200
MOST_PHOTOS = 60
_PARTS = 4
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")


@dataclass(frozen=True)
class Photo:
    """One picture of an album and what it shows."""

    asset_id: int
    alt: str


@dataclass(frozen=True)
class Figure:
    """One figure: what it counts, in what unit, for which period. value is a decimal number as text."""

    label: str
    value: str
    unit: str
    period: str


@dataclass(frozen=True)
class Details:
    """The fields of an item that only its category has; what does not apply is empty."""

    photos: tuple[Photo, ...] = ()
    consent: Consent = Consent.UNKNOWN
    figures: tuple[Figure, ...] = ()
    as_of: date | None = None
    answers: Mapping[str, str] = field(default_factory=dict)  # by ANSWERS

    def stored(self) -> dict[str, Any]:
        """Return what is there as JSON values."""
        kept: dict[str, Any] = {
            "photos": [{"asset_id": one.asset_id, "alt": one.alt} for one in self.photos],
            "figures": [vars(one).copy() for one in self.figures],
            "answers": {name: self.answers[name] for name in ANSWERS if self.answers.get(name)},
            "consent": "" if self.consent is Consent.UNKNOWN else self.consent.value,
            "as_of": self.as_of.isoformat() if self.as_of else "",
        }
        return {name: value for name, value in kept.items() if value}

    def words(self) -> Iterable[str]:
        """Return every text in it, for search."""
        yield from (one.alt for one in self.photos)
        yield from (part for one in self.figures for part in vars(one).values())
        yield from self.answers.values()


def details_of(stored: Mapping[str, Any]) -> Details:
    """Return what `Details.stored` gave."""
    return Details(
        photos=tuple(Photo(**one) for one in stored.get("photos", ())),
        consent=Consent(stored.get("consent", Consent.UNKNOWN)),
        figures=tuple(Figure(**one) for one in stored.get("figures", ())),
        as_of=date.fromisoformat(stored["as_of"]) if stored.get("as_of") else None,
        answers=dict(stored.get("answers", {})),
    )


def read_figures(typed: str) -> tuple[Figure, ...]:
    """Return the figures of lines `what | value | unit | period`; raises `figure_bad` with the line's number.

    A value may have Thai digits and thousands commas. Empty lines count for nothing.
    """
    rows = [(number, row) for number, row in enumerate(typed.splitlines(), 1) if row.strip()]
    if len(rows) > MOST_FIGURES:
        raise BadInput("figures_too_many", field="figures", limit=MOST_FIGURES)
    return tuple(_figure(number, row) for number, row in rows)


def show_figures(figures: Iterable[Figure]) -> str:
    """Return figures as `read_figures` reads them."""
    return "\n".join(f"{one.label} | {one.value} | {one.unit} | {one.period}" for one in figures)


def clean_answers(typed: Mapping[str, str]) -> dict[str, str]:
    """Return the answers that were given, each one line."""
    found = {name: line(typed.get(name, ""), f"answer_{name}", 500) for name in ANSWERS}
    return {name: words for name, words in found.items() if words}


def _figure(number: int, row: str) -> Figure:
    parts = [" ".join(part.split()) for part in row.split("|")]
    if len(parts) != _PARTS or not all(parts):
        raise BadInput("figure_bad", field="figures", number=number)
    value = _THOUSANDS.sub("", western_digits(parts[1]))
    try:
        finite = Decimal(value).is_finite()
    except InvalidOperation as exc:
        raise BadInput("figure_no_number", field="figures", number=number, raw=parts[1]) from exc
    if not finite:
        raise BadInput("figure_no_number", field="figures", number=number, raw=parts[1])
    return Figure(parts[0][:200], value, parts[2][:60], parts[3][:100])
