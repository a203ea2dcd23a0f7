"""What has not changed for how long, by this process's own second hand: a jump of the clock ages nothing."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass
class Stillness:
    """What was seen, and since when it has been the same."""

    seen: dict[Hashable, tuple[object, float]] = field(default_factory=dict)

    def beyond(self, limit_s: float, second: float, found: Mapping[Key, object]) -> set[Key]:
        """Note what is there now; return the keys whose value has stood still for longer than limit_s."""
        before = self.seen
        fresh = {key: (value, second) for key, value in found.items()}
        self.seen = {
            key: before[key] if key in before and before[key][0] == now[0] else now
            for key, now in fresh.items()
        }
        return {key for key in found if second - self.seen[key][1] > limit_s}
