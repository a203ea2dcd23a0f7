"""What a check of an account found: whether it can publish, what is wrong, what ends when."""

from dataclasses import dataclass
from datetime import datetime

from core.vocab import Health


@dataclass(frozen=True)
class Ending:
    """When something an account lives on ends: `token_expiring` or `data_access_expiring`."""

    code: str
    at: datetime


@dataclass(frozen=True)
class CheckReport:
    """Whether an account can publish; problems are reason codes of the locales' [reason] table.

    endings: the known ends that are still ahead, however far, for whoever warns in time.
    """

    health: Health
    name: str = ""
    problems: tuple[str, ...] = ()
    endings: tuple[Ending, ...] = ()
