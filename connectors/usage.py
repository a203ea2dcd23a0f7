"""More of the port, for channels that count what an app reads and tell it."""

from typing import Protocol, runtime_checkable

from connectors.base import Connector


@runtime_checkable
class Counting(Connector, Protocol):
    """A channel that can be asked for its own count."""

    def read_usage(self, app_bearer: str) -> int:
        """Return how many posts the app read in the platform's running month, as the platform counts.

        app_bearer: the app's own token. Raises RetryLater or Rejected only.
        """
        ...
