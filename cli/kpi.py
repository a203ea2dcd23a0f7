"""`rukon kpi`: what the form claims beside what is evidenced; runs replayed; criteria kept and adopted."""

from pathlib import Path
from typing import Annotated

import typer

from cli.door import FAILED, Door, Noun
from cli.show import Row
from core.clock import bangkok
from core.fiscal import fiscal_year
from services import criteria, outside, scoring
from services.criteria import Adoption, Proposal
from services.moments import read_day
from services.scorecard import CheckCard, LevelCard, ProofLine, Scorecard, scorecard

FIGURES = ("name", "period", "claimed", "evidenced", "target", "as_of")
LEVELS = ("level", "verdict", "passed", "total")
CHECKS = ("check", "title", "verdict", "value", "notes")
SETS = ("id", "fiscal_year", "indicator", "version", "applies_from", "document", "approved_at", "digest")

app = Noun("The indicator: evaluate a period, replay a run, keep and adopt criteria.", default="show")


@app.command("show")
def show_one(
    door: Door,
    period: Annotated[
        str, typer.Argument(help="2564 (fiscal year), 2564-q1 or 2563-10 (month); none: this fiscal year")
    ] = "",
    *,
    proofs: Annotated[bool, typer.Option("--proofs", help="also every proof of every check")] = False,
    indicator: Annotated[str, typer.Option(help="another indicator's code; none: the office's form")] = "",
) -> None:
    """Evaluate a period as of now and keep the result. What is unknown is neither failed nor 0.

    A signed period keeps its signed result; what is new since then is only noted.
    """
    name = period or str(fiscal_year(bangkok(door.now).date()))
    run = scoring.evaluate_period(door.rt, name, door.someone, indicator)
    with door.begin() as session:
        standing = scoring.run_in_force(session, scoring.period_of(name, door.now), indicator)
        card = scorecard(session, standing or run, door.lang)
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


@app.command("replay")
def replay(door: Door, run_id: Annotated[int, typer.Argument(help="number of a stored run")]) -> None:
    """Evaluate a stored run's frozen facts again, by the criteria kept with it; exit 1 if it differs."""
    with door.begin() as session:
        run = scoring.find_run(session, run_id)
        same = scoring.replays(session, run)
    row = {"run_id": run.id, "score": run.score, "as_of": run.as_of, "criteria_digest": run.criteria_digest}
    door.done("kpi_replayed" if same else "kpi_differs", {**row, "same": same})
    if not same:
        raise typer.Exit(FAILED)


@app.command("criteria")
def sets(door: Door) -> None:
    """List every set of criteria ever kept, newest first."""
    with door.begin() as session:
        criteria.in_force(session, door.now, year=fiscal_year(bangkok(door.now).date()))
        rows = [{name: getattr(row, name) for name in SETS} for row in criteria.list_criteria(session)]
    door.rows("criteria", rows, SETS)


@app.command("propose")
def propose(
    door: Door,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="a set of criteria, TOML")],
    *,
    document: Annotated[str, typer.Option(help="number of the letter that asks for it")],
    applies_from: Annotated[str, typer.Option("--from", help="first day of the first period it serves")],
    why: Annotated[str, typer.Option(help="why")] = "",
) -> None:
    """Propose a set of criteria, of the form's indicator or of another one; somebody else approves."""
    day = read_day(applies_from, "applies_from")
    wanted = Proposal(file.read_text(encoding="utf-8"), document, day, why)
    with door.begin() as session:
        row = criteria.propose(session, wanted, door.person, door.now)
        door.done("criteria_proposed", {name: getattr(row, name) for name in SETS})


@app.command("adopt")
def adopt(
    door: Door,
    level: Annotated[int, typer.Argument(help="4 or 5")],
    *,
    document: Annotated[str, typer.Option(help="number of the letter that adopts the level")],
    applies_from: Annotated[str, typer.Option("--from", help="first day of the first period it serves")],
) -> None:
    """Propose that a level without a text in the form takes its template; somebody else approves."""
    wanted = Adoption(level, document, read_day(applies_from, "applies_from"))
    with door.begin() as session:
        row = criteria.propose_adoption(session, wanted, door.person, door.now)
        door.done("criteria_proposed", {name: getattr(row, name) for name in SETS})


@app.command("approve")
def approve(door: Door, criteria_id: Annotated[int, typer.Argument(help="number of a set")]) -> None:
    """Approve and lock a set of criteria; it serves periods that begin later."""
    row = criteria.approve(door.rt, criteria_id, door.person)
    door.done("criteria_approved", {name: getattr(row, name) for name in SETS})


@app.command("outside")
def find_outside(door: Door) -> None:
    """Read our own pages now for posts that were not made with this system."""
    door.done("outside_found", {"number": outside.discover(door.rt, everything=True)})


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
