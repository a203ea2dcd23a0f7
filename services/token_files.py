"""The file that brings an account's tokens where no browser can; errors name keys, never values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from core.errors import BadInput
from core.vocab import Channel
from services.typed import line

SECRETS: Final[Mapping[Channel, frozenset[str]]] = {
    Channel.FACEBOOK: frozenset({"page_token", "app_id", "app_secret"}),
    Channel.X: frozenset({"consumer_key", "consumer_secret", "access_token", "access_token_secret"}),
}
KEYS: Final = frozenset({"channel", "name", "external_id", "secrets"})
MAY_STAND: Final = frozenset({"username"})  # for the reader of the file
SECRET_LENGTH: Final = 2000
ID_LENGTH: Final = 40


@dataclass(frozen=True)
class TokenFile:
    """What a token file says."""

    channel: Channel
    name: str
    external_id: str
    secrets: Mapping[str, str] = field(repr=False)


def read_token(token: Mapping[str, Any]) -> TokenFile:
    """Take {"channel", "name", "external_id", "secrets": {…}} apart; raises `token_file_invalid`."""
    _check_keys(token, KEYS, MAY_STAND, "")
    if token["channel"] not in set(Channel):
        raise BadInput("token_file_invalid", field="token", key="channel")
    channel = Channel(token["channel"])
    secrets = token["secrets"]
    _check_keys(secrets, SECRETS[channel], frozenset(), "secrets.")
    name, external_id = line(str(token["name"]), "name", 200), str(token["external_id"]).strip()
    if not name:
        raise BadInput("token_file_invalid", field="token", key="name")
    if not external_id.isascii() or not external_id.isdigit() or len(external_id) > ID_LENGTH:
        raise BadInput("token_file_invalid", field="token", key="external_id")
    for key, value in secrets.items():
        if not isinstance(value, str) or not value.strip() or len(value) > SECRET_LENGTH:
            raise BadInput("token_file_invalid", field="token", key=f"secrets.{key}")
    return TokenFile(channel, name, external_id, {key: value.strip() for key, value in secrets.items()})


def _check_keys(found: object, needed: frozenset[str], allowed: frozenset[str], prefix: str) -> None:
    if not isinstance(found, Mapping):
        raise BadInput("token_file_invalid", field="token", key=prefix.rstrip(".") or "{}")
    wrong = sorted(needed - found.keys()) + sorted(str(key)[:40] for key in found.keys() - needed - allowed)
    if wrong:
        raise BadInput("token_file_invalid", field="token", key=", ".join(prefix + key for key in wrong))
