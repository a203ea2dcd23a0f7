"""How cases become figures and figures verdicts: three-valued, exact, never rounded before a comparison."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from core.vocab import Verdict
from kpi.codes import Code, Effect, Op
from kpi.findings import Details, Measured, Note, Proof

CENT = Decimal("0.01")
VERDICT_OF = {Effect.PROVES: Verdict.PASS, Effect.BREAKS: Verdict.FAIL, Effect.OPEN: Verdict.UNKNOWN}


def effect_of(ok: bool | None) -> Effect:  # noqa: FBT001 -- the truth value is the whole argument
    """Return what a recorded truth value does to a finding; None leaves it open."""
    if ok is None:
        return Effect.OPEN
    return Effect.PROVES if ok else Effect.BREAKS


def settle(*, proved: bool, possible: bool) -> Effect:
    """Return what a case does: proved; not proved yet but possible; or neither."""
    if proved:
        return Effect.PROVES
    return Effect.OPEN if possible else Effect.BREAKS


def count(proofs: Iterable[Proof], effect: Effect) -> int:
    """Return how many references have this effect."""
    return sum(1 for proof in proofs if proof.effect is effect)


def share(proofs: Sequence[Proof], notes: Sequence[Note] = (), also: Verdict = Verdict.PASS) -> Measured:
    """Return proving cases ÷ all cases in percent; no cases: no figure (NOTHING_DUE), never 0 %."""
    good, open_ = count(proofs, Effect.PROVES), count(proofs, Effect.OPEN)
    total = good + open_ + count(proofs, Effect.BREAKS)
    if not total:
        return absent(Code.NOTHING_DUE, proofs=proofs)
    return Measured(
        low=percent(good, total),
        high=percent(good + open_, total),
        numerator=good,
        denominator=total,
        unknown=open_,
        also=also,
        proofs=tuple(proofs),
        notes=tuple(notes),
    )


def tally(proofs: Sequence[Proof], strict: tuple[Fraction, Fraction] | None = None) -> Measured:
    """Return the number of proving cases; open cases may still add to it."""
    good, open_ = count(proofs, Effect.PROVES), count(proofs, Effect.OPEN)
    return Measured(
        low=Fraction(good),
        high=Fraction(good + open_),
        numerator=good,
        unknown=open_,
        strict=strict,
        proofs=tuple(proofs),
    )


def absent(code: Code, params: Details | None = None, proofs: Sequence[Proof] = ()) -> Measured:
    """Return the result of a measure that has no figure, and why."""
    return Measured(reason=Note(code, params or {}), proofs=tuple(proofs))


def percent(part: int, whole: int) -> Fraction:
    """Return part of whole in percent, exactly."""
    return Fraction(100 * part, whole)


def judge(op: Op, low: Fraction, high: Fraction, bound: Fraction) -> Verdict:
    """Compare a figure that lies between low and high; UNKNOWN only if the open cases decide."""
    if op is Op.AT_LEAST:
        return VERDICT_OF[settle(proved=low >= bound, possible=high >= bound)]
    return VERDICT_OF[settle(proved=high <= bound, possible=low <= bound)]


def both(first: Verdict, second: Verdict) -> Verdict:
    """Return the verdict of two conditions that must both hold."""
    if Verdict.FAIL in (first, second):
        return Verdict.FAIL
    return first if second is Verdict.PASS else second


def shown(figure: Fraction) -> Decimal:
    """Return a figure as printed: two places, half up (7/11 = 63.64)."""
    exact = Decimal(figure.numerator) / Decimal(figure.denominator)
    return exact.quantize(CENT, rounding=ROUND_HALF_UP)
