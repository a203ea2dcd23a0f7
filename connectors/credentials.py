"""The secrets of an Access: checked before anything is sent, hidden where a platform repeats them."""

import re

from connectors.base import Access, RetryLater
from core.vocab import Health

HIDDEN = "***"
# at least one capital, digit or sign: names such as pages_read_engagement stay readable
TOKEN_LIKE = re.compile(r"(?=[a-z_]*[A-Z0-9|=+%-])[A-Za-z0-9_|=+%-]{24,}")


def secret(access: Access, *names: str) -> tuple[str, ...]:
    """Return the named secrets, stripped; RetryLater with REAUTH if one is absent or cannot be a token."""
    found = tuple(access.secrets.get(name, "").strip() for name in names)
    if not all(one and one.isascii() and one.isprintable() for one in found):
        raise RetryLater("credentials_missing", ", ".join(names), health=Health.REAUTH)
    return found


def conceal(words: str) -> str:
    """Hide what may be a token: Facebook quotes a malformed one in its message."""
    return TOKEN_LIKE.sub(HIDDEN, words)
