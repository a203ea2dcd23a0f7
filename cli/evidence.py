"""`rukon evidence` and `rukon verify`: the month's file made, listed, copied out, checked by anyone."""

import time
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from cli.door import FAILED, Door, Noun
from cli.show import Row
from core.errors import NotFound, RukonError
from core.fiscal import Span, to_be
from core.sentences import sentence
from core.vocab import BundleState
from models import EvidenceBundle
from services import evidence, evidence_files, verifying
from services.periods import read_span
from services.verifying import Checked

app = Noun("The month's evidence file.")

COLUMNS = ("id", "period", "version", "state", "ready_at", "file_name", "reason")
CHECKED = ("file", "number", "sound", "problems")
UNCHAINED = "previous_not_given"
LOOK_S = 0.2
PATIENCE_S = 300.0


@app.command("make")
def make(
    door: Door,
    period: Annotated[str, typer.Argument(help="month 2563-10 or 2020-10, quarter 2564-q1, year 2564")],
    *,
    reason: Annotated[str, typer.Option(help="why another version; needed from the second on")] = "",
    to: Annotated[Path | None, typer.Option(help="also copy it to this file or folder")] = None,
) -> None:
    """Make a period's file and wait for it: papers, tables and manifest, chained to the file before."""
    wanted = read_span(period, "month")
    with door.begin() as session:
        row = evidence.request_bundle(session, wanted, door.person, door.now, reason)
        session.flush()
        number = row.id
    door.progress(door.say("cli.evidence_asked", month=_span_words(door, wanted), version=row.version))
    evidence.build_all(door.rt)  # a worker may have taken it first: then this waits for the worker
    row = _awaited(door, number)
    if row.state is BundleState.FAILED:
        door.leave(FAILED, door.say("cli.evidence_failed", reason=door.say(f"error.{row.failure}")))
    door.done("evidence_made", _copied(door, row, to) if to else row_of(door, row))


@app.command("list")
def list_all(door: Door) -> None:
    """List the files, newest month first."""
    with door.begin() as session:
        rows = [row_of(door, row) for row in evidence.list_bundles(session)]
    door.rows("bundles", rows, COLUMNS)


@app.command("copy")
def copy(
    door: Door,
    number: Annotated[int, typer.Argument(help="number in the list")],
    to: Annotated[Path, typer.Argument(help="file or folder")],
) -> None:
    """Copy a ready file out."""
    with door.begin() as session:
        row = _bundle(session, number)
    door.done("evidence_copied", _copied(door, row, to))


def verify(
    door: Door,
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="in the order they were made")
    ],
    *,
    any_order: Annotated[bool, typer.Option(help="put them in the order they were made first")] = False,
    newest: Annotated[str, typer.Option(metavar="SHA256", help="of the last one's manifest")] = "",
) -> None:
    """Check evidence files and their chain, without a database; exit 1 names what is wrong.

    --newest tells whether files were left away at the end: the office prints that digest beside its files.
    """
    rows = _verified(door, files, newest.strip().lower(), any_order=any_order)
    door.rows("bundles", rows, CHECKED)
    if not all(row["sound"] for row in rows):
        raise typer.Exit(FAILED)


def row_of(door: Door, row: EvidenceBundle) -> Row:
    """Return a bundle's row and where its file lies."""
    names = ("id", "period", "fiscal_year", "version", "state", "reason", "requested_at", "ready_at",
             "file_name", "file_sha256", "manifest_sha256", "previous_sha256", "failure")  # fmt: skip
    path = str(door.rt.evidence_dir / row.file_name) if row.file_name else None
    plain = {**{name: getattr(row, name) for name in names}, "path": path}
    return plain if door.as_json else {**plain, "period": _span_words(door, Span.parse(row.period))}


def _span_words(door: Door, span: Span) -> str:
    if span.is_year or span.quarter:
        return door.say("evidence.quarter_words" if span.quarter else "evidence.year_words",
                        number=span.quarter, year=span.fiscal_year)  # fmt: skip
    (month,) = span.months
    return f"{door.say(f'date.long.{month.month}')} {to_be(month.year)}"


def _awaited(door: Door, number: int) -> EvidenceBundle:
    started = time.monotonic()
    while True:
        with door.begin() as session:
            row = _bundle(session, number)
        if row.state in {BundleState.READY, BundleState.FAILED} or time.monotonic() - started > PATIENCE_S:
            return row
        time.sleep(LOOK_S)


def _bundle(session: Session, number: int) -> EvidenceBundle:
    row = session.get(EvidenceBundle, number)
    if row is None:
        raise NotFound
    return row


def _copied(door: Door, row: EvidenceBundle, to: Path) -> Row:
    content = evidence_files.bundle_path(door.rt, row).read_bytes()
    target = to / row.file_name if to.is_dir() else to
    evidence_files.write(target, content)
    return {**row_of(door, row), "path": str(target)}


def _verified(door: Door, files: list[Path], newest: str, *, any_order: bool) -> list[Row]:
    """Set aside what is no bundle at all, then check the others together, so that the chain is checked."""
    named = [(path.name, path.read_bytes()) for path in files]
    broken = {name: words for name, content in named if (words := _unreadable(door, name, content))}
    readable = [one for one in named if one[0] not in broken]
    sound = verifying.verify_bundles(verifying.as_made(readable) if any_order else readable, newest)
    return [
        *(_row(door, one) for one in sound),
        *({"file": name, "number": None, "sound": False, "chained": False, "problems": [words]}
          for name, words in broken.items()),
    ]  # fmt: skip


def _unreadable(door: Door, name: str, content: bytes) -> str:
    try:
        verifying.verify_bundles([(name, content)])
    except RukonError as error:
        return sentence(error, door.lang)
    return ""


def _row(door: Door, one: Checked) -> Row:
    wrong = [problem for problem in one.problems if problem.kind != UNCHAINED]
    words = [door.say(f"reports.problem.{problem.kind}", name=problem.name) for problem in one.problems]
    codes = [{"kind": problem.kind, "file": problem.name} for problem in one.problems]
    return {
        "file": one.name, "number": one.number, "sound": not wrong, "chained": wrong == list(one.problems),
        "problems": codes if door.as_json else words,
    }  # fmt: skip
