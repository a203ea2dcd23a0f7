"""`rukon import`: the office's own form, read whole; what it claims beside what is evidenced."""

from pathlib import Path
from typing import Annotated

import typer

from cli.door import Door
from cli.show import Row
from models import ProgressEntry
from services import importing, scoring
from services.importing import ImportView

FIGURES = ("name", "fiscal_year", "dated_lines", "entries", "common_era_dates", "variances", "suggestions",
           "problems", "claimed", "evidenced", "target")  # fmt: skip
ENTRIES = ("entry_date", "quarter", "raw_date", "text", "variance")
SLIPS = ("line", "found", "suggest", "rule")
PROBLEMS = ("line", "raw_date", "message")


def import_form(
    door: Door,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="the form as text")],
) -> None:
    """Import the office's KPI form: raw text kept for ever, entries read out, slips only suggested."""
    data = file.read_bytes()
    with door.begin() as session:
        form = importing.import_form(session, file.name, data, door.person, door.now)
        session.flush()
        view = importing.load_import(session, form.id)
    run = scoring.evaluate_period(door.rt, str(form.fiscal_year))
    figures = {**_figures(view), "evidenced": run.score}
    entries = [_entry(one, door) for one in view.entries]
    slips = [{name: getattr(one, name) for name in ("id", *SLIPS)} for one in view.suggestions]
    problems = form.parsed["problems"]
    if door.as_json:
        door.record(
            {**figures, "entry_rows": entries, "suggestion_rows": slips, "problem_rows": problems}, ()
        )
        return
    door.record(figures, FIGURES)
    for name, rows, columns in (
        ("entries", entries, ENTRIES),
        ("suggestions", slips, SLIPS),
        ("problems", problems, PROBLEMS),
    ):
        if rows:
            print(f"\n{door.say(f'cli.column.{name}')}")
            door.rows(name, rows, columns)


def _figures(view: ImportView) -> Row:
    parsed = view.form.parsed
    return {
        "id": view.form.id, "name": view.form.name, "fiscal_year": view.form.fiscal_year,
        "dated_lines": parsed["dated_lines"], "entries": parsed["entries"],
        "common_era_dates": len(parsed["common_era_days"]), "variances": len(parsed["variances"]),
        "suggestions": len(view.suggestions), "problems": len(parsed["problems"]),
        "target": view.form.target, "claimed": view.form.claimed, "sha256": view.form.raw_sha256,
    }  # fmt: skip


def _entry(one: ProgressEntry, door: Door) -> Row:
    row = {
        "id": one.id, "entry_date": one.entry_date, "quarter": one.quarter, "raw_date": one.raw_date,
        "style": one.date_style, "text": one.raw_text, "variance": one.variance,
    }  # fmt: skip
    return {**row, "spans": one.spans} if door.as_json else row
