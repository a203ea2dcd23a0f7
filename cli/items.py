"""`rukon items`: the store of level 2, eight kinds of content."""

from pathlib import Path
from typing import Annotated

import typer

from cli.door import Door, Noun
from cli.show import Row
from core.clock import bangkok
from core.errors import BadInput
from core.vocab import Category
from models import Asset, ContentItem
from services import content, linkchecks
from services.content import ContentForm
from services.downloads import link_item
from services.media import Upload, store_file, store_image
from services.moments import read_day

app = Noun("The store of content: eight kinds, each with its source and rights.")

COLUMNS = ("id", "category", "title", "agency", "item_date", "link")
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


@app.command("list")
def list_all(door: Door, category: Annotated[Category | None, typer.Argument()] = None) -> None:
    """List stored items, newest first."""
    with door.begin() as session:
        rows = [row_of(item) for item in content.list_items(session, category)]
    door.rows("items", rows, COLUMNS)


@app.command("check-links")
def check_links(door: Door) -> None:
    """Open the public link of every form and e-book now, as a citizen would."""
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
             "alt_text", "link", "asset_id", "sample")  # fmt: skip
    return {name: getattr(item, name) for name in names}
