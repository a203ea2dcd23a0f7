"""Who counts what calls to a platform cost."""

from collections.abc import Collection
from typing import Protocol

from core.vocab import Channel


class Meter(Protocol):
    """Who counts what calls cost; given to a connector when it is made."""

    def spent(self, channel: Channel, operation: str, units: int, resources: Collection[str] = ()) -> None:
        """Note units of an operation that the platform bills; never raises.

        resources: ids of what was read, where the platform bills each only once in a UTC day.
        """
        ...
