"""`rukon reference`: agencies, districts, hotlines and message pillars, with source and validity."""

from typing import Annotated

import typer

from cli.door import Door, Noun
from cli.show import Row
from language.reference import Entry, Kind
from services import reference
from services.moments import read_day
from services.reference import EntryForm

app = Noun("Names that change: what the product ships, with what this office put right.")

COLUMNS = ("code", "name", "name_en", "valid_from", "valid_to", "source", "corrected")


@app.command("list")
def list_all(
    door: Door,
    kind: Kind,
    on: Annotated[str, typer.Option(help="only what holds on this day, such as 2564-04-08")] = "",
    find: Annotated[str, typer.Option(help="only what holds these words, tone marks or not")] = "",
) -> None:
    """List one kind."""
    day = read_day(on, "on") if on else None
    with door.begin() as session:
        found = reference.find_entries(session, kind, find)
    door.rows("entries", [_row(one) for one in found if day is None or one.holds(day)], COLUMNS)


@app.command("correct")
def correct(  # noqa: PLR0913 -- each option of the command is a parameter
    door: Door,
    kind: Kind,
    code: Annotated[str, typer.Argument(help="a known code is corrected, a new one added")],
    name: Annotated[str, typer.Argument()],
    *,
    source: Annotated[str, typer.Option(help="where the right name is written")],
    name_en: Annotated[str, typer.Option()] = "",
    short: Annotated[str, typer.Option()] = "",
    note: Annotated[str, typer.Option()] = "",
    valid_from: Annotated[str, typer.Option(help="2026-10-01 or 01/10/2569")] = "",
    valid_to: Annotated[str, typer.Option(help="2026-10-01 or 01/10/2569")] = "",
) -> None:
    """Put a name right, or add one; the shipped one is kept."""
    first = read_day(valid_from, "valid_from") if valid_from else None
    last = read_day(valid_to, "valid_to") if valid_to else None
    form = EntryForm(kind, code, name, source, name_en, short, note, first, last)
    with door.begin() as session:
        entry = reference.correct(session, form, door.someone, door.now)
    door.done("reference_corrected", _row(entry))


def _row(entry: Entry) -> Row:
    return {"kind": entry.kind.value, **{name: getattr(entry, name) for name in (*COLUMNS, "short", "note")}}
