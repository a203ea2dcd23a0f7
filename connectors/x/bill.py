"""What X bills for a call, by the names of services/prices.toml (platforms/x.md section 8).

X bills writes by request and reads by what is returned, each post or user once in a UTC day per kind of call;
what is only included and what failed costs nothing.
"""

import requests

from connectors.meter import Meter
from connectors.transport import read_object
from core.vocab import Channel

DELETE = "delete"
POST_READ = "post_read"
OWNED_READ = "owned_read"
USER_READ = "user_read"
MEDIA_METADATA = "media_metadata"


class Bill:
    """Notes what answers cost; without a meter nothing is noted."""

    def __init__(self, meter: Meter | None) -> None:
        self._meter = meter

    def deleted(self, remote_id: str, response: requests.Response) -> None:
        """Note a deletion, unless there was nothing to delete."""
        data = read_object(response).get("data")
        if isinstance(data, dict) and data.get("deleted"):
            self._spent(DELETE, (remote_id,))

    def described(self) -> None:
        """Note one alt text: billed by request."""
        if self._meter is not None:
            self._meter.spent(Channel.X, MEDIA_METADATA, 1)

    def posts(self, response: requests.Response) -> None:
        self._spent(POST_READ, _ids(response))

    def owned_posts(self, response: requests.Response) -> None:
        self._spent(OWNED_READ, _ids(response))

    def users(self, response: requests.Response) -> None:
        self._spent(USER_READ, _ids(response))

    def _spent(self, operation: str, resources: tuple[str, ...]) -> None:
        if self._meter is not None and resources:
            self._meter.spent(Channel.X, operation, len(resources), resources)


def _ids(response: requests.Response) -> tuple[str, ...]:
    """Return the ids of what an answer is about, none for another shape."""
    data = read_object(response).get("data")
    rows = data if isinstance(data, list) else [data]
    return tuple(str(row["id"]) for row in rows if isinstance(row, dict) and "id" in row)
