"""Things that go wrong on purpose: for the next N calls, or for texts that carry a marker."""

import random
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

ANY = "*"
DELAYS = ("latency",)
SETTINGS = ("visibility_delay",)
STRIKES = (
    "accept_then_500", "accept_then_drop", "accept_then_hang", "broken_json", "drop_before", "error",
    "hang_before", "null_element", "zombie",
)  # fmt: skip
KINDS = (*STRIKES, *DELAYS, *SETTINGS)
OPERATIONS = (
    ANY,
    "publish",
    "media",
    "delete",
    "edit",
    "read",
    "timeline",
    "insights",
    "account",
    "batch",
    "comments",
    "login",
    "other",
)
NUMBERS = {"index", "ms", "regain_minutes", "reset_s", "seconds"}
CHANNELS = (ANY, "facebook", "x")


@dataclass(frozen=True, slots=True)
class Occasion:
    """A call as the faults see it."""

    channel: str
    operation: str
    account: str = ""
    text: str = ""


@dataclass(slots=True)
class Fault:
    """One rule. `times` None means until cleared; an empty marker or account matches all.

    `chance` below 1 lets it strike only that share of the calls it matches, by dice that grow from the seed.

    `after` lets so many of those calls pass first.

    A visibility delay is a state, not a blow: it never wears out and is cleared by hand.
    """

    channel: str
    operation: str
    kind: str
    times: int | None = 1
    params: dict[str, Any] = field(default_factory=dict)
    marker: str = ""
    account: str = ""
    chance: float = 1.0
    after: int = 0
    id: int = 0
    hits: int = 0

    def matches(self, occasion: Occasion) -> bool:
        return (
            (self.times is None or self.hits < self.times)
            and self.channel in (ANY, occasion.channel)
            and self.operation in (ANY, occasion.operation)
            and self.account in ("", occasion.account)
            and self.marker in occasion.text
        )

    def number(self, name: str, default: float) -> float:
        return float(self.params.get(name, default))


class Faults:
    """The rules in force, oldest first."""

    def __init__(self, seed: int = 0) -> None:
        self._dice = random.Random(seed)  # noqa: S311 -- a rehearsal that can be repeated, nothing is secret
        self._rules: list[Fault] = []
        self._made = 0

    def add(self, fault: Fault) -> Fault:
        """Put a rule in force. Raises ValueError on words or numbers that make no sense."""
        for value, known in ((fault.kind, KINDS), (fault.channel, CHANNELS), (fault.operation, OPERATIONS)):
            if value not in known:
                raise ValueError(f"{value!r} is none of {', '.join(known)}")
        if fault.times is not None and not (isinstance(fault.times, int) and fault.times > 0):
            raise ValueError("times is a whole number above 0, or null for as long as it stands")
        if not 0 < fault.chance <= 1:
            raise ValueError("chance is a share above 0, at most 1")
        for name in NUMBERS & fault.params.keys():
            fault.number(name, 0)
        self._made += 1
        fault.id = self._made
        self._rules.append(fault)
        return fault

    def take(self, occasion: Occasion, kinds: Collection[str] = STRIKES) -> Fault | None:
        """Return the oldest matching rule and use it up by one."""
        return next(self._hits(occasion, kinds), None)

    def delay_s(self, occasion: Occasion) -> float:
        """Return how long this call must wait before anything happens."""
        return sum(fault.number("ms", 0) for fault in self._hits(occasion, DELAYS)) / 1000

    def hidden_s(self, channel: str, account: str) -> float:
        """Return how many seconds a fresh post stays invisible in read-backs."""
        occasion = Occasion(channel, "timeline", account)
        rules = (rule for rule in self._rules if rule.kind in SETTINGS and rule.matches(occasion))
        return max((rule.number("seconds", 0) for rule in rules), default=0.0)

    def clear(self, fault_id: int | None = None) -> None:
        self._rules = [rule for rule in self._rules if fault_id is not None and rule.id != fault_id]

    def rules(self) -> list[Fault]:
        return list(self._rules)

    def describe(self) -> list[dict[str, Any]]:
        return [asdict(rule) for rule in self._rules]

    def _hits(self, occasion: Occasion, kinds: Collection[str]) -> Iterator[Fault]:
        for rule in self._rules:
            if rule.kind in kinds and rule.matches(occasion) and self._strikes(rule):
                rule.hits += 1
                yield rule

    def _strikes(self, rule: Fault) -> bool:
        if rule.after > 0:
            rule.after -= 1
            return False
        return rule.chance >= 1 or self._dice.random() < rule.chance
