"""`rukon holidays`: days the office does not work."""

from typing import Annotated

import typer

from cli.door import Door, Noun
from core.clock import bangkok
from core.fiscal import fiscal_year
from models import Holiday
from services import holidays
from services.holiday_changes import Reopened
from services.moments import read_day

app = Noun("Days the office does not work; planned posts go around them.")

Year = Annotated[int | None, typer.Argument(help="fiscal year such as 2564; none: this one")]


@app.command("seed")
def seed(door: Door, year: Year = None) -> None:
    """Write the published holidays of a fiscal year; days people entered or removed stay so."""
    wanted = year or _this_year(door)
    with door.begin() as session:
        written = holidays.seed_holidays(session, wanted)
    door.done("holidays_seeded", {"fiscal_year": wanted, "written": written})


@app.command("list")
def list_all(door: Door, year: Year = None) -> None:
    """List the holidays of a fiscal year with their sources."""
    with door.begin() as session:
        found = holidays.holidays_of(session, year or _this_year(door))
    door.rows(
        "holidays",
        [{"day": one.day, "name": one.name, "source": one.source} for one in found],
        ("day", "name", "source"),
    )


@app.command("add")
def add(
    door: Door,
    day: Annotated[str, typer.Argument(help="2026-12-31 or 31/12/2569")],
    name: Annotated[str, typer.Argument()],
    *,
    source: Annotated[str, typer.Option(help="the announcement or cabinet resolution")],
) -> None:
    """Write a holiday down."""
    wanted = Holiday(day=read_day(day, "day"), name=name, source=source)
    with door.begin() as session:
        found = holidays.add_holiday(session, wanted, door.someone, door.now)
    door.done(
        "holiday_added", {"day": wanted.day, "name": wanted.name, "source": wanted.source, **_posts(found)}
    )


@app.command("remove")
def remove(door: Door, day: Annotated[str, typer.Argument(help="2026-12-31 or 31/12/2569")]) -> None:
    """Take back a holiday that was called off."""
    wanted = read_day(day, "day")
    with door.begin() as session:
        found = holidays.remove_holiday(session, wanted, door.someone, door.now)
    door.done("holiday_removed", {"day": wanted, **_posts(found)})


def _posts(found: Reopened) -> dict[str, object]:
    """Return which posts came back, and which are out already and may need a correction."""
    return {"reopened": list(found.reopened), "live": list(found.live)}


def _this_year(door: Door) -> int:
    return fiscal_year(bangkok(door.now).date())
