"""What an error answer means, as data: the rows of both platforms' tables are made of these.

The same answer means different things to a public call, an unpublished upload and a read:
`unclear` is OutcomeUnknown for a public call only, because the others may be repeated freely.
"""

from dataclasses import dataclass
from enum import Enum, auto

from connectors.base import OutcomeUnknown, PlatformTrouble, Rejected, RetryLater
from core.vocab import Health


class Aim(Enum):
    """What a call is for: PUBLISH is the only one that citizens can see."""

    READ = auto()
    STAGE = auto()
    PUBLISH = auto()


@dataclass(frozen=True)
class Ruling:
    """One trouble, before the details of the answer are known; throttled: the headers say how long."""

    kind: type[PlatformTrouble]
    reason: str
    health: Health | None = None
    wait_s: float = 0.0
    throttled: bool = False


@dataclass(frozen=True)
class Verdict:
    """One row: the ruling for each aim."""

    publish: Ruling
    stage: Ruling
    read: Ruling

    def on(self, aim: Aim) -> Ruling:
        return {Aim.PUBLISH: self.publish, Aim.STAGE: self.stage, Aim.READ: self.read}[aim]


def never(reason: str) -> Verdict:
    """Repeating will not change it."""
    ruling = Ruling(Rejected, reason)
    return Verdict(ruling, ruling, ruling)


def later(reason: str, wait_s: float) -> Verdict:
    """Nothing was executed; the same call may be taken after a while."""
    ruling = Ruling(RetryLater, reason, wait_s=wait_s)
    return Verdict(ruling, ruling, ruling)


def throttle(reason: str, wait_s: float) -> Verdict:
    """Too many calls: nothing was executed; wait as the headers say, else wait_s."""
    ruling = Ruling(RetryLater, reason, wait_s=wait_s, throttled=True)
    return Verdict(ruling, ruling, ruling)


def hold(reason: str, health: Health, wait_s: float = 0.0) -> Verdict:
    """Nothing was executed, and the whole account is refused whatever it asks."""
    ruling = Ruling(RetryLater, reason, health=health, wait_s=wait_s)
    return Verdict(ruling, ruling, ruling)


def lacking(reason: str, health: Health) -> Verdict:
    """Nothing was executed: the account may not publish at all, or may not read just this."""
    ruling = Ruling(RetryLater, reason, health=health)
    return Verdict(ruling, ruling, Ruling(Rejected, reason))


def unclear(reason: str, reading: str = "platform_trouble") -> Verdict:
    """Maybe executed; a read or an unpublished upload is simply asked again."""
    again = Ruling(RetryLater, reading)
    return Verdict(Ruling(OutcomeUnknown, reason), again, again)
