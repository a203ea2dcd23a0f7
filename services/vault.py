"""Tokens at rest: AES-256-GCM, bound to their account, so that a row copied elsewhere stays shut."""

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import RukonError
from core.vocab import Channel

KEY_BYTES = 32
NONCE_BYTES = 12


class VaultShut(RukonError):
    """The key file is not the one these tokens were sealed with."""

    code = "vault_shut"


class Vault:
    """Seals and opens the secrets of accounts with one key."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise VaultShut("vault_bad_key")
        self._cipher = AESGCM(key)
        self.key_id = hashlib.sha256(key).hexdigest()[:12]

    def seal(self, channel: Channel, external_id: str, secrets: Mapping[str, str]) -> bytes:
        """Return nonce + ciphertext of the secrets, usable only for this account."""
        nonce = os.urandom(NONCE_BYTES)
        plain = json.dumps(dict(secrets), sort_keys=True).encode()
        return nonce + self._cipher.encrypt(nonce, plain, _bound_to(channel, external_id))

    def unseal(self, channel: Channel, external_id: str, sealed: bytes) -> dict[str, str]:
        """Return the secrets; VaultShut if the key or the account is another."""
        try:
            plain = self._cipher.decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound_to(channel, external_id)
            )
        except InvalidTag as exc:
            raise VaultShut from exc
        opened: dict[str, str] = json.loads(plain)
        return opened


def _bound_to(channel: Channel, external_id: str) -> bytes:
    return f"account:{channel}:{external_id}:sealed".encode()


def open_vault(key_file: Path) -> Vault:
    """Return the vault of a key file; a missing file is made, readable by its owner only."""
    if not key_file.exists():
        _make_key(key_file)
    try:
        return Vault(base64.b64decode(key_file.read_bytes(), validate=True))
    except ValueError as exc:
        raise VaultShut("vault_bad_key") from exc


def _make_key(key_file: Path) -> None:
    """Write a new key whole or not at all; of two processes that start together, the first one's stays."""
    key_file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=key_file.parent, prefix=".key-")
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(base64.b64encode(os.urandom(KEY_BYTES)))
    with suppress(FileExistsError):
        os.link(draft, key_file)
    Path(draft).unlink()
