"""`rukon items`: the store of level 2, eight kinds of content."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.door import Door, Noun
from cli.show import Row
from core.clock import bangkok
from core.errors import BadInput
from core.vocab import Category
from models import Asset, ContentItem
from services import content, linkchecks, opening, restore_sample
from services.content import ContentForm, Known
from services.details import details_of
from services.downloads import link_item
from services.media import Upload, store_file, store_image
from services.moments import read_day
from services.versions import newest_version

app = Noun("The store of content: eight kinds, each with its source and rights.")

COLUMNS = ("id", "category", "title", "agency", "item_date", "version", "opened_at", "link")
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif"})


@app.command("add")
def add(  # noqa: PLR0913 -- each option of the command is a parameter
    door: Door,
    category: Category,
    title: Annotated[str, typer.Argument()],
    *,
    agency: Annotated[str, typer.Option(help="whose it is")],
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False)] = None,
    day: Annotated[str, typer.Option("--date", help="its date; none: today")] = "",
    link: Annotated[
        str, typer.Option(help="where the public finds it; forms and e-books get one of ours")
    ] = "",
    rights: Annotated[str, typer.Option(help="who owns it, how it may be used")] = "",
    source: Annotated[str, typer.Option()] = "",
    summary: Annotated[str, typer.Option()] = "",
    alt_text: Annotated[str, typer.Option(help="what a picture shows")] = "",
) -> None:
    """Store an item."""
    asset = _kept(door, file, rights, source) if file is not None else None
    form = ContentForm(
        category, title, agency, read_day(day, "item_date") if day else bangkok(door.now).date(),
        summary=summary, source=source, rights=rights, alt_text=alt_text, link=link,
        asset_id=asset.id if asset else None,
    )  # fmt: skip
    with door.begin() as session:
        item = content.add_item(session, form, door.person, door.now)
        session.flush()
        if asset is not None and category in {Category.FORM, Category.EBOOK}:
            link_item(session, door.rt, item.id)
        row = row_of(item)
    door.done("item_added", row)


@app.command("revise")
def revise(  # noqa: PLR0913 -- each option of the command is a parameter
    door: Door,
    item_id: int,
    *,
    why: Annotated[str, typer.Option(help="why it is changed")],
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="the new file")] = None,
    title: Annotated[str, typer.Option()] = "",
    summary: Annotated[str, typer.Option()] = "",
    source: Annotated[str, typer.Option()] = "",
) -> None:
    """Write the next version of an item; what is not said stays. The old one is kept."""
    with door.begin() as session:
        item = content.find_item(session, item_id)
        newest = newest_version(session, item)
    old = newest.data
    asset = _kept(door, file, old["rights"], source or old["source"]) if file is not None else None
    form = ContentForm(
        item.category, title or old["title"], old["agency"], date.fromisoformat(old["item_date"]),
        summary or old["summary"], source or old["source"], old["rights"], old["language"], old["alt_text"],
        old["link"], asset.id if asset else old["asset_id"], old["event_id"], details_of(old["details"]),
    )  # fmt: skip
    with door.begin() as session:
        known = Known(newest.number, why)
        version = content.revise_item(session, item_id, form, known, door.person, door.now)
        row = {"id": item_id, "number": version.number, "title": version.data["title"]}
    door.done("item_revised", row)


@app.command("open")
def open_to_citizens(door: Door, item_id: int) -> None:
    """Show the newest version of an item to citizens; not by whoever wrote it."""
    with door.begin() as session:
        item = opening.open_item(session, item_id, door.person, door.now)
        row = row_of(item)
    door.done("item_opened", row)


@app.command("close")
def close_to_citizens(door: Door, item_id: int, why: Annotated[str, typer.Option()]) -> None:
    """Take an item off the public pages at once."""
    with door.begin() as session:
        item = opening.close_item(session, item_id, why, door.person, door.now)
        row = row_of(item)
    door.done("item_closed", row)


@app.command("sample")
def sample(door: Door) -> None:
    """Take this month's sample out of the store now, unless that was done; say what did not come back."""
    looked = restore_sample.sample_due(door.rt)
    with door.begin() as session:
        checks = restore_sample.latest_checks(session, door.now)
        rows = [
            {"item_id": one.item_id, "checked_at": one.checked_at, "ok": one.ok, "problem": one.problem}
            for one in checks.values()
        ]
    door.rows("restored", rows, ("item_id", "checked_at", "ok", "problem"))
    door.progress(door.say("cli.done.sampled", items=looked))
    if not all(row["ok"] for row in rows):
        raise typer.Exit(1)


@app.command("list")
def list_all(door: Door, category: Annotated[Category | None, typer.Argument()] = None) -> None:
    """List stored items, newest first."""
    with door.begin() as session:
        rows = [row_of(item) for item in content.list_items(session, category)]
    door.rows("items", rows, COLUMNS)


@app.command("check-links")
def check_links(door: Door) -> None:
    """Open every public link now, as a citizen would."""
    door.done("links_checked", {"links": linkchecks.check_due(door.rt, everything=True)})


def _kept(door: Door, file: Path, rights: str, source: str) -> Asset:
    """Keep a file; what add_item would refuse is refused before."""
    if not rights.strip():
        raise BadInput("rights_empty", field="rights")
    store = store_image if file.suffix.lower() in PICTURES else store_file
    return store(door.rt, Upload(file.name, file.read_bytes(), rights, source), door.person)


def row_of(item: ContentItem) -> Row:
    """Return an item's row."""
    names = ("id", "category", "title", "agency", "item_date", "summary", "source", "rights", "language",
             "alt_text", "link", "asset_id", "sample", "version", "opened_at")  # fmt: skip
    return {name: getattr(item, name) for name in names}
