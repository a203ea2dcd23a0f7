"""The addresses of ours that must be registered at a platform."""

from core.vocab import Channel
from services.runtime import Runtime


def redirect_uri(rt: Runtime, channel: Channel) -> str:
    """Return the address that must be registered at the platform, letter by letter."""
    return f"{_here(rt)}/accounts/connect/{channel}/back"


def webhook_uri(rt: Runtime, channel: Channel) -> str:
    """Return the address at which a platform may tell what happens."""
    return f"{_here(rt)}/webhooks/{channel}"


def _here(rt: Runtime) -> str:
    settings = rt.settings
    return settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
