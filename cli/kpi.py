"""`rukon kpi`: what the form claims beside what is evidenced, level by level, check by check."""

from typing import Annotated

import typer

from cli.door import Door
from cli.show import Row
from core.clock import bangkok
from core.fiscal import fiscal_year
from services import scoring
from services.scorecard import CheckCard, LevelCard, ProofLine, Scorecard, scorecard

FIGURES = ("name", "period", "claimed", "evidenced", "target", "as_of")
LEVELS = ("level", "verdict", "passed", "total")
CHECKS = ("check", "title", "verdict", "value", "notes")


def kpi(
    door: Door,
    period: Annotated[
        str, typer.Argument(help="2564 (fiscal year), 2564-q1 or 2563-10 (month); none: this fiscal year")
    ] = "",
    *,
    proofs: Annotated[bool, typer.Option("--proofs", help="also every proof of every check")] = False,
) -> None:
    """Evaluate a period as of now and keep the result. What is unknown is neither failed nor 0."""
    name = period or str(fiscal_year(bangkok(door.now).date()))
    run = scoring.evaluate_period(door.rt, name)
    with door.begin() as session:
        card = scorecard(session, run, door.lang)
    figures = _figures(name, card)
    levels = [_level(one) for one in card.levels]
    checks = [_check(level, one, door) for level in card.levels for one in level.checks]
    if door.as_json:
        door.record({**figures, "levels": levels, "checks": checks}, ())
        return
    print(f"{card.headline}\n")
    door.record(figures, FIGURES)
    print()
    door.rows("levels", levels, LEVELS)
    print()
    door.rows("checks", checks, (*CHECKS, "proofs") if proofs else CHECKS)


def _figures(name: str, card: Scorecard) -> Row:
    return {
        "period": name, "name": card.name, "start": card.start, "end": card.end, "as_of": card.as_of,
        "claimed": card.claimed, "evidenced": card.evidenced, "target": card.target,
        "headline": card.headline, "run_id": card.run_id,
        "criteria_version": card.version, "criteria_digest": card.digest,
    }  # fmt: skip


def _level(level: LevelCard) -> Row:
    return {
        "level": level.n, "verdict": level.verdict, "passed": level.passed, "total": level.total,
        "text": level.text,
        "parts": [{"code": part.code, "verdict": part.verdict, "passed": part.passed, "total": part.total}
                  for part in level.parts],
    }  # fmt: skip


def _check(level: LevelCard, one: CheckCard, door: Door) -> Row:
    found = one.finding
    return {
        "level": level.n, "check": found.id, "title": one.title, "verdict": found.verdict,
        "minimum": found.minimum, "target_verdict": found.target, "value": found.value,
        "bound": found.bound, "unit": found.unit, "target": found.target_value,
        "numerator": found.numerator, "denominator": found.denominator,
        "unknown": found.unknown, "gate": found.gate, "strength": found.strength, "notes": list(one.notes),
        "proofs": [_proof(line, door) for line in one.proofs],
    }  # fmt: skip


def _proof(line: ProofLine, door: Door) -> object:
    if door.as_json:
        return {"kind": line.kind, "id": line.id, "effect": line.effect, "words": line.words}
    return " ".join(filter(None, (door.say(f"kpi.kind.{line.kind}"), str(line.id or ""), line.words)))
