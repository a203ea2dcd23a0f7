"""What X itself counted as read, beside our own count: two books that should agree."""

from dataclasses import dataclass

from connectors.base import PlatformTrouble
from connectors.usage import Counting
from core.errors import Conflict, Unavailable
from core.vocab import Channel
from services.apps import app_bearer
from services.costs import spending, utc_month
from services.prices import OWNED_READ, POST_READ
from services.runtime import Runtime


@dataclass(frozen=True)
class Usage:
    """Posts read. counted: by X, in its own running month; ours: in our books since the UTC month began."""

    counted: int
    ours: int


def ask_usage(rt: Runtime) -> Usage:
    """Ask X now. Raises `app_bearer_missing`, or `usage_refused` whatever X's reason."""
    with rt.sessions.begin() as session:
        bearer = app_bearer(rt, session, Channel.X)
        items = spending(session, rt.prices, utc_month(rt.clock.now())).items
    connector = rt.connectors.get(Channel.X)
    if not bearer or not isinstance(connector, Counting):
        raise Conflict("app_bearer_missing")
    try:
        counted = connector.read_usage(bearer)
    except PlatformTrouble as trouble:
        raise Unavailable("usage_refused", reason=trouble.code) from None
    return Usage(counted, sum(item.units for item in items if item.operation in (OWNED_READ, POST_READ)))
