"""Which connector serves which channel: the one list of channels that services see."""

from collections.abc import Mapping

from connectors.base import Connector
from connectors.facebook.connector import FacebookConnector
from connectors.meter import Meter
from connectors.x.connector import XConnector
from core.clock import Clock
from core.config import Settings
from core.vocab import Channel


def build_connectors(
    settings: Settings, clock: Clock, meter: Meter | None = None
) -> Mapping[Channel, Connector]:
    """Return a connector per channel; opens no connection and holds no secret. meter: who counts the cost."""
    return {
        Channel.FACEBOOK: FacebookConnector(settings, clock),
        Channel.X: XConnector(settings, clock, meter),
    }
