"""Dates that stand below each other: a row that can be read in two ways is read as its neighbours are."""

from collections.abc import Sequence
from datetime import date

from language.thai_dates import AmbiguousDate, BadDate, Era, Hints, Order, ReadDate, read

Reading = ReadDate | BadDate
_NUMERIC_ORDERS = (Order.DMY, Order.MDY)


def read_column(raws: Sequence[str]) -> list[Reading]:
    """Read rows in their order; each result is the date, or the error that says why the row has none.

    A two-digit year takes the era of the rows beside it; an ambiguous CE row takes the order of the other
    CE rows, unless the months before and after contradict it.
    """
    first_look = [_try(raw) for raw in raws]
    order = _common_order(first_look)
    return [
        _try(raw, _hints(first_look, place, order))
        if isinstance(first_look[place], AmbiguousDate)
        else first_look[place]
        for place, raw in enumerate(raws)
    ]


def _try(raw: str, hints: Hints | None = None) -> Reading:
    try:
        return read(raw, hints or Hints())
    except BadDate as error:
        return error


def _common_order(readings: Sequence[Reading]) -> Order | None:
    """Return the order that every CE row with day and month agrees on."""
    orders = {
        reading.order
        for reading in readings
        if isinstance(reading, ReadDate) and reading.era is Era.CE and reading.order in _NUMERIC_ORDERS
    }
    return orders.pop() if len(orders) == 1 else None


def _hints(readings: Sequence[Reading], place: int, order: Order | None) -> Hints:
    above = [reading for reading in readings[:place][::-1] if isinstance(reading, ReadDate)]
    below = [reading for reading in readings[place + 1 :] if isinstance(reading, ReadDate)]
    return Hints(_shared_era(above, below), order, _nearest_day(above), _nearest_day(below))


def _shared_era(*sides: Sequence[ReadDate]) -> Era | None:
    """Return the era in which the nearest rows above and below were written; Excel's serials show none."""
    written = ([reading.era for reading in side if reading.order is not Order.SERIAL][:1] for side in sides)
    eras = {era for nearest in written for era in nearest}
    return eras.pop() if len(eras) == 1 else None


def _nearest_day(side: Sequence[ReadDate]) -> date | None:
    return side[0].day if side else None
