"""What comes out of the engine: references that prove or break, figures, findings, the evaluation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from core.vocab import Verdict
from kpi.codes import Code, Effect, Headline, Op, ProofKind, Reading, Strength, Unit

Detail = str | int | list[str]  # a list holds codes of [kpi.field] in the locales
Details = Mapping[str, Detail]


@dataclass(frozen=True)
class Note:
    """A code and the parameters of its sentence."""

    code: Code
    params: Details = field(default_factory=dict)


@dataclass(frozen=True)
class Proof:
    """A reference to a stored thing, what it does to the finding, and why.

    id: None where there is nothing to open: a week, an agency that is silent, a look that nobody took.
    """

    kind: ProofKind
    id: int | None
    effect: Effect
    code: Code
    params: Details = field(default_factory=dict)


@dataclass(frozen=True)
class Measured:
    """What a measure found, before anybody compares it with a bound.

    low, high: the figure if every open case turns out badly or well; None: no figure, `reason` says why.
    numerator, denominator, unknown: counted cases, all cases, cases still open; None: nothing is counted.
    bound: replaces the criterion's target (a baseline of our own).
    also: the verdict of a second condition of the internal target.
    at_least: the figure can only be higher than found: a bound it misses is not missed for certain.
    strict: low and high on the reading of the internal target, where that counts something else.
    """

    low: Fraction | None = None
    high: Fraction | None = None
    numerator: int | None = None
    denominator: int | None = None
    unknown: int = 0
    bound: Fraction | None = None
    also: Verdict = Verdict.PASS
    at_least: bool = False
    strict: tuple[Fraction, Fraction] | None = None
    proofs: tuple[Proof, ...] = ()
    notes: tuple[Note, ...] = ()
    reason: Note | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One criterion, judged on both readings; `verdict` is the one that scores.

    value: the figure already proved; best: what it becomes if every open case turns out well, else None.
    minimum, target: verdicts of the two readings; NO_DATA has its reason among the notes.
    target_value, bound: what the internal target compares, in target_unit, already scaled to the period.
    """

    id: str
    level: int
    verdict: Verdict
    minimum: Verdict
    target: Verdict
    unit: Unit
    target_unit: Unit
    op: Op
    strength: Strength
    gate: bool = False
    scored: bool = True
    value: Decimal | None = None
    best: Decimal | None = None
    target_value: Decimal | None = None
    bound: Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    unknown: int = 0
    small_base: bool = False
    proofs: tuple[Proof, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Part:
    """One condition of a level: checks, gates, others or attestations; passed of total."""

    code: str
    verdict: Verdict
    passed: int
    total: int
    pending: int = 0  # unknown, or without data where data must be


@dataclass(frozen=True, kw_only=True)
class LevelFinding:
    """One level: passed when all its parts are; undefined levels have no parts."""

    n: int
    verdict: Verdict
    scored_by: Reading
    passed: int = 0  # progress: scored findings that pass ...
    total: int = 0  # ... of all scored findings; never part of the score
    parts: tuple[Part, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """The whole result for one period: claimed and evidenced side by side."""

    fiscal_year: int
    start: datetime
    end: datetime
    as_of: datetime
    criteria_version: str
    criteria_digest: str
    target: Decimal
    claimed: Decimal | None
    score: Decimal  # evidenced: whole levels, "2.00"
    highest_defined: int  # the highest level that has criteria
    headline: Headline
    headline_params: Details
    levels: tuple[LevelFinding, ...]
    notes: tuple[Note, ...] = ()
