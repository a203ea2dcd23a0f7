"""Reading the parameters that a criterion gives to its measure; the loader has checked that all are there."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

Params = Mapping[str, Any]


def span(params: Params, name: str) -> timedelta:
    """Return a parameter in hours (`…_h`) or minutes (`…_min`) as a span of time."""
    amount = int(params[name])
    return timedelta(minutes=amount) if name.endswith("_min") else timedelta(hours=amount)


def whole(params: Params, name: str) -> int:
    """Return a parameter that is a whole number."""
    return int(params[name])


def decimal(params: Params, name: str) -> Decimal:
    """Return a parameter that is a number."""
    return Decimal(params[name])


def words(params: Params, name: str) -> list[str]:
    """Return a parameter that is a list of words."""
    return [str(word) for word in params[name]]
