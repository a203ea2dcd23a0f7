"""Secrets at rest: AES-256-GCM, bound to what they are of, so that a row copied elsewhere stays shut.

The key file holds one key a line, the one in use first; older ones only open what was sealed with them.
"""

import base64
import hashlib
import hmac
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import RukonError
from core.vocab import Channel

KEY_BYTES = 32
NONCE_BYTES = 12


class VaultShut(RukonError):
    """The key file is not the one these secrets were sealed with."""

    code = "vault_shut"


class Vault:
    """Seals with the first key of its file and opens with any of them.

    Read again when a row names a key that is not known yet: another process may have begun a new one.
    """

    def __init__(self, key_file: Path) -> None:
        self.key_file = key_file
        self._keys = read_keys(key_file)

    @property
    def key_id(self) -> str:
        """Return which key seals now."""
        return next(iter(self._keys))

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Return every key that opens, the one in use first."""
        return tuple(self._keys)

    def seal(self, about: str, secrets: Mapping[str, object]) -> bytes:
        """Return nonce + ciphertext of plain JSON values, to be opened only for the same `about`."""
        nonce = os.urandom(NONCE_BYTES)
        plain = json.dumps(dict(secrets), sort_keys=True).encode()
        return nonce + AESGCM(self._keys[self.key_id]).encrypt(nonce, plain, about.encode())

    def unseal(self, about: str, key_id: str, sealed: bytes) -> dict[str, str]:
        """Return what was sealed; VaultShut if the key is gone or it was sealed for something else."""
        if key_id not in self._keys:
            self.look_again()
        try:
            plain = AESGCM(self._keys[key_id]).decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode()
            )
        except (InvalidTag, KeyError) as exc:
            raise VaultShut from exc
        opened: dict[str, str] = json.loads(plain)
        return opened

    def keyed_hash(self, about: str, text: str) -> str:
        """Return a hash that nobody can try names against without the oldest key; it outlives new keys."""
        oldest = list(self._keys.values())[-1]
        return hmac.new(oldest, f"{about}:{text}".encode(), hashlib.sha256).hexdigest()

    def look_again(self) -> None:
        """Read the key file anew."""
        self._keys = read_keys(self.key_file)


def about_account(channel: Channel, external_id: str) -> str:
    """Return what an account's secrets are bound to."""
    return f"account:{channel}:{external_id}:sealed"


def open_vault(key_file: Path) -> Vault:
    """Return the vault of a key file; a missing file is made, readable by its owner only."""
    if not key_file.exists():
        with suppress(FileExistsError):  # of two processes that start together, the first one's stays
            _write(key_file, [os.urandom(KEY_BYTES)], replace=False)
    return Vault(key_file)


def read_keys(key_file: Path) -> dict[str, bytes]:
    """Return the keys of a file by id, the one in use first; raises `vault_bad_key`."""
    try:
        keys = [base64.b64decode(line, validate=True) for line in key_file.read_bytes().split()]
    except ValueError as exc:
        raise VaultShut("vault_bad_key") from exc
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise VaultShut("vault_bad_key")
    return {hashlib.sha256(key).hexdigest()[:12]: key for key in keys}


def begin_key(key_file: Path) -> None:
    """Put a new key before the others; from the next look on, it seals."""
    _write(key_file, [os.urandom(KEY_BYTES), *read_keys(key_file).values()], replace=True)


def keep_first_key(key_file: Path) -> None:
    """Forget every key but the one in use."""
    _write(key_file, list(read_keys(key_file).values())[:1], replace=True)


def _write(key_file: Path, keys: Sequence[bytes], *, replace: bool) -> None:
    """Write a key file whole or not at all; without replace, one that exists stays (FileExistsError)."""
    key_file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=key_file.parent, prefix=".key-")
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(b"\n".join(base64.b64encode(key) for key in keys))
        handle.flush()
        os.fsync(handle.fileno())
    if replace:
        Path(draft).replace(key_file)
        return
    try:
        os.link(draft, key_file)
    finally:
        Path(draft).unlink()
