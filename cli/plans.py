"""`rukon plan`: the approved plan of a fiscal year, the proof of level 1."""

from pathlib import Path
from typing import Annotated

import typer

from cli.door import Door, Noun
from cli.show import Row
from core.clock import bangkok
from core.errors import NotFound
from core.fiscal import fiscal_year
from models import PlanDocument
from services import plans
from services.media import Upload
from services.moments import read_day
from services.plans import COVERS, PlanForm

app = Noun("The approved plan of a fiscal year.")

COLUMNS = ("fiscal_year", "title", "number", "approver", "approved_on", "covers", "file_name", "file_sha256")


@app.command("add")
def add(  # noqa: PLR0913 -- each option of the command is a parameter
    door: Door,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="the signed plan, PDF or DOCX")],
    *,
    year: Annotated[int, typer.Option(help="fiscal year such as 2564")],
    title: Annotated[str, typer.Option()],
    number: Annotated[str, typer.Option(help="number of the approving letter")],
    approver: Annotated[str, typer.Option(help="who approved it")],
    approved_on: Annotated[str, typer.Option(help="2020-10-01 or 1/10/2563")],
    covers: Annotated[list[str] | None, typer.Option(help=f"{', '.join(COVERS)}; none: all of them")] = None,
) -> None:
    """Keep an approved plan and its file."""
    form = PlanForm(
        year, title, number, approver, read_day(approved_on, "approved_on"),
        Upload(file.name, file.read_bytes()), frozenset(covers or COVERS),
    )  # fmt: skip
    door.done("plan_added", row_of(plans.add_plan_document(door.rt, form, door.person)))


@app.command("show")
def show_one(
    door: Door, year: Annotated[int | None, typer.Argument(help="fiscal year; none: this one")] = None
) -> None:
    """Show the plan in force."""
    with door.begin() as session:
        plan = plans.plan_of(session, year or fiscal_year(bangkok(door.now).date()))
    if plan is None:
        raise NotFound
    door.record(row_of(plan), COLUMNS)


def row_of(plan: PlanDocument) -> Row:
    """Return a plan's row."""
    return {
        "id": plan.id, "fiscal_year": plan.fiscal_year, "title": plan.title, "number": plan.number,
        "approver": plan.approver, "approved_on": plan.approved_on, "covers": plan.covers.split(","),
        "file_name": plan.file_name, "file_sha256": plan.file_sha256,
    }  # fmt: skip
