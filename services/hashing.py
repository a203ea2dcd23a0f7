"""Passwords: argon2id, and the same work for a name nobody has."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import BadInput

MIN_LENGTH = 10
MAX_LENGTH = 200

_hasher = PasswordHasher()


def hash_password(password: str, username: str = "") -> str:
    """Return the argon2id hash; raises `password_too_short`, `password_too_long`, `password_is_username`."""
    if len(password) < MIN_LENGTH:
        raise BadInput("password_too_short", field="password", limit=MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        raise BadInput("password_too_long", field="password", limit=MAX_LENGTH)
    if username and username in password.casefold():
        raise BadInput("password_is_username", field="password")
    return _hasher.hash(password)


def right_password(password: str, stored: str | None) -> bool:
    """Say whether it is the password; with no stored hash, work just as long and say no."""
    decoy = _decoy()
    try:
        return _hasher.verify(stored or decoy, password[:MAX_LENGTH]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _decoy() -> str:
    return _hasher.hash("nobody's password")
