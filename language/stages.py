"""How far a purchase is, read out of the office's own monthly lines, and what a reader would ask about them.

The stages are domain.md section 3.4's: money allotted, scope set, bought, contracted, instalments inspected,
done. A line that names none has none; nothing is guessed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from language.letters import collapse, normalise, western_digits

UNCHANGED = 3  # months


class Stage(StrEnum):
    """One step of buying, in its order."""

    ALLOTMENT = "allotment"
    SCOPE = "scope"
    PURCHASE = "purchase"
    CONTRACT = "contract"
    INSPECTION = "inspection"
    DONE = "done"


# What stands first decides: a line on inspecting says too that somebody was hired.
SIGNS = (
    (Stage.INSPECTION, re.compile(r"ตรวจรับ(?:งาน)?(?:งวด)?(?:ที่)?\s*(\d{1,2})?")),
    (Stage.CONTRACT, re.compile(r"ทำสัญญา|ลงนามสัญญา|ได้ตัวผู้รับจ้าง")),
    (Stage.SCOPE, re.compile(r"ขอบเขตของงาน|\bTOR\b", re.IGNORECASE)),
    (Stage.PURCHASE, re.compile(r"จัดซื้อจัดจ้าง|จัดจ้าง|จัดซื้อ")),
    (Stage.ALLOTMENT, re.compile(r"เงินงวด")),
    (Stage.DONE, re.compile(r"แล้วเสร็จ|ตามเป้าหมาย|เสร็จสิ้น")),
)


@dataclass(frozen=True, order=True)
class Step:
    """A stage's place in the order; instalment 0: none is named."""

    place: int
    instalment: int = 0

    @property
    def stage(self) -> Stage:
        return list(Stage)[self.place]


@dataclass(frozen=True)
class Question:
    """What a reader would ask: `unchanged` (since months ago) or `backwards` (after which line); by place."""

    code: str
    line: int
    since: int


def step_of(text: str) -> Step | None:
    """Return the step that a line tells of, None if it tells of none."""
    plain = western_digits(collapse(normalise(text)))
    for stage, sign in SIGNS:
        if found := sign.search(plain):
            number = found[1] if sign.groups and found[1] else "0"
            return Step(list(Stage).index(stage), int(number))
    return None


def questions(lines: Sequence[str]) -> list[Question]:
    """Return the questions that a year's lines raise, in their order.

    lines: one a month, oldest first; an empty one is a month without a line and is never compared.
    """
    asked = []
    same_since, last = 0, -1  # where the present run of equal lines began; the last line that names a step
    steps = [step_of(line) for line in lines]
    forms = [collapse(normalise(line)) for line in lines]
    for place, form in enumerate(forms):
        if not form or form != forms[same_since]:
            same_since = place
        if form and place - same_since + 1 == UNCHANGED:
            asked.append(Question("unchanged", place, same_since))
        step = steps[place]
        if step is not None:
            before = steps[last] if last >= 0 else None
            if before is not None and step < before:
                asked.append(Question("backwards", place, last))
            last = place
    return asked
