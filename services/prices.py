"""What the platforms bill, as data: services/prices.toml, or the office's own file of the same form."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from core.vocab import Channel
from language.xlength import find_links

OWN_FILE = Path(__file__).with_name("prices.toml")
MICRO = 1_000_000
POST, POST_LINK, REPLY_SUMMONED = "post", "post_link", "reply_summoned"
OWNED_READ, POST_READ, USER_READ = "owned_read", "post_read", "user_read"
MEDIA_METADATA = "media_metadata"


class BadPrices(Exception):
    """A price file cannot be used; the message says where and why."""


@dataclass(frozen=True)
class Prices:
    """X's prices in millionths of a dollar, by operation; Facebook bills nothing."""

    source: str
    valid_from: date
    micro_usd: Mapping[str, int]

    def of(self, channel: Channel, operation: str) -> int:
        """Return the price of one unit; 0 where nothing is billed. KeyError for an unknown operation of X."""
        return self.micro_usd[operation] if channel is Channel.X else 0

    def post(self, text: str, *, answer: bool = False) -> tuple[str, int]:
        """Return operation and price of a post on X with this text; answer: to somebody who mentioned us."""
        operation = POST_LINK if find_links(text) else REPLY_SUMMONED if answer else POST
        return operation, self.micro_usd[operation]


def load_prices(path: Path | None = None) -> Prices:
    """Read a price file (none: our own); raises BadPrices naming what is wrong with it."""
    chosen = path or OWN_FILE
    try:
        found = tomllib.loads(chosen.read_text("utf-8"))["x"]
        prices = {name: _micro(told) for name, told in found["usd"].items()}
        loaded = Prices(str(found["source"]), found["valid_from"], prices)
    except (OSError, KeyError, TypeError, ValueError, InvalidOperation, tomllib.TOMLDecodeError) as exc:
        raise BadPrices(f"{chosen.name}: {type(exc).__name__} {exc}") from exc
    missing = _names() - prices.keys() if path else set()
    if missing:
        raise BadPrices(f"{chosen.name}: {', '.join(sorted(missing))} missing in [x.usd]")
    return loaded


def usd(micro: int) -> Decimal:
    """Return millionths of a dollar as dollars, exact."""
    return Decimal(micro) / MICRO


def _names() -> set[str]:
    return set(tomllib.loads(OWN_FILE.read_text("utf-8"))["x"]["usd"])


def _micro(told: Any) -> int:  # noqa: ANN401 -- whatever stands in the file
    price = Decimal(str(told)) * MICRO
    if price < 0 or price != int(price):
        raise ValueError(f"{told!r} is no price")
    return int(price)
