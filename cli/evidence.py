"""`rukon evidence` and `rukon verify`: the month's file made, listed, copied out, checked by anyone."""

import time
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from cli.door import FAILED, Door, Noun
from cli.show import Row
from core.errors import BadInput, NotFound, RukonError
from core.fiscal import Month, to_be
from core.sentences import sentence
from core.vocab import BundleState
from models import EvidenceBundle
from services import evidence
from services.evidence import Checked

app = Noun("The month's evidence file.")

COLUMNS = ("id", "month", "version", "state", "ready_at", "file_name", "reason")
CHECKED = ("file", "number", "sound", "problems")
UNCHAINED = "previous_not_given"
LOOK_S = 0.2
PATIENCE_S = 300.0


@app.command("make")
def make(
    door: Door,
    month: Annotated[str, typer.Argument(help="2563-10 or 2020-10")],
    *,
    reason: Annotated[str, typer.Option(help="why another version; needed from the second on")] = "",
    to: Annotated[Path | None, typer.Option(help="also copy it to this file or folder")] = None,
) -> None:
    """Make a month's file and wait for it: PDF, tables and manifest, chained to the file before."""
    wanted = _month(month)
    with door.begin() as session:
        row = evidence.request_bundle(session, wanted, door.person, door.now, reason)
        session.flush()
        number = row.id
    door.progress(door.say("cli.evidence_asked", month=_month_words(door, wanted), version=row.version))
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
) -> None:
    """Check evidence files and their chain, without a database; exit 1 names what is wrong."""
    rows = _verified(door, files)
    door.rows("bundles", rows, CHECKED)
    if not all(row["sound"] for row in rows):
        raise typer.Exit(FAILED)


def row_of(door: Door, row: EvidenceBundle) -> Row:
    """Return a bundle's row and where its file lies."""
    names = ("id", "month", "fiscal_year", "version", "state", "reason", "requested_at", "ready_at",
             "file_name", "file_sha256", "manifest_sha256", "previous_sha256", "failure")  # fmt: skip
    path = str(door.rt.evidence_dir / row.file_name) if row.file_name else None
    plain = {**{name: getattr(row, name) for name in names}, "path": path}
    return plain if door.as_json else {**plain, "month": _month_words(door, Month.parse(row.month))}


def _month_words(door: Door, month: Month) -> str:
    return f"{door.say(f'date.long.{month.month}')} {to_be(month.year)}"


def _month(typed: str) -> Month:
    try:
        return Month.parse(typed)
    except ValueError as exc:
        raise BadInput("period_unknown", field="month", period=typed) from exc


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
    content = evidence.bundle_path(door.rt, row).read_bytes()
    target = to / row.file_name if to.is_dir() else to
    evidence.write(target, content)
    return {**row_of(door, row), "path": str(target)}


def _verified(door: Door, files: list[Path]) -> list[Row]:
    """Set aside what is no bundle at all, then check the others together, so that the chain is checked."""
    named = [(path.name, path.read_bytes()) for path in files]
    broken = {name: words for name, content in named if (words := _unreadable(door, name, content))}
    sound = evidence.verify_bundles(evidence.as_made([one for one in named if one[0] not in broken]))
    return [
        *(_row(door, one) for one in sound),
        *({"file": name, "number": None, "sound": False, "chained": False, "problems": [words]}
          for name, words in broken.items()),
    ]  # fmt: skip


def _unreadable(door: Door, name: str, content: bytes) -> str:
    try:
        evidence.verify_bundles([(name, content)])
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
